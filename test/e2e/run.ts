import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensurePrograms } from './harness/debian';
import type { Host } from './harness/hosts';
import { ensureHost, ensureTools, hostsNamed, packPackage } from './harness/install';
import { E2E, LOGS } from './harness/paths';
import { runThrough } from './harness/processes';

const USAGE = `Runs the packed package in real n8n.

  --host n8n-2      only on this host (n8n-2, n8n-1)
  --suite browser   only this suite (a file name in suites/, or the beginning of one)
  --screenshots     only write the documentation's pictures, on the newest host
  --tarball file    try this package instead of building one`;

const TEST_TIMEOUT_MS = 20 * 60_000;

async function main(): Promise<boolean> {
	const { values } = parseArgs({
		options: {
			host: { type: 'string' },
			suite: { type: 'string' },
			screenshots: { type: 'boolean' },
			tarball: { type: 'string' },
			help: { type: 'boolean' },
		},
	});
	if (values.help) return console.log(USAGE) === undefined;
	await ensurePrograms();
	await ensureTools();
	const hosts = values.screenshots ? hostsNamed('n8n-2') : hostsNamed(values.host);
	if (hosts.length === 0) throw new Error(`No host is called "${values.host}"`);
	for (const host of hosts) await ensureHost(host);
	const tarball = values.tarball ?? (await packPackage());
	rmSync(LOGS, { recursive: true, force: true });
	const suite = values.screenshots ? 'screenshots' : values.suite;
	const failed: Host[] = [];
	for (const host of hosts) {
		console.log(`\nn8n ${host.version}`);
		if ((await runSuites(host, tarball, suite)) !== 0) failed.push(host);
	}
	if (values.tarball === undefined) rmSync(dirname(tarball), { recursive: true, force: true });
	if (failed.length > 0)
		console.log(`\nFailed on ${failed.map((host) => host.version).join(' and ')}; what the servers said is in ${LOGS}`);
	return failed.length === 0;
}

/** @returns the test runner's exit code */
async function runSuites(host: Host, tarball: string, suite: string | undefined): Promise<number> {
	const args = [require.resolve('jest/bin/jest'), '--config', join(E2E, 'jest.config.js'), '--runInBand'];
	// The pictures are written when they are asked for, and are no test.
	args.push(...(suite === undefined ? ['--testPathIgnorePatterns', 'screenshots'] : [`suites/${suite}`]));
	const env = { ...process.env, KLING_E2E_HOST: host.name, KLING_E2E_TARBALL: tarball };
	return await runThrough(process.execPath, args, { cwd: E2E, env, timeoutMs: TEST_TIMEOUT_MS });
}

main().then(
	(isGood) => process.exit(isGood ? 0 : 1),
	(error: Error) => {
		console.error(error.message);
		process.exit(1);
	},
);
