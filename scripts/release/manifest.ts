import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a release reads and sets of package.json. */
export interface Manifest {
	name: string;
	version: string;
	homepage: string;
	/** n8n's rules want an address: until somebody publishes it is one that cannot be anybody's. Source: RFC 2606, ".invalid". */
	author: { name: string; email: string };
	/** Absent until somebody publishes. */
	repository?: { type: 'git'; url: string };
	bugs?: { url: string };
}

export function readManifest(root: string): Manifest {
	return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
}

export function writeManifest(root: string, manifest: Manifest): void {
	writeFileSync(join(root, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
