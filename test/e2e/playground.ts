import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { startGateway } from '../gateway';
import { allCredentials } from './harness/credentials';
import { exampleNames, readExample, scriptExamples } from './harness/examples';
import { HOSTS } from './harness/hosts';
import { createInstance } from './harness/instance';
import { ensureHost, packPackage } from './harness/install';
import { OWNER, startServer, type Server } from './harness/server';

/** How long the gateway takes to make a video: long enough to see that it is under way. In milliseconds. */
const TASK_MS: [least: number, most: number] = [5000, 12_000];

/** Shows that something goes on, with the seconds so far. */
async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
	const began = Date.now();
	const show = (): void => void process.stdout.write(`\r${what} ... ${Math.round((Date.now() - began) / 1000)} s `);
	show();
	const ticker = setInterval(show, 1000);
	try {
		return await work();
	} finally {
		clearInterval(ticker);
		show();
		process.stdout.write('\n');
	}
}

/** Stores the credentials, and the examples with the credential that fits chosen in each node. */
async function fill(server: Server, gateway: { url: string }): Promise<string[]> {
	const wanted = allCredentials(gateway).filter(({ name }) => name !== 'badKey');
	const stored = new Map<string, string>();
	for (const credential of wanted) stored.set(credential.id, (await server.createCredential(credential)).id);
	const names: string[] = [];
	for (const name of exampleNames()) {
		const example = readExample(name);
		for (const node of example.nodes) {
			for (const used of Object.values(node.credentials ?? {})) used.id = stored.get(used.id) ?? used.id;
		}
		names.push((await server.createWorkflow(example)).name);
	}
	return names;
}

function untilInterrupted(): Promise<void> {
	return new Promise((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
	});
}

async function main(): Promise<void> {
	const [host] = HOSTS;
	if (!host) throw new Error('No n8n is listed');
	await step(`Installing n8n ${host.version} (the first time, about five minutes)`, async () => await ensureHost(host));
	const tarball = await step('Building and packing the node', packPackage);
	process.env.KLING_E2E_TARBALL = tarball;
	const gateway = await startGateway();
	scriptExamples(gateway);
	gateway.control({ taskMs: TASK_MS });
	const instance = await step('Installing the node in n8n', async () => await createInstance(host, gateway, 'playground'));
	const interrupted = untilInterrupted();
	try {
		const server = await step('Starting n8n', async () => await startServer(instance));
		const names = await fill(server, gateway);
		console.log(`
n8n is ready:  ${server.url}
Sign in with:  ${OWNER.email}  /  ${OWNER.password}

Workflows:     ${names.join('\n               ')}

No call leaves this machine: a local gateway answers for every provider. What it is
asked and answers does not come from a recognition, but from a script, and every video
it makes is the same drawing. It takes ${TASK_MS.map((ms) => ms / 1000).join(' to ')} seconds for one, so that you see it under way.
Its tasks, and what they would have cost: ${gateway.url}/__gateway/tasks
                                          ${gateway.url}/__gateway/accounts
Press Ctrl+C to stop and to remove everything again.`);
		await interrupted;
		console.log('\nStopping ...');
		await server.stop();
	} finally {
		instance.remove();
		rmSync(dirname(tarball), { recursive: true, force: true });
		await gateway.close();
	}
}

main().then(
	() => process.exit(0),
	(error: Error) => {
		console.error(error.message);
		process.exit(1);
	},
);
