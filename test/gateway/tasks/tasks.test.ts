import { after } from '../after';
import { jwt } from '../client';
import type { ProductName } from '../index';
import { GOOD, base64, startStand, type Stand } from './stand';

let stand: Stand;

beforeAll(async () => {
	stand = await startStand();
});
beforeEach(() => stand.gateway.reset());
afterAll(() => stand.close());

const video = (more: object = {}) => stand.create('imageToVideo', { ...GOOD.imageToVideo, ...more });
const made = async (more: object = {}): Promise<string> => (await video(more)).json().data.task_id;
const asked = async (id: string) => (await stand.ask('imageToVideo', id)).json().data;
const account = () => stand.gateway.account('klingGlobal');

describe('from the create to a file', () => {
	test.each<[ProductName, () => Promise<object>, string]>([
		['imageToVideo', async () => GOOD.imageToVideo, 'video/mp4'],
		['avatar', async () => GOOD.avatar, 'video/mp4'],
		['virtualTryOn', async () => GOOD.virtualTryOn, 'image/png'],
		['lipSync', async () => ({ session_id: await stand.session('0-5000'), face_choose: [GOOD.face] }), 'video/mp4'],
	])('%s', async (product, body, type) => {
		const created = (await stand.create(product, { ...(await body()), external_task_id: 'mine' })).json();
		expect(created).toEqual({
			code: 0,
			message: 'SUCCEED',
			request_id: expect.any(String),
			data: expect.objectContaining({
				task_id: expect.stringMatching(/^\d{18}$/),
				task_status: 'submitted',
				task_info: { external_task_id: 'mine' },
				created_at: expect.any(Number),
			}),
		});
		const { data } = (await stand.ask(product, created.data.task_id)).json();
		expect(data).toMatchObject({ task_status: 'succeed', final_unit_deduction: expect.stringMatching(/^[\d.]+$/) });
		const [result] = data.task_result.videos ?? data.task_result.images;
		const file = await stand.download(result.url);
		expect([file.status, file.headers['content-type']]).toEqual([200, type]);
		expect(file.bytes.toString('latin1', 1, 8)).toMatch(type === 'image/png' ? /^PNG/ : /ftyp$/);
	});

	test.each<[ProductName, object, 'videos' | 'images']>([
		['imageToVideo', GOOD.imageToVideo, 'videos'],
		['virtualTryOn', GOOD.virtualTryOn, 'images'],
	])('%s: a file with a watermark beside the clean one, where it is asked for', async (product, body, kind) => {
		for (const [watermark, isMarked] of [
			[{ watermark_info: { enabled: true } }, true],
			[{ watermark_info: { enabled: false } }, false],
			[{}, false],
		] as const) {
			const { task_id: id } = (await stand.create(product, { ...body, ...watermark })).json().data;
			const [result] = (await stand.ask(product, id)).json().data.task_result[kind];
			expect(result.url).not.toContain('watermark');
			expect('watermark_url' in result).toBe(isMarked);
			if (!isMarked) continue;
			const [clean, marked] = [await stand.download(result.url), await stand.download(result.watermark_url)];
			expect([clean.status, marked.status]).toEqual([200, 200]);
			expect(marked.headers['content-type']).toBe(clean.headers['content-type']);
			expect(marked.bytes.equals(clean.bytes)).toBe(false);
		}
	});

	test('submitted, processing, succeed, as time goes by', async () => {
		stand.gateway.control({ taskMs: 1500 });
		const id = await made();
		const seen: Array<Record<string, unknown>> = [];
		while (seen.at(-1)?.task_status !== 'succeed') {
			seen.push(await asked(id));
			await after(50);
		}
		expect([...new Set(seen.map((data) => data.task_status))]).toEqual(['submitted', 'processing', 'succeed']);
		expect(seen.filter((data) => 'task_result' in data)).toHaveLength(1);
		const { created_at: from, updated_at: until, task_result: result } = seen.at(-1)!;
		expect(result).toMatchObject({ videos: [{ id: expect.any(String), duration: '5.1' }] });
		expect(Number(until) - Number(from)).toBe(1500);
	});

	test('a task that is ended by hand, among others', async () => {
		stand.gateway.control({ taskMs: 60_000 });
		const [one, other] = [await made({ prompt: 'the first' }), await made({ prompt: 'the second' })];
		stand.gateway.endTasks('first');
		expect([(await asked(one)).task_status, (await asked(other)).task_status]).toEqual(['succeed', 'submitted']);
		stand.gateway.endTasks();
		expect((await asked(other)).task_status).toBe('succeed');
	});

	test('results differ, and can be made larger', async () => {
		const urls = [(await asked(await made())).task_result.videos[0].url, (await asked(await made())).task_result.videos[0].url];
		const [one, other] = [await stand.download(urls[0]), await stand.download(urls[1])];
		expect(one.bytes.equals(other.bytes)).toBe(false);
		stand.gateway.control({ videoBytes: 2_000_000 });
		expect((await stand.download(urls[0])).bytes).toHaveLength(2_000_000);
	});

	test('a task fails as scripted, by what it was made from, and costs nothing', async () => {
		stand.gateway.control({
			tasks: [
				{ match: 'portrait.jpg', failure: 'Failure to pass the risk control system' },
				{ match: 'slow', ms: 60_000 },
			],
		});
		const [failed, slow, good] = [
			await made({ image: base64('portrait.jpg') }),
			await made({ external_task_id: 'slow-1' }),
			await made(),
		];
		expect(await asked(failed)).toMatchObject({
			task_status: 'failed',
			task_status_msg: 'Failure to pass the risk control system',
			final_unit_deduction: '0',
		});
		expect(await asked(slow)).toMatchObject({ task_status: 'submitted' });
		expect(await asked(good)).toMatchObject({ task_status: 'succeed' });
		expect(account()).toEqual({
			creates: 3,
			rejected: 0,
			queries: 3,
			tasks: 3,
			running: 1,
			peakRunning: 2,
			succeeded: 1,
			failed: 1,
			units: 1.5,
		});
		expect(stand.gateway.tasks().map(({ id, state, units }) => [id, state, units])).toEqual([
			[failed, 'failed', 0],
			[slow, 'submitted', 0],
			[good, 'succeed', 1.5],
		]);
	});

	test.each([
		['units', { final_unit_deduction: '1.5' }],
		['cash', { final_balance_deduction: { quota: '1.5', list_price: '0.15' } }],
	] as const)('what it cost is told in %s alone', async (billing, expected) => {
		stand.gateway.control({ billing });
		const data = await asked(await made());
		const told = Object.fromEntries(Object.entries(data).filter(([name]) => name.startsWith('final_')));
		expect(told).toEqual(expected);
	});
});

describe('which task', () => {
	test('by its id at its own route and account, and by its external id where the route has that', async () => {
		const id = await made({ external_task_id: 'mine' });
		expect((await asked('mine')).task_id).toBe(id);
		const lipSync = { session_id: await stand.session('0-5000'), face_choose: [GOOD.face], external_task_id: 'lips' };
		expect((await stand.create('lipSync', lipSync)).status).toBe(200);
		for (const reply of [
			await stand.ask('imageToVideo', 'nobody'),
			await stand.ask('avatar', id),
			await stand.ask('imageToVideo', id, 'klingChina'),
			await stand.ask('lipSync', 'lips'),
		])
			expect([reply.status, reply.json().code, reply.json().message]).toEqual([
				400,
				1201,
				expect.stringContaining('Task not found by id/external id'),
			]);
	});

	test('an external id is used once in an account, whatever for', async () => {
		expect((await video({ external_task_id: 'mine' })).status).toBe(200);
		for (const reply of [
			await video({ external_task_id: 'mine' }),
			await stand.create('avatar', { ...GOOD.avatar, external_task_id: 'mine' }),
		])
			expect([reply.status, reply.json().code, reply.json().message]).toEqual([
				400,
				1201,
				'External_task_id mine already exists',
			]);
		const other = await stand.create('imageToVideo', { ...GOOD.imageToVideo, external_task_id: 'mine' }, 'klingChina');
		expect(other.status).toBe(200);
		expect([account().tasks, stand.gateway.account('klingChina').tasks]).toEqual([1, 1]);
	});

	test('lists in an order of its own, page by page', async () => {
		const ids = [await made(), await made(), await made()];
		await stand.create('avatar', GOOD.avatar);
		const list = async (query: string) =>
			(await stand.ask('imageToVideo', query)).json().data.map((one: { task_id: string }) => one.task_id);
		const all = await list('?pageNum=1&pageSize=30');
		expect(all.toSorted()).toEqual(ids.toSorted());
		expect(await list('?pageNum=1&pageSize=2')).toEqual(all.slice(0, 2));
		expect(await list('?pageNum=2&pageSize=2')).toEqual(all.slice(2));
		expect((await stand.ask('imageToVideo', '?pageNum=0')).status).toBe(400);
		expect((await stand.ask('imageToVideo', '?pageSize=501')).status).toBe(400);
	});

	test('tasks that were made before stand in the list, in no order of time, and nowhere else', async () => {
		stand.gateway.seedTasks('avatar', 600);
		const page = async (query: string, product: ProductName = 'avatar') =>
			(await stand.ask(product, query)).json().data as Array<{ created_at: number; task_status: string }>;
		const rows = [...(await page('?pageSize=500')), ...(await page('?pageNum=2&pageSize=500'))];
		const times = rows.map(({ created_at }) => created_at);
		expect([rows.length, new Set(times).size]).toEqual([600, 600]);
		expect(times).not.toEqual(times.toSorted((one, other) => one - other));
		expect(times).not.toEqual(times.toSorted((one, other) => other - one));
		expect(rows.every(({ task_status }) => task_status === 'succeed')).toBe(true);
		expect(await page('?pageNum=1', 'imageToVideo')).toEqual([]);
	});

	test('needs the key, of either kind', async () => {
		expect((await stand.create('imageToVideo', GOOD.imageToVideo, 'klingGlobal', 'nobodys-key')).status).toBe(401);
		const reply = await stand.create('imageToVideo', GOOD.imageToVideo, 'klingGlobal', jwt());
		expect((await asked(reply.json().data.task_id)).task_status).toBe('succeed');
	});
});

describe('slots', () => {
	test('so many tasks of an account and a model at once; the others are refused for free', async () => {
		stand.gateway.control({ taskLimit: 2, taskMs: 60_000 });
		const statuses = async (...models: string[]) =>
			Promise.all(models.map(async (model_name) => (await video({ model_name })).status));
		expect(await statuses('kling-v3', 'kling-v3', 'kling-v2-6', 'kling-v2-6')).toEqual([200, 200, 200, 200]);
		const reply = await video({ model_name: 'kling-v3' });
		expect([reply.status, reply.json().code, reply.json().message]).toEqual([
			429,
			1303,
			'parallel task over resource pack limit',
		]);
		expect((await stand.create('imageToVideo', GOOD.imageToVideo, 'klingChina')).status).toBe(200);
		for (const { id } of stand.gateway.tasks().slice(0, 4)) expect((await stand.ask('imageToVideo', id)).status).toBe(200);
		stand.gateway.endTasks();
		expect((await video({ model_name: 'kling-v3' })).status).toBe(200);
		expect(account()).toMatchObject({ creates: 6, rejected: 1, tasks: 5, running: 1, peakRunning: 4, succeeded: 4 });
	});

	test('a task that will fail holds one as well, and an id is free again where no task was made', async () => {
		stand.gateway.control({ taskLimit: 1, taskMs: 60_000, tasks: [{ match: 'bad', failure: 'no' }] });
		await made({ prompt: 'bad' });
		expect((await video({ external_task_id: 'mine' })).status).toBe(429);
		stand.gateway.endTasks();
		expect((await video({ external_task_id: 'mine' })).status).toBe(200);
	});
});
