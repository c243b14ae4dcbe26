import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { sampleBytes, sha256Of } from '../samples/manifest';
import { imageItem, imageItems, useGeneration } from './generationStage';
import { imageUrl, jsonOf } from './stage';

const stage = useGeneration();

const TASK_ID = expect.stringMatching(/^828\d{15}$/);
const EXTERNAL_ID = expect.stringMatching(/^n8n-[0-9a-f]{32}$/);
const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
const COST = { balanceDeducted: expect.any(Number), requestId: expect.any(String), createdAt: ISO, updatedAt: ISO };
const VIDEO = {
	videoUrl: expect.stringMatching(/^https:.*\/video\.mp4$/),
	watermarkUrl: null,
	videoId: expect.any(String),
	duration: 5.1,
};

const sentBodies = () => stage.creates().map(({ json }) => json as IDataObject);
const sentUrl = (image: unknown) => (typeof image === 'string' ? image : null);
/** The name that a result has: that of the image it was made of, where it was a file. */
const nameOf = (operation: string, files: Record<string, string>) =>
	(files[operation === 'virtualTryOn' ? 'human' : 'data'] ?? files.data)?.replace(/\.\w+$/, '');
const file = (name: string) => ({ sha256: sha256Of(sampleBytes(name)), bytes: sampleBytes(name).length });

const IMAGE_BY_URL = { imageSource: 'url', imageUrl: imageUrl('a', 'face') };

/** Inputs of each operation: parameters, and the input item's binary files. */
const INPUTS: Array<
	[operation: string, name: string, parameters: IDataObject, files: Record<string, string>, sent: IDataObject]
> = [
	['imageToVideo', 'URL', IMAGE_BY_URL, {}, { image: imageUrl('a', 'face') }],
	['imageToVideo', 'binary', { imageSource: 'binary' }, { data: 'portrait.jpg' }, { image: file('portrait.jpg') }],
	[
		'imageToVideo',
		'Base64',
		{ imageSource: 'base64', imageBase64: `data:image/png;base64,${sampleBytes('portrait.png').toString('base64')}` },
		{},
		{ image: file('portrait.png') },
	],
	[
		'imageToVideo',
		'binary, and a last frame from another',
		{ imageSource: 'auto', mode: 'pro', options: { lastFramePropertyName: 'last' } },
		{ last: 'portrait.png', data: 'portrait.jpg' },
		{ image: file('portrait.jpg'), image_tail: file('portrait.png'), mode: 'pro' },
	],
	[
		'textToVideo',
		'a prompt',
		{ prompt: 'A news presenter speaks', aspectRatio: '9:16' },
		{},
		{ model_name: 'kling-v2-6', prompt: 'A news presenter speaks', aspect_ratio: '9:16', duration: '5', mode: 'std' },
	],
	[
		'avatar',
		'URLs',
		{ ...IMAGE_BY_URL, audioSource: 'url', audioUrl: 'https://sounds.kling-samples.test/samples/tone-3s.mp3' },
		{},
		{ image: imageUrl('a', 'face'), sound_file: 'https://sounds.kling-samples.test/samples/tone-3s.mp3', mode: 'std' },
	],
	[
		'avatar',
		'binary',
		{ imageSource: 'binary', audioSource: 'binary', audioPropertyName: 'audio', mode: 'pro', prompt: 'Calm' },
		{ data: 'portrait.jpg', audio: 'tone-3s.wav' },
		{ image: file('portrait.jpg'), sound_file: file('tone-3s.wav'), mode: 'pro', prompt: 'Calm' },
	],
	[
		'avatar',
		'Kling audio',
		{ ...IMAGE_BY_URL, audioSource: 'audioId', audioId: '77' },
		{},
		{ image: imageUrl('a', 'face'), audio_id: '77', mode: 'std' },
	],
	[
		'virtualTryOn',
		'URLs',
		{ humanUrl: imageUrl('h', 'object'), clothSource: 'url', clothUrl: imageUrl('c', 'cloth') },
		{},
		{ human_image: imageUrl('h', 'object'), cloth_image: imageUrl('c', 'cloth'), model_name: 'kolors-virtual-try-on-v1-5' },
	],
	[
		'virtualTryOn',
		'binary',
		{ humanSource: 'binary', clothSource: 'binary' },
		{ human: 'portrait.jpg', data: 'garment.png' },
		{ human_image: file('portrait.jpg'), cloth_image: file('garment.png') },
	],
	[
		'virtualTryOn',
		'one of each',
		{ humanUrl: imageUrl('h', 'object'), clothSource: 'binary' },
		{ data: 'garment.png' },
		{ human_image: imageUrl('h', 'object'), cloth_image: file('garment.png') },
	],
];

describe.each(['default', 'filesystem'] as const)('binary mode %s', (mode) => {
	it.each(INPUTS)('%s from %s', async (operation, _name, parameters, files, sent) => {
		await stage.engine.binaryMode(mode);
		const binary: NonNullable<INodeExecutionData['binary']> = {};
		for (const [field, name] of Object.entries(files)) binary[field] = await stage.sample(name);
		const run = await stage.make([{ json: { old: 1 }, binary }], { operation, ...parameters });
		expect(run.error).toBeUndefined();
		const isTryOn = operation === 'virtualTryOn';
		expect(jsonOf(run)).toEqual([
			[
				{
					taskId: TASK_ID,
					externalTaskId: EXTERNAL_ID,
					operation,
					status: 'succeeded',
					...(isTryOn
						? { imageUrl: expect.stringMatching(/\/image\.png$/), watermarkUrl: null }
						: { ...VIDEO, imageUrl: sentUrl(sent.image) }),
					unitsDeducted: expect.any(Number),
					...COST,
				},
			],
		]);
		expect(sentBodies()).toEqual([
			expect.objectContaining({ ...sent, external_task_id: run.outputs[0]![0]!.json.externalTaskId }),
		]);
		const field = isTryOn ? 'image' : 'video';
		const [item] = run.outputs[0]!;
		expect(Object.keys(item!.binary!)).toEqual([field, ...Object.keys(files)]);
		expect(item!.binary![field]).toMatchObject({
			mimeType: isTryOn ? 'image/png' : 'video/mp4',
			fileName: `${nameOf(operation, files) ?? item!.json.taskId}${isTryOn ? '.png' : '.mp4'}`,
			fileType: field,
		});
		expect(item!.pairedItem).toEqual({ item: 0 });
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});
});

describe('Image to Video', () => {
	it('sends model, image, duration and mode, and nothing that was not set', async () => {
		await stage.make([imageItem('a')]);
		expect(sentBodies()).toEqual([
			{
				model_name: 'kling-v2-6',
				image: imageItem('a').json.imageUrl,
				duration: '5',
				mode: 'std',
				external_task_id: EXTERNAL_ID,
			},
		]);
	});

	it('sends every option in its form', async () => {
		const run = await stage.make([imageItem('a')], {
			model: { __rl: true, mode: 'id', value: 'kling-v3' },
			prompt: 'A smile',
			duration: 15,
			mode: 'pro',
			options: {
				lastFrameUrl: imageUrl('last', 'face'),
				negativePrompt: 'blur',
				cfgScale: 0.7,
				generateAudio: true,
				watermark: false,
			},
		});
		expect(run.error).toBeUndefined();
		expect(sentBodies()).toEqual([
			{
				model_name: 'kling-v3',
				image: expect.any(String),
				image_tail: imageUrl('last', 'face'),
				prompt: 'A smile',
				negative_prompt: 'blur',
				duration: '15',
				mode: 'pro',
				cfg_scale: 0.7,
				sound: 'on',
				watermark_info: { enabled: false },
				external_task_id: EXTERNAL_ID,
			},
		]);
	});

	it('an input item of Recognize Image needs no expression', async () => {
		const run = await stage.make([imageItem('a')]);
		expect(run.error).toBeUndefined();
		expect(sentBodies()[0]!.image).toBe(imageItem('a').json.imageUrl);
	});
});

describe('Lip-Sync', () => {
	const audio = 'https://sounds.kling-samples.test/samples/tone-3s.wav';

	it('an item of One Item per Face fits as it is; the times are worked out from face and audio', async () => {
		const run = await stage.make([await stage.faceItem('1000-5200')], {
			operation: 'lipSync',
			audioSource: 'url',
			audioUrl: audio,
		});
		expect(run.error).toBeUndefined();
		expect(jsonOf(run)[0]![0]).toMatchObject({ operation: 'lipSync', status: 'succeeded', ...VIDEO });
		expect(sentBodies()).toMatchObject([
			{ face_choose: [{ sound_file: audio, sound_start_time: 0, sound_end_time: 2950, sound_insert_time: 1000 }] },
		]);
	});

	it('ends where the face ends, where that is before the audio does', async () => {
		const face = await stage.faceItem('1000-3500');
		const run = await stage.make([face], { operation: 'lipSync', audioSource: 'url', audioUrl: audio });
		expect(run.error).toBeUndefined();
		expect(sentBodies()).toMatchObject([{ face_choose: [{ sound_end_time: 2450, sound_insert_time: 1000 }] }]);
	});

	it('audio that cannot be fetched here ends where the face does', async () => {
		stage.fail({ kind: 'html', status: 403, route: 'download', match: 'tone-3s' });
		const run = await stage.make([await stage.faceItem('0-2800')], { operation: 'lipSync', audioSource: 'url', audioUrl: audio });
		expect(run.error).toBeUndefined();
		expect(sentBodies()).toMatchObject([{ face_choose: [{ sound_end_time: 2750 }] }]);
	});

	it('and is refused before anything is created, where nothing tells where it ends', async () => {
		stage.fail({ kind: 'html', status: 403, route: 'download', match: 'tone-3s' });
		const parameters = { operation: 'lipSync', audioSource: 'url', audioUrl: audio, faceEndTime: '' };
		const run = await stage.make([await stage.faceItem('0-2800')], parameters);
		expect(run.error!.message).toBe('The server of the file answered with HTTP 403');
		expect(sentBodies()).toEqual([]);
	});

	it('audio that is not there at once is fetched again, once for all items', async () => {
		stage.fail({ kind: 'html', status: 503, route: 'download', match: 'tone-3s', times: 1 });
		const faces = [await stage.faceItem('0-5200'), await stage.faceItem('1000-5200')];
		const run = await stage.make(faces, { operation: 'lipSync', audioSource: 'url', audioUrl: audio });
		expect(run.error).toBeUndefined();
		expect(sentBodies()).toMatchObject([
			{ face_choose: [{ sound_end_time: 2950 }] },
			{ face_choose: [{ sound_end_time: 2950 }] },
		]);
		expect(stage.gateway.downloads.filter(({ path }) => path.includes('tone-3s')).map(({ status }) => status)).toEqual([
			503, 200,
		]);
	});

	it.each(['wav', 'mp3', 'm4a', 'aac'])('a %s from a binary field', async (format) => {
		const face = await stage.faceItem('0-5200');
		const binary = { audio: await stage.sample(`tone-3s.${format}`) };
		const parameters = { operation: 'lipSync', audioSource: 'binary', audioPropertyName: 'audio' };
		const run = await stage.make([{ ...face, binary }], parameters);
		expect(run.error).toBeUndefined();
		const [{ face_choose: [choice] = [] } = {}] = sentBodies() as Array<{ face_choose: IDataObject[] }>;
		expect(choice).toMatchObject({ sound_file: file(`tone-3s.${format}`), sound_start_time: 0, sound_insert_time: 0 });
		expect(choice!.sound_end_time).toBeGreaterThanOrEqual(2949);
		expect(choice!.sound_end_time).toBeLessThanOrEqual(format === 'aac' ? 3022 : 2950);
	});

	it('audio that Kling made, with every option', async () => {
		const options = { audioStart: 500, audioEnd: 3000, insertAt: 200, audioVolume: 2, originalVolume: 0, watermark: true };
		const parameters = { operation: 'lipSync', audioSource: 'audioId', audioId: '77', options };
		const run = await stage.make([await stage.faceItem('0-5200')], parameters);
		expect(run.error).toBeUndefined();
		expect(sentBodies()).toMatchObject([
			{
				watermark_info: { enabled: true },
				face_choose: [
					{
						audio_id: '77',
						sound_start_time: 500,
						sound_end_time: 3000,
						sound_insert_time: 200,
						sound_volume: 2,
						original_audio_volume: 0,
					},
				],
			},
		]);
	});
});

describe('Wait Until Done', () => {
	it('off: the task comes out as it was created, and nothing is asked', async () => {
		stage.gateway.control({ taskMs: 60_000 });
		const run = await stage.make(imageItems(2), { wait: false });
		expect(jsonOf(run)[0]).toEqual(
			[0, 1].map((index) => ({
				taskId: TASK_ID,
				externalTaskId: EXTERNAL_ID,
				operation: 'imageToVideo',
				status: 'submitted',
				videoUrl: null,
				watermarkUrl: null,
				videoId: null,
				duration: null,
				imageUrl: imageItems(2)[index]!.json.imageUrl,
				unitsDeducted: null,
				...COST,
				balanceDeducted: null,
			})),
		);
		expect(stage.account()).toMatchObject({ creates: 2, queries: 0, running: 2 });
		expect(run.outputs[0]!.map(({ binary }) => binary)).toEqual([undefined, undefined]);
	});

	it('off for an agent, unless it says otherwise', async () => {
		stage.gateway.control({ taskMs: 60_000 });
		const tool = { type: 'n8n-nodes-kling-recognition.klingGenerationTool' };
		const byUrl = { imageUrl: '={{ $json.imageUrl }}' };
		const run = await stage.make([imageItem('a')], byUrl, { node: tool });
		expect(jsonOf(run)[0]).toMatchObject([{ status: 'submitted' }]);
		stage.gateway.endTasks();
		const got = await stage.make(
			[{ json: { id: run.outputs[0]![0]!.json.taskId } }],
			{ operation: 'getTask', taskId: '={{ $json.id }}' },
			{ node: tool },
		);
		expect(jsonOf(got)[0]).toMatchObject([{ status: 'succeeded' }]);
		expect(got.outputs[0]![0]!.binary).toBeUndefined();
		expect(got.hints).toEqual([]);
	});

	it('given by expression as text', async () => {
		stage.gateway.control({ taskMs: 60_000 });
		const run = await stage.make([imageItem('a', { wait: 'false' })], { wait: '={{ $json.wait }}' });
		expect(jsonOf(run)[0]).toMatchObject([{ status: 'submitted' }]);
	});
});

describe('Get Task', () => {
	const of = (json: IDataObject) => [{ json: { taskId: json.taskId, operation: json.operation } }];
	const created = async (operation = 'imageToVideo', parameters: IDataObject = {}) => {
		const run = await stage.make([imageItem('a')], { operation, wait: false, ...parameters });
		return run.outputs[0]![0]!.json;
	};

	it('gets a result by the task id of an item that came before', async () => {
		const json = await created();
		const run = await stage.make(of(json), { operation: 'getTask' });
		expect(jsonOf(run)[0]).toMatchObject([
			{ ...json, imageUrl: null, status: 'succeeded', ...VIDEO, unitsDeducted: 1.5, ...COST },
		]);
		expect(run.outputs[0]![0]!.binary).toHaveProperty('video');
		expect(stage.account()).toMatchObject({ creates: 1 });
	});

	it('waits for tasks under way, which take none of the places of others', async () => {
		stage.gateway.control({ taskMs: 6000 });
		const made = await stage.make(imageItems(3), { operation: 'imageToVideo', wait: false });
		const options = { maxConcurrency: 1, downloadResult: false };
		const run = await stage.make([...made.outputs[0]!], { operation: 'getTask', options });
		expect(jsonOf(run)[0]!.map(({ status }) => status)).toEqual(Array(3).fill('succeeded'));
		const asked = stage.gateway.requests.filter(({ route }) => route === 'query').map(({ path }) => path.split('/').at(-1));
		const [first, , third] = jsonOf(run)[0]!.map(({ taskId }) => String(taskId));
		expect(asked.indexOf(third)).toBeGreaterThan(-1);
		expect(asked.indexOf(third)).toBeLessThan(asked.lastIndexOf(first));
	});

	it('one that is not waited for, and refused for a moment, waits for none of those that are', async () => {
		stage.gateway.control({ taskMs: 6000 });
		const made = await stage.make(imageItems(4), { operation: 'imageToVideo', wait: false });
		const [quick, ...long] = jsonOf(made)[0]!;
		stage.fail({ kind: 'code', status: 429, code: 1303, route: 'query', match: String(quick!.taskId), times: 1 });
		const items = [...long.map((json) => ({ json: { ...json, wait: true } })), { json: { ...quick!, wait: false } }];
		const run = await stage.make(items, { operation: 'getTask', wait: '={{ $json.wait }}', options: { downloadResult: false } });
		expect(run.error).toBeUndefined();
		const asked = stage.gateway.requests.filter(({ route }) => route === 'query').map(({ path }) => path.split('/').at(-1));
		expect(asked.filter((id) => id === quick!.taskId)).toHaveLength(2);
		expect(asked.lastIndexOf(String(quick!.taskId))).toBeLessThan(asked.lastIndexOf(String(long[0]!.taskId)));
	});

	it('without waiting: as it is now', async () => {
		stage.gateway.control({ taskMs: 60_000 });
		const json = await created();
		const run = await stage.make(of(json), { operation: 'getTask', wait: false });
		expect(jsonOf(run)[0]).toMatchObject([{ taskId: json.taskId, status: 'submitted', videoUrl: null }]);
		expect(stage.account()).toMatchObject({ queries: 1 });
	});

	it('takes an external id where the route does; a lip-sync is in no list under its own', async () => {
		const json = await created();
		const external = {
			operation: 'getTask',
			taskId: '={{ $json.id }}',
			taskOperation: 'imageToVideo',
			options: { downloadResult: false },
		};
		const run = await stage.make([{ json: { id: json.externalTaskId } }], external);
		expect(jsonOf(run)[0]).toMatchObject([{ taskId: json.taskId, externalTaskId: json.externalTaskId, status: 'succeeded' }]);

		const audio = { audioSource: 'url', audioUrl: 'https://sounds.kling-samples.test/samples/tone-3s.wav' };
		const made = await stage.make([await stage.faceItem()], { operation: 'lipSync', wait: false, ...audio });
		const lipSync = made.outputs[0]![0]!.json;
		const parameters = { ...external, taskOperation: 'lipSync' };
		const found = await stage.make([{ json: { id: lipSync.externalTaskId } }], parameters, { onError: 'continueRegularOutput' });
		expect(jsonOf(found)[0]).toMatchObject([{ error: `There is no Lip-Sync task with the ID ${lipSync.externalTaskId}` }]);
		const byId = await stage.make([{ json: { id: lipSync.taskId } }], parameters);
		expect(jsonOf(byId)[0]).toMatchObject([{ taskId: lipSync.taskId, operation: 'lipSync', status: 'succeeded' }]);
	});

	it.each([true, false])('one that does not exist is an error that says what to check (waiting: %s)', async (wait) => {
		const run = await stage.make(
			of({ taskId: '99', operation: 'imageToVideo' }),
			{ operation: 'getTask', wait },
			{ onError: 'continueRegularOutput' },
		);
		expect(jsonOf(run)[0]).toMatchObject([
			{
				error: 'There is no Image to Video task with the ID 99',
				details: { description: expect.stringContaining('Check Task ID and Task Operation'), serviceCode: 1201, taskId: '99' },
			},
		]);
	});

	it.each([true, false])('a failed task is an error with its reason (waiting: %s)', async (wait) => {
		stage.gateway.control({ tasks: [{ failure: 'Failure to pass the risk control system' }] });
		const json = await created();
		const { taskId } = json;
		const parameters = { operation: 'getTask', wait, options: { rawResponse: true } };
		const run = await stage.make(of(json), parameters, { onError: 'continueRegularOutput' });
		expect(jsonOf(run)[0]).toMatchObject([
			{
				error: "Kling's content moderation stopped the video",
				details: { description: expect.stringContaining('risk control'), taskId, raw: { data: { task_status: 'failed' } } },
			},
		]);
	});

	it('a left-over operation without tasks is refused', async () => {
		const run = await stage.make([{ json: {} }], { operation: 'getTask', taskId: '1', taskOperation: 'getTask' });
		expect(run.error).toMatchObject({ message: '"getTask" is not an operation with tasks' });
	});
});

describe('what goes along', () => {
	it('input fields and the raw answer, where that is wanted', async () => {
		const options = { includeInputFields: true, rawResponse: true, downloadResult: false };
		const run = await stage.make([imageItem('a', { mine: 1, status: 'old' })], { options });
		expect(jsonOf(run)[0]).toMatchObject([
			{ mine: 1, imageUrl: expect.any(String), status: 'succeeded', raw: { code: 0, data: { task_status: 'succeed' } } },
		]);
		expect(run.hints).toEqual([]);
	});

	it('the result goes into the field that was named, or beside what is there', async () => {
		const binary = { video: await stage.sample('portrait.jpg') };
		const run = await stage.make([{ ...imageItem('a'), binary }], {});
		expect(Object.keys(run.outputs[0]![0]!.binary!)).toEqual(['video_1', 'video']);
		const named = await stage.make([imageItem('b')], { options: { outputPropertyName: 'clip' } });
		expect(Object.keys(named.outputs[0]![0]!.binary!)).toEqual(['clip']);
		expect(named.hints).toEqual([]);
	});

	it.each(['default', 'filesystem'] as const)('a large result arrives whole, in mode %s', async (mode) => {
		await stage.engine.binaryMode(mode);
		stage.gateway.control({ videoBytes: 12_000_000 });
		const run = await stage.make([imageItem('a')]);
		expect(run.outputs[0]![0]!.binary!.video).toMatchObject({ bytes: 12_000_000, mimeType: 'video/mp4' });
	});
});
