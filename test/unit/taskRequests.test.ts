import { BodyForm, FileBody, FilePlace } from '../../nodes/shared/kling/files/requestBody';
import {
	EXTERNAL_ID_PLACE,
	externalTaskId,
	externalTaskIdIn,
	keyedTaskId,
	nextTaskId,
	withExternalTaskId,
	type TaskIdentity,
} from '../../nodes/shared/kling/tasks/externalTaskId';
import { avatarBody, lipSyncBody, videoBody, virtualTryOnBody, type VideoTask } from '../../nodes/shared/kling/tasks/taskBodies';
import { listPath, queryPath, routeOf, togetherPath } from '../../nodes/shared/kling/tasks/taskRoutes';

/** What a new node sends. */
const LEAST: VideoTask = {
	model: 'kling-v2-6',
	image: 'https://a.example/1.jpg',
	lastFrame: null,
	prompt: null,
	negativePrompt: null,
	duration: 5,
	mode: 'std',
	aspectRatio: null,
	cfgScale: null,
	audio: false,
	watermark: null,
};

/** Where the external id will be. */
const ID = { external_task_id: EXTERNAL_ID_PLACE };

describe('bodies', () => {
	it('Image to Video: the least, with the duration and mode that it costs', () => {
		expect(videoBody(LEAST)).toEqual({
			model_name: 'kling-v2-6',
			image: 'https://a.example/1.jpg',
			duration: '5',
			mode: 'std',
			...ID,
		});
	});

	it('Image to Video: everything', () => {
		const body = videoBody({
			model: 'kling-v3',
			image: 'i',
			lastFrame: 'l',
			prompt: 'p',
			negativePrompt: 'n',
			duration: 7,
			mode: '4k',
			aspectRatio: null,
			cfgScale: 0,
			audio: true,
			watermark: true,
		});
		expect(body).toEqual({
			model_name: 'kling-v3',
			image: 'i',
			image_tail: 'l',
			prompt: 'p',
			negative_prompt: 'n',
			duration: '7',
			mode: '4k',
			cfg_scale: 0,
			sound: 'on',
			watermark_info: { enabled: true },
			...ID,
		});
	});

	it('Image to Video: a watermark switched off is sent, too; audio only where it is wanted', () => {
		expect(videoBody({ ...LEAST, watermark: false })).toMatchObject({ watermark_info: { enabled: false } });
		expect(videoBody({ ...LEAST, watermark: false })).not.toHaveProperty('sound');
	});

	it('Text to Video', () => {
		expect(videoBody({ ...LEAST, image: null, prompt: 'p', aspectRatio: '9:16' })).toEqual({
			model_name: 'kling-v2-6',
			prompt: 'p',
			duration: '5',
			mode: 'std',
			aspect_ratio: '9:16',
			...ID,
		});
	});

	const NEWER: VideoTask = { ...LEAST, model: 'kling-3.0', prompt: 'p', mode: 'pro', duration: 7 };

	it('Image to Video of the newer form', () => {
		expect(videoBody(NEWER)).toEqual({
			contents: [
				{ type: 'prompt', text: 'p' },
				{ type: 'first_frame', url: 'https://a.example/1.jpg' },
			],
			settings: { resolution: '1080p', duration: 7 },
			options: ID,
		});
		expect(videoBody({ ...NEWER, lastFrame: 'l', audio: true, mode: '4k', watermark: true })).toEqual({
			contents: [
				{ type: 'prompt', text: 'p' },
				{ type: 'first_frame', url: 'https://a.example/1.jpg' },
				{ type: 'last_frame', url: 'l' },
			],
			settings: { resolution: '4k', duration: 7, audio: 'native' },
			options: { watermark_info: { enabled: true }, ...ID },
		});
	});

	it('Text to Video of the newer form', () => {
		expect(videoBody({ ...NEWER, image: null, mode: 'std', aspectRatio: '1:1' })).toEqual({
			prompt: 'p',
			settings: { resolution: '720p', duration: 7, aspect_ratio: '1:1' },
			options: ID,
		});
	});

	it.each([
		['kling-3.0-turbo', undefined],
		['kling-99.0', 'native'],
	])('audio with %s: %p', (model, audio) => {
		expect((videoBody({ ...NEWER, model, audio: true }) as { settings: { audio?: string } }).settings.audio).toBe(audio);
	});

	const times = { audioStart: 0, audioEnd: 4000, insertAt: 1000 };

	it('Lip-Sync: the least, with its three times', () => {
		const audio = { audioId: 'a-1' };
		const lipSync = { sessionId: 's', faceId: '0', audio, times, audioVolume: null, originalVolume: null, watermark: null };
		expect(lipSyncBody(lipSync)).toEqual({
			session_id: 's',
			face_choose: [{ face_id: '0', audio_id: 'a-1', sound_start_time: 0, sound_end_time: 4000, sound_insert_time: 1000 }],
			...ID,
		});
	});

	it('Lip-Sync: everything, the audio as a file', () => {
		const audio = { file: new FilePlace(5) };
		const form = new BodyForm(
			lipSyncBody({ sessionId: 's', faceId: '0', audio, times, audioVolume: 0, originalVolume: 1.5, watermark: true }),
		);
		const body = new FileBody(form, Buffer.alloc(form.length));
		body.append(Buffer.from('hello'));
		expect(JSON.parse(body.finish().toString())).toEqual({
			session_id: 's',
			face_choose: [
				{
					face_id: '0',
					sound_file: 'aGVsbG8=',
					sound_start_time: 0,
					sound_end_time: 4000,
					sound_insert_time: 1000,
					sound_volume: 0,
					original_audio_volume: 1.5,
				},
			],
			watermark_info: { enabled: true },
			...ID,
		});
	});

	it('Talking Avatar', () => {
		expect(avatarBody({ image: 'i', audio: { file: 's' }, prompt: null, mode: 'std', watermark: null })).toEqual({
			image: 'i',
			sound_file: 's',
			mode: 'std',
			...ID,
		});
	});

	const tryOn = { human: 'h', cloth: 'c', keepFace: null, keepPose: null, keepBackground: null, watermark: null };

	it('Virtual Try-On', () => {
		expect(virtualTryOnBody({ ...tryOn, model: 'm' })).toEqual({ model_name: 'm', human_image: 'h', cloth_image: 'c', ...ID });
	});

	it('Virtual Try-On 3.0', () => {
		const model = 'virtual-try-on-3.0';
		const contents = [
			{ type: 'product_image', url: 'c' },
			{ type: 'person_image', url: 'h' },
		];
		expect(virtualTryOnBody({ ...tryOn, model })).toEqual({ contents, settings: {}, options: ID });
		expect(
			virtualTryOnBody({ ...tryOn, model, keepFace: false, keepPose: true, keepBackground: false, watermark: true }),
		).toEqual({
			contents,
			settings: { keep_face: false, keep_pose: true, keep_background: false },
			options: { watermark: { enabled: true }, ...ID },
		});
	});
});

describe('routes', () => {
	it('an id cannot lead elsewhere', () => {
		expect(queryPath(routeOf('avatar'), '../x?y')).toBe('/v1/videos/avatar/image2video/..%2Fx%3Fy');
		expect(togetherPath('/tasks', 'task_ids', ['1', '2&x,'])).toBe('/tasks?task_ids=1,2%26x%2C');
	});

	it('the list', () => {
		expect(listPath(routeOf('lipSync'))).toBe('/v1/videos/advanced-lip-sync?pageNum=1&pageSize=500');
		expect(listPath(routeOf('avatar'), 20)).toBe('/v1/videos/avatar/image2video?pageNum=20&pageSize=500');
	});

	it.each([
		['imageToVideo', 'kling-v3', '/v1/videos/image2video', null],
		['imageToVideo', 'kling-3.0', '/image-to-video/kling-3.0', '/tasks'],
		['imageToVideo', 'kling-9.1/x', '/image-to-video/kling-9.1%2Fx', '/tasks'],
		['textToVideo', 'kling-v2-6', '/v1/videos/text2video', null],
		['textToVideo', 'kling-99.0-flash', '/text-to-video/kling-99.0-flash', '/tasks'],
		['virtualTryOn', 'virtual-try-on-3.0', '/solutions/virtual_try_on', '/solutions'],
		['virtualTryOn', 'kolors-virtual-try-on-v1-5', '/v1/images/kolors-virtual-try-on', null],
		['avatar', 'kling-3.0', '/v1/videos/avatar/image2video', null],
	] as const)('%s with %s', (operation, model, path, together) => {
		expect(routeOf(operation, model)).toMatchObject({ operation, path, together });
	});
});

describe('the external task id', () => {
	const identity: TaskIdentity = {
		instanceId: 'n',
		executionId: '12',
		nodeId: 'k',
		runIndex: 0,
		itemIndex: 0,
		path: '/p',
		content: Buffer.from('{}'),
	};

	it('is the same for the same', () => {
		expect(externalTaskId({ ...identity, content: Buffer.from('{}') })).toBe(externalTaskId(identity));
	});

	it('is short, and made of plain characters', () => {
		expect(externalTaskId(identity)).toMatch(/^n8n-[0-9a-f]{32}$/);
	});

	it.each(['kling-v2-6', 'kling-3.0'])('is written into its place in a body, and read from there: %s', (model) => {
		const prompt = 'ä "external_task_id":"-"';
		const form = new BodyForm(videoBody({ ...LEAST, model, prompt }));
		const body = new FileBody(form, Buffer.alloc(form.length)).finish();
		const id = externalTaskId(identity);
		expect(withExternalTaskId(body, id)).toBe(body);
		expect(externalTaskIdIn(body)).toBe(id);
		expect(body.toString()).toBe(JSON.stringify(videoBody({ ...LEAST, model, prompt })).replace(EXTERNAL_ID_PLACE, id));
	});

	it('is another one for anything else', () => {
		const others: Array<Partial<TaskIdentity>> = [
			{ instanceId: 'o' },
			{ executionId: '13' },
			{ nodeId: 'l' },
			{ runIndex: 1 },
			{ itemIndex: 1 },
			{ path: '/q' },
			{ content: Buffer.from('{ }') },
			{ executionId: '1', nodeId: '2k' },
		];
		const ids = others.map((other) => externalTaskId({ ...identity, ...other }));
		expect(new Set([externalTaskId(identity), ...ids]).size).toBe(others.length + 1);
	});
});

describe('the external id under a Task Key', () => {
	const identity = { key: 'order-1', path: '/p', content: Buffer.from('{}') };

	it('is made from the key, the kind and the content, in the form of the others', () => {
		const id = keyedTaskId({ ...identity, content: Buffer.from('{}') });
		expect(id).toBe(keyedTaskId(identity));
		expect(id).toMatch(/^n8n-[0-9a-f]{32}$/);
		const others = [{ key: 'order-2' }, { path: '/q' }, { content: Buffer.from('{ }') }, { key: 'order-1","/p' }];
		expect(new Set([id, ...others.map((other) => keyedTaskId({ ...identity, ...other }))]).size).toBe(5);
	});

	it('is never that of a task without a key', () => {
		const keyed = keyedTaskId({ key: '1', path: '/p', content: Buffer.from('{}') });
		const own = { instanceId: 'Task Key', executionId: '1', nodeId: '/p', runIndex: 0, itemIndex: 0 };
		expect(externalTaskId({ ...own, path: '/p', content: Buffer.from('{}') })).not.toBe(keyed);
	});

	it('is followed by another one each time, always the same', () => {
		const chain = [keyedTaskId(identity)];
		for (let index = 0; index < 20; index += 1) chain.push(nextTaskId(chain.at(-1)!));
		expect(new Set(chain).size).toBe(21);
		expect(nextTaskId(chain[0]!)).toBe(chain[1]);
		for (const id of chain) expect(id).toMatch(/^n8n-[0-9a-f]{32}$/);
	});
});
