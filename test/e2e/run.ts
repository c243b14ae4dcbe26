import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { makeCertificatesForTheRun } from '../gateway/certificates';
import { ensurePrograms } from './harness/debian';
import { HOSTS, type Host } from './harness/hosts';
import { ensureHosts, hostsNamed, packPackage } from './harness/install';
import { E2E, LOGS } from './harness/paths';
import { runThrough } from './harness/processes';
import { makeOriginal } from './harness/stand';
import { writeTable } from './harness/table';
import { jestConfig, suitesOf, type Choice } from './jestConfig';

const USAGE = `Runs the packed package in real n8n.

  --host n8n-2      only on this host (${HOSTS.map(({ name }) => name).join(', ')})
  --suite browser   only this suite (a file name in suites/, or the beginning of one)
  --install         only install what the tests run on
  --screenshots     only write the documentation's screenshots, on the newest host
  --write-table     write the table of docs/compatibility.md from the results
  --tarball file    try this package instead of building one`;

const RUN_TIMEOUT_MS = 80 * 60_000;

/** Suites wait more than they compute: three keep two cores busy. */
const SIDE_BY_SIDE = 3;

/** What runs beside nothing else: where n8n 1 is kept from its work, its queue mode leaves one webhook of a hundred without an answer. */
const ALONE = ['queue'];

interface Round {
	choice: Choice;
	sideBySide: number;
}

const ROUNDS: readonly Round[] = [
	{ choice: (host) => suitesOf(host).filter((name) => !ALONE.includes(name)), sideBySide: SIDE_BY_SIDE },
	{ choice: (host) => suitesOf(host).filter((name) => ALONE.includes(name)), sideBySide: 1 },
];

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
	await makeCertificatesForTheRun();
	const isGood = await runSuites(hosts, values.screenshots ? 'screenshots' : values.suite);
	if (values.tarball === undefined) rmSync(dirname(tarball), { recursive: true, force: true });
	if (values['write-table']) writeTable();
	if (!isGood) console.log(`\nWhat the servers said is in ${LOGS}`);
	return isGood;
}

/** Runs the suite that was asked for, or all of each host. @returns whether all passed */
async function runSuites(hosts: Host[], asked: string | undefined): Promise<boolean> {
	const originals = await Promise.all(hosts.map(makeOriginal));
	const prepared = hosts.map((host, index) => ({ host, original: originals[index]!.folder }));
	const rounds = asked === undefined ? ROUNDS : [{ choice: () => [`${asked}*`], sideBySide: SIDE_BY_SIDE }];
	const jest = require.resolve('jest/bin/jest');
	try {
		let isGood = true;
		for (const { choice, sideBySide } of rounds) {
			const config = jestConfig(prepared, choice);
			if (config.projects?.length === 0) continue;
			const args = [jest, '--config', JSON.stringify(config), '--maxWorkers', String(sideBySide)];
			isGood = (await runThrough(process.execPath, args, { cwd: E2E, timeoutMs: RUN_TIMEOUT_MS })) === 0 && isGood;
		}
		return isGood;
	} finally {
		for (const original of originals) original.remove();
	}
}

main().then(
	(isGood) => process.exit(isGood ? 0 : 1),
	(error: Error) => {
		console.error(error.message);
		process.exit(1);
	},
);
