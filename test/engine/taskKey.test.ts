import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { RESELLERS, type Provider } from '../gateway';
import type { NodeRun, NodeSetup } from './engine';
import { imageItem, useGeneration } from './generationStage';
import { jsonOf, PAIR } from './stage';

const stage = useGeneration();

const KEYED = { taskKey: 'order-1', downloadResult: false };
const CONTINUE = { onError: 'continueRegularOutput' as const };
const DAY_MS = 86_400_000;
const AUDIO = { audioSource: 'url', audioUrl: 'https://sounds.kling-samples.test/samples/tone-3s.wav' };

let executions = 0;
/** Runs the node in an execution of its own. */
async function make(items: INodeExecutionData[], parameters: IDataObject = {}, setup: Partial<NodeSetup> = {}): Promise<NodeRun> {
	executions += 1;
	return await stage.make(items, { options: KEYED, ...parameters }, { executionId: `execution ${executions}`, ...setup });
}

const keyed = (options: IDataObject) => ({ options: { ...KEYED, ...options } });
const taskIds = (...runs: NodeRun[]) => runs.flatMap((run) => jsonOf(run)[0]!.map(({ taskId }) => taskId));
const failure = (run: NodeRun) => jsonOf(run)[0]![0] as { error: string; details: IDataObject & { description: string } };

/** Lets the calendar, but no timer, be so many days later. */
function later(days: number): void {
	const now = Date.now.bind(Date);
	jest.spyOn(Date, 'now').mockImplementation(() => now() + days * DAY_MS);
}
afterEach(() => jest.restoreAllMocks());

const MODELS: Array<[form: string, parameters: IDataObject]> = [
	['legacy', {}],
	['newer', { model: 'kling-3.0', prompt: 'Waves' }],
];

describe.each(MODELS)('a model of the %s form', (_form, parameters) => {
	it('another execution meets the task: one create, one price', async () => {
		const first = await make([imageItem('a')], parameters);
		const second = await make([imageItem('a')], parameters);
		expect(taskIds(second)).toEqual(taskIds(first));
		const [json] = jsonOf(second)[0]!;
		expect(json).toMatchObject({ ...jsonOf(first)[0]![0], requestId: null, videoUrl: expect.any(String) });
		expect(json!.unitsDeducted).toBeGreaterThan(0);
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});

	it('it is met while it runs, and waited for', async () => {
		stage.gateway.control({ taskMs: 4000 });
		const created = await make([imageItem('a')], { ...parameters, wait: false });
		const second = await make([imageItem('a')], parameters);
		expect(jsonOf(created)[0]).toMatchObject([{ status: 'submitted' }]);
		expect(jsonOf(second)[0]).toMatchObject([{ status: 'succeeded', taskId: taskIds(created)[0] }]);
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});

	it('a changed prompt makes another task', async () => {
		await make([imageItem('a')], { ...parameters, wait: false });
		await make([imageItem('a')], { ...parameters, wait: false, prompt: 'Wind' });
		expect(stage.account()).toMatchObject({ creates: 2, tasks: 2 });
	});

	it('a task that failed is followed by the next, and that one is met', async () => {
		stage.gateway.control({ tasks: [{ ms: 0, failure: 'bad input' }] });
		const first = await make([imageItem('a')], parameters, CONTINUE);
		expect(failure(first).error).toBe('Kling could not make the video');
		stage.gateway.control({ tasks: [] });
		const second = await make([imageItem('a')], parameters);
		const third = await make([imageItem('a')], parameters);
		expect(jsonOf(second)[0]).toMatchObject([{ status: 'succeeded' }]);
		expect(taskIds(third)).toEqual(taskIds(second));
		expect(jsonOf(third)[0]![0]!.externalTaskId).toBe(stage.gateway.tasks()[1]!.externalId);
		expect(stage.account()).toMatchObject({ creates: 2, tasks: 2, failed: 1 });
	});

	it.each([
		[29, 1],
		[31, 2],
	])('after %i days there are %i tasks', async (days, tasks) => {
		const unwaited = { ...parameters, wait: false };
		await make([imageItem('a')], unwaited);
		later(days);
		await make([imageItem('a')], unwaited);
		await make([imageItem('a')], unwaited);
		expect(stage.account()).toMatchObject({ creates: tasks, tasks });
	});
});

it('two executions at the same moment make one task', async () => {
	stage.gateway.control({ taskMs: 1500 });
	const runs = await Promise.all([make([imageItem('a')]), make([imageItem('a')]), make([imageItem('a')])]);
	expect(new Set(taskIds(...runs)).size).toBe(1);
	expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
});

it('items of one run with the same key and content are one task; others are not', async () => {
	const options = { ...KEYED, taskKey: '={{ $json.order }}', maxConcurrency: 1 };
	const items = [
		imageItem('a', { order: 1 }),
		imageItem('a', { order: '1' }),
		imageItem('b', { order: 1 }),
		imageItem('a', { order: 2 }),
		imageItem('a', { order: 1 }),
	];
	const run = await make(items, { options });
	const [a, sameA, b, other, again] = taskIds(run);
	expect([sameA, again]).toEqual([a, a]);
	expect(new Set([a, b, other]).size).toBe(3);
	expect(jsonOf(run)[0]!.map(({ unitsDeducted }) => unitsDeducted)).not.toContain(0);
	expect(stage.account()).toMatchObject({ creates: 3, tasks: 3 });
});

it('items of one run share the failure of their task', async () => {
	stage.gateway.control({ tasks: [{ ms: 0, failure: 'bad input' }] });
	const run = await make([imageItem('a'), imageItem('a')], {}, CONTINUE);
	expect(jsonOf(run)[0]!.map(({ error }) => error)).toEqual(Array(2).fill('Kling could not make the video'));
	expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
});

it('without a key, or with an empty one, each execution makes its own', async () => {
	for (const taskKey of ['', null, '  ']) await make([imageItem('a')], { wait: false, ...keyed({ taskKey }) });
	expect(stage.account()).toMatchObject({ creates: 3, tasks: 3 });
});

it('a file counts by its bytes, and waiting and downloading do not', async () => {
	const parameters = { imageSource: 'binary', binaryPropertyName: 'data' };
	for (const [file, wait] of [
		['portrait.jpg', true],
		['portrait.jpg', false],
		['garment.png', true],
	] as const) {
		const data = await stage.sample(file, 'image/jpeg');
		await make([{ json: {}, binary: { data: { ...data, fileName: `${wait}.jpg` } } }], {
			...parameters,
			wait,
			...keyed({ downloadResult: wait, outputPropertyName: 'x', maxWait: wait ? 5 : 6 }),
		});
	}
	expect(stage.account()).toMatchObject({ creates: 2, tasks: 2 });
});

describe('refused before anything is sent', () => {
	it.each<Provider>([...RESELLERS, 'custom'])('at %s', async (provider) => {
		const run = await make([imageItem('a')], {}, { ...CONTINUE, credential: stage.credential(provider) });
		expect(failure(run).error).toMatch(/^Task Key does not work with /);
		expect(failure(run).details).toMatchObject({
			attempts: 0,
			description: expect.stringContaining('Remove the option Task Key'),
		});
		expect(stage.gateway.requests).toEqual([]);
	});

	it('for a lip-sync with an access key', async () => {
		const item = await stage.faceItem();
		const credential = { ...stage.credential('klingGlobal'), ...PAIR };
		const run = await make([item], { operation: 'lipSync', ...AUDIO }, { ...CONTINUE, credential });
		expect(failure(run)).toMatchObject({
			error: 'Task Key does not work for Lip-Sync with an access key',
			details: { attempts: 0, description: expect.stringContaining('Make an API key') },
		});
		expect(stage.creates()).toEqual([]);
	});

	it('a key that is an object', async () => {
		const run = await make([imageItem('a')], keyed({ taskKey: '={{ $json }}' }), CONTINUE);
		expect(failure(run)).toMatchObject({ error: 'Task Key is an object, not a text', details: { attempts: 0 } });
		expect(stage.gateway.requests).toEqual([]);
	});
});

it('with an access key the other kinds meet their task', async () => {
	const credential = { ...stage.credential('klingGlobal'), ...PAIR };
	for (const wait of [false, true]) await make([imageItem('a')], { wait }, { credential });
	expect(stage.gateway.tasks()).toHaveLength(1);
});

it('a lip-sync is made with an API key; one that exists and is not to be found is an error with its id', async () => {
	const item = await stage.faceItem();
	const lipSync = { operation: 'lipSync', ...AUDIO, ...keyed({ maxWait: 0.05 }) };
	const first = await make([item], { ...lipSync, wait: false });
	expect(jsonOf(first)[0]).toMatchObject([{ status: 'submitted' }]);
	const second = await make([item], lipSync, CONTINUE);
	expect(failure(second)).toMatchObject({
		error: 'The Lip-Sync task was created before, but cannot be found',
		details: {
			externalTaskId: stage.gateway.tasks()[0]!.externalId,
			description: expect.stringContaining('another Task Key makes a new one'),
		},
	});
	expect(stage.account()).toMatchObject({ tasks: 1 });
});

describe('a look-up that is not answered', () => {
	it('is asked again, and nothing is created meanwhile', async () => {
		await make([imageItem('a')]);
		stage.fail('query-502:2');
		const second = await make([imageItem('a')]);
		expect(second.error).toBeUndefined();
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});

	it('ends with an error that names the task, and nothing is created', async () => {
		stage.fail('query-502');
		const run = await make([imageItem('a')], keyed({ maxWait: 0.05 }), CONTINUE);
		expect(failure(run)).toMatchObject({
			error: 'No Image to Video task was created: whether there is one under the Task Key could not be found out',
			details: { httpStatus: 502, externalTaskId: expect.stringMatching(/^n8n-/), retryable: false },
		});
		expect(stage.creates()).toEqual([]);
	});

	it('ends at once where the key is refused', async () => {
		stage.fail('query-401');
		const run = await make([imageItem('a')], {}, CONTINUE);
		expect(failure(run).details).toMatchObject({ serviceCode: 1002, externalTaskId: expect.any(String) });
		expect(stage.creates()).toEqual([]);
	});
});

it.each(['create-504-after', 'create-cut-before'])('%s: the task is paid for once, also by the next execution', async (fault) => {
	stage.fail(`${fault}:1`);
	const first = await make([imageItem('a')], keyed({ timeout: 1 }));
	const second = await make([imageItem('a')]);
	expect(taskIds(second)).toEqual(taskIds(first));
	expect(stage.account()).toMatchObject({ tasks: 1 });
});

it("n8n's Retry On Fail waits anew for the same task", async () => {
	stage.gateway.control({ taskMs: 5000 });
	const node = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
	const run = await make([imageItem('slow')], keyed({ maxWait: 0.06 }), { node });
	expect(run.error).toBeUndefined();
	expect(jsonOf(run)[0]).toMatchObject([{ status: 'succeeded' }]);
	expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
});

it('a key is left over in an operation without one: it counts for nothing', async () => {
	const made = await make([imageItem('a')]);
	const parameters = { operation: 'getTask', taskId: String(taskIds(made)[0]), taskOperation: 'imageToVideo' };
	const run = await make(
		[{ json: {} }],
		{ ...parameters, ...keyed({ taskKey: '={{ $json }}' }) },
		{ credential: stage.credential('klingGlobal') },
	);
	expect(taskIds(run)).toEqual(taskIds(made));
});
