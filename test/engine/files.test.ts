import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import { sampleBytes, sha256Of } from '../samples/manifest';
import { kling, runRow, through } from './chain';
import { useGeneration } from './generationStage';
import { imageUrl, jsonOf } from './stage';

const stage = useGeneration();

const CONTINUE = { onError: 'continueRegularOutput' as const };
/** What is sent is known when a task is created: nobody need wait for it. */
const QUICK = { wait: false };
const IMAGE = imageUrl('a', 'object', 'head', 'face', 'cloth');
const JPG = 'image/jpeg';

const bytesOf = (file: string) => ({ sha256: sha256Of(sampleBytes(file)), bytes: sampleBytes(file).length });
const file = async (sample: string, mimeType: string) => await stage.engine.binary(sampleBytes(sample), sample, mimeType);
/** The bodies of all calls that cost something, but for the one that finds the faces of a video. */
const bodies = () =>
	stage.gateway.requests
		.filter(({ method, path }) => method === 'POST' && !path.endsWith('identify-face'))
		.map(({ json }) => json as IDataObject);

/** A field for a file: the operation, its other parameters, the field, and where the file is in the request. */
interface FileField {
	operation: string;
	parameters: IDataObject;
	name: string;
	label: string;
	sample: string;
	mimeType: string;
	sent(body: IDataObject): unknown;
}

const FIELDS: FileField[] = [
	{
		operation: 'recognizeImage',
		parameters: { imageSource: 'binary' },
		name: 'binaryPropertyName',
		label: 'Input Data Field Name',
		sample: 'portrait.jpg',
		mimeType: JPG,
		sent: ({ image }) => image,
	},
	{
		operation: 'imageToVideo',
		parameters: { imageSource: 'binary' },
		name: 'binaryPropertyName',
		label: 'Input Data Field Name',
		sample: 'portrait.jpg',
		mimeType: JPG,
		sent: ({ image }) => image,
	},
	{
		operation: 'avatar',
		parameters: { imageSource: 'binary', audioSource: 'audioId', audioId: '1' },
		name: 'binaryPropertyName',
		label: 'Input Data Field Name',
		sample: 'portrait.png',
		mimeType: 'image/png',
		sent: ({ image }) => image,
	},
	{
		operation: 'avatar',
		parameters: { imageSource: 'url', imageUrl: IMAGE, audioSource: 'binary' },
		name: 'audioPropertyName',
		label: 'Audio Field Name',
		sample: 'tone-3s.wav',
		mimeType: 'audio/wav',
		sent: ({ sound_file }) => sound_file,
	},
	{
		operation: 'lipSync',
		parameters: { audioSource: 'binary', sessionId: '={{ $json.sessionId }}', faceId: '0' },
		name: 'audioPropertyName',
		label: 'Audio Field Name',
		sample: 'tone-3s.mp3',
		mimeType: 'audio/mpeg',
		sent: ({ face_choose }) => (face_choose as IDataObject[])[0]!.sound_file,
	},
	{
		operation: 'virtualTryOn',
		parameters: { humanSource: 'binary', clothSource: 'url', clothUrl: IMAGE },
		name: 'humanPropertyName',
		label: 'Person Field Name',
		sample: 'portrait.jpg',
		mimeType: JPG,
		sent: ({ human_image }) => human_image,
	},
	{
		operation: 'virtualTryOn',
		parameters: { humanUrl: IMAGE, clothSource: 'binary' },
		name: 'clothPropertyName',
		label: 'Clothing Field Name',
		sample: 'garment.jpg',
		mimeType: JPG,
		sent: ({ cloth_image }) => cloth_image,
	},
];

/** A node of this operation. */
function nodeOf({ operation, parameters, name }: FileField, value: string, more: Partial<INode> = {}) {
	const isRecognition = operation === 'recognizeImage';
	const all = { operation, ...parameters, [name]: value };
	return isRecognition
		? kling('Kling', 'klingRecognition', all, more)
		: kling('Kling', 'klingGeneration', { ...stage.generation([], { operation }).parameters, ...all, ...QUICK }, more);
}

/** The JSON that an operation needs beside the file. */
const jsonFor = async ({ operation }: FileField): Promise<IDataObject> =>
	operation === 'lipSync' ? (await stage.faceItem()).json : {};

/** What was sent in the field of the file. */
const sentFiles = ({ sent }: FileField) => bodies().map(sent);

describe.each(['default', 'filesystem'] as const)('binary mode %s', (mode) => {
	beforeEach(async () => await stage.engine.binaryMode(mode));

	describe.each(FIELDS)('$label of $operation', (field) => {
		const own = async (): Promise<INodeExecutionData> => ({
			json: await jsonFor(field),
			// The other file fits as well: it is the expression that tells which one is meant.
			binary: {
				other: await file(field.mimeType.startsWith('audio') ? 'tone-3s.m4a' : 'two-people.jpg', field.mimeType),
				mine: await file(field.sample, field.mimeType),
			},
		});

		it.each([
			['a name', 'mine'],
			['a name as n8n writes it in its combined mode', '_files.mine'],
			['a file of the item', '={{ $binary.mine }}'],
			['a file of the same item in another node', "={{ $('Source').item.binary.mine }}"],
			['a file of any item in another node', "={{ $('Source').first().binary.mine }}"],
		])('%s', async (_what, value) => {
			const row = await runRow(stage, [await own()], [nodeOf(field, value)]);
			expect(row.error).toBeUndefined();
			expect(sentFiles(field)).toEqual([bytesOf(field.sample)]);
		});

		it('a file that only a node before has: the item itself has lost it', async () => {
			stage.engine.types.add('test.withoutFiles', async function () {
				return [this.getInputData().map(({ json }, item) => ({ json, pairedItem: { item } }))];
			});
			const row = await runRow(
				stage,
				[await own()],
				[{ name: 'Set', type: 'test.withoutFiles' }, nodeOf(field, "={{ $('Source').item.binary.mine }}")],
			);
			expect(row.error).toBeUndefined();
			expect(row.outputs('Set')[0]![0]).not.toHaveProperty('binary');
			expect(sentFiles(field)).toEqual([bytesOf(field.sample)]);
		});

		it('each item its own', async () => {
			const items = [await own(), await own()];
			items[1]!.binary!.mine = await file(field.mimeType.startsWith('audio') ? 'tone-3s.m4a' : 'two-people.png', field.mimeType);
			const row = await runRow(stage, items, [nodeOf(field, "={{ $('Source').item.binary.mine }}")]);
			expect(row.error).toBeUndefined();
			const other = field.mimeType.startsWith('audio') ? 'tone-3s.m4a' : 'two-people.png';
			const bySize = (one: unknown) => (one as { bytes: number }).bytes;
			expect(sentFiles(field).map(bySize).sort()).toEqual([bytesOf(field.sample), bytesOf(other)].map(bySize).sort());
		});

		it.each([
			['all files instead of one', '={{ $binary }}'],
			['the whole item', '={{ $json }}'],
			['another object', '={{ { a: 1 } }}'],
			['true', '={{ true }}'],
			['several names', '={{ ["mine", "other"] }}'],
		])('%s: refused by the name of the field, and nothing is sent', async (_what, value) => {
			const item = await own();
			const row = await runRow(
				stage,
				[{ ...item, json: { ...item.json, more: 1 } }],
				[nodeOf(field, value, CONTINUE), through('Behind')],
			);
			expect(row.json('Kling')).toMatchObject([{ error: expect.stringContaining(field.label), details: { attempts: 0 } }]);
			const { description } = row.json('Kling')[0]!.details as { description: string };
			expect(description).toContain('expression');
			expect(bodies()).toEqual([]);
		});
	});

	it('$binary: the text says how one file is written', async () => {
		const row = await runRow(
			stage,
			[{ json: {}, binary: { Your_photo: await file('portrait.jpg', JPG) } }],
			[nodeOf(FIELDS[1]!, '={{ $binary }}', CONTINUE), through('Behind')],
		);
		expect(row.json('Kling')).toMatchObject([
			{
				error: 'Input Data Field Name is an object, not a file or the name of one',
				details: {
					description:
						'The files of the item: Your_photo (portrait.jpg). Enter the name of one in Input Data Field Name, or give the file itself by an expression, as {{ $binary.Your_photo }}.',
				},
			},
		]);
	});
});

describe("n8n's workflow setting for files in the JSON", () => {
	const settings = { binaryMode: 'combined' as const };
	beforeEach(async () => await stage.engine.binaryMode('filesystem'));
	const photo = async (json: IDataObject = {}): Promise<INodeExecutionData> => ({
		json,
		binary: { Your_photo: await file('portrait.jpg', JPG) },
	});
	const filesIn = ({ json }: INodeExecutionData) => Object.keys((json._files ?? {}) as object);

	it.each<[what: string, parameters: IDataObject]>([
		['From Item', { imageSource: 'auto' }],
		['the only file that fits', { imageSource: 'binary' }],
		['a name', { imageSource: 'binary', binaryPropertyName: 'Your_photo' }],
		['the name as n8n writes it', { imageSource: 'binary', binaryPropertyName: '_files.Your_photo' }],
		['the file itself', { imageSource: 'binary', binaryPropertyName: '={{ $json._files.Your_photo }}' }],
	])('%s: found, sent, and it goes along behind the result', async (what, parameters) => {
		const row = await runRow(
			stage,
			[await photo()],
			[
				kling('Recognize', 'klingRecognition', { ...parameters, options: { downloadResults: true } }),
				// Behind the downloads several files fit, so that a name is needed or the first one is taken.
				kling('Make', 'klingGeneration', what === 'the only file that fits' ? {} : parameters),
			],
			settings,
		);
		expect(row.error).toBeUndefined();
		expect(row.outputs('Source')[0]![0]!.binary).toBeUndefined();
		expect(bodies().map(({ image }) => image)).toEqual([bytesOf('portrait.jpg'), bytesOf('portrait.jpg')]);
		const [recognized] = row.outputs('Recognize')[0]!;
		expect(recognized!.json).toMatchObject({ hasFace: true, imageUrl: null });
		expect(filesIn(recognized!)).toEqual(['Your_photo', 'object', 'head', 'face', 'cloth']);
		const [made] = row.outputs('Make')[0]!;
		expect(made!.json).toMatchObject({ status: 'succeeded', imageUrl: null });
		expect(filesIn(made!)).toEqual(['video', 'Your_photo', 'object', 'head', 'face', 'cloth']);
		expect((made!.json._files as IDataObject).video).toMatchObject({ fileName: 'portrait.mp4', mimeType: 'video/mp4' });
	});

	it('with Include Input Fields: the files once, and the other fields', async () => {
		const options = { includeInputFields: true, downloadResult: true };
		const row = await runRow(stage, [await photo({ mine: 1 })], [kling('Make', 'klingGeneration', { options })], settings);
		const [made] = row.outputs('Make')[0]!;
		expect(made!.json).toMatchObject({ status: 'succeeded', mine: 1 });
		expect(filesIn(made!)).toEqual(['video', 'Your_photo']);
	});

	it.each<[node: 'klingRecognition' | 'klingGeneration', onError: INode['onError']]>([
		['klingRecognition', 'continueRegularOutput'],
		['klingRecognition', 'continueErrorOutput'],
		['klingGeneration', 'continueRegularOutput'],
		['klingGeneration', 'continueErrorOutput'],
	])('an item that failed keeps them, too: %s, %s', async (type, onError) => {
		stage.gateway.control({ faults: [{ kind: 'code', status: 429, code: 1102 }] });
		const parameters = { imageSource: 'auto' };
		const row = await runRow(
			stage,
			[await photo({ mine: 1 })],
			[kling('Kling', type, parameters, { onError }), through('Behind')],
			settings,
		);
		const [failed] = row.outputs('Kling').at(-1)!;
		expect(failed!.json).toMatchObject({
			error: expect.any(String),
			details: { input: { field: 'Your_photo', fileName: 'portrait.jpg' } },
		});
		expect(filesIn(failed!)).toEqual(['Your_photo']);
		expect((failed!.json._files as IDataObject).Your_photo).toMatchObject({
			fileName: 'portrait.jpg',
			id: expect.stringMatching(/^filesystem/),
		});
	});

	it('audio, person and clothing are found as well', async () => {
		const item = {
			json: {},
			binary: {
				speech: await file('tone-3s.wav', 'audio/wav'),
				human: await file('portrait.jpg', JPG),
				shirt: await file('garment.png', 'image/png'),
			},
		};
		const row = await runRow(
			stage,
			[item],
			[
				kling('Try', 'klingGeneration', { resource: 'image', operation: 'virtualTryOn', humanSource: 'binary', ...QUICK }),
				kling('Speak', 'klingGeneration', { resource: 'video', operation: 'avatar', ...QUICK }),
			],
			settings,
		);
		expect(row.error).toBeUndefined();
		expect(bodies()).toMatchObject([
			{ human_image: bytesOf('portrait.jpg'), cloth_image: bytesOf('garment.png') },
			{ image: bytesOf('portrait.jpg'), sound_file: bytesOf('tone-3s.wav') },
		]);
	});
});

describe('what an expression may give', () => {
	const BIG = 827297867148050499;
	it.each<[what: string, operation: string, parameters: IDataObject, message: string]>([
		['an object as prompt', 'imageToVideo', { prompt: '={{ $json }}' }, 'Prompt is an object, not a text'],
		['several values as prompt', 'imageToVideo', { prompt: '={{ ["a", "b"] }}' }, 'Prompt is a list of 2 values, it takes one'],
		['true as prompt', 'avatar', { prompt: '={{ true }}', audioSource: 'audioId', audioId: '1' }, 'Prompt is true, not a text'],
		[
			'an object as negative prompt',
			'imageToVideo',
			{ options: { negativePrompt: '={{ $json }}' } },
			'Negative Prompt is an object, not a text',
		],
		[
			'two URLs',
			'imageToVideo',
			{ imageSource: 'url', imageUrl: '={{ ["https://a.test/1.jpg", "https://a.test/2.jpg"] }}' },
			'Image URL is a list of 2 values, it takes one',
		],
		[
			'an object as URL',
			'recognizeImage',
			{ imageSource: 'url', imageUrl: '={{ $json }}' },
			'Image URL is an object, not a text',
		],
		[
			'two last frames',
			'imageToVideo',
			{ options: { lastFrameUrl: '={{ ["https://a.test/1.jpg", "https://a.test/2.jpg"] }}' } },
			'Last Frame URL is a list of 2 values, it takes one',
		],
		[
			'an ID of a video with too many digits',
			'identifyFace',
			{ videoSource: 'id', videoId: `={{ ${BIG} }}` },
			'Kling Video ID is the number 827297867148050600, which has lost its last digits',
		],
		[
			'an ID of a video of the item with too many digits',
			'identifyFace',
			{ videoSource: 'auto' },
			'videoId is the number 827297867148050600, which has lost its last digits',
		],
		[
			'an ID of a task with too many digits',
			'getTask',
			{ taskId: `={{ ${BIG} }}`, taskOperation: 'avatar' },
			'Task ID is the number 827297867148050600, which has lost its last digits',
		],
		[
			'a session with too many digits',
			'lipSync',
			{ sessionId: `={{ ${BIG} }}`, faceId: '0', audioSource: 'audioId', audioId: '1' },
			'Session ID is the number 827297867148050600, which has lost its last digits',
		],
		[
			'an ID of audio with too many digits',
			'lipSync',
			{ sessionId: '1', faceId: '0', faceEndTime: '5000', audioSource: 'audioId', audioId: `={{ ${BIG} }}` },
			'Kling Audio ID is the number 827297867148050600, which has lost its last digits',
		],
		[
			'an object as face',
			'lipSync',
			{ sessionId: '1', faceId: '={{ $json }}', audioSource: 'audioId', audioId: '1' },
			'Face ID is an object, not a text',
		],
		['an object as model', 'imageToVideo', { model: { __rl: true, mode: 'id', value: '={{ $json }}' } }, 'Model'],
	])('%s: refused by its name, and nothing is sent', async (_what, operation, parameters, message) => {
		const item = { json: { imageUrl: IMAGE, videoId: BIG } };
		const isRecognition = ['recognizeImage', 'identifyFace'].includes(operation);
		const done = isRecognition
			? await stage.recognize([item], { operation, ...parameters }, CONTINUE)
			: await stage.make([item], { operation, ...parameters }, CONTINUE);
		expect(jsonOf(done)[0]).toMatchObject([{ error: expect.stringContaining(message), details: { attempts: 0 } }]);
		expect(JSON.stringify(jsonOf(done))).not.toContain('[object Object]');
		expect(stage.gateway.requests).toEqual([]);
	});

	it('ids keep their digits as text, and small ones as a number', async () => {
		for (const videoId of ['827297867148050499', '={{ 12345 }}']) {
			await stage.recognize([{ json: {} }], { operation: 'identifyFace', videoSource: 'id', videoId });
		}
		expect(stage.gateway.requests.map(({ json }) => json)).toEqual([{ video_id: '827297867148050499' }, { video_id: '12345' }]);
		await stage.make([{ json: { imageUrl: IMAGE } }], { prompt: '={{ 7 }}', ...QUICK });
		expect(bodies()).toMatchObject([{ prompt: '7' }]);
	});

	it('one value in a list is that value', async () => {
		await stage.make([{ json: {} }], { imageSource: 'url', imageUrl: `={{ ['${IMAGE}'] }}`, ...QUICK });
		expect(bodies()).toMatchObject([{ image: IMAGE }]);
	});

	it.each(['recognizeImage', 'imageToVideo'])(
		'%s: what comes out names what was sent, also where the expression gives another each time',
		async (operation) => {
			const parameters = {
				imageSource: 'url',
				imageUrl: "={{ 'https://images.kling-samples.test/n/r' + Math.random() + '.jpg?flags=face' }}",
			};
			const items = [{ json: {} }, { json: {} }];
			const done =
				operation === 'recognizeImage'
					? await stage.recognize(items, { operation, ...parameters })
					: await stage.make(items, { operation, ...parameters, ...QUICK });
			const told = jsonOf(done)[0]!.map(({ imageUrl }) => imageUrl);
			expect(new Set(told).size).toBe(2);
			expect(
				bodies()
					.map(({ image }) => image)
					.sort(),
			).toEqual([...told].sort());
		},
	);

	it('an error names what was sent as well', async () => {
		stage.gateway.control({ faults: [{ kind: 'code', status: 429, code: 1102 }] });
		const imageUrl = "={{ 'https://images.kling-samples.test/n/r' + Math.random() + '.jpg' }}";
		const done = await stage.recognize([{ json: {} }], { imageUrl }, CONTINUE);
		const { input } = jsonOf(done)[0]![0]!.details as { input: IDataObject };
		expect(bodies()).toEqual([{ image: input.imageUrl }]);
	});
});
