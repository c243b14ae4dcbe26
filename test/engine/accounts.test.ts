import { after } from '../gateway/after';

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { ACCESS } from '../gateway';
import type { NodeRun } from './engine';
import { imageUrl, urlItem, useStage, videoUrl } from './stage';
import { until } from './until';

const stage = useStage();

/**
 * Every test has an account of its own, but for such as learnt nothing of theirs: what is learnt outlives an execution. To the
 * gateway the custom ones are the same account, to the node each base URL is another.
 */
const custom = (path: string): IDataObject => ({ ...stage.credential('custom'), baseUrl: `${stage.gateway.url}${path}` });
const pairOf = (provider: string): IDataObject => ({ provider, authentication: 'accessKey', ...ACCESS });

let made = 0;
/** Items with images like no other before. */
const images = (count: number): INodeExecutionData[] =>
	Array.from({ length: count }, () => urlItem(imageUrl(`i${(made += 1)}.`, 'face')));

interface Execution {
	done: Promise<NodeRun>;
	cancel: () => void;
}

const begin = (credential: IDataObject, items: INodeExecutionData[], options: IDataObject = {}): Execution =>
	stage.engine.start(stage.recognition(items, { options }, { credential }));
const beginVideo = (credential: IDataObject): Execution =>
	stage.engine.start(
		stage.recognition(
			[urlItem(videoUrl(`v${(made += 1)}.`, '0-5200'))],
			{ operation: 'identifyFace', videoUrl: '={{ $json.url }}', output: 'video' },
			{ credential },
		),
	);

const all = async (executions: Execution[]): Promise<NodeRun[]> => await Promise.all(executions.map(({ done }) => done));
/** What became of executions of one item each. */
const ends = (runs: NodeRun[]): unknown[] => runs.map(({ error, outputs }) => error?.message ?? outputs[0]?.[0]?.json.hasFace);
const allGood = (count: number): unknown[] => Array.from({ length: count }, () => true);
const wasSent = ([item]: INodeExecutionData[]): boolean =>
	stage.gateway.requests.some(({ json }) => (json as IDataObject).image === item!.json.url);

/** Calls at once with which a gate begins that has learnt nothing. One that has tries one or two more than the limit; on a busy machine some overlap. */
const UNLEARNT = 10;

/** What one gate for each account is for: many executions of one image each. */
describe('executions at once on one account', () => {
	const LIMIT = 4;
	const MANY = 40;
	const settings = { concurrency: LIMIT, latencyMs: 100 };

	it('know of its limit together: once it is learnt, calls in flight keep to it, and none fails', async () => {
		const credential = stage.credential('klingChina');
		stage.gateway.control(settings);
		const cold = Array.from({ length: MANY }, () => begin(credential, images(1)));
		expect(ends(await all(cold))).toEqual(allGood(MANY));

		stage.gateway.reset();
		stage.gateway.control(settings);
		const warm = Array.from({ length: MANY }, (_, index) =>
			index % 2 === 0 ? begin(credential, images(1)) : beginVideo(credential),
		);
		expect(ends(await all(warm))).toEqual(allGood(MANY));
		const { peakConcurrency, rejected } = stage.gateway.stats();
		expect(peakConcurrency).toBeLessThan(UNLEARNT);
		expect(rejected).toBeLessThanOrEqual(MANY * 0.15);
	});

	it('a loop of one image after the other learns nothing anew', async () => {
		const credential = pairOf('klingChina');
		stage.gateway.control({ concurrency: 2, latencyMs: 50 });
		await all([begin(credential, images(20))]);
		stage.gateway.reset();
		stage.gateway.control({ concurrency: 2, latencyMs: 50 });
		for (let round = 0; round < 3; round += 1) {
			const runs = await all([begin(credential, images(6)), begin(credential, images(6))]);
			expect(runs.flatMap(({ outputs }) => outputs[0]!).map(({ json }) => json.hasFace)).toEqual(allGood(12));
		}
		expect(stage.gateway.stats().peakConcurrency).toBeLessThan(UNLEARNT);
	});

	it('nobody waits behind the many items of another', async () => {
		const credential = custom('/kling');
		stage.gateway.control({ concurrency: LIMIT, latencyMs: 30 });
		const long = begin(credential, images(150));
		await until(() => stage.gateway.requests.length >= 20);
		const before = stage.gateway.requests.length;
		const short = begin(credential, images(1));
		expect(ends([await short.done])).toEqual([true]);
		expect(stage.gateway.requests.length - before).toBeLessThan(60);
		expect((await long.done).outputs[0]).toHaveLength(150);
	});

	it('maxConcurrency bounds a run all the same', async () => {
		stage.gateway.control({ latencyMs: 50 });
		await all([begin(custom(''), images(12), { maxConcurrency: 2 })]);
		expect(stage.gateway.stats().peakConcurrency).toBe(2);
	});
});

describe('a wait that the provider asks for', () => {
	const asking = { status: 503, code: 5001, headers: { 'retry-after': '60' }, times: 1 };

	it('holds every execution of its account, and none of another', async () => {
		const [first, second] = [images(1), images(1)];
		stage.gateway.control({ faults: [{ kind: 'code', ...asking }] });
		const waiting = [begin(stage.credential('cometApi'), first)];
		try {
			await until(() => stage.gateway.requests.length === 1 && stage.gateway.requests[0]!.ms >= 0);
			await after(100);
			waiting.push(begin(stage.credential('cometApi'), second));

			const others = await all([begin(stage.credential('chainHub'), images(1)), begin(pairOf('klingGlobal'), images(1))]);
			expect(ends(others)).toEqual([true, true]);
			await after(300);
			expect(wasSent(second)).toBe(false);
		} finally {
			for (const { cancel } of waiting) cancel();
		}
		expect((await all(waiting)).map(({ status }) => status)).toEqual(['canceled', 'canceled']);
	});
});

it('two accounts share no limit', async () => {
	stage.gateway.control({ concurrency: 1, latencyMs: 50 });
	await all([begin(stage.credential('deerApi'), images(6))]);
	stage.gateway.reset();
	stage.gateway.control({ latencyMs: 2000 });
	await all([begin(stage.credential('klingGlobal'), images(20))]);
	expect(stage.gateway.stats().peakConcurrency).toBeGreaterThan(3);
});

describe('an execution that is cancelled', () => {
	it('leaves no slot taken, however often, and takes nothing from others', async () => {
		const credential = pairOf('klingGlobal');
		stage.gateway.control({ faults: [{ kind: 'hang', match: '/n/i' }] });
		for (let round = 0; round < 3; round += 1) {
			const before = stage.gateway.requests.length;
			const hanging = begin(credential, images(12));
			await until(() => stage.gateway.requests.length > before);
			await after(50);
			hanging.cancel();
			expect((await hanging.done).status).toBe('canceled');
		}
		stage.gateway.reset();
		stage.gateway.control({ latencyMs: 50 });
		const run = await begin(credential, images(12)).done;
		expect(run.outputs[0]!.map(({ json }) => json.hasFace)).toEqual(allGood(12));
		expect(stage.gateway.stats().peakConcurrency).toBeGreaterThan(1);
	});

	it('while it waits for a slot: ends at once, and those around it go on', async () => {
		const credential = stage.credential('chainHub');
		stage.gateway.control({ concurrency: 1, latencyMs: 150 });
		await all([begin(credential, images(8))]);
		const [one, two, three] = [begin(credential, images(4)), begin(credential, images(4)), begin(credential, images(4))];
		await until(() => stage.gateway.requests.length > 8);
		two.cancel();
		expect((await two.done).status).toBe('canceled');
		const runs = await all([one, three]);
		expect(runs.flatMap(({ outputs }) => outputs[0]!).map(({ json }) => json.hasFace)).toEqual(allGood(8));
	});
});
