import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { KEYS, namedFault, type TaskShape } from '../gateway';
import { WRITINGS } from '../gateway/tasks/shapes';
import { useGeneration } from './generationStage';
import { imageUrl, videoUrl } from './stage';

/** What relays and other gateways answer, as the local gateway plays it: each form to a create, a question, and Get Task. */
const stage = useGeneration();

const RELAYS = { relay: 'https://api.relay.test/kling', relayOverRelay: 'https://api.relay-over-relay.test/kling' };
type Relay = keyof typeof RELAYS;
const PLACES = Object.keys(RELAYS) as Relay[];
const credentialAt = (relay: Relay) => ({
	provider: 'custom',
	authentication: 'apiKey',
	apiKey: KEYS[relay],
	baseUrl: RELAYS[relay],
});

const item = (): INodeExecutionData => ({ json: { imageUrl: imageUrl('a', 'face') } });
const NO_FILE = { downloadResult: false };
/** Relays make nothing without one. */
const PROMPT = { prompt: 'Slow camera move' };
const KEEP = 'continueRegularOutput' as const;

/** The JSON of the one item that came out. */
async function made(parameters: IDataObject, setup: object = {}, items = [item()]): Promise<IDataObject> {
	const run = await stage.make(
		items,
		{ ...PROMPT, ...parameters, options: { ...NO_FILE, ...(parameters.options as object) } },
		{ onError: KEEP, ...setup },
	);
	expect(run.error).toBeUndefined();
	return run.outputs[0]![0]!.json;
}

const REASON = 'Failure to pass the risk control system';
const RESULT = { status: 'succeeded', videoUrl: expect.stringMatching(/\/video\.mp4$/) };
const FAILED = { error: "Kling's content moderation stopped the video", details: { taskId: expect.any(String) } };
const shapes = Object.keys(WRITINGS) as TaskShape[];

describe.each(shapes)('answers in the form %s', (taskShape) => {
	const told = new Map<string, IDataObject>();
	let queries: number;
	const named = (name: string): INodeExecutionData[] => [{ json: { imageUrl: imageUrl(name, 'face') } }];

	beforeAll(async () => {
		const kling = { credential: stage.credential('klingGlobal') };
		const gateway = { credential: credentialAt('relay') };
		stage.gateway.control({ taskShape, tasks: [{ match: '/n/failed', failure: REASON }, { ms: 1500 }] });
		const note = async (what: string, work: Promise<IDataObject>) => void told.set(what, await work);
		const later = async (name: string) => {
			const json = await made({ wait: false }, gateway, named(name));
			const ask = async (wait: boolean) => await made({ operation: 'getTask', wait }, gateway, [{ json }]);
			await note(`${name}, fetched`, ask(true));
			await note(`${name}, asked for`, ask(false));
		};
		const options = { maxWait: 0.5 };
		await Promise.all([
			note('done at Kling', made({}, kling, named('done-kling'))),
			note('done at a gateway', made({}, gateway, named('done-gateway'))),
			note('failed at Kling', made({ options }, kling, named('failed-kling'))),
			note('failed at a gateway', made({ options }, gateway, named('failed-gateway'))),
		]);
		queries = stage.account('relay').queries;
		await Promise.all([later('done'), later('failed')]);
	});

	it.each(['done at Kling', 'done at a gateway', 'done, fetched', 'done, asked for'])('%s: the video', (what) => {
		expect(told.get(what)).toMatchObject(RESULT);
	});

	it.each(['failed at Kling', 'failed at a gateway', 'failed, fetched', 'failed, asked for'])('%s: its reason', (what) => {
		expect(told.get(what)).toMatchObject(FAILED);
		expect((told.get(what)!.details as IDataObject).description).toContain(REASON);
	});

	it('the first answer that tells the end is the last that is asked for', () => {
		expect(queries).toBe(2);
	});
});

describe.each(PLACES)('a relay (%s)', (relay) => {
	const credential = credentialAt(relay);

	it('its own id is the one that is asked for', async () => {
		const json = await made({ wait: false }, { credential });
		expect(json.taskId).toMatch(/^task_\d+$/);
		expect(await made({ operation: 'getTask' }, { credential }, [{ json }])).toMatchObject({ ...RESULT, taskId: json.taskId });
	});

	it.each([true, false])('Get Task of a task that it does not know is told at once (waiting: %s)', async (wait) => {
		const json = { taskId: 'task_99', operation: 'imageToVideo' };
		expect(await made({ operation: 'getTask', wait }, { credential }, [{ json }])).toMatchObject({
			error: 'There is no Image to Video task with the ID task_99',
			details: { taskId: 'task_99', httpStatus: 400 },
		});
		expect(stage.gateway.requests).toHaveLength(1);
	});

	it("a refusal of its upstream has Kling's words", async () => {
		const json = await made({ model: { __rl: true, mode: 'id', value: 'kling-v9-1' } }, { credential });
		expect(json.details).toMatchObject({
			httpStatus: 400,
			attempts: 1,
			retryable: false,
			serviceCode: 1201,
			description: expect.stringContaining('The provider said: "model_name value'),
		});
		expect(json.details).not.toHaveProperty('externalTaskId');
		expect(stage.creates()).toHaveLength(1);
	});

	it('a prompt that it asks for, and Kling does not', async () => {
		const json = await made({ prompt: '' }, { credential });
		expect(json.details).toMatchObject({
			httpStatus: 400,
			attempts: 1,
			retryable: false,
			description: expect.stringContaining('The provider said: "prompt is required"'),
		});
		expect(stage.gateway.tasks()).toEqual([]);
	});
});

/** What takes long, each with an image of its own, all side by side. */
const AFTER = ['create-403-page-after', 'create-429-page-after', 'create-409-after', 'create-425-after', 'create-499-after'];
const NO_CHANNEL = ['create-no-channel', 'create-no-channel-zh'];
const WORDS = 'create-500-words-after';
const EMPTY = 'The provider calls the video done, but sent no file';
const UNCLEAR = 'may have been created, but the provider gave no clear answer';

describe('what only time tells', () => {
	const told = new Map<string, IDataObject>();
	const counted = new Map<string, [creates: number, tasks: number]>();
	const nameOf = (what: string) => `/n/${what}.jpg`;

	beforeAll(async () => {
		const once = [...AFTER, WORDS].map((name) => ({ ...namedFault(name), match: nameOf(name), times: 1 }));
		const empty = ['no-file', 'no-file-soon'].map((name) => ({ ...namedFault('query-no-file'), match: nameOf(name) }));
		const face = await stage.faceItem();
		const lost = { ...namedFault('create-cut-before'), match: 'advanced-lip-sync', times: 1 };
		const always = NO_CHANNEL.map((name) => ({ ...namedFault(name), match: nameOf(name) }));
		stage.gateway.control({ faults: [...once, ...always, ...empty, lost] });
		const audio = { audioSource: 'url', audioUrl: 'https://sounds.kling-samples.test/samples/tone-3s.wav' };
		const imageOf = (what: string) => [{ json: { imageUrl: `https://images.kling-samples.test${nameOf(what)}?flags=face` } }];
		const one = async (what: string, work: Promise<IDataObject>) => void told.set(what, await work);
		await Promise.all([
			...[...AFTER, ...NO_CHANNEL, WORDS].map(
				async (what) => await one(what, made({}, { credential: credentialAt('relay') }, imageOf(what))),
			),
			one('no-file', made({ options: { maxWait: 3 } }, {}, imageOf('no-file'))),
			one('no-file-soon', made({ options: { maxWait: 0.1 } }, {}, imageOf('no-file-soon'))),
			one('lip-sync', made({ operation: 'lipSync', ...audio }, {}, [face])),
		]);
		for (const what of told.keys()) {
			const isOf = (value: unknown) => JSON.stringify(value).includes(nameOf(what));
			counted.set(what, [
				stage.creates().filter(({ json }) => isOf(json)).length,
				stage.gateway.tasks().filter(({ names }) => isOf(names)).length,
			]);
		}
		counted.set('lip-sync', [stage.creates().filter(({ path }) => path.includes('lip-sync')).length, 0]);
	});

	it.each([...AFTER, WORDS])('%s: nobody knows, so it is not sent again, and the id is told', (what) => {
		expect(told.get(what)).toMatchObject({
			error: `The Image to Video task ${UNCLEAR}`,
			details: { externalTaskId: expect.stringMatching(/^n8n-/) },
		});
		expect(counted.get(what)).toEqual([1, 1]);
	});

	it.each(NO_CHANNEL)('%s: an attempt each, five at most', (what) => {
		expect(told.get(what)).toMatchObject({
			error: 'The gateway has no channel for this model',
			details: { attempts: 5, description: expect.stringContaining('Your key has no channel for this model there.') },
		});
		expect(told.get(what)!.details).not.toHaveProperty('externalTaskId');
		expect(counted.get(what)).toEqual([5, 0]);
	});

	it('an unclear create keeps the words of the provider', () => {
		const { description } = told.get(WORDS)!.details as IDataObject;
		expect(description).toContain('The provider said: "upstream closed the connection".');
	});

	it.each(['no-file', 'no-file-soon'])('%s: an error with the answer, and nothing claims that it goes on', (what) => {
		const { error, details } = told.get(what)!;
		expect(error).toBe(EMPTY);
		expect(details).toMatchObject({
			taskId: expect.stringMatching(/^\d+$/),
			externalTaskId: expect.stringMatching(/^n8n-/),
			raw: { code: 0, data: { task_status: 'succeed' } },
		});
		expect((details as IDataObject).description).not.toContain('goes on');
	});

	it('a lip-sync is in no list under its external id: it is not made again, and the id is told', () => {
		expect(told.get('lip-sync')).toMatchObject({
			error: `The Lip-Sync task ${UNCLEAR}`,
			details: { externalTaskId: expect.stringMatching(/^n8n-/) },
		});
		expect(counted.get('lip-sync')).toEqual([1, 0]);
	});
});

describe('a create whose answer is a failure that names the task', () => {
	it('its id is used', async () => {
		stage.fail({
			kind: 'answer',
			status: 500,
			body: { code: 5000, message: 'internal', data: { task_id: '828000000000000999' } },
			route: 'create',
		});
		expect(await made({ wait: false })).toMatchObject({ taskId: '828000000000000999', status: 'submitted' });
		expect(stage.creates()).toHaveLength(1);
	});
});

describe('a page of an edge while a task is waited for', () => {
	it('twice in a row does not end the wait', async () => {
		stage.gateway.control({ taskMs: 100, faults: [{ ...namedFault('query-403-page'), times: 2 }] });
		expect(await made({})).toMatchObject(RESULT);
	});

	it('three times in a row ends it', async () => {
		stage.fail('query-403-page');
		expect(await made({})).toMatchObject({ details: { httpStatus: 403, taskId: expect.any(String) } });
		expect(stage.gateway.requests.filter(({ route }) => route === 'query')).toHaveLength(3);
	});
});

describe('an external id that is called taken', () => {
	it('is looked up, in whichever words', async () => {
		stage.fail({ ...namedFault('create-exists'), times: 1 });
		expect(await made({})).toMatchObject(RESULT);
		expect([stage.creates().length, stage.gateway.tasks().length]).toEqual([1, 1]);
	});
});

describe('Kling Recognition', () => {
	it.each([
		['faceCount', 3],
		['lipSyncReady', 2],
	])('an error that says that there is nobody in the video is a video without a face: %s', async (branchBy, outputs) => {
		stage.fail('identify-nobody');
		const run = await stage.identify([{ json: { url: videoUrl('v', '0-5200') } }], { branchBy, output: 'face' });
		expect(run.error).toBeUndefined();
		expect(run.outputs).toHaveLength(outputs);
		expect(run.outputs.at(-1)!.map(({ json }) => json)).toMatchObject([
			{ faceCount: 0, hasFace: false, faces: [], sessionId: null },
		]);
		expect(run.outputs.slice(0, -1).flat()).toEqual([]);
	});

	it.each(PLACES)('without a channel at %s: five attempts', async (relay) => {
		const { error } = namedFault('create-no-channel') as { error: Record<string, unknown> };
		stage.gateway.control({ faults: [{ kind: 'gatewayError', status: 503, error, route: 'recognize' }] });
		const setup = { credential: credentialAt(relay), onError: KEEP };
		const run = await stage.recognize([{ json: { url: imageUrl('a', 'face') } }], {}, setup);
		expect(run.outputs[0]![0]!.json).toMatchObject({
			error: 'The gateway has no channel for this model',
			details: { attempts: 5, httpStatus: 503 },
		});
		expect(stage.gateway.requests).toHaveLength(5);
	});
});
