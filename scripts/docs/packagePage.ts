import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { anchorsOf } from './links';

const FOLDERS = /^(nodes|credentials|\.github)\//;
const LINK = /https:\/\/www\.npmjs\.com\/package\/n8n-nodes-kling-recognition#([\w-]+)/g;

/** Checks that what n8n and GitHub show links to headings that the README, which is the package's page at npm, has. */
export function checkPackagePage(root: string, files: string[]): string[] {
	const headings = anchorsOf(readFileSync(join(root, 'README.md'), 'utf8'));
	return files
		.filter((file) => FOLDERS.test(file))
		.flatMap((file) =>
			[...readFileSync(join(root, file), 'utf8').matchAll(LINK)]
				.filter(([, anchor]) => !headings.has(anchor!))
				.map(([, anchor]) => `${file}: README.md has no heading #${anchor}`),
		);
}
