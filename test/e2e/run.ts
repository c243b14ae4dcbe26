import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePrograms } from './harness/debian';
import { HOSTS, type Host } from './harness/hosts';
import { ensureHosts, hostsNamed, packPackage } from './harness/install';
import { E2E, LOGS } from './harness/paths';
import { runThrough } from './harness/processes';
import { makeOriginal } from './harness/stand';
import { readReport, writeTable, type Results } from './harness/table';

const USAGE = `Runs the packed package in real n8n.

  --host n8n-2      only on this host (${HOSTS.map(({ name }) => name).join(', ')})
  --suite browser   only this suite (a file name in suites/, or the beginning of one)
  --install         only install what the tests run on
  --screenshots     only write the documentation's screenshots, on the newest host
  --write-table     write the table of docs/compatibility.md from the results
  --tarball file    try this package instead of building one`;

const TEST_TIMEOUT_MS = 40 * 60_000;

/** Suites wait more than they compute. */
const SIDE_BY_SIDE = 2;
/** The workers of `queue` lose their jobs where they cannot renew a lock of seconds in time: beside it nothing else runs. */
const ALONE = ['queue'];
/** The pictures are written, and the minutes of waiting measured, when they are asked for: they are no tests. */
const ASKED_FOR = ['screenshots', 'measures'];

async function main(): Promise<boolean> {
	const { values } = parseArgs({
		options: {
			host: { type: 'string' },
			suite: { type: 'string' },
			install: { type: 'boolean' },
			screenshots: { type: 'boolean' },
			tarball: { type: 'string' },
			'write-table': { type: 'boolean' },
			help: { type: 'boolean' },
		},
	});
	if (values.help) return console.log(USAGE) === undefined;
	await ensurePrograms(values.screenshots);
	const hosts = values.screenshots ? hostsNamed('n8n-2') : hostsNamed(values.host);
	if (hosts.length === 0) throw new Error(`No host is called "${values.host}"`);
	await ensureHosts(hosts);
	if (values.install) return true;
	const tarball = values.tarball ?? (await packPackage());
	process.env.KLING_E2E_TARBALL = tarball;
	rmSync(LOGS, { recursive: true, force: true });
	mkdirSync(LOGS, { recursive: true });
	const suite = values.screenshots ? 'screenshots' : values.suite;
	const failed: Host[] = [];
	const results: Results = new Map();
	for (const host of hosts) {
		const start = performance.now();
		console.log(`\nn8n ${host.version}`);
		const result = await runSuites(host, suite);
		if (!result.isGood) failed.push(host);
		results.set(host, result.suites);
		console.log(`n8n ${host.version}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
	}
	if (values.tarball === undefined) rmSync(dirname(tarball), { recursive: true, force: true });
	if (values['write-table']) await writeTable(results);
	if (failed.length > 0)
		console.log(`\nFailed on ${failed.map((host) => host.version).join(' and ')}; what the servers said is in ${LOGS}`);
	return failed.length === 0;
}

/** Runs the suite that was asked for, or those of the host. */
async function runSuites(host: Host, asked: string | undefined): Promise<Result> {
	const all = host.suites ?? suitesIn(E2E).filter((name) => !ASKED_FOR.includes(name));
	const rounds = [all.filter((name) => !ALONE.includes(name)), all.filter((name) => ALONE.includes(name))];
	const chosen = asked === undefined ? rounds.filter(({ length }) => length > 0) : [[asked]];
	const original = await makeOriginal(host);
	const env = { ...process.env, KLING_E2E_HOST: host.name, ...original.env };
	try {
		const results: Result[] = [];
		for (const names of chosen) results.push(await runRound(host, names, env));
		return { isGood: results.every(({ isGood }) => isGood), suites: Object.assign({}, ...results.map(({ suites }) => suites)) };
	} finally {
		original.remove();
	}
}

interface Result {
	isGood: boolean;
	suites: ReturnType<typeof readReport>;
}

/** Runs suites, by their names or the beginnings of them, side by side. */
async function runRound(host: Host, names: string[], env: NodeJS.ProcessEnv): Promise<Result> {
	const report = join(LOGS, `${host.name}.json`);
	rmSync(report, { force: true });
	const args = [require.resolve('jest/bin/jest'), '--config', join(E2E, 'jest.config.js'), '--maxWorkers', String(SIDE_BY_SIDE)];
	args.push('--json', '--outputFile', report, ...names.map((name) => `suites/${name}`));
	const code = await runThrough(process.execPath, args, { cwd: E2E, env, timeoutMs: TEST_TIMEOUT_MS });
	return { isGood: code === 0, suites: readReport(report) };
}

/** The names of all suites. */
const suitesIn = (folder: string): string[] =>
	readdirSync(join(folder, 'suites')).flatMap((file) => (file.endsWith('.test.ts') ? [basename(file, '.test.ts')] : []));

main().then(
	(isGood) => process.exit(isGood ? 0 : 1),
	(error: Error) => {
		console.error(error.message);
		process.exit(1);
	},
);
