import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway } from '../../gateway';
import { scriptExamples } from '../harness/examples';
import { HOSTS, type Host } from '../harness/hosts';
import { ensureHost, isInstalled, packPackage } from '../harness/install';
import { createInstance, logFile } from '../harness/instance';
import { takeSignals, waitUntil } from '../harness/processes';
import { startServer } from '../harness/server';
import { fill } from './content';
import { greeting } from './greeting';
import { readOptions, USAGE, UsageError } from './options';
import { step } from './progress';

/** How long the gateway takes to make a video: long enough to see that it is under way. In milliseconds. */
const TASK_MS: [least: number, most: number] = [5000, 12_000];

/** What is to be gone when this process is. */
const made = new Set<string>();

// What was started is killed before: its listener came first, with the harness.
process.on('exit', () => {
	for (const path of made) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
});

takeSignals((signal) => {
	console.log('\nStopping, and removing what was made.');
	// In the end it dies of the signal. npm, which sends on what the terminal has sent already, then says nothing more;
	// and the second one may come when Node.js takes none any longer.
	process.once('exit', () => process.removeAllListeners(signal).kill(process.pid, signal));
	process.exit();
});

/** `npm run n8n`: see USAGE. Runs until it is interrupted. */
async function main(): Promise<void> {
	const options = readOptions(process.argv.slice(2));
	if (options === 'help') return console.log(USAGE);
	const host = options.given ?? (await installedHost());
	const folder = mkdtempSync(join(tmpdir(), 'kling-playground-'));
	made.add(folder);
	// Whatever is made from here on, by whom ever, is made in there.
	process.env.TMPDIR = folder;
	process.env.KLING_E2E_TARBALL = await step('Building and packing the nodes', packPackage);
	const gateway = await startGateway();
	scriptExamples(gateway);
	gateway.control({ taskMs: TASK_MS });
	const instance = await step('Installing the nodes in n8n', async () => await createInstance(host, gateway, 'playground'));
	made.add(logFile(host, 'playground-main'));
	const cache = options.given && { NODE_COMPILE_CACHE: folder };
	const server = await step(
		`Starting n8n ${host.version}`,
		async () => await startServer(instance, { TMPDIR: folder, ...cache }),
	);
	console.log(greeting(await fill(server), gateway.url, TASK_MS));
	await waitUntil('n8n to end', server.process.hasEnded, Infinity);
	throw new Error(`n8n has ended.\n${server.process.output().slice(-3000)}`);
}

/** The tests' newest n8n. What is interrupted before all of it is installed is removed. */
async function installedHost(): Promise<Host> {
	const [host] = HOSTS;
	if (!host) throw new Error('No n8n is listed');
	if (isInstalled(host)) return host;
	const unfinished = join(host.folder, 'node_modules');
	made.add(unfinished);
	await step(`Installing n8n ${host.version}, the first time: about five minutes`, async () => await ensureHost(host, () => {}));
	made.delete(unfinished);
	return host;
}

main().catch((error: Error) => {
	const isUsage = error instanceof UsageError;
	console.error(isUsage ? `${error.message}\nAll options: npm run n8n -- --help` : error.message);
	process.exit(isUsage ? 2 : 1);
});
