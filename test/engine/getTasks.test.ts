import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { KEYS, rowOf, type GatewayRequest } from '../gateway';
import { PROVIDERS } from '../../nodes/shared/kling/account/providers';
import { TASK_ROUTES } from '../../nodes/shared/kling/tasks/taskRoutes';
import { imageItems, useGeneration } from './generationStage';
import { jsonOf, originsOf, PAIR } from './stage';

const stage = useGeneration();

const ITEM: INodeExecutionData = { json: {} };
const REGULAR = { onError: 'continueRegularOutput' as const };
const QUICK = { wait: false };
const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
const TASK_ID = expect.stringMatching(/^828\d{15}$/);

const list = async (parameters: IDataObject = {}, setup = {}, items = [ITEM]) =>
	await stage.make(items, { operation: 'getTasks', ...parameters }, setup);
/** The pages that were asked for. */
const pages = () => stage.gateway.requests.filter(({ route }) => route === 'list').map(pageOf);
const pageOf = ({ path }: GatewayRequest) => Number(new URL(path, 'https://a.test').searchParams.get('pageNum'));
const times = (items: IDataObject[]) => items.map(({ createdAt }) => Date.parse(String(createdAt)));
const isSorted = (numbers: number[]) => numbers.every((number, index) => index === 0 || number <= numbers[index - 1]!);
const count = (run: { outputs: INodeExecutionData[][] }) => run.outputs[0]!.length;

describe('what the account made', () => {
	it.each(TASK_ROUTES)('$label: as Get Task puts it out, with no file', async ({ operation, makes, path }) => {
		stage.gateway.seedTasks(operation, 1);
		const run = await list({ taskOperation: operation });
		expect(run.error).toBeUndefined();
		expect(stage.gateway.requests.map((request) => request.path)).toEqual([`${path}?pageNum=1&pageSize=500`]);
		const [listed] = jsonOf(run)[0]!;
		expect(listed).toMatchObject({ operation, status: 'succeeded', taskId: TASK_ID, unitsDeducted: 1, createdAt: ISO });
		expect(listed![`${makes}Url`]).toMatch(/^https:/);
		const task = { json: { taskId: listed!.taskId!, operation } };
		const got = await stage.make([task], { operation: 'getTask', options: { downloadResult: false } });
		const { requestId: asked, ...same } = jsonOf(got)[0]![0]!;
		const { requestId, ...rest } = listed!;
		expect(rest).toEqual(same);
		expect([typeof requestId, typeof asked]).toEqual(['string', 'string']);
		expect(run.outputs[0]![0]).not.toHaveProperty('binary');
		expect(stage.gateway.downloads).toEqual([]);
	});

	it('the newest first, 50 of them unless more are wanted, of one kind', async () => {
		stage.gateway.seedTasks('imageToVideo', 60);
		stage.gateway.seedTasks('textToVideo', 3);
		const run = await list();
		const items = jsonOf(run)[0]!;
		expect(items).toHaveLength(50);
		expect(isSorted(times(items))).toBe(true);
		const newest = stage.gateway.tasks().filter(({ product }) => product === 'imageToVideo');
		expect(items.map(({ taskId }) => taskId)).toEqual(
			newest
				.slice(-50)
				.reverse()
				.map(({ id }) => id),
		);
		expect(run.hints).toEqual([]);
		expect(count(await list({ returnAll: true }))).toBe(60);
		expect(count(await list({ limit: 3 }))).toBe(3);
		expect(count(await list({ returnAll: true, taskOperation: 'textToVideo' }))).toBe(3);
	});

	it('those that run and those that failed, with the reason, are items as all others', async () => {
		const failure = 'Failure to pass the risk control system';
		stage.gateway.control({ tasks: [{ match: 'i0', failure }, { match: 'i1', ms: 60_000 }, {}] });
		await stage.make(imageItems(3), QUICK);
		const run = await list();
		expect(run.error).toBeUndefined();
		const byStatus = Object.fromEntries(jsonOf(run)[0]!.map((json) => [json.status, json]));
		expect(Object.keys(byStatus).sort()).toEqual(['failed', 'submitted', 'succeeded']);
		expect(byStatus.failed).toMatchObject({ reason: failure, videoUrl: null, unitsDeducted: 0, taskId: TASK_ID });
		expect(Object.keys(byStatus.failed!).slice(0, 4)).toEqual(['operation', 'status', 'reason', 'videoUrl']);
		expect(byStatus.submitted).toMatchObject({ videoUrl: null, duration: null });
		for (const status of ['submitted', 'succeeded']) expect(byStatus[status]).not.toHaveProperty('reason');
		for (const { externalTaskId } of jsonOf(run)[0]!) expect(externalTaskId).toMatch(/^n8n-[0-9a-f]{32}$/);
		expect(run.hints).toEqual([]);
	});

	it('a failed one for which nobody gives a reason has none; a word that nobody knows counts as running', async () => {
		stage.gateway.control({ tasks: [{ match: 'i0', failure: '' }, { ms: 60_000 }], taskWords: { submitted: 'pausing' } });
		await stage.make(imageItems(2), QUICK);
		const items = jsonOf(await list())[0]!;
		expect(items.find(({ status }) => status === 'failed')).toMatchObject({ reason: null });
		expect(items.filter(({ status }) => status === 'processing')).toHaveLength(1);
	});

	it('none: no item, and nothing to say', async () => {
		const run = await list({}, REGULAR);
		expect(run.error).toBeUndefined();
		expect(run.outputs[0] ?? []).toEqual([]);
		expect(run.hints).toEqual([]);
		expect(pages()).toEqual([1]);
	});

	it('costs nothing, and takes no place of an account that is full', async () => {
		stage.gateway.control({ taskLimit: 1, taskMs: 60_000 });
		const parameters = { options: { maxConcurrency: 2 } };
		const waiting = stage.engine.start(stage.generation(imageItems(2), parameters));
		while (stage.account().rejected === 0) await new Promise((resolve) => setTimeout(resolve, 20));
		const run = await list();
		expect(jsonOf(run)[0]).toMatchObject([{ status: 'submitted' }]);
		expect(stage.account()).toMatchObject({ tasks: 1, running: 1, units: 0 });
		waiting.cancel();
		await waiting.done;
	});
});

describe('page by page', () => {
	it.each([
		[499, [1]],
		[500, [1, 2]],
		[1234, [1, 2, 3]],
	])('%i tasks', async (tasks, asked) => {
		stage.gateway.seedTasks('imageToVideo', tasks);
		const run = await list({ returnAll: true });
		const items = jsonOf(run)[0]!;
		expect(items).toHaveLength(tasks);
		expect(new Set(items.map(({ taskId }) => taskId)).size).toBe(tasks);
		expect(isSorted(times(items))).toBe(true);
		expect(pages()).toEqual(asked);
		expect(run.hints).toEqual([]);
	});

	it('a limit is counted from the newest, wherever they stand', async () => {
		stage.gateway.seedTasks('imageToVideo', 700);
		const items = jsonOf(await list({ limit: 2 }))[0]!;
		const newest = stage.gateway.tasks().slice(-2).reverse();
		expect(items.map(({ taskId }) => taskId)).toEqual(newest.map(({ id }) => id));
		expect(pages()).toEqual([1, 2]);
	});

	it('twenty at most, and says so then, once', async () => {
		stage.gateway.seedTasks('imageToVideo', 10_001);
		const run = await list({ limit: 1 }, {}, [ITEM, ITEM]);
		expect(run.hints).toEqual([
			{
				message:
					"The account's list of Image to Video tasks is longer than the 10000 that were read. Its order is not documented: newer tasks may be missing.",
				type: 'warning',
				location: 'outputPane',
			},
		]);
		expect(count(run)).toBe(2);
		expect(pages().sort((one, other) => one - other)).toEqual(Array.from({ length: 40 }, (_, index) => 1 + (index >> 1)));
	});

	it('a task that moved on to the next page meanwhile is there once', async () => {
		stage.gateway.seedTasks('imageToVideo', 501);
		const all = jsonOf(await list({ returnAll: true }))[0]!.map(({ taskId }) => taskId);
		const told = all.slice(0, 2).map((task_id) => ({ task_id, task_status: 'succeed', created_at: 1_790_000_000_000 }));
		stage.fail({ kind: 'answer', status: 200, body: { code: 0, data: told }, route: 'list', match: 'pageNum=2' });
		const again = jsonOf(await list({ returnAll: true }))[0]!.map(({ taskId }) => taskId);
		expect(again.length).toBe(new Set(again).size);
		expect(again).toEqual(expect.arrayContaining(all.slice(0, 2)));
	});

	it('a page that does not come is asked for again, and no other', async () => {
		stage.gateway.seedTasks('imageToVideo', 600);
		stage.fail({ kind: 'html', status: 502, route: 'list', match: 'pageNum=2', times: 1 });
		const run = await list({ returnAll: true });
		expect(count(run)).toBe(600);
		expect(pages()).toEqual([1, 2, 2]);
	});

	it('a page with long rows is no answer that is too long', async () => {
		const data = Array.from({ length: 400 }, (_, index) => ({
			task_id: `t-${index}`,
			task_status: 'failed',
			task_status_msg: 'x'.repeat(10_000),
		}));
		stage.fail({ kind: 'answer', status: 200, body: { code: 0, data }, route: 'list' });
		const [json] = jsonOf(await list({ limit: 1 }))[0]!;
		expect(json).toMatchObject({ taskId: 't-0', status: 'failed', createdAt: null });
		expect(String(json!.reason).length).toBeLessThan(300);
	});

	it('where another item has stopped the workflow, no further page is asked for, and no task is named as left', async () => {
		stage.gateway.seedTasks('imageToVideo', 2000);
		stage.fail(
			{ kind: 'code', status: 401, code: 1002, route: 'list', match: 'avatar' },
			{ kind: 'delay', ms: 1500, route: 'list', match: 'image2video?' },
		);
		const items = ['imageToVideo', 'avatar'].map((kind) => ({ json: { kind } }));
		const run = await list({ taskOperation: '={{ $json.kind }}' }, {}, items);
		expect(run.error!.message).toBe('Kling does not know this credential');
		expect(run.error!.description).not.toContain('828');
		expect(stage.gateway.requests.map(({ path }) => path.split('?')[0]).sort()).toEqual([
			'/v1/videos/avatar/image2video',
			'/v1/videos/image2video',
		]);
	});

	it('nor where all came well but one: they are listed anew by the next run', async () => {
		stage.gateway.seedTasks('imageToVideo', 1);
		stage.fail({ kind: 'code', status: 401, code: 1002, route: 'list', match: 'avatar' });
		const items = ['imageToVideo', 'avatar'].map((kind) => ({ json: { kind } }));
		const run = await list({ taskOperation: '={{ $json.kind }}' }, {}, items);
		expect(run.error!.description).not.toContain('Tasks of other items');
	});
});

describe('items and options', () => {
	it('each input item has its own, paired to it, with its files', async () => {
		stage.gateway.seedTasks('imageToVideo', 2);
		stage.gateway.seedTasks('avatar', 1);
		const binary = { data: await stage.sample('portrait.jpg') };
		const items = [{ json: { kind: 'avatar' } }, { json: { kind: 'lipSync' } }, { json: { kind: 'imageToVideo' }, binary }];
		const run = await list({ taskOperation: '={{ $json.kind }}', options: { timeout: 30 } }, {}, items);
		expect(originsOf(run.outputs[0]!)).toEqual([0, 2, 2]);
		expect(jsonOf(run)[0]!.map(({ operation }) => operation)).toEqual(['avatar', 'imageToVideo', 'imageToVideo']);
		expect(run.outputs[0]!.map((item) => Object.keys(item.binary ?? {}))).toEqual([[], ['data'], ['data']]);
	});

	it('Include Raw Response: the row of the task, and not the page', async () => {
		stage.gateway.seedTasks('imageToVideo', 3);
		const items = jsonOf(await list({ options: { rawResponse: true } }))[0]!;
		expect(items).toHaveLength(3);
		for (const { taskId, raw } of items) {
			expect(raw).toMatchObject({ task_id: taskId, task_status: 'succeed', task_result: { videos: [expect.any(Object)] } });
			expect(raw).not.toHaveProperty('data');
		}
	});

	it("Include Input Fields: they stand behind the task's own, also where the task's picture is not known", async () => {
		stage.gateway.seedTasks('imageToVideo', 2);
		const item = { json: { mine: 1, status: 'mine', imageUrl: 'https://a.test/mine.jpg', error: 'of long ago' } };
		const items = jsonOf(await list({ options: { includeInputFields: true } }, {}, [item]))[0]!;
		expect(items).toHaveLength(2);
		for (const json of items) {
			expect(json).toMatchObject({ mine: 1, status: 'succeeded', imageUrl: null });
			expect(json).not.toHaveProperty('error');
		}
	});

	it('an item that failed before asks all the same: it costs nothing', async () => {
		stage.gateway.seedTasks('imageToVideo', 1);
		const run = await list({}, REGULAR, [{ json: { error: 'failed before', details: { attempts: 1 } } }]);
		expect(jsonOf(run)[0]).toMatchObject([{ status: 'succeeded' }]);
	});

	it.each<[string, IDataObject, string]>([
		['a limit of 0', { limit: 0 }, 'Limit is 0, it must be a number of at least 1'],
		['a limit that is none', { limit: '={{ "many" }}' }, 'Limit is "many", it must be a number of at least 1'],
		['Return All that is no switch', { returnAll: '={{ "perhaps" }}' }, 'The option Return All is neither true nor false'],
		['no kind', { taskOperation: '={{ null }}' }, 'Task Operation is empty'],
		['an operation without tasks', { taskOperation: '={{ "textToSpeech" }}' }, '"textToSpeech" is not an operation with tasks'],
	])('%s is refused, and nothing is asked', async (_name, parameters, message) => {
		const run = await list(parameters, REGULAR);
		expect(jsonOf(run)[0]).toMatchObject([{ error: message, details: { attempts: 0 } }]);
		expect(stage.gateway.requests).toEqual([]);
	});

	it('a limit by expression, also with a part, and none at all', async () => {
		stage.gateway.seedTasks('imageToVideo', 60);
		expect(count(await list({ limit: '={{ "2.9" }}' }))).toBe(2);
		expect(count(await list({ limit: '={{ null }}' }))).toBe(50);
		expect(count(await list({ returnAll: '={{ "true" }}', limit: 1 }))).toBe(60);
	});
});

describe('accounts', () => {
	it('an access key lists as well', async () => {
		stage.gateway.seedTasks('imageToVideo', 1);
		const run = await list({}, { credential: { provider: 'klingGlobal', ...PAIR } });
		expect(jsonOf(run)[0]).toMatchObject([{ status: 'succeeded' }]);
	});

	it("so does Kling (China), and a custom gateway at a host of Kling's own", async () => {
		stage.gateway.seedTasks('imageToVideo', 1, 'klingChina');
		const own = {
			provider: 'custom',
			authentication: 'apiKey',
			apiKey: KEYS.klingChina,
			baseUrl: 'https://api-beijing.klingai.com',
		};
		for (const credential of [stage.credential('klingChina'), own]) expect(count(await list({}, { credential }))).toBe(1);
	});

	const gateways = PROVIDERS.filter(({ name }) => !rowOf(name).isKling);
	it.each(gateways)('$name is refused with what to do, and nothing is sent', async ({ name: provider, displayName }) => {
		const run = await list({}, { ...REGULAR, credential: stage.credential(provider) });
		expect(jsonOf(run)[0]).toMatchObject([
			{
				error: `Get Many Tasks works at Kling itself only, not at ${displayName}`,
				details: { description: expect.stringContaining('Get Task'), attempts: 0, input: { taskOperation: 'imageToVideo' } },
			},
		]);
		expect(stage.gateway.requests).toEqual([]);
	});
});

describe('failures', () => {
	const refused = { kind: 'code', status: 401, code: 1002, message: 'no such key', route: 'list' } as const;
	const details = expect.objectContaining({ serviceCode: 1002, attempts: 1, retryable: false });

	it('On Error: Stop', async () => {
		stage.fail(refused);
		const run = await list();
		expect(run.error).toMatchObject({ name: 'NodeApiError', message: 'Kling does not know this credential' });
		expect(pages()).toEqual([1]);
	});

	it('On Error: Continue, beside what went well', async () => {
		stage.gateway.seedTasks('imageToVideo', 1);
		stage.fail({ ...refused, match: 'avatar' });
		const items = ['avatar', 'imageToVideo'].map((kind) => ({ json: { kind } }));
		const run = await list({ taskOperation: '={{ $json.kind }}' }, REGULAR, items);
		expect(jsonOf(run)[0]).toMatchObject([
			{ error: 'Kling does not know this credential', details },
			{ operation: 'imageToVideo' },
		]);
		expect(run.hints).toMatchObject([{ message: expect.stringMatching(/^1 of 2 items failed/) }]);
	});

	it('On Error: Continue (using error output)', async () => {
		stage.fail(refused);
		const run = await stage.makeThrough([ITEM], { operation: 'getTasks' }, { onError: 'continueErrorOutput' });
		expect(run.reached[0]).toEqual([]);
		expect(run.reached[1]!.map(({ json }) => json)).toMatchObject([{ error: 'Kling does not know this credential', details }]);
	});

	it('an answer that is no list is none of no tasks', async () => {
		stage.fail({ kind: 'answer', status: 200, body: { code: 0, message: 'SUCCEED', data: {} }, route: 'list' });
		const run = await list({}, REGULAR);
		expect(jsonOf(run)[0]).toMatchObject([{ error: 'The answer contains no list of tasks' }]);
	});

	it.each([
		['getTasks', false],
		['imageToVideo', true],
	])('a provider that asks to wait for too long: of %s, Max Wait is named where it is an option', async (operation, isOption) => {
		stage.fail({ kind: 'code', status: 429, code: 1302, headers: { 'retry-after': '3600' } });
		const [json] = jsonOf(await stage.make(imageItems(1), { operation }, REGULAR))[0]!;
		const { serviceCode, description } = json!.details as IDataObject;
		expect(serviceCode).toBe(1302);
		expect(description).toContain('60 minutes');
		expect(String(description).includes('Raise Max Wait')).toBe(isOption);
	});
});
