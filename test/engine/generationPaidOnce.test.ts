import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { namedFault, RESELLERS, type Provider } from '../gateway';
import type { NodeRun } from './engine';
import { imageItem, imageItems, useGeneration } from './generationStage';
import { jsonOf } from './stage';

const stage = useGeneration();

const QUICK = { options: { downloadResult: false, timeout: 1 } };
const CONTINUE = { onError: 'continueRegularOutput' as const };
const named = (run: NodeRun) => jsonOf(run)[0]!.map((json) => json.taskId ?? (json.details as IDataObject | undefined)?.taskId);
const taskIds = () => stage.gateway.tasks().map(({ id }) => id);
const at = (provider: Provider) => ({ credential: stage.credential(provider) });

/** Every create whose answer does not say what became of it. */
const UNCLEAR = ['cut', 'silent', '500', '502', '504', 'unreadable', 'html'];
/** Of these, where a task was made. */
const AFTER = UNCLEAR.map((name) => `create-${name}-after`);

describe('a create without a clear answer', () => {
	it('at Kling: each task is found, and paid for once', async () => {
		const items = AFTER.map((name) => imageItem(name));
		stage.fail(...AFTER.map((name) => ({ ...namedFault(name), match: `/n/${name}.jpg`, times: 1 })));
		const run = await stage.make(items, { options: { ...QUICK.options, maxConcurrency: 10 } });
		expect(run.error).toBeUndefined();
		expect(jsonOf(run)[0]!.map(({ status }) => status)).toEqual(AFTER.map(() => 'succeeded'));
		expect(named(run).sort()).toEqual(taskIds().sort());
		expect(stage.account()).toMatchObject({ creates: AFTER.length, tasks: AFTER.length, succeeded: AFTER.length });
	});

	it('at Kling, where none was made: it is proven, and sent again with the same id', async () => {
		const names = ['create-cut-before', 'create-silent-before', 'create-502-before'];
		stage.fail(...names.map((name) => ({ ...namedFault(name), match: `/n/${name}.jpg`, times: 1 })));
		const run = await stage.make(
			names.map((name) => imageItem(name)),
			QUICK,
		);
		expect(run.error).toBeUndefined();
		expect(stage.account()).toMatchObject({ creates: 6, tasks: 3 });
		const ids = stage.creates().map(({ json }) => (json as IDataObject).external_task_id);
		expect(new Set(ids).size).toBe(3);
	});

	it('a lip-sync is in no list under its external id: it is never sent again, and the error names its id', async () => {
		stage.fail('create-504-after:1');
		const audio = { audioSource: 'url', audioUrl: 'https://sounds.kling-samples.test/samples/tone-3s.wav' };
		const run = await stage.make([await stage.faceItem()], { operation: 'lipSync', ...audio, ...QUICK }, CONTINUE);
		const [json] = jsonOf(run)[0]!;
		expect(json).toMatchObject({
			error: 'The Lip-Sync task may have been created, but the provider gave no clear answer',
			details: { externalTaskId: stage.gateway.tasks()[0]!.externalId },
		});
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});

	it.each(RESELLERS)('at %s it is never sent again, and the error names its id', async (provider) => {
		stage.fail({ ...namedFault('create-504-after'), times: 1 });
		const run = await stage.make([imageItem('a')], QUICK, { ...at(provider), ...CONTINUE });
		const [json] = jsonOf(run)[0]!;
		expect(json).toMatchObject({
			error: 'The Image to Video task may have been created, but the provider gave no clear answer',
			details: { attempts: 1, httpStatus: 504, externalTaskId: expect.stringMatching(/^n8n-/), retryable: false },
		});
		const { externalTaskId, description } = json!.details as { externalTaskId: string; description: string };
		expect(description).toContain(externalTaskId);
		expect(stage.account(provider)).toMatchObject({ creates: 1, tasks: 1 });
	});

	it('a gateway that keeps the id finds it, too', async () => {
		stage.fail('create-504-after:1');
		const run = await stage.make([imageItem('a')], QUICK, at('custom'));
		expect(named(run)).toEqual(taskIds());
		expect(stage.account('custom')).toMatchObject({ creates: 1, tasks: 1 });
	});
});

describe("n8n's Retry On Fail", () => {
	const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
	const items = () => ['good', 'lost', 'bad'].map((name) => imageItem(name));

	it('waits anew for a task that was not done in time', async () => {
		stage.gateway.control({ taskMs: 5000 });
		const options = { ...QUICK.options, maxWait: 0.06 };
		const run = await stage.make([imageItem('slow')], { options }, { node: retry });
		expect(run.error).toBeUndefined();
		expect(jsonOf(run)[0]).toMatchObject([{ status: 'succeeded' }]);
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});

	it.each<Provider>(['klingGlobal', ...RESELLERS])(
		'%s: a batch of which some succeeded pays for none of them again',
		async (provider) => {
			// It fails well after the first question for the other, also on a busy machine: each try ends for its own reason.
			stage.gateway.control({
				tasks: [{ match: 'bad', ms: 8000, failure: 'bad input' }],
				faults: [{ kind: 'code', status: 401, code: 1002, route: 'query', match: 'lost', times: 1 }],
			});
			const run = await stage.make(items(), QUICK, { ...at(provider), node: retry });
			expect(run.error).toMatchObject({ message: 'Kling could not make the video' });
			expect(stage.account(provider)).toMatchObject({ creates: 3, tasks: 3 });
			const { description } = run.error!;
			for (const id of taskIds()) expect(description).toContain(id);
		},
	);

	it('an unclear create at a gateway stays unclear instead of being sent again', async () => {
		stage.fail('create-504-after:1');
		const run = await stage.make([imageItem('a')], QUICK, { ...at('deerApi'), node: retry });
		expect(run.error!.message).toContain('may have been created');
		expect(stage.account('deerApi')).toMatchObject({ creates: 1, tasks: 1 });
	});
});

describe('the external id', () => {
	it('another worker that runs the execution again meets its own task', async () => {
		const first = await stage.make(imageItems(2), { wait: false });
		// The engine here has one id for all executions, and a memory for each.
		const second = await stage.make(imageItems(2), QUICK);
		expect(named(second)).toEqual(named(first));
		expect(stage.account()).toMatchObject({ creates: 4, tasks: 2 });
	});

	it('is another one for another execution, node, item, content and operation', async () => {
		const parameters = { wait: false };
		const same = [imageItem('a'), imageItem('a')];
		const runs = [
			await stage.make(same, parameters),
			await stage.make(same, parameters, { executionId: 'f' }),
			await stage.make(same, parameters, { node: { id: 'other' } }),
			await stage.make(same, { ...parameters, prompt: 'x' }),
		];
		const ids = runs.flatMap((run) => jsonOf(run)[0]!.map(({ externalTaskId }) => externalTaskId));
		expect(new Set(ids).size).toBe(8);
		expect(stage.account()).toMatchObject({ creates: 8, tasks: 8 });
	});

	it('is another one in each round of a loop, and the same when a round is tried again', async () => {
		const created: unknown[] = [];
		for (const fails of [false, true]) {
			stage.gateway.reset();
			if (fails) stage.fail({ kind: 'code', status: 401, code: 1002, route: 'query', times: 1 });
			const run = await stage.engine.runWorkflow(loop(stage.generation([imageItem('a')], QUICK)));
			expect(run.data.resultData.error).toBeUndefined();
			const ids = stage.creates().map(({ json }) => (json as IDataObject).external_task_id);
			expect(new Set(ids).size).toBe(3);
			expect(stage.account()).toMatchObject({ creates: 3, tasks: 3 });
			created.push(ids);
		}
		expect(created[0]).toEqual(created[1]);
	});
});

describe('as the tool of an agent', () => {
	const retry = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
	const slow = { wait: true, options: { downloadResult: false, maxWait: 0.06 } };

	it.each(['e', ''])('Retry On Fail waits anew for its task, with an execution id and without: "%s"', async (executionId) => {
		stage.gateway.control({ taskMs: 5000 });
		const answers = await agent([slow], retry, executionId);
		expect(JSON.parse(answers[0]!)).toMatchObject([{ status: 'succeeded' }]);
		expect(stage.account()).toMatchObject({ tasks: 1 });
		const ids = stage.creates().map(({ json }) => (json as IDataObject).external_task_id);
		expect(new Set(ids).size).toBe(1);
	});

	it('two calls without an execution id, as from the MCP Server Trigger, are two tasks', async () => {
		const once = { wait: false, ...QUICK };
		const answers = [...(await agent([once], {}, '')), ...(await agent([once, once], {}, ''))];
		const made = answers.flatMap((answer) => JSON.parse(answer) as IDataObject[]);
		expect(made.map(({ status }) => status)).toEqual(['submitted', 'submitted', 'submitted']);
		expect(new Set(made.map(({ taskId }) => taskId)).size).toBe(3);
		expect(stage.account()).toMatchObject({ creates: 3, tasks: 3 });
	});
});

/** An agent that calls Kling Generation as its tool, once for each of these parameters. @returns what the tool answers */
async function agent(calls: IDataObject[], settings: object, executionId: string): Promise<string[]> {
	const { types } = stage.engine;
	const answers: string[] = [];
	types.add(
		'test.agent',
		async function () {
			const tools = (await this.getInputConnectionData('ai_tool', 0)) as Array<{ invoke(args: object): Promise<string> }>;
			for (const tool of tools) answers.push(await tool.invoke({}));
			return [[{ json: {} }]];
		},
		{ inputs: ['main', { type: 'ai_tool' }] },
	);
	const generation = types.getByName('n8n-nodes-kling-recognition.klingGeneration');
	types.add(
		'test.klingTool',
		async function () {
			return await generation.execute!.call(this);
		},
		{ ...generation.description, outputs: ['ai_tool'] },
	);
	const setup = stage.generation([{ json: {} }]);
	const node = (name: string, type: string, parameters: object = {}) => ({
		...{ id: name, name, type, typeVersion: 1, position: [0, 0] as [number, number] },
		parameters: parameters as IDataObject as never,
	});
	const image = { imageSource: 'url', imageUrl: imageItem('a').json.imageUrl };
	const tools = calls.map((parameters, index) => ({
		...node(`Kling ${index}`, 'test.klingTool', {
			...setup.parameters,
			...image,
			descriptionType: 'manual',
			toolDescription: 'x',
			...parameters,
		}),
		credentials: { klingRecognitionApi: { id: 'c', name: 'c' } },
		...settings,
	}));
	const toAgent = (type: 'main' | 'ai_tool') => ({ [type]: [[{ node: 'Agent', type, index: 0 }]] });
	const run = await stage.engine.runWorkflow({
		nodes: [node('Source', 'test.source', { value: types.bundle(setup.items) }), node('Agent', 'test.agent'), ...tools],
		connections: { Source: toAgent('main'), ...Object.fromEntries(tools.map(({ name }) => [name, toAgent('ai_tool')])) },
		credentials: { klingRecognitionApi: setup.credential! },
		executionId,
	});
	expect(run.data.resultData.error).toBeUndefined();
	return answers;
}

/** The node three times, each with what the one before put out; the node is tried again where it fails. */
function loop(setup: ReturnType<typeof stage.generation>) {
	const { types } = stage.engine;
	types.add('test.rounds', async function () {
		const round = Number(this.getWorkflowDataProxy(0).$runIndex);
		const items: INodeExecutionData[] = [{ json: imageItem('a').json }];
		return round < 3 ? [items, []] : [[], items];
	});
	types.getByName('test.rounds').description.outputs = ['main', 'main'];
	const node = (name: string, type: string, more: object = {}) => ({
		id: name,
		name,
		type,
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: {},
		...more,
	});
	const to = (name: string) => [{ node: name, type: 'main' as const, index: 0 }];
	return {
		nodes: [
			node('Source', 'test.source', { parameters: { value: types.bundle(setup.items) } }),
			node('Rounds', 'test.rounds'),
			node('Kling', setup.node!.type!, {
				parameters: setup.parameters,
				credentials: { klingRecognitionApi: { id: 'c', name: 'c' } },
				retryOnFail: true,
				maxTries: 2,
				waitBetweenTries: 100,
			}),
		],
		connections: { Source: { main: [to('Rounds')] }, Rounds: { main: [to('Kling'), []] }, Kling: { main: [to('Rounds')] } },
		credentials: { klingRecognitionApi: setup.credential! },
	};
}
