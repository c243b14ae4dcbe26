import { after } from '../gateway/after';

import type { IDataObject } from 'n8n-workflow';

import { until } from '../engine/until';
import type { Fault } from '../gateway';
import { credentialOf, startWorld, type World } from './support/world';

/** What the requirement allows between n8n's stop button and the end. */
const MOST_MS = 1000;
const ITEMS = 20;

let world: World;

beforeAll(async () => {
	world = await startWorld();
});

afterEach(() => world.gateway.reset());
afterAll(() => world.close());

interface Situation {
	name: string;
	faults: Fault[];
	options?: IDataObject;
	/** Of an account of its own: what a provider asks to wait outlives the execution. */
	credential?: () => Record<string, string>;
	/** Whether the situation has come. */
	reached: () => boolean;
}

const calls = (): number => world.gateway.requests.length;
const allAnswered = (): boolean => world.gateway.requests.every(({ ms }) => ms >= 0);
/** Without a proxy: the one of n8n leaves a connection open that is cancelled while it is being made. */
const direct = (): Record<string, string> => credentialOf('custom', world.gateway.tlsUrl);
const files = (): number => world.gateway.downloads.length;

const SITUATIONS: Situation[] = [
	{ name: 'calls are in flight', faults: [{ kind: 'hang' }], reached: () => calls() >= 10 },
	{ name: 'answers are coming', faults: [{ kind: 'hang', afterHeaders: true }], reached: () => calls() >= 10 },
	{ name: 'answers drip', faults: [{ kind: 'drip', bytesEveryMs: 20 }], reached: () => calls() >= 10 },
	{ name: 'answers are slow', faults: [{ kind: 'delay', ms: 60_000 }], reached: () => calls() >= 10 },
	{
		name: 'items wait to be sent again',
		faults: [{ kind: 'code', status: 500, code: 5000 }],
		options: { maxAttempts: 50 },
		reached: () => calls() >= 40,
	},
	{
		name: 'the provider asked to wait',
		faults: [{ kind: 'answer', status: 429, headers: { 'retry-after': '60' }, body: {} }],
		credential: () => credentialOf('custom', `${world.gateway.tlsUrl}/kling`),
		reached: () => calls() >= 1 && allAnswered(),
	},
	{
		name: 'results are downloaded',
		faults: [{ kind: 'hang', afterHeaders: true, route: 'download' }],
		options: { downloadResults: true },
		reached: () => files() >= 10,
	},
	{
		name: 'images are fetched first',
		faults: [{ kind: 'drip', bytesEveryMs: 5, route: 'download' }],
		options: { downloadImageFirst: true },
		reached: () => files() >= 5,
	},
];

function start(faults: Fault[], options: IDataObject = {}, credential = direct()) {
	world.gateway.control({ faults });
	const items = Array.from({ length: ITEMS }, (_none, index) => ({
		json: { url: `${world.gateway.tlsUrl}/n/${index}.png?flags=face` },
	}));
	return world.engine.start({
		parameters: { operation: 'recognizeImage', imageSource: 'url', imageUrl: '={{ $json.url }}', options },
		credential,
		items,
	});
}

test.each(SITUATIONS)(
	'cancelled while $name: ends within a second, sends nothing more, closes its connections',
	async (situation) => {
		const execution = start(situation.faults, situation.options, situation.credential?.());
		await until(situation.reached, 60_000);
		expect(situation.reached()).toBe(true);

		const cancelled = Date.now();
		execution.cancel();
		const { status } = await execution.done;
		const ended = Date.now();
		expect(ended - cancelled).toBeLessThan(MOST_MS);
		expect(status).toBe('canceled');

		await until(() => world.gateway.stats().openSockets === 0, MOST_MS);
		expect(world.gateway.stats().openSockets).toBe(0);
		const sent = calls() + files();
		await after(1500);
		expect(calls() + files()).toBe(sent);
	},
);

test('an execution that was cancelled before it began sends nothing', async () => {
	const execution = start([], {});
	execution.cancel();
	await execution.done;
	expect(calls()).toBe(0);
});

const SLOW: ReadonlyArray<[name: string, fault: Fault]> = [
	['a drip of the body', { kind: 'drip', bytesEveryMs: 50 }],
	['a drip of the headers', { kind: 'drip', bytesEveryMs: 50, dripHeaders: true }],
	['no answer', { kind: 'hang' }],
	['headers only', { kind: 'hang', afterHeaders: true }],
];

test.each(SLOW)("an attempt's timeout is a deadline for all of it: %s", async (_name, fault) => {
	world.gateway.control({ faults: [fault] });
	const began = Date.now();
	const { error } = await world.engine.run({
		parameters: { operation: 'identifyFace', videoSource: 'id', videoId: '1', options: { timeout: 2, maxAttempts: 1 } },
		credential: direct(),
		items: [{ json: {} }],
	});
	const took = Date.now() - began;
	expect(error?.message).toBe('The provider did not answer within 2 seconds');
	expect(took).toBeGreaterThanOrEqual(2000);
	expect(took).toBeLessThan(2000 + MOST_MS);
	await until(() => world.gateway.stats().openSockets === 0, MOST_MS);
	expect(world.gateway.stats().openSockets).toBe(0);
});
