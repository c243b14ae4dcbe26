import { sampleBytes } from '../samples/manifest';
import { Client } from './client';
import { KEYS, startGateway, type Gateway } from './index';

let gateway: Gateway;
let client: Client;

beforeAll(async () => {
	gateway = await startGateway({ tls: false });
	client = new Client(gateway, false);
});
beforeEach(() => gateway.reset());
afterAll(async () => {
	await client.close();
	await gateway.close();
});

const post = (path: string, body: object, key = KEYS.custom) => client.send(gateway.url + path, { key, body });
const portrait = sampleBytes('portrait.jpg').toString('base64');
const shirt = 'https://images.kling-samples.test/samples/garment.png';
const sound = 'https://example.com/voice.mp3';

test.each([
	['/v1/videos/avatar/image2video', { image: portrait, sound_file: sound }],
	[
		'/kling/v1/images/kolors-virtual-try-on',
		{ model_name: 'kolors-virtual-try-on-v1-5', human_image: portrait, cloth_image: shirt },
	],
	['/v1/videos/image2video', { model_name: 'kling-v2-1', image: shirt }],
])('%s goes from submitted to a file', async (path, body) => {
	const { data } = (await post(path, body)).json();
	expect(data).toMatchObject({ task_id: expect.any(String), task_status: 'submitted' });
	const poll = async () =>
		(await client.send(`${gateway.url}${path}/${data.task_id}`, { method: 'GET', key: KEYS.custom })).json().data;
	expect([(await poll()).task_status, (await poll()).task_status]).toEqual(['submitted', 'processing']);
	const { task_status: status, task_result: result } = await poll();
	const [made] = path.includes('/images/') ? result.images : result.videos;
	expect([status, (await client.send(made.url, { method: 'GET' })).status]).toEqual(['succeed', 200]);
	expect((await client.send(`${gateway.url}${path}/nobody`, { method: 'GET', key: KEYS.custom })).status).toBe(404);
	expect((await post(path, body, 'nobodys-key')).status).toBe(401);
});

test.each([
	['/v1/videos/avatar/image2video', { image: portrait }, /sound_file/],
	['/v1/videos/avatar/image2video', { image: portrait, sound_file: sound, audio_id: '1' }, /sound_file/],
	['/v1/videos/avatar/image2video', { image: sampleBytes('small-200.png').toString('base64'), sound_file: sound }, /300px/],
	['/v1/images/kolors-virtual-try-on', { model_name: 'm', human_image: portrait }, /cloth_image/],
	['/v1/images/kolors-virtual-try-on', { human_image: portrait, cloth_image: shirt }, /model_name/],
	['/v1/videos/image2video', { model_name: 'm' }, /image/],
])('%s refuses %#', async (path, body, message) => {
	const reply = await post(path, body);
	expect([reply.status, reply.json().code]).toEqual([400, 1201]);
	expect(reply.json().message).toMatch(message);
});

describe('advanced lip-sync', () => {
	const good = { face_id: '0', sound_file: sound, sound_start_time: 0, sound_end_time: 2000, sound_insert_time: 1000 };
	const lipSync = async (choice: object, faces = '1000-3000') => {
		const session = (await post('/v1/videos/identify-face', { video_url: `https://a.test/a.mp4?faces=${faces}` })).json().data
			.session_id;
		return post('/v1/videos/advanced-lip-sync', { session_id: session, face_choose: [{ ...good, ...choice }] });
	};

	test('takes a face of the session, with two seconds in common', async () => {
		expect((await lipSync({})).json()).toMatchObject({ code: 0, data: { task_status: 'submitted' } });
	});

	test.each([
		['a face of no session', { face_id: '1' }, /face_id/],
		['no sound', { sound_file: '' }, /sound_file/],
		['an end before the start', { sound_start_time: 3000 }, /before/],
		['too little sound', { sound_end_time: 1999 }, /2 seconds long/],
		['too little in common', { sound_insert_time: 1001 }, /overlap/],
		['no time', { sound_insert_time: undefined }, /sound_insert_time/],
	])('refuses %s', async (_name, choice, message) => {
		const reply = await lipSync(choice);
		expect([reply.status, reply.json().code]).toEqual([400, 1201]);
		expect(reply.json().message).toMatch(message);
	});

	test('refuses a face that is on screen too briefly, an unknown session, and two faces', async () => {
		expect((await lipSync({}, '1000-2999')).json().message).toMatch(/overlap/);
		expect((await post('/v1/videos/advanced-lip-sync', { session_id: 'nobody', face_choose: [good] })).json().message).toMatch(
			/session_id/,
		);
		const session = (await post('/v1/videos/identify-face', { video_url: 'https://a.test/two-faces.mp4' })).json().data
			.session_id;
		expect(
			(await post('/v1/videos/advanced-lip-sync', { session_id: session, face_choose: [good, good] })).json().message,
		).toMatch(/exactly one/);
	});
});
