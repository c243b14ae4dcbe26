import type { IDataObject } from 'n8n-workflow';

import { sampleBytes, sha256Of } from '../samples/manifest';
import { imageItem, imageItems, useGeneration } from './generationStage';
import { imageUrl, jsonOf } from './stage';

const stage = useGeneration();

const model = (value: string) => ({ model: { __rl: true, mode: 'id', value } });
const KLING_3 = { ...model('kling-3.0'), prompt: 'A smile' };
const TRY_ON = {
	...model('virtual-try-on-3.0'),
	operation: 'virtualTryOn',
	humanUrl: imageUrl('h', 'object'),
	clothSource: 'url',
	clothUrl: imageUrl('c', 'cloth'),
};
const EXTERNAL_ID = expect.stringMatching(/^n8n-[0-9a-f]{32}$/);
const file = (name: string) => ({ sha256: sha256Of(sampleBytes(name)), bytes: sampleBytes(name).length });

const sent = () => stage.creates().map(({ path, json }) => ({ path, json }));
const asked = () => stage.gateway.requests.filter(({ route }) => route === 'query').map(({ path }) => path);

describe('each operation in the newer form', () => {
	it('Image to Video', async () => {
		const run = await stage.make([imageItem('a')], {
			...KLING_3,
			mode: '4k',
			duration: 3,
			options: { lastFrameUrl: imageUrl('last', 'face'), generateAudio: true, watermark: true, downloadResult: false },
		});
		expect(run.error).toBeUndefined();
		expect(sent()).toEqual([
			{
				path: '/image-to-video/kling-3.0',
				json: {
					contents: [
						{ type: 'prompt', text: 'A smile' },
						{ type: 'first_frame', url: imageItem('a').json.imageUrl },
						{ type: 'last_frame', url: imageUrl('last', 'face') },
					],
					settings: { resolution: '4k', duration: 3, audio: 'native' },
					options: { watermark_info: { enabled: true }, external_task_id: EXTERNAL_ID },
				},
			},
		]);
		expect(jsonOf(run)[0]).toEqual([
			{
				operation: 'imageToVideo',
				status: 'succeeded',
				videoUrl: expect.stringMatching(/\/video\.mp4$/),
				watermarkUrl: expect.stringMatching(/\/video-watermark\.mp4$/),
				duration: 5.1,
				imageUrl: imageItem('a').json.imageUrl,
				videoId: expect.any(String),
				taskId: expect.stringMatching(/^828\d{15}$/),
				externalTaskId: EXTERNAL_ID,
				unitsDeducted: expect.closeTo(0.9),
				balanceDeducted: expect.closeTo(0.9),
				requestId: expect.any(String),
				createdAt: expect.any(String),
				updatedAt: expect.any(String),
			},
		]);
	});

	it('Image to Video of two files', async () => {
		const binary = { last: await stage.sample('portrait.png'), data: await stage.sample('portrait.jpg') };
		const parameters = { ...KLING_3, options: { lastFramePropertyName: 'last' } };
		const run = await stage.make([{ json: {}, binary }], parameters);
		expect(run.error).toBeUndefined();
		expect(sent()[0]!.json).toMatchObject({
			contents: [
				{ type: 'prompt', text: 'A smile' },
				{ type: 'first_frame', url: file('portrait.jpg') },
				{ type: 'last_frame', url: file('portrait.png') },
			],
		});
	});

	it('Image to Video of a file that the older form does not take', async () => {
		const large = Buffer.concat([sampleBytes('portrait.jpg'), Buffer.alloc(12 * 1024 * 1024)]);
		const run = await stage.make(
			[{ json: {}, binary: { data: await stage.engine.binary(large, 'large.jpg', 'image/jpeg') } }],
			KLING_3,
		);
		expect(run.error).toBeUndefined();
		const [, frame] = (sent()[0]!.json as { contents: IDataObject[] }).contents;
		expect(frame).toEqual({ type: 'first_frame', url: { sha256: sha256Of(large), bytes: large.length } });
	});

	it('Text to Video', async () => {
		const run = await stage.make([{ json: {} }], {
			...model('kling-3.0-turbo'),
			operation: 'textToVideo',
			prompt: 'a'.repeat(3072),
			aspectRatio: '1:1',
			options: { generateAudio: true },
		});
		expect(run.error).toBeUndefined();
		expect(sent()).toEqual([
			{
				path: '/text-to-video/kling-3.0-turbo',
				json: {
					prompt: 'a'.repeat(3072),
					settings: { resolution: '720p', duration: 5, aspect_ratio: '1:1' },
					options: { external_task_id: EXTERNAL_ID },
				},
			},
		]);
		expect(Object.keys(run.outputs[0]![0]!.binary!)).toEqual(['video']);
	});

	it('Virtual Try-On', async () => {
		const run = await stage.make([{ json: {} }], { ...TRY_ON, options: { keepPose: false, watermark: true } });
		expect(run.error).toBeUndefined();
		expect(sent()).toEqual([
			{
				path: '/solutions/virtual_try_on',
				json: {
					contents: [
						{ type: 'product_image', url: TRY_ON.clothUrl },
						{ type: 'person_image', url: TRY_ON.humanUrl },
					],
					settings: { keep_pose: false },
					options: { watermark: { enabled: true }, external_task_id: EXTERNAL_ID },
				},
			},
		]);
		expect(jsonOf(run)[0]).toMatchObject([{ operation: 'virtualTryOn', status: 'succeeded', imageUrl: expect.any(String) }]);
		expect(asked().every((path) => path.startsWith('/solutions?task_ids='))).toBe(true);
	});

	it('a model that nobody knows yet goes by its id', async () => {
		const run = await stage.make([imageItem('a')], { ...model('kling-9.5'), prompt: 'x' }, { onError: 'continueRegularOutput' });
		expect(sent().map(({ path }) => path)).toEqual(['/image-to-video/kling-9.5']);
		expect(jsonOf(run)[0]).toMatchObject([{ details: { serviceCode: 1201, attempts: 1 } }]);
	});
});

describe('refused before it is sent', () => {
	const accessKey = () => ({
		credential: {
			...stage.credential('klingGlobal'),
			authentication: 'accessKey',
			accessKey: 'AK-good-access-key-of-kling-3b9f',
			secretKey: 'SK-good-secret-key-of-kling-long-enough-for-hs256-64c2',
		},
	});

	it.each<[string, IDataObject, string]>([
		['Image to Video', KLING_3, 'The model kling-3.0 is not to be had with an access key'],
		['Virtual Try-On', TRY_ON, 'The model virtual-try-on-3.0 is not to be had with an access key'],
	])('%s with an access key', async (_name, parameters, message) => {
		const run = await stage.make([imageItem('a')], { ...parameters, options: { checkInput: false } }, accessKey());
		expect(run.error?.message).toBe(message);
		expect(stage.creates()).toEqual([]);
	});

	it('Text to Video with an access key, which says of which prompt', async () => {
		const parameters = { ...KLING_3, operation: 'textToVideo' };
		const run = await stage.make([{ json: {} }], parameters, { ...accessKey(), onError: 'continueRegularOutput' });
		expect(jsonOf(run)[0]).toMatchObject([{ details: { input: { prompt: 'A smile' }, attempts: 0 } }]);
		expect(stage.creates()).toEqual([]);
	});

	it.each<[string, IDataObject, string]>([
		['no prompt', { ...KLING_3, prompt: '' }, 'The prompt is empty, and Kling 3.0 needs one'],
		['a negative prompt', { ...KLING_3, options: { negativePrompt: 'blur' } }, 'Kling 3.0 takes no Negative Prompt'],
		['a CFG scale', { ...KLING_3, options: { cfgScale: 0.5 } }, 'Kling 3.0 takes no CFG Scale'],
		[
			'no audio with a model that always makes it',
			{ ...KLING_3, ...model('kling-3.0-turbo'), options: { generateAudio: false } },
			'Kling 3.0 Turbo always makes audio',
		],
		[
			'two last frames',
			{ ...KLING_3, options: { lastFrameUrl: imageUrl('l', 'face'), lastFramePropertyName: 'data' } },
			'Last Frame URL and Last Frame Field Name are both set',
		],
		[
			'a switch that an old model has not',
			{ ...TRY_ON, ...model('kolors-virtual-try-on-v1'), options: { keepFace: true } },
			'The model kolors-virtual-try-on-v1 has no switch Keep Face',
		],
		[
			'a file for Virtual Try-On 3.0',
			{ ...TRY_ON, humanSource: 'binary', humanPropertyName: 'data' },
			'Virtual Try-On 3.0 takes images by URL only, and this one is a file',
		],
		['text to video without a text', { operation: 'textToVideo', prompt: ' ' }, 'Prompt is empty'],
	])('%s', async (_name, parameters, message) => {
		const run = await stage.make([{ ...imageItem('a'), binary: { data: await stage.sample('portrait.jpg') } }], parameters);
		expect(run.error?.message).toBe(message);
		expect(stage.creates()).toEqual([]);
	});
});

describe('questions', () => {
	it('for twenty tasks go in one', async () => {
		stage.gateway.control({ taskMs: 9000 });
		const options = { maxConcurrency: 20, downloadResult: false };
		const run = await stage.make(imageItems(20), { ...KLING_3, options });
		expect(jsonOf(run)[0]!.map(({ status }) => status)).toEqual(Array(20).fill('succeeded'));
		const newer = asked().length;
		expect(Math.max(...asked().map((path) => path.split(',').length))).toBe(20);
		stage.gateway.reset();
		stage.gateway.control({ taskMs: 9000 });
		await stage.make(imageItems(20), { options });
		expect(newer).toBeLessThanOrEqual(asked().length / 5);
	});

	it('of executions with one item each as well', async () => {
		stage.gateway.control({ taskMs: 6000 });
		const all = Array.from(
			{ length: 10 },
			async (_none, index) =>
				await stage.make(
					[imageItem(`x${index}`)],
					{ ...KLING_3, options: { downloadResult: false } },
					{ executionId: `e${index}` },
				),
		);
		const runs = await Promise.all(all);
		expect(runs.flatMap((run) => jsonOf(run)[0]!.map(({ status }) => status))).toEqual(Array(10).fill('succeeded'));
		expect(asked().length).toBeLessThan(10);
	});
});

describe('paid once', () => {
	it.each(['resetBefore', 'resetDuring'] as const)(
		'a create that got no answer is looked up by its external id: %s',
		async (kind) => {
			const done = kind === 'resetDuring';
			stage.fail({ kind, route: 'create', times: 1, ...(done ? {} : { done: true }) });
			const run = await stage.make([imageItem('a')], KLING_3);
			expect(jsonOf(run)[0]).toMatchObject([{ status: 'succeeded', externalTaskId: EXTERNAL_ID }]);
			expect(asked()[0]).toMatch(/^\/tasks\?external_task_ids=n8n-[0-9a-f]{32}$/);
			expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
		},
	);
});

describe('Get Task', () => {
	const get = { operation: 'getTask', taskId: '={{ $json.id }}', taskOperation: 'avatar', options: { downloadResult: false } };

	it.each(['taskId', 'externalTaskId'])('finds a task of either form by its %s, whatever Task Operation says', async (field) => {
		for (const parameters of [KLING_3, {}]) {
			const made = await stage.make([imageItem('a')], { ...parameters, wait: false });
			const { [field]: id, taskId } = made.outputs[0]![0]!.json;
			const run = await stage.make([{ json: { id } }], get);
			expect(jsonOf(run)[0]).toMatchObject([{ taskId, status: 'succeeded', videoUrl: expect.any(String) }]);
		}
	});

	it.each([
		['virtualTryOn', KLING_3, 'imageToVideo'],
		['avatar', TRY_ON, 'virtualTryOn'],
	])('puts out what a task made, though it was taken for one of %s', async (taskOperation, parameters, operation) => {
		const made = await stage.make([imageItem('a')], { ...parameters, wait: false });
		const { taskId: id } = made.outputs[0]![0]!.json;
		const run = await stage.make([{ json: { id } }], { ...get, taskOperation, options: {} });
		const isImage = operation === 'virtualTryOn';
		expect(jsonOf(run)[0]).toMatchObject([{ operation, [isImage ? 'imageUrl' : 'videoUrl']: expect.any(String) }]);
		expect(Object.keys(run.outputs[0]![0]!.binary!)).toEqual([isImage ? 'image' : 'video']);
	});

	it('says so where there is none', async () => {
		const run = await stage.make([{ json: { id: '99' } }], get, { onError: 'continueRegularOutput' });
		expect(jsonOf(run)[0]).toMatchObject([
			{ error: 'There is no Talking Avatar task with the ID 99', details: { taskId: '99' } },
		]);
	});
});

describe('at a gateway', () => {
	it('is sent behind its prefix, and the error says that it may not have that', async () => {
		const credential = stage.credential('deerApi');
		const run = await stage.make(
			[imageItem('a')],
			{ ...KLING_3, options: { maxWait: 1 } },
			{ credential, onError: 'continueRegularOutput' },
		);
		expect(stage.gateway.requests.map(({ path }) => path)[0]).toBe('/kling/image-to-video/kling-3.0');
		expect(jsonOf(run)[0]).toMatchObject([
			{
				error: expect.any(String),
				details: {
					description: expect.stringContaining("DeerAPI may not have models of Kling's newer form: the answer is a web page"),
				},
			},
		]);
	});
});
