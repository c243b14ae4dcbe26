/**
 * 20,000 small calls in one process: `npx tsx test/trust/soak.ts`. Ends with 1 where memory grows, or where a listener, a
 * socket or a timer is left.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { loadEngine, type Engine } from '../engine/engine';
import { credentialOf } from './support/world';
import { slopeOf } from './soak/slope';

const EXECUTIONS = 100;
const ITEMS = 200;
/** In bytes an item. 1 KB is what may be; what a kept result takes is less, and should be seen as well. */
const MOST_GROWTH = 400;
/** Executions between two looks at the memory. */
const EVERY = 2;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

interface Sample {
	items: number;
	/** Memory that JavaScript holds, with its buffers. */
	heap: number;
}

/** Runs the whole soak. @returns what is wrong; empty where nothing is */
async function soak(): Promise<string[]> {
	const { gateway, url } = await startGatewayApart();
	const engine = await loadEngine();
	const warnings: string[] = [];
	process.on('warning', ({ message }) => warnings.push(message));
	const samples: Sample[] = [];
	const before = resources();
	for (let execution = 1; execution <= EXECUTIONS; execution += 1) {
		await execute(engine, url, execution);
		if (execution % EVERY === 0) samples.push(await look(execution * ITEMS));
	}
	await refused(engine, url);
	await after(1500);
	const left = resources() - before;
	gateway.kill();
	return judge(samples, left, warnings);
}

/** The gateway in a process of its own, so that its memory is not counted. */
async function startGatewayApart(): Promise<{ gateway: ChildProcess; url: string }> {
	const gateway = fork(join(__dirname, 'soak', 'gateway.ts'), { execArgv: process.execArgv });
	const [url] = (await once(gateway, 'message')) as [string];
	return { gateway, url };
}

async function execute(engine: Engine, url: string, execution: number): Promise<void> {
	const [operation, output] = execution % 2 === 0 ? ['recognizeImage', 'image'] : ['identifyFace', 'video'];
	const items = Array.from({ length: ITEMS }, (_none, index) => ({
		json: { url: `https://files.test/${execution}/${index}.mp4` },
	}));
	const source = { imageSource: 'url', imageUrl: '={{ $json.url }}', videoSource: 'url', videoUrl: '={{ $json.url }}' };
	const { outputs, error } = await engine.run({
		parameters: { operation, output, ...source, options: { maxConcurrency: 20 } },
		credential: credentialOf('custom', url),
		onError: 'continueRegularOutput',
		items,
	});
	const good = outputs.flat().filter(({ json }) => 'requestId' in json).length;
	if (error || good !== ITEMS) throw new Error(`execution ${execution}: ${good} results, ${error?.message ?? 'no error'}`);
}

/** One more execution, to which the provider says that it should wait: the wait must not outlive the execution. */
async function refused(engine: Engine, url: string): Promise<void> {
	const fault = { kind: 'answer', status: 429, headers: { 'retry-after': '300' }, body: {} };
	await fetch(`${url}/__gateway/control`, { method: 'POST', body: JSON.stringify({ faults: [fault] }) });
	const { error } = await engine.run({
		parameters: { operation: 'identifyFace', videoSource: 'id', videoId: '1', options: { maxAttempts: 1 } },
		credential: credentialOf('custom', url),
		items: [{ json: {} }],
	});
	if (!error) throw new Error('the fault was not played');
}

async function look(items: number): Promise<Sample> {
	collectGarbage();
	await after(5);
	collectGarbage();
	const { heapUsed, arrayBuffers } = process.memoryUsage();
	return { items, heap: heapUsed + arrayBuffers };
}

/** Sockets and timers that keep a process alive. */
function resources(): number {
	return process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout|Immediate/.test(name)).length;
}

function judge(samples: Sample[], left: number, warnings: string[]): string[] {
	const second = samples.slice(samples.length / 2);
	const slope = slopeOf(second.map(({ items, heap }) => [items, heap]));
	const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
	const ends = [samples[0]!, second[0]!, samples.at(-1)!].map(({ items, heap }) => `${megabytes(heap)} MB after ${items}`);
	process.stdout.write(`soak: ${ends.join(', ')} items; ${slope.toFixed(0)} bytes an item over the second half\n`);
	process.stdout.write(`soak: ${left} sockets and timers left, ${warnings.length} warnings\n`);
	return [
		...(slope < MOST_GROWTH ? [] : [`memory grows by ${slope.toFixed(0)} bytes an item`]),
		...(left <= 0 ? [] : [`${left} sockets or timers are left: ${process.getActiveResourcesInfo().join(', ')}`]),
		// Node warns where an emitter or a signal gathers listeners.
		...warnings.map((warning) => `Node warned: ${warning}`),
	];
}

void soak().then((wrong) => {
	for (const words of wrong) process.stderr.write(`soak: ${words}\n`);
	process.exit(wrong.length > 0 ? 1 : 0);
});
