import { randomUUID } from 'node:crypto';

import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import { imageItem, imageItems, useGeneration } from './generationStage';
import { startHost, LOOP, PROBE, TRIGGER, type Host, type Play, type Played, type PlayedStep } from './nextEngine/play';
import { branching, connected, kling, plain } from './nextEngine/workflow';
import { imageUrl, originsOf, urlItem } from './stage';

const stage = useGeneration();
let host: Host;

beforeAll(() => {
	host = startHost(stage.gateway);
});
afterAll(async () => await host.end());

type Ended = Exclude<Played, { refused: string }>;

/** Plays a workflow; each play is an execution of its own, unless it says otherwise. */
const play = async (setup: Pick<Play, 'nodes' | 'connections' | 'items'> & Partial<Play>, on = host): Promise<Played> =>
	await on.play({ executionId: randomUUID(), credential: stage.credential('klingGlobal'), ...setup });

const playToEnd = async (...setup: Parameters<typeof play>): Promise<Ended> => {
	const played = await play(...setup);
	if ('refused' in played) throw new Error(played.refused);
	return played;
};

const recognition = (parameters: IDataObject = {}, more: Partial<INode> = {}) =>
	kling('Look', 'klingRecognition', { operation: 'recognizeImage', imageUrl: '={{ $json.url }}', ...parameters }, more);
const generation = (parameters: IDataObject = {}, more: Partial<INode> = {}) =>
	kling('Make', 'klingGeneration', { operation: 'imageToVideo', options: { downloadResult: false }, ...parameters }, more);

const CONTINUE: Partial<INode> = { onError: 'continueRegularOutput' };
const NEEDS_FACE: IDataObject = { branchBy: 'requirement', requiredSegments: ['face'] };

/** What each node behind an output was given; null where the engine did not run it. */
const behind = ({ steps }: Ended): Array<INodeExecutionData[] | null> =>
	Object.entries(steps).flatMap(([name, [step]]) => (name.startsWith('Behind') ? [step?.outputs?.[0] ?? null] : []));
const origins = (reached: Array<INodeExecutionData[] | null>) => reached.map((items) => items && originsOf(items));
const itemsOf = ([step]: PlayedStep[] = []) => step?.outputs?.[0] ?? [];
const refusal = (played: Played) => ('refused' in played ? played.refused : `it ran: ${played.status}`);

describe('Kling Recognition', () => {
	const urls = ['a', 'b', 'c'].map((name) => imageUrl(name, 'face'));

	it('reads each item by its expression, and gives the items in their order, paired to the input', async () => {
		const items = urls.map((url) => urlItem(url));
		const { status, steps } = await playToEnd({ ...branching(recognition(), 1), items });
		expect(status).toBe('completed');
		expect(itemsOf(steps.Look).map(({ json }) => json.imageUrl)).toEqual(urls);
		expect(originsOf(itemsOf(steps.Look))).toEqual([0, 1, 2]);
		expect(stage.gateway.requests).toHaveLength(3);
	});

	it('an expression can name a node further up', async () => {
		const look = recognition({ imageUrl: "={{ $('Trigger').item.json.url }}" });
		const nodes = [plain('Trigger', TRIGGER), plain('Between'), look];
		const connections = connected(['Trigger', 'Between'], ['Between', 'Look']);
		const items = urls.map((url, item) => ({ ...urlItem(url), pairedItem: { item } }));
		const { steps } = await playToEnd({ nodes, connections, items });
		expect(itemsOf(steps.Look).map(({ json }) => json.imageUrl)).toEqual(urls);
	});

	it.each([
		['requirement', NEEDS_FACE, [[0], [1, 2]]],
		['segment', { branchBy: 'segment' }, [[1], null, [0], null, [2]]],
	])('Branch By %s: each item goes its way, and a branch without an item does not run', async (_what, parameters, expected) => {
		const items = [imageUrl('face', 'face'), imageUrl('object', 'object'), imageUrl('nothing')].map((url) => urlItem(url));
		const ended = await playToEnd({ ...branching(recognition(parameters), expected.length), items });
		expect(origins(behind(ended))).toEqual(expected);
		expect(ended.status).toBe('completed');
	});
});

describe('what fails, with On Error: Continue', () => {
	const look = recognition(NEEDS_FACE, CONTINUE);

	it('one item leaves as an error item by the last output, the others go their way', async () => {
		const items = [urlItem(imageUrl('good', 'face')), urlItem('no address'), urlItem(imageUrl('none'))];
		const ended = await playToEnd({ ...branching(look, 2), items });
		expect(ended.status).toBe('completed');
		expect(origins(behind(ended))).toEqual([[0], [1, 2]]);
		const [failed] = behind(ended)[1]!;
		expect(failed!.json).toMatchObject({ error: expect.any(String), details: { input: { imageUrl: 'no address' } } });
	});

	const all = [0, 1].map((index) => urlItem(imageUrl(`i${index}`, 'face')));
	it.each<[string, INode, Partial<Play>]>([
		['there is no credential', { ...look, credentials: undefined }, {}],
		['the credential was deleted', look, { credential: null }],
		['the operation is an expression that gives none', recognition({ ...NEEDS_FACE, operation: '={{ $json.a }}' }, CONTINUE), {}],
		[
			'the operation is an expression that fails',
			recognition({ ...NEEDS_FACE, operation: '={{ $("None").item }}' }, CONTINUE),
			{},
		],
		['Branch By is an expression', recognition({ branchBy: '={{ "requirement" }}' }, CONTINUE), {}],
		['n8n can evaluate nothing of the node', look, { isBare: true }],
	])('%s: no item leaves by the output that leads to a paid step', async (_what, node, setup) => {
		const ended = await playToEnd({ ...branching(node, 5), items: all, ...setup });
		const [paid, ...others] = behind(ended);
		expect(ended.status).toBe('completed');
		expect(paid).toBeNull();
		expect(others.flatMap((items) => items ?? []).map(({ json }) => Object.keys(json))).toEqual(
			all.map(() => ['error', 'details']),
		);
		expect(stage.gateway.requests).toEqual([]);
	});
});

it('On Error: Stop ends the execution: no node behind runs, and of the error its message is kept', async () => {
	const items = [urlItem('no address')];
	const ended = await playToEnd({ ...branching(recognition(NEEDS_FACE), 2), items });
	expect(ended.status).toBe('failed');
	expect(ended.steps.Look).toMatchObject([{ status: 'failed', error: { name: 'NodeOperationError' }, outputs: null }]);
	expect(Object.keys(ended.steps.Look![0]!.error!)).toEqual(['name', 'message', 'stack']);
	expect([ended.steps['Behind 0'], ended.steps['Behind 1']]).toEqual([[], []]);
});

describe('Kling Generation', () => {
	const made = (ended: Ended) => itemsOf(ended.steps.Make).map(({ json }) => json.taskId);
	const taskIds = () => stage.gateway.tasks().map(({ id }) => id);
	/** Created, and not waited for. */
	const alone = branching(generation({ wait: false }), 1);

	it('makes a video of what Kling Recognition found, and of nothing else', async () => {
		const nodes = [plain('Trigger', TRIGGER), recognition(NEEDS_FACE), generation()];
		const connections = connected(['Trigger', 'Look'], ['Look', 'Make']);
		const items = [urlItem(imageUrl('none')), urlItem(imageUrl('face', 'face'))];
		const ended = await playToEnd({ nodes, connections, items });
		expect(ended.status).toBe('completed');
		expect(itemsOf(ended.steps.Make)).toMatchObject([{ json: { status: 'succeeded', imageUrl: imageUrl('face', 'face') } }]);
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});

	it('hands its file on', async () => {
		const ended = await playToEnd({ ...branching(generation({ options: {} }), 1), items: imageItems(1) });
		expect(behind(ended)[0]).toMatchObject([{ binary: { video: { mimeType: 'video/mp4', data: expect.any(String) } } }]);
	});

	it('takes a file that an item has', async () => {
		const binary = { data: await stage.sample('portrait.jpg', 'image/jpeg') };
		const ended = await playToEnd({ ...alone, items: [{ json: {}, binary }] });
		expect(made(ended)).toEqual(taskIds());
		expect(taskIds()).toHaveLength(1);
	});

	it('a step that is run again meets its own tasks, in the same process and in another one', async () => {
		const setup = { ...alone, items: imageItems(2), executionId: randomUUID() };
		const first = made(await playToEnd(setup));
		const again = made(await playToEnd(setup));
		const other = startHost(stage.gateway);
		const elsewhere = made(await playToEnd(setup, other).finally(async () => await other.end()));
		expect([again, elsewhere]).toEqual([first, first]);
		expect([...first].sort()).toEqual(taskIds().sort());
		expect(stage.account()).toMatchObject({ tasks: 2 });
	});

	it('another execution makes another task', async () => {
		await playToEnd({ ...alone, items: imageItems(1) });
		await playToEnd({ ...alone, items: imageItems(1) });
		expect(stage.account()).toMatchObject({ creates: 2, tasks: 2 });
	});

	it('with On Error: Stop the ID of a task that failed is lost with the description, with Continue it is in the item', async () => {
		stage.gateway.control({ tasks: [{ failure: 'Failure to pass the risk control system' }] });
		const stopped = await playToEnd({ ...branching(generation(), 1), items: imageItems(1) });
		expect(stopped.status).toBe('failed');
		expect(JSON.stringify(stopped.steps.Make)).not.toContain(taskIds()[0]);
		const went = await playToEnd({ ...branching(generation({}, CONTINUE), 1), items: imageItems(1) });
		expect(itemsOf(went.steps.Make)).toMatchObject([{ json: { details: { taskId: taskIds()[1] } } }]);
	});

	it('a create without a clear answer is found, and paid for once', async () => {
		stage.fail('create-504-after:1');
		const ended = await playToEnd({ ...alone, items: imageItems(1) });
		expect(made(ended)).toEqual(taskIds());
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});

	it('in Loop Over Items each round makes its own task, of an identical item, too', async () => {
		const loop = plain('Loop', LOOP, { typeVersion: 3, parameters: { batchSize: 1 } });
		const nodes = [plain('Trigger', TRIGGER), loop, generation({ wait: false }), plain('Behind')];
		const connections = connected(['Trigger', 'Loop'], ['Loop', 'Behind'], ['Loop', 'Make', 1], ['Make', 'Loop']);
		const setup = { nodes, connections, items: [imageItem('same'), imageItem('same')], executionId: randomUUID() };
		const ended = await playToEnd(setup);
		const rounds = ended.steps.Make!.flatMap(({ outputs }) => outputs?.[0] ?? []).map(({ json }) => json.taskId);
		expect(rounds).toEqual(taskIds());
		expect(new Set(rounds).size).toBe(2);
		await playToEnd(setup);
		expect(stage.account()).toMatchObject({ tasks: 2 });
	});
});

describe('what the next engine lacks', () => {
	const trigger = plain('Trigger', TRIGGER);
	const refused = async (nodes: INode[], connections: Play['connections']) =>
		refusal(await play({ nodes, connections, items: imageItems(1) }));

	it("n8n's error output is refused", async () => {
		const look = recognition({}, { onError: 'continueErrorOutput' });
		expect(await refused([trigger, look], connected(['Trigger', 'Look']))).toMatch(/onError=continueErrorOutput/);
	});

	it('a loop of Wait and Get Task is refused', async () => {
		const nodes = [trigger, plain('Wait'), kling('Ask', 'klingGeneration', { resource: 'task', operation: 'getTask' })];
		const connections = connected(['Trigger', 'Wait'], ['Wait', 'Ask'], ['Ask', 'Wait', 1]);
		expect(await refused(nodes, connections)).toMatch(/The cycle involving "Ask", "Wait" is not supported yet/);
	});

	it('two branches into one node are refused', async () => {
		const connections = connected(['Trigger', 'Look'], ['Look', 'Behind', 0], ['Look', 'Behind', 1]);
		expect(await refused([trigger, recognition(NEEDS_FACE), plain('Behind')], connections)).toMatch(/converging branches/);
	});

	it("a connection to an agent's tool is refused", async () => {
		const connections = {
			...connected(['Trigger', 'Behind']),
			Make: { ai_tool: [[{ node: 'Behind', type: 'ai_tool' as const, index: 0 }]] },
		};
		const tool = kling('Make', 'klingGenerationTool', { operation: 'getTask' });
		const nodes = [plain('Trigger', TRIGGER), plain('Behind'), tool];
		// Without a trigger that is reached from nothing else the converter looks at what is reachable only.
		expect(await refused(nodes.slice(1), connections)).toMatch(/"ai_tool" connection, which is not supported/);
	});

	it('a node that is deactivated passes its input on by every output, the paid one with them', async () => {
		const look = recognition(NEEDS_FACE, { disabled: true });
		const ended = await playToEnd({ ...branching(look, 2), items: imageItems(2) });
		expect(behind(ended).map((items) => items?.length)).toEqual([2, 2]);
	});

	it('a node learns its execution, and neither the stop button nor Retry On Fail, Always Output Data or Execute Once', async () => {
		const probe = plain('Probe', PROBE, {
			retryOnFail: true,
			maxTries: 3,
			alwaysOutputData: true,
			executeOnce: true,
			...CONTINUE,
		});
		const setup = { nodes: [trigger, probe], connections: connected(['Trigger', 'Probe']), items: imageItems(1) };
		const executionId = randomUUID();
		const { steps } = await playToEnd({ ...setup, executionId });
		expect(itemsOf(steps.Probe)[0]!.json).toEqual({
			executionId,
			hasCancelSignal: false,
			settings: { id: 'Probe', name: 'Probe', type: PROBE, typeVersion: 1, position: [0, 0], continueOnFail: true },
		});
	});
});
