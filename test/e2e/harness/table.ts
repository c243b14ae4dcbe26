import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from '../../bench/markdown';
import { pageWith } from '../../trust/support/pageOf';
import { HOSTS, nodeOf, type Host } from './hosts';
import { LOGS, ROOT } from './paths';

/** What `reporter.js` writes about each suite of a host. */
interface Report {
	suite: string;
	isGood: boolean;
}

/** Suites that say nothing of the package in n8n. */
const OF_OUR_TOOLS = ['playground'];

/** The columns of the table: what a suite shows. */
const HEADINGS: Record<string, string> = {
	browser: 'Editor',
	jobs: 'Jobs in the editor',
	cli: 'Command line',
	placement: 'Failed items',
	pairing: 'Error output',
	credential: 'Credential',
	generation: 'Kling Generation',
	examples: 'Examples',
	recipes: 'Recipes',
	engine: 'Engine',
	webhooks: 'Webhooks',
	queue: 'Queue mode',
	waiting: 'Waiting',
	links: 'Links to files',
	tools: 'Agents and MCP',
};

const PAGE = 'compatibility.md';

/** What each suite showed on a host, by its name in suites/; nothing where jest was ended before it could write a report. */
function resultsOn(host: Host): Record<string, 'yes' | 'NO'> {
	const file = join(LOGS, `${host.name}.json`);
	if (!existsSync(file)) return {};
	const suites = JSON.parse(readFileSync(file, 'utf8')) as Report[];
	return Object.fromEntries(suites.map(({ suite, isGood }) => [suite, isGood ? 'yes' : 'NO']));
}

/**
 * Writes the table of docs/compatibility.md from the reports of a whole run.
 * @throws Error where a host or a suite of it is missing, or where the page has no place for the table
 */
export function writeTable(now = new Date()): void {
	const results = new Map(HOSTS.map((host) => [host, resultsOn(host)]));
	const all = new Set(HOSTS.flatMap((host) => Object.keys(results.get(host) ?? {})));
	const suites = [...all].filter((suite) => !OF_OUR_TOOLS.includes(suite)).sort(byColumn);
	for (const host of HOSTS) {
		const missing = (host.suites ?? suites).filter((suite) => results.get(host)?.[suite] === undefined);
		if (missing.length > 0)
			throw new Error(`The table is written after a whole run: n8n ${host.version} lacks ${missing.join(', ')}`);
	}
	const head = ['n8n', 'Node.js', ...suites.map((suite) => HEADINGS[suite] ?? suite)];
	const rows = HOSTS.map((host) => [host.version, versionOf(host), ...suites.map((suite) => results.get(host)?.[suite] ?? '–')]);
	const hosts = `Run on ${now.toISOString().slice(0, 10)}:\n\n${table(head, rows)}`;
	writeFileSync(join(ROOT, 'docs', PAGE), pageWith(PAGE, { hosts }, 'npm run test:e2e -- --write-table'));
}

const versionOf = (host: Host): string => execFileSync(nodeOf(host), ['--version'], { encoding: 'utf8' }).trim().slice(1);

/** In the order of the columns; a suite that has no heading comes last. */
function byColumn(a: string, b: string): number {
	const suites = Object.keys(HEADINGS);
	const placeOf = (suite: string): number => (suites.includes(suite) ? suites.indexOf(suite) : suites.length);
	return placeOf(a) - placeOf(b);
}
