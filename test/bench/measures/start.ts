import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

import type { Arena } from '../contest';
import { atMost, milliseconds, type Report } from '../report';
import { median } from '../statistics';

const DIST = join(__dirname, '..', '..', '..', 'dist');
const OWN = [
	'nodes/KlingRecognition/KlingRecognition.node.js',
	'nodes/KlingGeneration/KlingGeneration.node.js',
	'credentials/KlingRecognitionApi.credentials.js',
];
const EMPTY = 'exports.Empty = class { constructor() { this.description = { properties: [] }; } };';
const EMPTY_FILES = ['node.js', 'otherNode.js', 'credential.js'];
const MOST_MS = 25;

/** What loading the nodes and their credential adds to the start of n8n. */
export async function start(arena: Arena): Promise<Report> {
	const folder = mkdtempSync(join(tmpdir(), 'kling-bench-start-'));
	try {
		const script = join(folder, 'start.js');
		buildSync({ entryPoints: [join(__dirname, '..', 'worker', 'start.ts')], outfile: script, platform: 'node', format: 'cjs' });
		for (const name of EMPTY_FILES) writeFileSync(join(folder, name), EMPTY);
		const load = (files: string[]) =>
			Number(execFileSync(process.execPath, [script, join(DIST, OWN[0]!), ...files], { encoding: 'utf8' }));
		const repeats = Array.from({ length: arena.quick ? 3 : 15 });
		const own = median(repeats.map(() => load(OWN.map((file) => join(DIST, file)))));
		const empty = median(repeats.map(() => load(EMPTY_FILES.map((name) => join(folder, name)))));
		return report(own, empty, repeats.length);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

const report = (own: number, empty: number, repeats: number): Report => ({
	title: 'Start',
	work: `loading two nodes and a credential in a fresh process, median of ${repeats}`,
	columns: ['', 'time'],
	rows: [
		['these nodes and their credential', milliseconds(own)],
		['two empty nodes and an empty credential', milliseconds(empty)],
	],
	verdicts: [atMost('over empty nodes', own - empty, MOST_MS, milliseconds)],
	notes: [],
});
