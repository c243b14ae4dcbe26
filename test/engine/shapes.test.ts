import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { sampleBytes } from '../samples/manifest';
import { useGeneration } from './generationStage';
import { imageUrl, jsonOf, videoUrl } from './stage';

const stage = useGeneration();

const IMAGE = imageUrl('a', 'object', 'head', 'face');
const VIDEO = videoUrl('v', '0-5200', '1000-2500');
const VIDEO_ID = '827297867148050499';
const SPOKEN = { audioSource: 'audioId', audioId: '7' };

/** The fields of each result, in their order. */
const IMAGE_FIELDS = [
	...['imageUrl', 'hasObject', 'hasHead', 'hasFace', 'hasCloth', 'detected', 'objectUrl', 'headUrl', 'faceUrl', 'clothUrl'],
	...['requestId', 'unitsDeducted', 'balanceDeducted', 'reused'],
];
const SEGMENT_FIELDS = ['imageUrl', 'segment', 'detected', 'url', 'requestId', 'unitsDeducted', 'balanceDeducted', 'reused'];
const FACE_FIELDS = [
	...['faceId', 'startTime', 'endTime', 'duration', 'lipSyncReady', 'faceImageUrl'],
	...['sessionId', 'faceIndex', 'faceCount', 'videoUrl', 'videoId', 'requestId', 'reused'],
];
const VIDEO_FIELDS = [
	...['videoUrl', 'videoId', 'sessionId', 'faceCount', 'hasFace', 'faces'],
	...['requestId', 'unitsDeducted', 'balanceDeducted', 'reused'],
];
const TASK_FIELDS = ['taskId', 'externalTaskId', 'unitsDeducted', 'balanceDeducted', 'requestId', 'createdAt', 'updatedAt'];
const MADE_FIELDS = ['operation', 'status', 'videoUrl', 'watermarkUrl', 'duration', 'imageUrl', 'videoId', ...TASK_FIELDS];
const SPEECH_FIELDS = ['operation', 'audioUrl', 'audioId', 'duration', 'requestId', 'unitsDeducted', 'balanceDeducted', 'reused'];
const TRY_ON_FIELDS = ['operation', 'status', 'imageUrl', 'watermarkUrl', ...TASK_FIELDS];

interface Shape {
	what: string;
	parameters: IDataObject;
	fields: string[];
}

const RECOGNITION: Shape[] = [
	{ what: 'Recognize Image', parameters: { operation: 'recognizeImage', imageUrl: IMAGE }, fields: IMAGE_FIELDS },
	{
		what: 'One Item per Segment',
		parameters: { operation: 'recognizeImage', imageUrl: IMAGE, output: 'segment' },
		fields: SEGMENT_FIELDS,
	},
	{ what: 'Identify Face', parameters: { operation: 'identifyFace', videoUrl: VIDEO }, fields: FACE_FIELDS },
	{
		what: 'One Item per Video',
		parameters: { operation: 'identifyFace', videoUrl: VIDEO, output: 'video' },
		fields: VIDEO_FIELDS,
	},
	{
		what: 'Identify Face by ID',
		parameters: { operation: 'identifyFace', videoSource: 'id', videoId: VIDEO_ID },
		fields: FACE_FIELDS,
	},
];

const GENERATION: Shape[] = [
	{ what: 'imageToVideo', parameters: { imageSource: 'url', imageUrl: IMAGE }, fields: MADE_FIELDS },
	{ what: 'textToVideo', parameters: { prompt: 'A presenter' }, fields: MADE_FIELDS },
	{
		what: 'lipSync',
		parameters: { sessionId: '={{ $json.session }}', faceId: '0', faceStartTime: '0', faceEndTime: '5200', ...SPOKEN },
		fields: MADE_FIELDS,
	},
	{ what: 'avatar', parameters: { imageSource: 'url', imageUrl: IMAGE, ...SPOKEN }, fields: MADE_FIELDS },
	{ what: 'virtualTryOn', parameters: { humanUrl: IMAGE, clothSource: 'url', clothUrl: IMAGE }, fields: TRY_ON_FIELDS },
];

const session = async (what: string) => (what === 'lipSync' ? { session: (await stage.faceItem()).json.sessionId } : {});

describe('the order of the fields: what was found or made comes first', () => {
	it.each(RECOGNITION)('$what', async ({ parameters, fields }) => {
		const run = await stage.recognize([{ json: { mine: 1 } }], parameters);
		expect(run.error).toBeUndefined();
		for (const json of jsonOf(run)[0]!) expect(Object.keys(json)).toEqual(fields);
	});

	it.each(GENERATION)('$what, done or only created', async ({ what, parameters, fields }) => {
		for (const wait of [true, false]) {
			const item = { json: { mine: 1, ...((await session(what)) as IDataObject) } };
			const run = await stage.make([item], { operation: what, ...parameters, wait });
			expect(run.error).toBeUndefined();
			const [json] = jsonOf(run)[0]!;
			expect(Object.keys(json!)).toEqual(fields);
			expect(json).toMatchObject({ operation: what });
			const task = { json: { taskId: json!.taskId!, operation: what } };
			const got = await stage.make([task], { operation: 'getTask', options: { downloadResult: false } });
			expect(Object.keys(jsonOf(got)[0]![0]!)).toEqual(fields);
		}
	});

	it('textToSpeech', async () => {
		const run = await stage.make([{ json: { mine: 1 } }], { operation: 'textToSpeech', text: 'Hello' });
		expect(run.error).toBeUndefined();
		expect(Object.keys(jsonOf(run)[0]![0]!)).toEqual(SPEECH_FIELDS);
	});

	it('the raw answer and what could not be downloaded stand behind the result', async () => {
		stage.gateway.control({ faults: [{ kind: 'empty', status: 404, route: 'download' }] });
		const options = { rawResponse: true, downloadResults: true };
		const run = await stage.recognize([{ json: {} }], { imageUrl: IMAGE, options });
		expect(Object.keys(jsonOf(run)[0]![0]!)).toEqual([...IMAGE_FIELDS, 'raw', 'downloadErrors']);
	});

	it('an error item has error and details, and nothing else', async () => {
		const run = await stage.make([{ json: { mine: 1 } }], {}, { onError: 'continueRegularOutput' });
		expect(jsonOf(run)[0]!.map((json) => Object.keys(json))).toEqual([['error', 'details']]);
	});
});

describe('Include Input Fields', () => {
	const options = { includeInputFields: true };
	const own = { z: 1, requestId: 'mine', a: { b: 2 }, error: 'of long ago', reused: 'mine', status: 'mine' };

	it.each(RECOGNITION)(
		"$what: its own fields first, then those of the input's that it has not",
		async ({ parameters, fields }) => {
			const run = await stage.recognize([{ json: own }], { ...parameters, options });
			for (const json of jsonOf(run)[0]!) {
				const more = Object.keys(own).filter((name) => name !== 'error' && !fields.includes(name));
				expect(Object.keys(json)).toEqual([...fields, ...more]);
				expect(json).toMatchObject({ z: 1, a: { b: 2 }, status: 'mine' });
				expect(json.requestId).not.toBe('mine');
				expect(json.reused).toBe(false);
			}
		},
	);

	it.each(GENERATION)('$what: the same', async ({ what, parameters, fields }) => {
		const input = { ...own, ...((await session(what)) as IDataObject) };
		const run = await stage.make([{ json: input }], { operation: what, ...parameters, wait: false, options });
		expect(run.error).toBeUndefined();
		const [json] = jsonOf(run)[0]!;
		const more = Object.keys(input).filter((name) => name !== 'error' && !fields.includes(name));
		expect(Object.keys(json!)).toEqual([...fields, ...more]);
		expect(json).toMatchObject({ z: 1, status: 'submitted' });
	});

	it('a source of ours that says nothing keeps the one of the input, at its own place', async () => {
		const data = await stage.engine.binary(sampleBytes('portrait.jpg'), 'portrait.jpg', 'image/jpeg');
		const item = { json: { mine: 1, imageUrl: 'my picture', videoUrl: 'my video' }, binary: { data } };
		const recognized = await stage.recognize([item], { imageSource: 'binary', options });
		expect(jsonOf(recognized)[0]![0]).toMatchObject({ imageUrl: 'my picture', videoUrl: 'my video', hasFace: true });
		const made = await stage.make([item], { options: { ...options, downloadResult: false } });
		expect(jsonOf(made)[0]![0]).toMatchObject({ imageUrl: 'my picture', videoUrl: expect.stringMatching(/^https/) });
		const byId = await stage.recognize([item], { operation: 'identifyFace', videoSource: 'id', videoId: VIDEO_ID, options });
		expect(jsonOf(byId)[0]![0]).toMatchObject({ videoUrl: 'my video', videoId: VIDEO_ID, imageUrl: 'my picture' });
	});

	it('another field of ours that is null is no reason to keep the one of the input', async () => {
		const json = { imageUrl: imageUrl('none'), faceUrl: 'mine', clothUrl: 'mine', taskId: 'mine', videoUrl: 'mine', duration: 9 };
		const recognized = await stage.recognize([{ json }], { imageUrl: '={{ $json.imageUrl }}', options });
		expect(jsonOf(recognized)[0]![0]).toMatchObject({ faceUrl: null, clothUrl: null });
		const made = await stage.make([{ json }], { wait: false, options });
		expect(jsonOf(made)[0]![0]).toMatchObject({ videoUrl: null, duration: null });
		expect(jsonOf(made)[0]![0]!.taskId).not.toBe('mine');
	});

	it("n8n's Retry On Fail does not run the node again for an error of the input", async () => {
		const node = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const json = { imageUrl: IMAGE, error: 'of long ago', row: 1 };
		const recognized = await stage.recognize(
			[{ json }],
			{ imageUrl: IMAGE, options: { ...options, deduplicate: false } },
			{ node },
		);
		expect(recognized.outputs[0]![0]!.json).not.toHaveProperty('error');
		expect(stage.gateway.requests).toHaveLength(1);
		const made = await stage.make([{ json }], { wait: false, options }, { node });
		expect(made.outputs[0]![0]!.json).not.toHaveProperty('error');
		expect(stage.account()).toMatchObject({ creates: 1 });
	});
});

describe('the files of a result', () => {
	const input = async (...fields: string[]): Promise<INodeExecutionData> => ({
		json: { imageUrl: IMAGE },
		binary: Object.fromEntries(
			await Promise.all(fields.map(async (field) => [field, await stage.sample('portrait.jpg', 'image/jpeg')])),
		),
	});
	const filesOf = ({ binary = {} }: INodeExecutionData) =>
		Object.entries(binary).map(([field, { fileName }]) => [field, fileName]);

	it('what was made comes first, and is called after the image that it was made of', async () => {
		const run = await stage.make([await input('photo', 'other')]);
		expect(filesOf(run.outputs[0]![0]!)).toEqual([
			['video', 'portrait.mp4'],
			['photo', 'portrait.jpg'],
			['other', 'portrait.jpg'],
		]);
	});

	it('after the task, where it was made of a URL or of Base64', async () => {
		const parameters = [
			{ imageSource: 'url', imageUrl: IMAGE },
			{ imageSource: 'base64', imageBase64: sampleBytes('portrait.png').toString('base64') },
		];
		for (const one of parameters) {
			const run = await stage.make([{ json: {} }], one);
			const [item] = run.outputs[0]!;
			expect(filesOf(item!)).toEqual([['video', `${String(item!.json.taskId)}.mp4`]]);
		}
	});

	it.each<[taken: string[], options: IDataObject, name: string]>([
		[['video'], {}, 'video_1'],
		[['video', 'video_1'], {}, 'video_2'],
		[['clip'], { outputPropertyName: 'clip' }, 'clip_1'],
		[['video'], { outputPropertyName: 'clip' }, 'clip'],
	])('where %j are taken, with %j it is %s, and none is lost', async (taken, options, name) => {
		const run = await stage.make([await input(...taken)], { options });
		expect(filesOf(run.outputs[0]![0]!)).toEqual([[name, 'portrait.mp4'], ...taken.map((field) => [field, 'portrait.jpg'])]);
	});

	it.each([
		['my.holiday.photo.jpg', 'my.holiday.photo.mp4'],
		['photo', 'photo.mp4'],
		['Größe 1:1 <b>.jpg', 'Größe 1_1 _b_.mp4'],
		['../../etc/passwd', expect.not.stringContaining('/')],
		['.jpg', expect.stringMatching(/^828\d+\.mp4$/)],
	])('of %s it is called %s', async (fileName, expected) => {
		const data = await stage.engine.binary(sampleBytes('portrait.jpg'), fileName, 'image/jpeg');
		const run = await stage.make([{ json: {}, binary: { data } }]);
		expect(run.outputs[0]![0]!.binary!.video!.fileName).toEqual(expected);
	});

	it('a talking avatar after the portrait, a try-on after the person', async () => {
		const binary = {
			human: await stage.sample('portrait.jpg', 'image/jpeg'),
			data: await stage.sample('garment.png', 'image/png'),
		};
		const avatar = await stage.make([{ json: {}, binary: { data: binary.human } }], { operation: 'avatar', ...SPOKEN });
		expect(filesOf(avatar.outputs[0]![0]!)[0]).toEqual(['video', 'portrait.mp4']);
		const tryOn = await stage.make([{ json: {}, binary }], {
			operation: 'virtualTryOn',
			humanSource: 'binary',
			clothSource: 'binary',
		});
		expect(filesOf(tryOn.outputs[0]![0]!)).toEqual([
			['image', 'portrait.png'],
			['human', 'portrait.jpg'],
			['data', 'garment.png'],
		]);
	});

	it('those of Recognize Image stand behind the files of the input', async () => {
		const item = await input('zebra', 'face');
		const run = await stage.recognize([item], {
			imageSource: 'binary',
			binaryPropertyName: 'zebra',
			options: { downloadResults: true },
		});
		expect(Object.keys(run.outputs[0]![0]!.binary!)).toEqual(['zebra', 'face', 'object', 'head', 'face_1', 'cloth']);
	});
});

describe('Watermark', () => {
	const bytesIn = ({ binary }: INodeExecutionData, field: string) =>
		Buffer.from(binary![field]!.data, 'base64').toString('latin1');

	it.each(GENERATION)('$what: the marked file is downloaded, and both are named', async ({ what, parameters }) => {
		const field = what === 'virtualTryOn' ? 'image' : 'video';
		const item = { json: (await session(what)) as IDataObject };
		const run = await stage.make([item], { operation: what, ...parameters, options: { watermark: true } });
		expect(run.error).toBeUndefined();
		const [made] = run.outputs[0]!;
		const ending = field === 'image' ? 'png' : 'mp4';
		expect(made!.json).toMatchObject({
			[`${field}Url`]: expect.stringMatching(new RegExp(`/${field}\\.${ending}$`)),
			watermarkUrl: expect.stringMatching(new RegExp(`/${field}-watermark\\.${ending}$`)),
		});
		expect(stage.gateway.downloads.map(({ path }) => path)).toEqual([expect.stringMatching(/-watermark\./)]);
		if (field === 'video') expect(bytesIn(made!, field)).toContain('video-watermark.mp4');
		expect(stage.creates().map(({ json }) => (json as IDataObject).watermark_info)).toEqual([{ enabled: true }]);
	});

	it.each([
		['false', { watermark: false }, { enabled: false }],
		['not set', {}, undefined],
	])('%s: the clean file, and no other', async (_what, options, sent) => {
		const run = await stage.make([{ json: { imageUrl: IMAGE } }], { options });
		expect(jsonOf(run)[0]).toMatchObject([{ videoUrl: expect.stringMatching(/\/video\.mp4$/), watermarkUrl: null }]);
		expect(stage.gateway.downloads.map(({ path }) => path)).toEqual([expect.stringMatching(/\/video\.mp4$/)]);
		expect(stage.creates().map(({ json }) => (json as IDataObject).watermark_info)).toEqual([sent]);
	});

	it.each([
		['the clean one', {}, false],
		['with the option the marked one', { options: { watermark: true } }, true],
	])('Get Task names both files of a task that was created with it, and downloads %s', async (_name, more, isMarked) => {
		const run = await stage.make([{ json: { imageUrl: IMAGE } }], { wait: false, options: { watermark: true } });
		const [{ taskId, operation }] = jsonOf(run)[0]! as [IDataObject];
		const got = await stage.make([{ json: { taskId, operation } }], { operation: 'getTask', ...more });
		expect(jsonOf(got)[0]).toMatchObject([
			{ videoUrl: expect.stringMatching(/\/video\.mp4$/), watermarkUrl: expect.stringMatching(/\/video-watermark\.mp4$/) },
		]);
		expect(bytesIn(got.outputs[0]![0]!, 'video').includes('video-watermark.mp4')).toBe(isMarked);
	});
});
