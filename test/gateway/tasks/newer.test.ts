import { Client, jwt, type Reply } from '../client';
import { KEYS, startGateway, type Gateway } from '../index';
import { base64 } from './stand';

let gateway: Gateway;
let client: Client;

beforeAll(async () => {
	gateway = await startGateway();
	client = Client.of(gateway, true);
});
beforeEach(() => gateway.reset());
afterAll(async () => {
	await client.close();
	await gateway.close();
});

const BASE = 'https://api-singapore.klingai.com';
const post = (path: string, body: object, key = KEYS.klingGlobal): Promise<Reply> => client.send(BASE + path, { key, body });
const get = (path: string, key = KEYS.klingGlobal): Promise<Reply> => client.send(BASE + path, { method: 'GET', key });

const PROMPT = { type: 'prompt', text: 'A smile' };
const FIRST = { type: 'first_frame', url: 'https://a.test/1.jpg' };
const LAST = { type: 'last_frame', url: base64('portrait.png') };
const contents = [PROMPT, FIRST];

describe('a create', () => {
	test.each([
		['the least', 'kling-3.0', { contents }],
		[
			'everything',
			'kling-3.0',
			{
				contents: [...contents, LAST],
				settings: { resolution: '4k', duration: 15, audio: 'native', multi_shot: false },
				options: { external_task_id: 'e', watermark_info: { enabled: true } },
			},
		],
		['a model without a field for audio', 'kling-3.0-turbo', { contents, settings: { resolution: '1080p', duration: 3 } }],
		['a model of the 2 series', 'kling-2.6', { contents, settings: { resolution: '1080p', audio: 'native', duration: 10 } }],
	])('takes %s', async (_name, model, body) => {
		const reply = await post(`/image-to-video/${model}`, body);
		expect([reply.status, reply.json().data?.status]).toEqual([200, 'submitted']);
		expect(gateway.tasks()).toMatchObject([{ product: 'imageToVideo', model }]);
	});

	test.each([
		['an unknown model', 'kling-9.9', { contents }, /model 'kling-9.9' is invalid/],
		['no prompt', 'kling-3.0', { contents: [FIRST] }, /must have a prompt/],
		['an empty prompt', 'kling-3.0', { contents: [{ ...PROMPT, text: ' ' }, FIRST] }, /text cannot be empty/],
		['no picture', 'kling-3.0', { contents: [PROMPT] }, /must have a first_frame/],
		['too long a prompt', 'kling-3.0-turbo', { contents: [{ ...PROMPT, text: 'x'.repeat(2501) }, FIRST] }, /2500/],
		['a negative prompt', 'kling-3.0', { contents, negative_prompt: 'x' }, /negative_prompt is not a parameter/],
		['a setting of the legacy form', 'kling-3.0', { contents, settings: { mode: 'pro' } }, /settings.mode is not a parameter/],
		[
			'audio where there is no field',
			'kling-3.0-turbo',
			{ contents, settings: { audio: 'native' } },
			/settings.audio is not a parameter/,
		],
		[
			'audio at a resolution without it',
			'kling-2.6',
			{ contents, settings: { audio: 'native' } },
			/audio is not supported at 720p/,
		],
		[
			'a last frame with a model without one',
			'kling-3.0-turbo',
			{ contents: [...contents, LAST] },
			/last_frame is not supported/,
		],
		['a duration as a text', 'kling-3.0', { contents, settings: { duration: '5' } }, /duration/],
		['a resolution that it has not', 'kling-3.0-turbo', { contents, settings: { resolution: '4k' } }, /resolution/],
		[
			'an option that is none',
			'kling-3.0',
			{ contents, options: { watermark: { enabled: true } } },
			/options.watermark is not a parameter/,
		],
	])('refuses %s', async (_name, model, body, message) => {
		const reply = await post(`/image-to-video/${model}`, body);
		expect([reply.status, reply.json().code]).toEqual([400, 1201]);
		expect(reply.json().message).toMatch(message);
		expect(gateway.tasks()).toEqual([]);
	});

	test('of a text has its prompt at the top', async () => {
		const prompt = 'x'.repeat(3072);
		expect((await post('/text-to-video/kling-3.0-turbo', { prompt, settings: { aspect_ratio: '9:16' } })).status).toBe(200);
		expect((await post('/text-to-video/kling-3.0', { contents })).json().message).toMatch(/contents is not a parameter/);
	});

	test('of a try-on takes URLs only', async () => {
		const product = { type: 'product_image', url: 'https://a.test/c.jpg' };
		const body = (url: string) => ({ contents: [product, { type: 'person_image', url }], settings: { keep_face: true } });
		const options = { watermark: { enabled: false } };
		const reply = await post('/solutions/virtual_try_on', { ...body('https://a.test/p.jpg'), options });
		expect(reply.json().data).toMatchObject({ task_id: expect.any(String), status: 'submitted' });
		const refused = await post('/solutions/virtual_try_on', body(base64('portrait.jpg')));
		expect(refused.json().message).toMatch(/person_image must be a URL/);
	});

	test('a second one with the same external id is refused', async () => {
		const body = { contents, options: { external_task_id: 'mine' } };
		expect((await post('/image-to-video/kling-3.0', body)).status).toBe(200);
		const second = (await post('/image-to-video/kling-3.0', body)).json();
		expect(second).toMatchObject({ code: 1201, message: expect.stringMatching(/already exists/) });
	});

	test('signed by an access key is refused, and so is a question', async () => {
		for (const reply of [await post('/image-to-video/kling-3.0', { contents }, jwt()), await get('/tasks?task_ids=1', jwt())]) {
			expect([reply.status, reply.json().code]).toEqual([401, 1002]);
		}
	});
});

describe('a question', () => {
	const made = async (options: object = {}) =>
		(await post('/image-to-video/kling-3.0', { contents, options })).json().data.id as string;

	test('tells of tasks of both forms, and is silent of those that nobody knows', async () => {
		const legacy = await post('/v1/videos/image2video', { model_name: 'kling-v2-6', image: FIRST.url });
		const own = await made({ external_task_id: 'mine', watermark_info: { enabled: true } });
		const other = legacy.json().data.task_id as string;
		const { data } = (await get(`/tasks?task_ids=${own},${other},404`)).json();
		expect(data).toEqual([
			expect.objectContaining({
				id: own,
				status: 'succeeded',
				external_id: 'mine',
				outputs: [
					{
						type: 'video',
						id: expect.any(String),
						url: expect.any(String),
						watermark_url: expect.any(String),
						duration: '5.1',
					},
				],
				billing: [
					expect.objectContaining({ charge_type: 'unit', amount: '1.5' }),
					expect.objectContaining({ charge_type: 'cash', amount: '1.5' }),
				],
			}),
			expect.objectContaining({ id: other, status: 'succeeded' }),
		]);
		expect((await get('/tasks?external_task_ids=mine,other')).json().data).toMatchObject([{ id: own }]);
	});

	test.each(['/tasks', '/tasks?task_ids=1&external_task_ids=2', `/tasks?task_ids=${Array(21).fill('1').join(',')}`])(
		'%s is refused',
		async (path) => expect((await get(path)).json()).toMatchObject({ code: 1201 }),
	);

	test('why a task failed', async () => {
		gateway.control({ tasks: [{ failure: 'risk control' }] });
		const { data } = (await get(`/tasks?task_ids=${await made()}`)).json();
		expect(data).toMatchObject([{ status: 'failed', message: 'risk control' }]);
	});
});

describe('speech', () => {
	const good = { text: 'Hello', voice_id: 'AOT', voice_language: 'en' };

	test('comes with its answer', async () => {
		const { data } = (await post('/v1/audio/tts', good)).json();
		const [audio] = data.task_result.audios;
		expect(audio).toEqual({ id: expect.stringMatching(/^7\d+$/), url: expect.any(String), duration: '3.0' });
		const file = await client.send(audio.url, { method: 'GET' });
		expect([file.status, file.headers['content-type']]).toEqual([200, 'audio/mpeg']);
	});

	test.each([
		['no text', { text: '' }, /text is required/],
		['a long text', { text: 'x'.repeat(1001) }, /1000/],
		['a voice of the other language', { voice_language: 'zh' }, /Voice id not found/],
		['a preset voice of other routes', { voice_id: 'preset-1' }, /Voice id not found/],
		['a speed that is none', { voice_speed: 2.1 }, /voice_speed/],
		['an external id', { external_task_id: 'x' }, /external_task_id is not a parameter/],
	])('%s is refused', async (_name, more, message) => {
		const reply = await post('/v1/audio/tts', { ...good, ...more });
		expect([reply.status, reply.json().code]).toEqual([400, 1201]);
		expect(reply.json().message).toMatch(message);
	});
});
