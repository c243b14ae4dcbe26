import '../engine/quickTime';

import type { IDataObject } from 'n8n-workflow';

import type { NodeRun } from '../engine/engine';
import { NAMED_FAULTS, RESELLERS, type Fault, type Provider, type TaskScript } from '../gateway';
import { pick, seeded } from './chaos/random';
import { credentialOf, startWorld, type World } from './support/world';

const PROVIDERS: Provider[] = ['klingGlobal', 'klingChina', ...RESELLERS];
/** Up to a minute is needed for what is in doubt, and it keeps its place meanwhile: more of them take long where the chance is bad. */
const COUNT = 40;
/** `CHAOS_SEED=... npx jest test/trust/generationChaos` replays a run. */
const SEED = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 2 ** 32));
const ALL = NAMED_FAULTS.filter(({ name }) => /^(create|query|download)-/.test(name) && name !== 'download-slow');
/** The account is said to be busy: real limits do that below, and each such word that is not true makes the node slower. */
const BUSY = /^create-(1303|1302|429|retry-after|overloaded|no-channel)$/;
/** The account is said to be at its end, and with it all that waits: only for the last items, so that enough others come before. */
const ENDS_ACCOUNT = /^(create-1102|query-401|query-1103)$/;
const LAST = COUNT / 4;
const BUSY_FAULTS = ALL.filter(({ name }) => BUSY.test(name));
const LATE_FAULTS = ALL.filter(({ name }) => !BUSY.test(name));
const FAULTS = LATE_FAULTS.filter(({ name }) => !ENDS_ACCOUNT.test(name));
/** Every so many items meet no fault, and their tasks end well: some succeed whatever the chance. */
const CALM_EVERY = 5;

interface ChaosItem {
	name: string;
	url: string;
	faults: Fault[];
	script: TaskScript;
}

let world: World;
let items: Record<Provider, ChaosItem[]>;
let runs: Record<Provider, NodeRun>;

/** What becomes of each item: up to three faults of any kind, and a task that ends well or not, soon or later. */
function plan(provider: Provider, random: () => number): ChaosItem[] {
	return Array.from({ length: COUNT }, (_, index) => {
		const name = `/n/${provider}-${index}.jpg`;
		const isCalm = index % CALM_EVERY === 0;
		const usual = index < COUNT - LAST ? FAULTS : LATE_FAULTS;
		const faults = Array.from({ length: isCalm ? 0 : Math.floor(random() * 4) }, () => ({
			...pick(random, random() < 0.02 ? BUSY_FAULTS : usual).fault,
			match: name,
			times: 1 + Math.floor(random() * 2),
		}));
		const failure = !isCalm && random() < 0.1 ? { failure: 'Failure to pass the risk control system' } : {};
		const script = { match: name, ms: Math.floor(random() * 4000), ...failure };
		return { name, url: `https://images.kling-samples.test${name}?flags=face`, faults, script };
	});
}

const byProvider = <T>(make: (provider: Provider) => T) =>
	Object.fromEntries(PROVIDERS.map((provider) => [provider, make(provider)])) as Record<Provider, T>;

beforeAll(async () => {
	process.stdout.write(`generation chaos: CHAOS_SEED=${SEED}\n`);
	world = await startWorld();
	const random = seeded(SEED);
	items = byProvider((provider) => plan(provider, random));
	const all = Object.values(items).flat();
	world.gateway.control({
		faults: all.flatMap(({ faults }) => faults),
		tasks: all.map(({ script }) => script),
		taskLimit: 15,
		latencyMs: [1, 20],
	});
	const ended = await Promise.all(PROVIDERS.map(async (provider) => await world.engine.run(setup(provider))));
	runs = byProvider((provider) => ended[PROVIDERS.indexOf(provider)]!);
}, 590_000);

/** At Kling itself every second one is of the newer form. */
const modelOf = (provider: Provider, index: number) =>
	provider.startsWith('kling') && index % 2 === 1 ? 'kling-3.0' : 'kling-v2-6';

const setup = (provider: Provider) => ({
	parameters: {
		operation: 'imageToVideo',
		prompt: 'A smile',
		model: { __rl: true, mode: 'id', value: '={{ $json.model }}' },
		options: { maxConcurrency: 30, timeout: 20 },
	},
	credential: credentialOf(provider),
	onError: 'continueRegularOutput' as const,
	items: items[provider].map(({ url }, index) => ({ json: { imageUrl: url, model: modelOf(provider, index) } })),
	node: { type: 'n8n-nodes-kling-recognition.klingGeneration' },
	executionId: provider,
});

afterAll(() => world.close());

/** An item, its output, and the tasks that were made of it. */
function seen(provider: Provider) {
	const tasks = world.gateway.tasks();
	return items[provider].map((item, index) => {
		const json = runs[provider].outputs[0]![index]!.json;
		const details = (json.details ?? {}) as IDataObject;
		const own = tasks.filter(({ names }) => names.some((text) => text.includes(item.name)));
		return { item, json, details, own, told: `CHAOS_SEED=${SEED} ${item.name}: ${JSON.stringify(json)}` };
	});
}

const succeeded = (provider: Provider) => seen(provider).filter(({ json }) => json.status === 'succeeded');

it('of all items more than a third succeeds', () => {
	expect(PROVIDERS.flatMap(succeeded).length).toBeGreaterThan((PROVIDERS.length * COUNT) / 3);
});

describe.each(PROVIDERS)('%s', (provider) => {
	it('every item leaves exactly once, in order', () => {
		expect(runs[provider].error).toBeUndefined();
		expect(runs[provider].outputs[0]!.map(({ pairedItem }) => pairedItem)).toEqual(items[provider].map((_, item) => ({ item })));
	});

	it('no task is paid twice', () => {
		expect(seen(provider).flatMap(({ own, told }) => (own.length > 1 ? [told] : []))).toEqual([]);
	});

	it('no task is lost: its id, or at a gateway the one that was sent, is in what comes out', () => {
		const lost = seen(provider).filter(({ own, json, details }) => {
			const id = json.taskId ?? details.taskId;
			return own.length > 0 && id !== own[0]!.id && (id !== undefined || typeof details.externalTaskId !== 'string');
		});
		expect(lost.map(({ told }) => told)).toEqual([]);
	});

	it('what succeeded has its video, or says why it was not downloaded', () => {
		const done = succeeded(provider);
		expect(done.length).toBeGreaterThan(COUNT / 10);
		const without = done.filter(({ json, item }) => {
			const { binary } = runs[provider].outputs[0]![items[provider].indexOf(item)]!;
			return !binary?.video && !json.downloadErrors;
		});
		expect(without.map(({ told }) => told)).toEqual([]);
	});

	it('whatever came of it, it is a result or an error with its details', () => {
		const other = seen(provider).filter(
			({ json }) => json.status !== 'succeeded' && Object.keys(json).join() !== 'error,details',
		);
		expect(other.map(({ told }) => told)).toEqual([]);
	});
});
