import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { table } from '../../bench/markdown';
import type { Effort } from './hands';
import type { Host } from './hosts';
import { logFile } from './instance';

/** What a job took, beside what it may take at most. */
export interface Taken {
	job: string;
	nodes: number;
	effort: Effort;
	most: Effort;
}

/** Writes what the jobs took as a table, for whoever reads along and into the host's logs. */
export function writeEfforts(host: Host, jobs: Taken[]): void {
	const head = ['Job', 'Nodes', 'Clicks', 'Characters'];
	const rows = jobs.map(({ job, nodes, effort, most }) => [
		job,
		String(nodes),
		`${effort.clicks} of ${most.clicks}`,
		`${effort.characters} of ${most.characters}`,
	]);
	const text = `${table(head, rows)}\n`;
	const file = logFile(host, 'jobs-efforts').replace(/\.log$/, '.md');
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, text);
	process.stdout.write(`n8n ${host.version}\n\n${text}`);
}
