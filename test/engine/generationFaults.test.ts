import { debugLog } from '../trust/support/debugLog';

import { after } from '../gateway/after';

import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { namedFault } from '../gateway';
import { sampleBytes } from '../samples/manifest';
import { imageItem, imageItems, useGeneration } from './generationStage';
import { imageUrl, jsonOf, originsOf } from './stage';

const stage = useGeneration();

const NO_DOWNLOAD = { options: { downloadResult: false } };
const CONTINUE = { onError: 'continueRegularOutput' as const };
const statuses = (json: IDataObject[]) => json.map(({ status }) => status);
const detailsOf = (json: IDataObject | undefined) => json!.details as IDataObject & { description: string };

describe('asking', () => {
	const harmless = [
		'query-cut',
		'query-silent',
		'query-502',
		'query-429',
		'query-unreadable',
		'query-unknown-state',
		'query-missing',
	];

	it('survives whatever costs nothing but time', async () => {
		stage.fail(...harmless.map((name) => ({ ...namedFault(name), match: `/n/${name}.jpg`, times: 2 })));
		const items = harmless.map((name) => imageItem(name));
		const run = await stage.make(items, { options: { downloadResult: false, timeout: 1, maxConcurrency: 10 } });
		expect(run.error).toBeUndefined();
		expect(statuses(jsonOf(run)[0]!)).toEqual(items.map(() => 'succeeded'));
		expect(stage.account()).toMatchObject({ creates: items.length, tasks: items.length });
	});

	it('ends at once where no question will be answered, and says how the result is fetched', async () => {
		const names = ['query-401', 'query-1103'];
		stage.fail(...names.map((name) => ({ ...namedFault(name), match: `/n/${name}.jpg` })));
		const run = await stage.make(
			names.map((name) => imageItem(name)),
			NO_DOWNLOAD,
			CONTINUE,
		);
		for (const [index, json] of jsonOf(run)[0]!.entries()) {
			const { id } = stage.gateway.tasks()[index]!;
			expect(json).toMatchObject({
				error: expect.any(String),
				details: { attempts: 1, taskId: id, externalTaskId: expect.any(String) },
			});
			expect(detailsOf(json).description).toContain(`Fetch the result later with the operation Get Task: task ID ${id}`);
		}
		expect(stage.account()).toMatchObject({ creates: 2, queries: 2 });
	});

	it('is given up after Max Wait, with the last state that nobody knows', async () => {
		stage.fail('query-unknown-state');
		stage.gateway.control({ taskMs: 60_000 });
		const options = { ...NO_DOWNLOAD.options, maxWait: 0.02 };
		const run = await stage.make([imageItem('a')], { options }, CONTINUE);
		const [json] = jsonOf(run)[0]!;
		expect(json).toMatchObject({ error: 'The video was not done within 0.02 minutes' });
		expect(detailsOf(json).description).toContain('"pausing"');
		expect(detailsOf(json).taskId).toBe(stage.gateway.tasks()[0]!.id);
	});
});

describe('side by side', () => {
	it('three tasks run at once, and are asked for now and then', async () => {
		stage.gateway.control({ taskMs: 7000 });
		const run = await stage.make(imageItems(3));
		expect(statuses(jsonOf(run)[0]!)).toEqual(['succeeded', 'succeeded', 'succeeded']);
		expect(stage.account()).toMatchObject({ peakRunning: 3 });
		expect(stage.account().queries).toBeLessThan(20);
	});

	it('twenty tasks at a limit of five: 1303 waits until one has ended, and none fails', async () => {
		stage.gateway.control({ taskMs: 3000, taskLimit: 5 });
		const options = { ...NO_DOWNLOAD.options, maxConcurrency: 15 };
		const run = await stage.make(imageItems(20), { options });
		expect(run.error).toBeUndefined();
		expect(statuses(jsonOf(run)[0]!)).toEqual(Array(20).fill('succeeded'));
		expect(originsOf(run.outputs[0]!)).toEqual(Array.from({ length: 20 }, (_, index) => index));
		expect(stage.account()).toMatchObject({ tasks: 20, succeeded: 20, peakRunning: 5 });
		expect(stage.account().rejected).toBeGreaterThan(0);
		expect(stage.account().rejected).toBeLessThan(20);
	});

	it.each(['1303', '1302', '429', 'overloaded', 'no-channel'])(
		'%s on a create is no answer that costs: it is sent again',
		async (name) => {
			stage.fail(`create-${name}:2`);
			const provider = /^\d+$/.test(name) ? 'klingGlobal' : 'chainHub';
			const run = await stage.make([imageItem('a')], NO_DOWNLOAD, { credential: stage.credential(provider) });
			expect(run.error).toBeUndefined();
			expect(stage.account(provider)).toMatchObject({ creates: 3, tasks: 1 });
		},
	);

	it.each([
		[1, 1],
		[2, 2],
		[4, 2],
	])('each model has its own places, and Max Concurrent Tasks (%i) bounds all of them', async (maxConcurrency, peakRunning) => {
		stage.gateway.control({ taskMs: 2500, taskLimit: 1 });
		const items = ['kling-v2-6', 'kling-v3', 'kling-v2-6', 'kling-v3'].map((model, index) => imageItem(`m${index}`, { model }));
		const model = { __rl: true, mode: 'id', value: '={{ $json.model }}' };
		const run = await stage.make(items, { model, options: { ...NO_DOWNLOAD.options, maxConcurrency } });
		expect(run.error).toBeUndefined();
		expect(stage.account()).toMatchObject({ tasks: 4, peakRunning });
	});

	it('a create whose host cannot be reached was never sent: nothing is looked up', async () => {
		const credential = { ...stage.credential('custom'), baseUrl: 'http://127.0.0.1:9' };
		const run = await stage.make([imageItem('a')], NO_DOWNLOAD, { ...CONTINUE, credential });
		expect(jsonOf(run)[0]).toMatchObject([
			{ error: 'The provider could not be reached', details: { attempts: 5, retryable: true } },
		]);
		expect(detailsOf(jsonOf(run)[0]![0])).not.toHaveProperty('externalTaskId');
	});
});

describe('refused before anything is sent', () => {
	const base64 = (file: string) => ({ imageSource: 'base64', imageBase64: sampleBytes(file).toString('base64') });
	const audio = 'https://sounds.kling-samples.test/samples/';
	const byUrl = { imageSource: 'url', imageUrl: imageUrl('a') };
	const audioByUrl = { audioSource: 'url', audioUrl: `${audio}tone-3s.mp3` };
	const avatar = { operation: 'avatar', ...byUrl, ...audioByUrl };
	const clothByUrl = { clothSource: 'url', clothUrl: imageUrl('c') };
	const face = { sessionId: '1', faceId: '0', faceStartTime: '0', faceEndTime: '5200', operation: 'lipSync' };
	const spoken = { ...face, audioSource: 'audioId', audioId: '7' };
	const binary = { audioSource: 'binary', audioPropertyName: 'audio' };
	const options = (more: IDataObject) => ({ options: more });
	// n8n itself stops a workflow whose required parameter is empty, but not by expression.
	const EMPTY = "={{ '' }}";
	const RULES: Array<[message: string, parameters: IDataObject, files?: Record<string, string | Buffer>]> = [
		['The image URL is empty', { imageSource: 'url', imageUrl: EMPTY }],
		['The item has no image: neither an image file nor a field imageUrl', {}],
		['The image URL is not a valid http or https URL', { imageSource: 'url', imageUrl: 'ftp://a.test/x.jpg' }],
		['The item has no file in the field "data"', { imageSource: 'binary' }],
		['The image is too small', base64('small-200.png')],
		['wide', base64('wide-3to1.jpg')],
		['The file is a WebP image', base64('webp-named.jpg')],
		['The image is too large: 10.01 MB', { imageSource: 'binary' }, { data: Buffer.alloc(10_485_761) }],
		['Prompt is too long: 2501 characters', { ...byUrl, prompt: 'x'.repeat(2501) }],
		['Negative Prompt is too long', { ...byUrl, ...options({ negativePrompt: 'x'.repeat(2501) }) }],
		['CFG Scale is 2', { ...byUrl, ...options({ cfgScale: 2 }) }],
		['The model kling-v1-6 is no longer offered', { ...byUrl, model: 'kling-v1-6' }],
		['Kling 2.6 makes no videos of 7 seconds', { ...byUrl, duration: 7 }],
		['Kling 2.6 has no 4K mode', { ...byUrl, mode: '4k' }],
		['Kling 2.6 takes a last frame in Professional mode only', { ...byUrl, ...options({ lastFrameUrl: imageUrl('b') }) }],
		['Kling 2.6 makes audio in Professional mode only', { ...byUrl, ...options({ generateAudio: true }) }],
		[
			'Kling 2.6 makes no audio where a last frame is given',
			{ ...byUrl, mode: 'pro', ...options({ generateAudio: true, lastFrameUrl: imageUrl('b') }) },
		],
		['Kling 2.5 Turbo makes no audio', { ...byUrl, model: 'kling-v2-5-turbo', ...options({ generateAudio: true }) }],
		['Model is empty', { ...byUrl, model: EMPTY }],
		['The audio URL is empty', { ...avatar, audioUrl: EMPTY }],
		['The item has no file in the field "audio"', { ...avatar, ...binary }],
		['The item has no audio: neither a field audioId nor an audio file nor a field audioUrl', { ...avatar, audioSource: 'auto' }],
		['Kling Audio ID is empty', { ...avatar, audioSource: 'audioId', audioId: EMPTY }],
		['The audio is too short: 1.00 s', { ...avatar, ...binary }, { audio: 'tone-1s.mp3' }],
		['The audio is too short: 1.0', { ...face, ...binary }, { audio: 'tone-1s.m4a' }],
		['The file is an image', { ...avatar, ...binary }, { audio: 'portrait.jpg' }],
		['The audio is a video', { ...avatar, ...binary }, { audio: 'result.mp4' }],
		['The audio is too large: 5.01 MB', { ...face, ...binary }, { audio: Buffer.alloc(5_242_881) }],
		['The audio is too short: 1.00', { ...face, audioSource: 'url', audioUrl: `${audio}tone-1s.mp3` }],
		['Session ID is empty', { ...spoken, sessionId: EMPTY }],
		['Face ID is empty', { ...spoken, faceId: EMPTY }],
		['The face is on screen for 1999 ms', { ...spoken, faceStartTime: '400', faceEndTime: '2399' }],
		['Audio and face overlap for 1000 ms', { ...spoken, ...options({ audioEnd: 3000, insertAt: 4200 }) }],
		['The piece of the audio that is used lasts 1500 ms', { ...spoken, ...options({ audioStart: 500, audioEnd: 2000 }) }],
		['Audio Volume is 3', { ...spoken, ...options({ audioVolume: 3 }) }],
		['Original Volume is -1', { ...spoken, ...options({ originalVolume: -1 }) }],
		['Insert At is "soon"', { ...spoken, ...options({ insertAt: 'soon' }) }],
		['It is not known where the audio has to end', { ...spoken, faceEndTime: '' }],
		['The image URL is empty', { operation: 'virtualTryOn', humanUrl: EMPTY, ...clothByUrl }],
		['The image is too small', { operation: 'virtualTryOn', humanSource: 'binary', ...clothByUrl }, { human: 'small-200.png' }],
		['Task ID is empty', { operation: 'getTask', taskId: EMPTY, taskOperation: 'avatar' }],
		['Task Operation is empty', { operation: 'getTask', taskId: '1' }],
		['The option Max Wait', { ...byUrl, ...options({ maxWait: -1 }) }],
		['Wait Until Done is neither true nor false', { ...byUrl, wait: 'maybe' }],
	];

	it.each(RULES)('%s', async (message, parameters, files = {}) => {
		const stored: NonNullable<INodeExecutionData['binary']> = {};
		for (const [field, file] of Object.entries(files)) {
			stored[field] = Buffer.isBuffer(file) ? await stage.engine.binary(file, 'file', 'x/y') : await stage.sample(file);
		}
		const run = await stage.makeThrough([{ json: {}, binary: stored }], parameters, CONTINUE);
		expect(run.reached[0]!.map(({ json }) => json)).toMatchObject([
			{ error: expect.stringContaining(message), details: { attempts: 0 } },
		]);
		expect(stage.gateway.requests).toEqual([]);
	});

	it('an avatar without a prompt at CometAPI', async () => {
		const run = await stage.make([{ json: {} }], avatar, { ...CONTINUE, credential: stage.credential('cometApi') });
		expect(jsonOf(run)[0]).toMatchObject([{ error: 'The prompt is empty, and CometAPI makes no avatar without one' }]);
		expect(stage.gateway.requests).toEqual([]);
	});

	it('Check Input off: the provider decides, and nothing is paid', async () => {
		const parameters = { ...avatar, ...binary, ...options({ checkInput: false }) };
		const stored = { audio: await stage.sample('tone-1s.wav') };
		const run = await stage.make([{ json: {}, binary: stored }], parameters, CONTINUE);
		expect(jsonOf(run)[0]).toMatchObject([{ error: 'Kling refused the input', details: { serviceCode: 1201, attempts: 1 } }]);
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 0 });
	});
});

describe('what fails', () => {
	const FAILURES = [
		{ match: 'moderated', ms: 0, failure: 'Failure to pass the risk control system' },
		{ match: 'broken', ms: 0, failure: 'image cannot be decoded' },
	];

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'%s: its own item, in its place; the others succeed',
		async (onError) => {
			stage.gateway.control({ tasks: FAILURES });
			const items = [imageItem('moderated'), imageItem('good'), imageItem('broken'), { json: {} }];
			const run = await stage.makeThrough(items, NO_DOWNLOAD, { onError });
			expect(run.error).toBeUndefined();
			expect(run.reached).toHaveLength(run.outputs.length);
			const [main = [], errors = []] = run.outputs;
			const failed = onError === 'continueErrorOutput' ? errors : main.filter(({ json }) => 'error' in json);
			expect(failed.map(({ json }) => json.error)).toEqual([
				"Kling's content moderation stopped the video",
				'Kling could not make the video',
				'The item has no image: neither an image file nor a field imageUrl',
			]);
			expect(main.filter(({ json }) => json.status === 'succeeded')).toHaveLength(1);
			expect(originsOf(failed)).toEqual([0, 2, 3]);
		},
	);

	it('on error: stop: the error names the tasks of the other items', async () => {
		stage.gateway.control({ tasks: [{ match: 'broken', ms: 0, failure: 'bad' }], taskMs: 60_000 });
		const run = await stage.make([imageItem('a'), imageItem('broken'), imageItem('c')], NO_DOWNLOAD);
		expect(run.error).toMatchObject({ message: 'Kling could not make the video', context: { itemIndex: 1 } });
		for (const { id } of stage.gateway.tasks()) expect(run.error!.description).toContain(id);
		expect(run.error!.description).toContain('Get Task');
	});

	it('a failed download leaves the result standing, and makes no new task', async () => {
		const names = ['download-404', 'download-cut'];
		stage.fail(...names.map((name) => ({ ...namedFault(name), route: 'download' as const })));
		const run = await stage.make([imageItem('a')]);
		expect(jsonOf(run)[0]).toMatchObject([
			{ status: 'succeeded', downloadErrors: { video: expect.stringContaining('HTTP 404') } },
		]);
		expect(run.outputs[0]![0]!.binary).toBeUndefined();
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});

	it('a download that breaks halfway is begun again', async () => {
		stage.fail('download-cut:1');
		const run = await stage.make([imageItem('a')]);
		expect(run.outputs[0]![0]!.binary).toHaveProperty('video');
	});

	it('without a credential every item leaves as its own error', async () => {
		const run = await stage.makeThrough(imageItems(2), {}, { ...CONTINUE, credential: null });
		expect(run.reached[0]!.map(({ json }) => Object.keys(json))).toEqual([
			['error', 'details'],
			['error', 'details'],
		]);
	});
});

it('stop: the asking ends, the task goes on, and its id is in the error and in the log', async () => {
	stage.gateway.control({ taskMs: 3_600_000 });
	const running = stage.engine.start(stage.generation(imageItems(2), NO_DOWNLOAD));
	while (stage.gateway.tasks().length < 2 || stage.account().queries < 2) await after(20);
	const { queries } = stage.account();
	running.cancel();
	const { status, run, error } = await running.done;
	expect(status).toBe('canceled');
	// It waits for no task, and asks no more: the next question would come within seconds.
	expect(stage.account()).toMatchObject({ queries, running: 2 });
	await after(2500);
	expect(stage.account()).toMatchObject({ queries, creates: 2, running: 2 });
	const told = JSON.stringify([run.data.resultData, error?.description ?? '']);
	const log = /: the execution was stopped\..*/.exec(await debugLog())?.[0];
	for (const { id } of stage.gateway.tasks()) {
		expect(told).toContain(id);
		expect(log).toContain(id);
	}
});
