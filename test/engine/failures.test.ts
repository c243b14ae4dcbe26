import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import { sampleBytes } from '../samples/manifest';
import { kling, runRow, through } from './chain';
import { useGeneration } from './generationStage';
import { imageUrl, videoUrl } from './stage';

const stage = useGeneration();

const IMAGE = imageUrl('a', 'object', 'head', 'face', 'cloth');
const CLOTH = imageUrl('c', 'cloth');
const SPEECH = 'https://sounds.kling-samples.test/samples/tone-3s.mp3';
const VIDEO = videoUrl('v', '0-5200');
const LONG = `https://images.kling-samples.test/n/${'x'.repeat(400)}.jpg`;
const WAYS = ['continueRegularOutput', 'continueErrorOutput'] as const;
const FACE = { sessionId: '829', faceId: '0', faceStartTime: '0', faceEndTime: '5200', audioSource: 'audioId', audioId: '7' };

/** An operation and where its input comes from; what its item has; and what an error tells of it. */
interface Row {
	operation: string;
	parameters: IDataObject;
	json?: IDataObject;
	files?: Record<string, string>;
	input: IDataObject;
}

const ROWS: Array<[what: string, row: Row]> = [
	['recognizeImage by URL', { operation: 'recognizeImage', parameters: { imageUrl: IMAGE }, input: { imageUrl: IMAGE } }],
	[
		'recognizeImage by a file',
		{
			operation: 'recognizeImage',
			parameters: { imageSource: 'binary' },
			files: { Your_photo: 'portrait.jpg' },
			input: { field: 'Your_photo', fileName: 'portrait.jpg' },
		},
	],
	[
		'recognizeImage by a file that is not there',
		{
			operation: 'recognizeImage',
			parameters: { imageSource: 'binary', binaryPropertyName: 'photo' },
			input: { field: 'photo', fileName: null },
		},
	],
	[
		'recognizeImage by a file field whose name is blank',
		{
			operation: 'recognizeImage',
			parameters: { imageSource: 'binary', binaryPropertyName: '={{ "\t" }}' },
			input: { field: null, fileName: null },
		},
	],
	[
		'recognizeImage by Base64',
		{
			operation: 'recognizeImage',
			parameters: { imageSource: 'base64', imageBase64: sampleBytes('portrait.jpg').toString('base64') },
			input: { imageUrl: null },
		},
	],
	[
		'recognizeImage from the item, a file',
		{
			operation: 'recognizeImage',
			parameters: { imageSource: 'auto' },
			files: { data: 'portrait.jpg' },
			input: { field: 'data', fileName: 'portrait.jpg' },
		},
	],
	[
		'recognizeImage from the item, a URL',
		{ operation: 'recognizeImage', parameters: { imageSource: 'auto' }, json: { imageUrl: IMAGE }, input: { imageUrl: IMAGE } },
	],
	[
		'recognizeImage from an item that has none',
		{ operation: 'recognizeImage', parameters: { imageSource: 'auto' }, input: { imageUrl: null } },
	],
	[
		'a text that is no URL',
		{ operation: 'recognizeImage', parameters: { imageUrl: 'photo.jpg' }, input: { imageUrl: 'photo.jpg' } },
	],
	[
		'an expression that gives an object',
		{ operation: 'recognizeImage', parameters: { imageUrl: '={{ { a: 1 } }}' }, input: { imageUrl: null } },
	],
	[
		'an expression that fails',
		{ operation: 'recognizeImage', parameters: { imageUrl: '={{ $("Nowhere").item.json.x }}' }, input: { imageUrl: null } },
	],
	['a long text', { operation: 'recognizeImage', parameters: { imageUrl: LONG }, input: { imageUrl: LONG.slice(0, 200) } }],
	['identifyFace by URL', { operation: 'identifyFace', parameters: { videoUrl: VIDEO }, input: { videoUrl: VIDEO } }],
	[
		'identifyFace by ID',
		{
			operation: 'identifyFace',
			parameters: { videoSource: 'id', videoId: '827297867148050499' },
			input: { videoId: '827297867148050499' },
		},
	],
	[
		'identifyFace by an ID that is empty',
		{ operation: 'identifyFace', parameters: { videoSource: 'id', videoId: '={{ "" }}' }, input: { videoId: null } },
	],
	[
		'identifyFace from the item, an ID',
		{ operation: 'identifyFace', parameters: { videoSource: 'auto' }, json: { videoId: '827' }, input: { videoId: '827' } },
	],
	[
		'identifyFace from the item, a URL',
		{ operation: 'identifyFace', parameters: { videoSource: 'auto' }, json: { videoUrl: VIDEO }, input: { videoUrl: VIDEO } },
	],
	[
		'imageToVideo by URL',
		{ operation: 'imageToVideo', parameters: { imageSource: 'url', imageUrl: IMAGE }, input: { imageUrl: IMAGE } },
	],
	[
		'imageToVideo from the item, a URL',
		{ operation: 'imageToVideo', parameters: {}, json: { imageUrl: IMAGE }, input: { imageUrl: IMAGE } },
	],
	[
		'imageToVideo from the item, a file',
		{
			operation: 'imageToVideo',
			parameters: {},
			files: { Your_photo: 'portrait.jpg' },
			input: { field: 'Your_photo', fileName: 'portrait.jpg' },
		},
	],
	['imageToVideo from an item that has none', { operation: 'imageToVideo', parameters: {}, input: { imageUrl: null } }],
	[
		'imageToVideo by Base64',
		{
			operation: 'imageToVideo',
			parameters: { imageSource: 'base64', imageBase64: sampleBytes('portrait.jpg').toString('base64') },
			input: { imageUrl: null },
		},
	],
	[
		'avatar, image and audio by URL',
		{
			operation: 'avatar',
			parameters: { imageSource: 'url', imageUrl: IMAGE, audioSource: 'url', audioUrl: SPEECH },
			input: { imageUrl: IMAGE },
		},
	],
	[
		'avatar from the item',
		{
			operation: 'avatar',
			parameters: {},
			files: { photo: 'portrait.jpg', speech: 'tone-3s.wav' },
			input: { field: 'photo', fileName: 'portrait.jpg' },
		},
	],
	['lipSync', { operation: 'lipSync', parameters: FACE, input: { sessionId: '829', faceId: '0' } }],
	[
		'lipSync from the item',
		{
			operation: 'lipSync',
			parameters: { audioSource: 'audioId', audioId: '7' },
			json: { sessionId: '829', faceId: '1', startTime: 0, endTime: 5000 },
			input: { sessionId: '829', faceId: '1' },
		},
	],
	[
		'lipSync without a session',
		{ operation: 'lipSync', parameters: { ...FACE, sessionId: '={{ null }}' }, input: { sessionId: null, faceId: '0' } },
	],
	[
		'virtualTryOn by URL',
		{
			operation: 'virtualTryOn',
			parameters: { humanUrl: IMAGE, clothSource: 'url', clothUrl: CLOTH },
			input: { humanUrl: IMAGE, clothUrl: CLOTH },
		},
	],
	[
		'virtualTryOn by files',
		{
			operation: 'virtualTryOn',
			parameters: { humanSource: 'binary' },
			files: { human: 'portrait.jpg', shirt: 'garment.png' },
			input: { humanField: 'human', humanFileName: 'portrait.jpg', clothField: 'shirt', clothFileName: 'garment.png' },
		},
	],
	[
		'virtualTryOn of one file and a URL',
		{
			operation: 'virtualTryOn',
			parameters: { humanUrl: IMAGE, clothSource: 'binary' },
			files: { data: 'garment.jpg' },
			input: { humanUrl: IMAGE, clothField: 'data', clothFileName: 'garment.jpg' },
		},
	],
	[
		'virtualTryOn of which nothing is there',
		{
			operation: 'virtualTryOn',
			parameters: { humanSource: 'binary' },
			input: { humanField: 'human', humanFileName: null, clothUrl: null },
		},
	],
	[
		'getTask',
		{ operation: 'getTask', parameters: { taskId: '829', taskOperation: 'avatar', wait: false }, input: { taskId: '829' } },
	],
	[
		'getTask from the item',
		{
			operation: 'getTask',
			parameters: { wait: false },
			json: { taskId: '829', operation: 'lipSync' },
			input: { taskId: '829' },
		},
	],
	[
		'getTask without an ID',
		{ operation: 'getTask', parameters: { taskId: '={{ null }}', taskOperation: 'avatar' }, input: { taskId: null } },
	],
	['getTasks', { operation: 'getTasks', parameters: { taskOperation: 'avatar' }, input: { taskOperation: 'avatar' } }],
];

async function itemOf({ json = {}, files = {} }: Row): Promise<INodeExecutionData> {
	const binary: NonNullable<INodeExecutionData['binary']> = {};
	for (const [field, name] of Object.entries(files)) binary[field] = await stage.sample(name);
	return Object.keys(binary).length > 0 ? { json, binary } : { json };
}

function nodeOf({ operation, parameters }: Row, onError: INode['onError'], more: Partial<INode> = {}) {
	if (['recognizeImage', 'identifyFace'].includes(operation)) {
		return kling('Kling', 'klingRecognition', { operation, ...parameters }, { onError, ...more });
	}
	return kling('Kling', 'klingGeneration', stage.generation([], { operation, ...parameters }).parameters, { onError, ...more });
}

const detailsIn = (items: INodeExecutionData[]) => items.map(({ json }) => json.details as IDataObject);

const ORDER = ['input', 'description', 'serviceCode', 'httpStatus', 'requestId', 'attempts', 'retryable'];

describe.each(WAYS)('details.input, %s', (onError) => {
	it.each(ROWS)('%s: of an item that failed', async (_what, row) => {
		stage.gateway.control({ faults: [{ kind: 'code', status: 429, code: 1102, message: 'used up' }] });
		const run = await runRow(stage, [await itemOf(row)], [nodeOf(row, onError), through('Behind')]);
		expect(run.error).toBeUndefined();
		const failed = run.outputs('Kling').at(-1)!;
		expect(failed).toHaveLength(1);
		const [details] = detailsIn(failed);
		expect(details!.input).toStrictEqual(row.input);
		expect(Object.keys(details!).slice(0, ORDER.length)).toEqual(ORDER);
		expect(Object.keys(failed[0]!.json)).toEqual(
			expect.arrayContaining(
				onError === 'continueErrorOutput' ? [...Object.keys(row.json ?? {}), 'error', 'details'] : ['error', 'details'],
			),
		);
	});

	it.each(ROWS)('%s: where the node fails before the first item', async (_what, row) => {
		const run = await runRow(
			stage,
			[await itemOf(row), await itemOf(row)],
			[nodeOf(row, onError, { credentials: undefined }), through('Behind')],
		);
		expect(run.error).toBeUndefined();
		const failed = run.outputs('Kling').at(-1)!;
		expect(detailsIn(failed).map(({ input }) => input)).toStrictEqual([row.input, row.input]);
		expect(failed.map(({ json }) => json.error)).toEqual(Array(2).fill(expect.stringMatching(/credential/i)));
		for (const details of detailsIn(failed)) expect(Object.keys(details)).toEqual(ORDER);
		expect(stage.gateway.requests).toEqual([]);
	});
});

describe('what is told of an input', () => {
	const told = async (json: IDataObject, more: Partial<INode> = {}) => {
		stage.gateway.control({ faults: [{ kind: 'code', status: 429, code: 1102 }] });
		const row = { operation: 'recognizeImage', parameters: { imageUrl: '={{ $json.url }}' }, input: {} };
		const run = await runRow(stage, [{ json }], [nodeOf(row, 'continueRegularOutput', more), through('Behind')]);
		return detailsIn(run.outputs('Kling')[0]!)[0]!.input as IDataObject;
	};

	it('never user and password of a URL', async () => {
		const url = 'https://me:hunter2@images.kling-samples.test/n/a.jpg';
		for (const more of [{}, { credentials: undefined }]) {
			const input = await told({ url }, more);
			expect(input).toEqual({ imageUrl: 'https://images.kling-samples.test/n/a.jpg' });
		}
	});

	it('never the key of the account', async () => {
		const key = String(stage.credential('klingGlobal').apiKey);
		const input = await told({ url: `https://images.kling-samples.test/n/a.jpg?key=${key}` });
		expect(JSON.stringify(input)).not.toContain(key);
	});

	it('200 characters at most, also where it is no URL at all', async () => {
		expect(String((await told({ url: 'word '.repeat(200) })).imageUrl).length).toBeLessThanOrEqual(200);
	});

	it('of each item its own, and of those that come through nothing', async () => {
		stage.gateway.control({ faults: [{ kind: 'code', status: 429, code: 1102, match: '/n/bad' }] });
		const items = ['good1', 'bad1', 'good2', 'bad2'].map((name) => ({ json: { imageUrl: imageUrl(name, 'face') } }));
		const run = await stage.make(items, { options: { downloadResult: false } }, { onError: 'continueRegularOutput' });
		const out = run.outputs[0]!;
		expect(out.map(({ json }) => (json.details as IDataObject | undefined)?.input)).toEqual([
			undefined,
			{ imageUrl: items[1]!.json.imageUrl },
			undefined,
			{ imageUrl: items[3]!.json.imageUrl },
		]);
		expect(out.map(({ json }) => json.status)).toEqual(['succeeded', undefined, 'succeeded', undefined]);
	});

	it('a task that failed has its ids behind the other details, and the answer last', async () => {
		stage.gateway.control({ tasks: [{ failure: 'no' }] });
		const options = { rawResponse: true };
		const run = await stage.make([{ json: { imageUrl: IMAGE } }], { options }, { onError: 'continueRegularOutput' });
		const details = detailsIn(run.outputs[0]!)[0]!;
		const names = Object.keys(details);
		expect(names.slice(0, ORDER.length)).toEqual(ORDER);
		expect(names.slice(ORDER.length, -1).sort()).toEqual(['externalTaskId', 'taskId']);
		expect(names.at(-1)).toBe('raw');
	});
});

describe('the hint about items that failed', () => {
	const RED = { type: 'warning', location: 'outputPane' };
	const refuse = (match: string) => stage.gateway.control({ faults: [{ kind: 'code', status: 429, code: 1102, match }] });
	const MESSAGE = 'The video resource pack of the Kling account is used up or has expired';
	const images = (...names: string[]) =>
		names.map((name) => ({ json: { url: imageUrl(name, 'face'), imageUrl: imageUrl(name, 'face') } }));

	it.each(WAYS)('%s: how many of how many, and the first message in the order of the items', async (onError) => {
		refuse('/n/bad');
		const items = [...images('good', 'bad1'), { json: { url: 'no URL' } }, ...images('good2', 'good3')];
		const run = await stage.recognize(items, {}, { onError });
		expect(run.hints).toEqual([{ message: `2 of 5 items failed: ${MESSAGE}`, ...RED }]);
	});

	it('Kling Generation says so as well', async () => {
		refuse('/n/bad');
		const run = await stage.make(
			images('good', 'bad'),
			{ options: { downloadResult: false } },
			{ onError: 'continueRegularOutput' },
		);
		expect(run.hints).toEqual([{ message: `1 of 2 items failed: ${MESSAGE}`, ...RED }]);
	});

	it('one item alone', async () => {
		refuse('/n/bad');
		const run = await stage.recognize(images('bad'), {}, { onError: 'continueRegularOutput' });
		expect(run.hints).toEqual([{ message: `1 of 1 item failed: ${MESSAGE}`, ...RED }]);
	});

	it.each(WAYS)('%s: also where the node fails before the first item', async (onError) => {
		const run = await stage.recognize(images('a', 'b'), {}, { onError, credential: null });
		expect(run.hints).toEqual([{ message: expect.stringMatching(/^2 of 2 items failed: .*credential/i), ...RED }]);
	});

	it('none where all is good, and none where errors stop the workflow', async () => {
		expect((await stage.recognize(images('a'), {}, { onError: 'continueRegularOutput' })).hints).toEqual([]);
		refuse('/n/bad');
		const stopped = await stage.recognize(images('good', 'bad'));
		expect(stopped.error).toMatchObject({ message: MESSAGE });
		expect(stopped.hints).toEqual([]);
	});

	it('none for an agent, which reads the items', async () => {
		refuse('/n/bad');
		const node = { type: 'n8n-nodes-kling-recognition.klingRecognitionTool' };
		const run = await stage.recognize(
			images('bad'),
			{ imageUrl: '={{ $json.url }}' },
			{ onError: 'continueRegularOutput', node },
		);
		expect(run.hints).toEqual([]);
	});

	const ALWAYS = { node: { alwaysOutputData: true } };
	const always = (name: string) => ({
		message: `Always Output Data is on: where no item goes to ${name}, n8n passes an empty one on there. Turn it off in the node's settings.`,
		...RED,
	});
	it.each<[operation: string, branchBy: string, output: string]>([
		['recognizeImage', 'requirement', 'Match'],
		['recognizeImage', 'segment', 'Object'],
		['identifyFace', 'faceCount', 'One Face'],
		['identifyFace', 'lipSyncReady', 'Ready'],
	])('Always Output Data, %s by %s: n8n puts an empty item on %s', async (operation, branchBy, output) => {
		const items = [{ json: { url: operation === 'identifyFace' ? videoUrl('none') : imageUrl('none') } }];
		const run = await stage.recognize(items, { operation, branchBy, videoUrl: '={{ $json.url }}' }, ALWAYS);
		expect(run.hints).toEqual([always(output)]);
		expect(run.outputs[0]).toEqual([{ json: {}, pairedItem: expect.anything() }]);
	});

	it('Always Output Data without branches says nothing, and beside a failure both are said', async () => {
		expect((await stage.recognize(images('a'), {}, ALWAYS)).hints).toEqual([]);
		refuse('/n/bad');
		const run = await stage.recognize(
			images('bad'),
			{ branchBy: 'requirement' },
			{ ...ALWAYS, onError: 'continueRegularOutput' },
		);
		expect(run.hints).toEqual([{ message: `1 of 1 item failed: ${MESSAGE}`, ...RED }, always('Match')]);
	});
});
