import { NodeHelpers, Workflow, type IDataObject, type INode, type INodeExecutionData } from 'n8n-workflow';

import { kling, through } from './chain';
import { imageItem, imageItems, useGeneration } from './generationStage';
import { SOURCE } from './nodeTypes';
import { jsonOf, originsOf, PAIR } from './stage';
import { until } from './until';

const stage = useGeneration();

const QUICK = { options: { downloadResult: false } };
/** Get Task by status, with the defaults of its fields. */
const BY_STATUS = { operation: 'getTask', branchBy: 'status', ...QUICK };
const LOOK = { resource: 'task', taskId: '={{ $json.taskId }}', taskOperation: '={{ $json.operation }}', ...BY_STATUS };
const RISK = 'Failure to pass the risk control system';
/** A task whose name has this in it takes an hour; another fails; all others are done at once. */
const TASKS = [
	{ match: 'slow', ms: 3_600_000 },
	{ match: 'bad', failure: RISK },
];

/** Creates a task of each name, and gives their items. */
async function created(...names: string[]): Promise<INodeExecutionData[]> {
	stage.gateway.control({ tasks: TASKS });
	const made = await stage.make(
		names.map((name) => imageItem(name)),
		{ wait: false, ...QUICK },
	);
	stage.gateway.requests.length = 0;
	return made.outputs[0]!.map(({ json }, index) => ({ json: { ...json, name: names[index] } }));
}

/** The questions that were sent. */
const questions = () => stage.gateway.requests.map(({ method, path }) => `${method} ${path}`);
const errorsOf = (items: INodeExecutionData[]) => items.map(({ json }) => json.error);

describe('each task leaves by its own output', () => {
	it.each<[way: string, onError: INode['onError']]>([
		['Stop', undefined],
		['Continue', 'continueRegularOutput'],
	])('On Error %s: done, running, failed, unknown and bad', async (_way, onError) => {
		const [done, slow, bad, again] = await created('done', 'slow', 'bad', 'done');
		const unknown = { json: { taskId: '99', operation: 'imageToVideo' } };
		const items = [bad!, done!, { json: {} }, slow!, unknown, again!];
		const run = await stage.makeThrough(items, BY_STATUS, { onError });
		expect(run.error).toBeUndefined();
		expect(run.status).toBe('success');
		expect(run.outputs.map(originsOf)).toEqual([[1, 5], [3], [0, 2, 4]]);
		expect(run.reached.map((reached) => reached.map(({ json }) => json))).toEqual(jsonOf(run));
		expect(jsonOf(run)[0]).toMatchObject([{ taskId: done!.json.taskId }, { taskId: again!.json.taskId }]);
		expect(jsonOf(run)[0]).toMatchObject(Array(2).fill({ status: 'succeeded', videoUrl: expect.any(String) }));
		const { taskId, operation, createdAt } = slow!.json;
		expect(jsonOf(run)[1]).toMatchObject([{ status: 'submitted', videoUrl: null, taskId, operation, createdAt }]);
		expect(jsonOf(run)[2]).toEqual([
			{
				error: "Kling's content moderation stopped the video",
				details: expect.objectContaining({
					taskId: bad!.json.taskId,
					description: expect.stringContaining(RISK),
					input: { taskId: bad!.json.taskId },
				}),
			},
			{ error: 'Task Operation is empty', details: expect.objectContaining({ attempts: 0, input: { taskId: null } }) },
			{
				error: 'There is no Image to Video task with the ID 99',
				details: expect.objectContaining({ taskId: '99', serviceCode: 1201, input: { taskId: '99' } }),
			},
		]);
		expect(run.hints.map(({ message }) => message)).toEqual([
			expect.stringMatching(/^3 of 6 items failed: (Kling's content|Task Operation|There is no)/),
		]);
	});

	it("On Error Error Output: what failed leaves by n8n's own, with its details", async () => {
		const [done, slow, bad] = await created('done', 'slow', 'bad');
		const run = await stage.makeThrough([bad!, slow!, done!], BY_STATUS, { onError: 'continueErrorOutput' });
		expect(run.status).toBe('success');
		expect(run.reached.map((items) => items.length)).toEqual([1, 1, 0, 1]);
		expect(run.reached[3]![0]!.json).toMatchObject({
			error: "Kling's content moderation stopped the video",
			details: { taskId: bad!.json.taskId },
		});
	});

	it('the result of what is done is downloaded, and the files of the input go along', async () => {
		const [done, slow] = await created('done', 'slow');
		const binary = { data: await stage.sample('portrait.jpg') };
		const run = await stage.make(
			[done!, slow!, { json: {} }].map((item) => ({ ...item, binary })),
			{ ...BY_STATUS, options: {} },
		);
		expect(run.outputs.map(([item]) => Object.keys(item!.binary!))).toEqual([['video', 'data'], ['data'], ['data']]);
	});

	it('with Include Input Fields what the item had goes on', async () => {
		const [slow] = await created('slow');
		const run = await stage.make([slow!], { ...BY_STATUS, options: { includeInputFields: true } });
		expect(jsonOf(run)[1]).toMatchObject([{ name: 'slow', taskId: slow!.json.taskId, imageUrl: slow!.json.imageUrl }]);
	});

	it('an item that failed before it had a task says why', async () => {
		const error = 'The video resource pack of the Kling account is used up or has expired';
		const run = await stage.make([{ json: { error, details: { attempts: 1 } } }], BY_STATUS);
		expect(errorsOf(run.outputs[2]!)).toEqual([`The item failed in a node before this one: ${error}`]);
		expect(stage.gateway.requests).toEqual([]);
	});
});

describe('one question for a look', () => {
	it('with an API key at Kling: for all items of one moment, of either form', async () => {
		const legacy = await created('slow', 'done');
		const newer = { model: 'kling-3.0', prompt: 'Slowly', wait: false, ...QUICK };
		const made = await stage.make([imageItem('slow')], newer);
		stage.gateway.requests.length = 0;
		const run = await stage.make([...legacy, ...made.outputs[0]!], BY_STATUS);
		expect(run.outputs.map(originsOf)).toEqual([[1], [0, 2], []]);
		expect(questions().every((path) => path.startsWith('GET /tasks?task_ids='))).toBe(true);
		expect(questions().length).toBeLessThanOrEqual(2);
	});

	it.each<[how: string, credential: () => IDataObject]>([
		['an access key', () => ({ ...stage.credential('klingGlobal'), ...PAIR })],
		['a gateway', () => stage.credential('deerApi')],
	])('with %s: for each', async (_how, credential) => {
		stage.gateway.control({ tasks: TASKS });
		const setup = { credential: credential() };
		const made = await stage.make([imageItem('slow'), imageItem('done')], { wait: false, ...QUICK }, setup);
		stage.gateway.requests.length = 0;
		const run = await stage.make(made.outputs[0]!, BY_STATUS, setup);
		expect(run.outputs.map(originsOf)).toEqual([[1], [0], []]);
		expect(questions()).toEqual(made.outputs[0]!.map(({ json }) => expect.stringContaining(`image2video/${json.taskId}`)));
	});

	it('what is not answered is asked again', async () => {
		const [done] = await created('done');
		stage.fail('query-502:1');
		const run = await stage.make([done!], BY_STATUS);
		expect(run.outputs.map((items) => items.length)).toEqual([1, 0, 0]);
		expect(questions()).toHaveLength(2);
	});

	it('a key that is refused is a failure of each item, and says that the task may go on', async () => {
		const items = await created('slow', 'slow');
		stage.fail('query-401');
		const run = await stage.make(items, BY_STATUS);
		expect(run.error).toBeUndefined();
		expect(run.outputs.map(originsOf)).toEqual([[], [], [0, 1]]);
		expect(jsonOf(run)[2]).toMatchObject(
			items.map(({ json: { taskId } }) => ({
				details: { serviceCode: 1002, taskId, description: expect.stringContaining('may go on') },
			})),
		);
	});
});

it('the execution that is stopped while it asks ends as canceled: no failure of an item covers that', async () => {
	const items = await created('slow', 'slow');
	stage.fail('query-502');
	const { done, cancel } = stage.engine.start(stage.generation(items, BY_STATUS));
	await until(() => questions().length > 1, 60_000);
	cancel();
	const run = await done;
	expect(run.status).toBe('canceled');
	expect(stage.account()).toMatchObject({ creates: 2, running: 2 });
});

describe('what keeps the node from starting follows On Error', () => {
	it.each<[what: string, setup: object, message: RegExp]>([
		['no credential', { node: { credentials: undefined } }, /credential/i],
		['one without a key', { credential: { provider: 'klingGlobal', apiKey: '' } }, /has no API Key/],
	])('%s', async (_what, setup, message) => {
		const items = await created('done', 'slow');
		const stopped = await stage.make(items, BY_STATUS, setup);
		expect(stopped.error?.message).toMatch(message);
		const regular = await stage.makeThrough(items, BY_STATUS, { onError: 'continueRegularOutput', ...setup });
		expect(regular.reached.map((reached) => reached.length)).toEqual([0, 0, 2]);
		expect(errorsOf(regular.reached[2]!)).toEqual(Array(2).fill(expect.stringMatching(message)));
		const apart = await stage.makeThrough(items, BY_STATUS, { onError: 'continueErrorOutput', ...setup });
		expect(apart.reached.map((reached) => reached.length)).toEqual([0, 0, 0, 2]);
		expect(stage.gateway.requests).toEqual([]);
	});
});

describe('a Branch By', () => {
	it.each(['status', 'requirement', '={{ "status" }}'])(
		'%s that is left over where nothing branches counts as none',
		async (by) => {
			const run = await stage.makeThrough([imageItem('a')], { branchBy: by, wait: false, ...QUICK });
			expect(run.error).toBeUndefined();
			expect(run.outputs.map((items) => items.length)).toEqual([1]);
			expect(run.reached).toHaveLength(1);
			expect(stage.account()).toMatchObject({ creates: 1 });
		},
	);

	it('that is none of the choices of Get Task is refused', async () => {
		const run = await stage.make([{ json: {} }], { ...BY_STATUS, branchBy: '={{ "status" }}' });
		expect(run.error?.message).toBe('Branch By is none of its choices');
	});

	it('None: one output, and a task that failed stops the workflow', async () => {
		const [bad] = await created('bad');
		const run = await stage.make([bad!], { ...BY_STATUS, branchBy: 'none', wait: false });
		expect(run.error?.message).toBe("Kling's content moderation stopped the video");
	});

	it('of a tool counts as none: it has one output', async () => {
		const [slow, bad] = await created('slow', 'bad');
		const tool = { node: { type: 'n8n-nodes-kling-recognition.klingGenerationTool' } };
		const of = ({ json }: INodeExecutionData) => ({ taskId: String(json.taskId), taskOperation: 'imageToVideo' });
		const run = await stage.make([{ json: {} }], { ...BY_STATUS, ...of(slow!), wait: false }, tool);
		expect(jsonOf(run)).toMatchObject([[{ status: 'submitted', taskId: slow!.json.taskId }]]);
		const failed = await stage.make([{ json: {} }], { ...BY_STATUS, ...of(bad!), wait: false }, tool);
		expect(failed.error?.message).toBe("Kling's content moderation stopped the video");
	});

	it.each<[parameters: IDataObject, names: Array<string | undefined>]>([
		[LOOK, ['Done', 'Running', 'Failed']],
		[{ ...LOOK, branchBy: 'none' }, [undefined]],
		[{ resource: 'task', operation: 'getTask' }, [undefined]],
		[{ resource: 'video', operation: 'imageToVideo' }, [undefined]],
		[{ resource: 'video', operation: 'imageToVideo', branchBy: 'status' }, [undefined]],
		[{}, [undefined]],
	])("the outputs that n8n's editor shows: %j", (parameters, names) => {
		const node = { id: 'n', ...kling('Kling', 'klingGeneration', parameters), typeVersion: 1, position: [0, 0] } as INode;
		const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes: stage.engine.types });
		const { description } = stage.engine.types.getByName(node.type);
		const outputs = NodeHelpers.getNodeOutputs(workflow, workflow.getNode('Kling')!, description);
		expect(outputs.map((output) => (typeof output === 'string' ? undefined : output.displayName))).toEqual(names);
	});

	it('hides Wait Until Done, and is hidden from tools', () => {
		const { properties } = stage.engine.types.getByName('n8n-nodes-kling-recognition.klingGeneration').description;
		const isShown = (name: string, values: IDataObject, type = 'klingGeneration') => {
			const node = { typeVersion: 1, type: `n8n-nodes-kling-recognition.${type}` };
			return properties.some(
				(property) =>
					property.name === name && NodeHelpers.displayParameter({ resource: 'task', ...values } as never, property, node, null),
			);
		};
		expect(isShown('wait', { operation: 'getTask', branchBy: 'none' })).toBe(true);
		expect(isShown('wait', LOOK)).toBe(false);
		expect(isShown('branchBy', { operation: 'getTask' })).toBe(true);
		expect(isShown('branchBy', { operation: 'imageToVideo', resource: 'video' })).toBe(false);
	});
});

describe('the loop: create, wait, look, and back where it still runs', () => {
	const BETWEEN = 'test.wait';

	/** What came out of the loop. */
	interface Loop {
		status: string;
		error: Error | undefined;
		/** How often each node ran. */
		runs(name: string): number;
		/** The items that came to a node, in all of its runs; with the name of the item that each comes from. */
		reached(name: string): Array<{ name: unknown; json: IDataObject }>;
	}

	/** Runs it. @param waitMs as long as the node between waits */
	async function loop(items: INodeExecutionData[], waitMs: number, options: IDataObject = {}): Promise<Loop> {
		stage.engine.types.add(BETWEEN, async function () {
			await new Promise((resolve) => setTimeout(resolve, waitMs));
			return [this.getInputData()];
		});
		stage.engine.types.add('test.named', async function () {
			return [
				this.getInputData().map(({ json }, index) => ({
					json: { name: this.getNodeParameter('value', index) as string, json },
				})),
			];
		});
		const named = (name: string) => ({
			name,
			type: 'test.named',
			parameters: { value: "={{ $('Source').item.json.name }}" },
		});
		const nodes = [
			{ name: 'Source', type: SOURCE, parameters: { value: stage.engine.types.bundle(items) } },
			kling('Create', 'klingGeneration', { resource: 'video', operation: 'imageToVideo', wait: false, ...QUICK }),
			{ ...through('Wait'), type: BETWEEN },
			kling('Look', 'klingGeneration', { ...LOOK, options: { downloadResult: false, ...options } }),
			named('Done'),
			named('Failed'),
		];
		const to = (node: string) => ({ node, type: 'main' as const, index: 0 });
		const run = await stage.engine.runWorkflow({
			nodes: nodes.map((node) => ({ id: node.name, typeVersion: 1, position: [0, 0], parameters: {}, ...node })),
			connections: {
				Source: { main: [[to('Create')]] },
				Create: { main: [[to('Wait')]] },
				Wait: { main: [[to('Look')]] },
				Look: { main: [[to('Done')], [to('Wait')], [to('Failed')]] },
			},
			credentials: { klingRecognitionApi: stage.credential('klingGlobal') },
		});
		const { runData, error } = run.data.resultData;
		const of = (name: string) => runData[name] ?? [];
		return {
			status: run.status,
			error: error as Error | undefined,
			runs: (name) => of(name).length,
			reached: (name) =>
				of(name)
					.flatMap(({ data }) => data?.main?.[0] ?? [])
					.map(({ json }) => json as unknown as { name: unknown; json: IDataObject }),
		};
	}

	/** Holds each item against the picture that its task was made of. */
	function expectOwnTasks(items: ReturnType<Loop['reached']>): void {
		const made = new Map(stage.gateway.tasks().map(({ id, names }) => [id, names.join()]));
		for (const { name, json } of items) expect(made.get(String(json.taskId))).toContain(`/${String(name)}.jpg`);
	}

	const itemsOf = (...names: string[]) => names.map((name) => imageItem(name, { name }));

	it('each item goes round until its own task has ended, and stays with what it came from', async () => {
		stage.gateway.control({
			tasks: [
				{ match: 'i0', ms: 3500 },
				{ match: 'i1', ms: 0 },
				{ match: 'i2', ms: 1700, failure: RISK },
				{ match: 'i3', ms: 1700 },
			],
		});
		const { status, error, runs, reached } = await loop(itemsOf('i0', 'i1', 'i2', 'i3'), 1000);
		expect(error).toBeUndefined();
		expect(status).toBe('success');
		expect(reached('Done').map(({ name }) => name)).toEqual(['i1', 'i3', 'i0']);
		expect(reached('Done').map(({ json }) => json.status)).toEqual(Array(3).fill('succeeded'));
		expect(reached('Failed').map(({ name, json }) => [name, json.error])).toEqual([
			['i2', "Kling's content moderation stopped the video"],
		]);
		expectOwnTasks(reached('Done'));
		expect(runs('Create')).toBe(1);
		expect(runs('Look')).toBeGreaterThanOrEqual(3);
		expect(stage.account()).toMatchObject({ creates: 4, tasks: 4 });
		// Of Kling's newer form one question is for all; the first item goes at once.
		expect(stage.account().queries).toBeLessThanOrEqual(2 * runs('Look'));
		expect(runs('Wait')).toBe(runs('Look'));
	});

	it('ends by itself when a task runs for longer than Max Wait', async () => {
		stage.gateway.control({ taskMs: 3_600_000 });
		const { status, runs, reached } = await loop(itemsOf('a', 'b'), 500, { maxWait: 2 / 60 });
		expect(status).toBe('success');
		expect(reached('Done')).toEqual([]);
		const { creates, running } = stage.account();
		expect({ creates, running }).toEqual({ creates: 2, running: 2 });
		// Which of them is too old first, in this round or the next, is open.
		expect(Object.fromEntries(reached('Failed').map(({ name, json }) => [name, json.error]))).toEqual({
			a: 'The video was not done within 0.03 minutes',
			b: 'The video was not done within 0.03 minutes',
		});
		const ids = stage.gateway.tasks().map(({ id }) => id);
		const details = reached('Failed').map(({ json }) => json.details as { taskId: string; description: string });
		expect(details.map(({ taskId }) => taskId).sort()).toEqual(ids.sort());
		for (const { description } of details) expect(description).toContain('The task goes on at Kling');
		expect(runs('Look')).toBeGreaterThanOrEqual(3);
		expect(runs('Look')).toBeLessThanOrEqual(8);
	});

	it('many items are asked for by twenties, and each has its own task in the end', async () => {
		stage.gateway.control({ taskMs: 1500 });
		const { reached, runs } = await loop(
			imageItems(25).map((item, index) => ({ json: { ...item.json, name: `i${index}` } })),
			1000,
		);
		const done = reached('Done');
		expect(new Set(done.map(({ name }) => name)).size).toBe(25);
		expect(done).toHaveLength(25);
		expectOwnTasks(done);
		expect(stage.account()).toMatchObject({ creates: 25, tasks: 25 });
		expect(stage.account().queries).toBeLessThanOrEqual(3 * runs('Look'));
	});
});
