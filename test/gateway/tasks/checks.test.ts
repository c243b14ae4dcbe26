import { makeImage } from '../../samples/images';
import type { ProductName } from '../index';
import { GOOD, base64, startStand, type Stand } from './stand';

let stand: Stand;

beforeAll(async () => {
	stand = await startStand();
});
beforeEach(() => stand.gateway.reset());
afterAll(() => stand.close());

const long = 'x'.repeat(2501);
const most = 'x'.repeat(2500);
const tooLarge = Buffer.concat([Buffer.from('ID3'), Buffer.alloc(5 * 1024 * 1024)]).toString('base64');
const largest = Buffer.concat([Buffer.from('ID3'), Buffer.alloc(5 * 1024 * 1024 - 3)]).toString('base64');

async function refused(product: ProductName, body: object, message: RegExp): Promise<void> {
	const reply = await stand.create(product, body);
	expect([reply.status, reply.json().code]).toEqual([400, 1201]);
	expect(reply.json().message).toMatch(message);
	expect(stand.gateway.account('klingGlobal')).toMatchObject({ creates: 1, tasks: 0, units: 0 });
}

async function taken(product: ProductName, body: object): Promise<void> {
	const reply = await stand.create(product, body);
	expect([reply.json().message, reply.status]).toEqual(['SUCCEED', 200]);
}

describe('image to video', () => {
	test.each([
		['a model by every name that is left', { model_name: 'kling-v2-5-turbo' }],
		['the longest of kling-v3', { model_name: 'kling-v3', duration: '15', mode: '4k', sound: 'on' }],
		['the shortest of kling-v3', { model_name: 'kling-v3', duration: '3' }],
		['sound from 2.6 on', { sound: 'on' }],
		['the longest prompts', { prompt: most, negative_prompt: most }],
		['the longest in characters of three bytes', { prompt: '慢'.repeat(2500) }],
		['a last frame', { mode: 'pro', image_tail: base64('portrait.png') }],
		['only a last frame', { mode: 'pro', image: '', image_tail: base64('portrait.png') }],
		['the ends of cfg_scale', { cfg_scale: 1 }],
		['a watermark', { watermark_info: { enabled: true } }],
	])('takes %s', (_name, more) => taken('imageToVideo', { ...GOOD.imageToVideo, ...more }));

	test.each([
		['no model, for which Kling takes its first', { model_name: undefined }, /kling-v1 is discontinued/],
		['a retired model', { model_name: 'kling-v1-6' }, /kling-v1-6 is discontinued/],
		['an unknown model', { model_name: 'kling-v9' }, /model_name/],
		['no picture', { image: '' }, /image and image_tail/],
		['a picture that is too small', { image: base64('small-200.png') }, /300px/],
		['a last frame that is too wide', { image_tail: base64('wide-3to1.jpg') }, /ratio/],
		['a picture with a data: prefix', { image: `data:image/png;base64,${base64('portrait.png')}` }, /prefix/],
		['a last frame in a mode that takes none', { image_tail: base64('portrait.png') }, /image_tail is not supported/],
		['too long a prompt', { prompt: long }, /^prompt cannot exceed 2500/],
		['too long a negative prompt', { negative_prompt: long }, /negative_prompt cannot exceed 2500/],
		['a duration as a number', { duration: 5 }, /duration must be a string/],
		['a duration of another model', { duration: '7' }, /duration/],
		['less than kling-v3 has', { model_name: 'kling-v3', duration: '2' }, /duration/],
		['a mode of another model', { mode: '4k' }, /mode/],
		['sound where there is none', { model_name: 'kling-v2-5-turbo', sound: 'on' }, /sound/],
		['sound as a boolean', { sound: true }, /sound/],
		['too much cfg_scale', { cfg_scale: 1.01 }, /cfg_scale/],
		['a callback that is no URL', { callback_url: 'later' }, /callback_url/],
		['a watermark that is a word', { watermark_info: { enabled: 'true' } }, /watermark_info/],
		['an external id that is a number', { external_task_id: 7 }, /external_task_id/],
	])('refuses %s', (_name, more, message) => refused('imageToVideo', { ...GOOD.imageToVideo, ...more }, message));

	test('keeps no picture in its records', async () => {
		const pictures = { image: base64('portrait.jpg'), image_tail: base64('portrait.png') };
		await taken('imageToVideo', { ...GOOD.imageToVideo, mode: 'pro', ...pictures });
		const picture = { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), bytes: expect.any(Number) };
		expect(stand.gateway.requests.at(-1)).toMatchObject({ route: 'create', json: { image: picture, image_tail: picture } });
	});

	test('refuses a picture above 10 MB', async () => {
		const image = await makeImage({ width: 400, height: 400, format: 'png', bytes: 10 * 1024 * 1024 + 1 });
		await refused('imageToVideo', { ...GOOD.imageToVideo, image: image.toString('base64') }, /10MB/);
	});
});

describe('text to video', () => {
	const good = { model_name: 'kling-v2-6', prompt: 'A presenter', duration: '5' };

	test.each([
		['the least', {}],
		['an aspect ratio', { aspect_ratio: '9:16' }],
		['sound', { mode: 'pro', sound: 'on' }],
	])('takes %s', (_name, more) => taken('textToVideo', { ...good, ...more }));

	test.each([
		['no prompt', { prompt: ' ' }, /prompt cannot be empty/],
		['an aspect ratio of its own', { aspect_ratio: '4:3' }, /aspect_ratio/],
		['a duration that is none', { duration: '7' }, /duration/],
	])('refuses %s', (_name, more, message) => refused('textToVideo', { ...good, ...more }, message));
});

describe('a talking avatar', () => {
	test.each([
		['a sound of Kling', { sound_file: '', audio_id: '12' }],
		['no prompt', { prompt: '' }],
		['mode pro', { mode: 'pro' }],
		...['wav', 'mp3', 'm4a', 'aac'].map((type): [string, object] => [type, { sound_file: base64(`tone-3s.${type}`) }]),
		['five minutes', { sound_file: 'https://a.test/talk.mp3?ms=300000' }],
		['5 MB', { sound_file: largest }],
	])('takes %s', (_name, more) => taken('avatar', { ...GOOD.avatar, ...more }));

	test.each([
		['no picture', { image: undefined }, /image is required/],
		['no sound', { sound_file: '' }, /exactly one/],
		['two sounds', { audio_id: '1' }, /exactly one/],
		['a sound that is too short', { sound_file: base64('tone-1s.m4a') }, /between 2s and 300s/],
		['a sound that is too short, by URL', { sound_file: 'https://a.test/tone-1s.mp3' }, /between 2s and 300s/],
		['a sound that is too long', { sound_file: 'https://a.test/talk.mp3?ms=300001' }, /between 2s and 300s/],
		['a sound that is too large', { sound_file: tooLarge }, /5MB/],
		['a picture as a sound', { sound_file: base64('portrait.png') }, /sound format/],
		['a sound with a data: prefix', { sound_file: `data:audio/wav;base64,${base64('tone-3s.wav')}` }, /Base64/],
		['too long a prompt', { prompt: long }, /prompt/],
		['mode 4k', { mode: '4k' }, /mode/],
	])('refuses %s', (_name, more, message) => refused('avatar', { ...GOOD.avatar, ...more }, message));

	test('needs a prompt at CometAPI', async () => {
		const reply = await stand.create('avatar', { ...GOOD.avatar, prompt: '' }, 'cometApi');
		expect([reply.status, reply.json().message]).toEqual([400, 'prompt is required']);
	});
});

describe('a virtual try-on', () => {
	test.each([undefined, 'kolors-virtual-try-on-v1', 'kolors-virtual-try-on-v1-5'])('takes model %s', (name) =>
		taken('virtualTryOn', { ...GOOD.virtualTryOn, model_name: name }),
	);

	test.each([
		['another model', { model_name: 'kling-v3' }, /model_name/],
		['no person', { human_image: '' }, /human_image is required/],
		['no clothing', { cloth_image: undefined }, /cloth_image is required/],
	])('refuses %s', (_name, more, message) => refused('virtualTryOn', { ...GOOD.virtualTryOn, ...more }, message));
});

describe('a lip-sync', () => {
	const body = async (choice: object = {}, faces = '1000-4000') => ({
		session_id: await stand.session(faces),
		face_choose: [{ ...GOOD.face, ...choice }],
	});

	test.each([
		['two seconds in common', { sound_end_time: 2000, sound_insert_time: 2000 }],
		['a sound of Kling', { sound_file: '', audio_id: '1' }],
		['the loudest', { sound_volume: 2, original_audio_volume: 0 }],
	])('takes %s', async (_name, choice) => taken('lipSync', await body(choice)));

	test.each([
		['a face of no session', { face_id: '1' }, /face_id/],
		['no sound', { sound_file: '' }, /exactly one/],
		['a sound that is too short', { sound_file: base64('tone-1s.wav') }, /between 2s and 60s/],
		['a sound that is too long', { sound_file: 'https://a.test/a.mp3?ms=60001' }, /between 2s and 60s/],
		['an end before the start', { sound_start_time: 3000 }, /before/],
		['an end after the end of the sound', { sound_end_time: 3001 }, /end of the sound/],
		['too little sound', { sound_end_time: 1999 }, /2 seconds long/],
		['too little in common', { sound_end_time: 2000, sound_insert_time: 2001 }, /overlap/],
		['an end after the end of the video', { sound_insert_time: 3001 }, /end after the video/],
		['no time', { sound_insert_time: undefined }, /sound_insert_time/],
		['a broken millisecond', { sound_insert_time: 0.5 }, /sound_insert_time/],
		['too loud', { sound_volume: 2.1 }, /sound_volume/],
		['a volume below nothing', { original_audio_volume: -0.1 }, /original_audio_volume/],
	])('refuses %s', async (_name, choice, message) => refused('lipSync', await body(choice), message));

	test('refuses an unknown session, one of another account, and two faces', async () => {
		const { session_id: session, face_choose: faces } = await body();
		const ask = async (one: object, provider: 'klingGlobal' | 'klingChina' = 'klingGlobal') =>
			(await stand.create('lipSync', one, provider)).json().message;
		expect(await ask({ session_id: 'nobody', face_choose: faces })).toMatch(/session_id/);
		expect(await ask({ session_id: session, face_choose: faces }, 'klingChina')).toMatch(/session_id/);
		expect(await ask({ session_id: session, face_choose: [...faces, ...faces] })).toMatch(/exactly one face/);
	});
});
