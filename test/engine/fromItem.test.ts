import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { sampleBytes, sha256Of } from '../samples/manifest';
import { kling, runRow } from './chain';
import { useGeneration } from './generationStage';
import { imageUrl, jsonOf, urlItem, videoUrl } from './stage';

const stage = useGeneration();

const CONTINUE = { onError: 'continueRegularOutput' as const };
/** What is sent is known when a task is created: nobody need wait for it. */
const QUICK = { wait: false };
const IMAGE = imageUrl('a', 'object', 'head', 'face', 'cloth');
const SPEECH = 'https://sounds.kling-samples.test/samples/tone-3s.mp3';
const AS_FILE = 'application/octet-stream';

const bytesOf = (file: string) => ({ sha256: sha256Of(sampleBytes(file)), bytes: sampleBytes(file).length });

/** A file of an item: its field, the sample, and the type that it is said to be. */
type FileRow = [field: string, sample: string, mimeType: string];

async function itemOf(json: IDataObject, files: FileRow[]): Promise<INodeExecutionData> {
	const binary: NonNullable<INodeExecutionData['binary']> = {};
	for (const [field, sample, mimeType] of files) {
		const bytes = sample === 'notes.txt' ? Buffer.from('only words') : sampleBytes(sample);
		binary[field] = await stage.engine.binary(bytes, sample, mimeType);
	}
	return files.length > 0 ? { json, binary } : { json };
}

/** The bodies of all calls that cost something. */
const bodies = () => stage.gateway.requests.filter(({ method }) => method === 'POST').map(({ json }) => json as IDataObject);

/** An operation that takes an image from its item, and the field that it is sent in. */
interface Taker {
	operation: string;
	parameters: IDataObject;
	field: string;
}

const IMAGE_TAKERS: Taker[] = [
	{ operation: 'recognizeImage', parameters: { imageSource: 'auto' }, field: 'image' },
	{ operation: 'imageToVideo', parameters: {}, field: 'image' },
	{ operation: 'avatar', parameters: { audioSource: 'audioId', audioId: '77' }, field: 'image' },
	{ operation: 'virtualTryOn', parameters: { humanUrl: imageUrl('h', 'object') }, field: 'cloth_image' },
];

async function run({ operation, parameters }: Pick<Taker, 'operation' | 'parameters'>, item: INodeExecutionData) {
	return ['recognizeImage', 'identifyFace'].includes(operation)
		? await stage.recognize([item], { operation, ...parameters }, CONTINUE)
		: await stage.make([item], { operation, ...parameters, ...QUICK }, CONTINUE);
}

type Case = [what: string, json: IDataObject, files: FileRow[], sent: unknown];

const IMAGE_CASES: Case[] = [
	['a file', {}, [['data', 'portrait.jpg', 'image/jpeg']], bytesOf('portrait.jpg')],
	['a URL', { imageUrl: IMAGE }, [], IMAGE],
	['a URL with space around it', { imageUrl: ` ${IMAGE}\n` }, [], IMAGE],
	['both: the file', { imageUrl: IMAGE }, [['data', 'portrait.jpg', 'image/jpeg']], bytesOf('portrait.jpg')],
	[
		'several files: the first in the order of the item',
		{},
		[
			['zebra', 'garment.png', 'image/png'],
			['alpha', 'portrait.jpg', 'image/jpeg'],
		],
		bytesOf('garment.png'),
	],
	[
		'a file that is no image before one that is',
		{ imageUrl: null },
		[
			['data', 'notes.txt', 'text/plain'],
			['speech', 'tone-3s.mp3', 'audio/mpeg'],
			['photo', 'portrait.png', 'image/png'],
		],
		bytesOf('portrait.png'),
	],
	['a file that is said to be anything', {}, [['data', 'portrait.jpg', AS_FILE]], bytesOf('portrait.jpg')],
	[
		'files that are said to be anything, the first of them audio',
		{},
		[
			['one', 'tone-3s.mp3', AS_FILE],
			['two', 'portrait.jpg', AS_FILE],
		],
		bytesOf('portrait.jpg'),
	],
	["a file of a form's field", { imageUrl: '' }, [['Your_photo', 'portrait.jpg', 'image/jpeg']], bytesOf('portrait.jpg')],
	['a URL beside files of which none is an image', { imageUrl: IMAGE }, [['data', 'tone-3s.mp3', 'audio/mpeg']], IMAGE],
];

describe.each(['default', 'filesystem'] as const)('binary mode %s', (mode) => {
	beforeEach(async () => await stage.engine.binaryMode(mode));

	describe.each(IMAGE_TAKERS)('the image of $operation', (taker) => {
		it.each(IMAGE_CASES)('%s', async (_what, json, files, sent) => {
			const done = await run(taker, await itemOf(json, files));
			expect(done.error).toBeUndefined();
			expect(jsonOf(done)[0]![0]).not.toHaveProperty('error');
			expect(bodies().map((body) => body[taker.field])).toEqual([sent]);
			const output = jsonOf(done)[0]![0]!;
			if (taker.operation !== 'virtualTryOn') expect(output.imageUrl).toBe(typeof sent === 'string' ? sent : null);
		});

		it.each<[what: string, json: IDataObject, files: FileRow[], told: string]>([
			['neither', {}, [], 'The item has no files.'],
			['neither, but the field is null', { imageUrl: null }, [], 'The item has no files.'],
			[
				'neither, but another file',
				{},
				[['Speech', 'tone-3s.mp3', 'audio/mpeg']],
				'The files of the item: Speech (tone-3s.mp3).',
			],
		])('%s: refused, and nothing is sent', async (_what, json, files, told) => {
			const done = await run(taker, await itemOf(json, files));
			expect(jsonOf(done)).toMatchObject([
				[
					{
						error: 'The item has no image: neither an image file nor a field imageUrl',
						details: { attempts: 0, description: expect.stringContaining(told) },
					},
				],
			]);
			expect(stage.gateway.requests).toEqual([]);
		});

		it.each<[json: unknown, message: string]>([
			[['https://a.test/1.jpg', 'https://a.test/2.jpg'], 'imageUrl is a list of 2 values, it takes one'],
			[{ url: IMAGE }, 'imageUrl is an object, not a text'],
			['photo.jpg', 'The image URL is not a valid http or https URL'],
		])('the field has %j: refused, and nothing is sent', async (value, message) => {
			const done = await run(taker, { json: { imageUrl: value as string } });
			expect(jsonOf(done)).toMatchObject([[{ error: message, details: { attempts: 0 } }]]);
			expect(stage.gateway.requests).toEqual([]);
		});
	});

	const AUDIO_CASES: Case[] = [
		['an ID', { audioId: '829' }, [], { audio_id: '829' }],
		[
			'an ID beside a file and a URL: the ID',
			{ audioId: '829', audioUrl: SPEECH },
			[['data', 'tone-3s.wav', 'audio/wav']],
			{ audio_id: '829' },
		],
		['a file', {}, [['data', 'tone-3s.wav', 'audio/wav']], { sound_file: bytesOf('tone-3s.wav') }],
		[
			'a file beside a URL: the file',
			{ audioUrl: SPEECH },
			[['data', 'tone-3s.wav', 'audio/wav']],
			{ sound_file: bytesOf('tone-3s.wav') },
		],
		['a URL', { audioUrl: SPEECH }, [], { sound_file: SPEECH }],
		[
			'a file behind pictures',
			{},
			[
				['data', 'portrait.jpg', 'image/jpeg'],
				['Your_speech', 'tone-3s.m4a', 'audio/mp4'],
			],
			{ sound_file: bytesOf('tone-3s.m4a') },
		],
		['a file that is said to be anything', {}, [['speech', 'tone-3s.mp3', AS_FILE]], { sound_file: bytesOf('tone-3s.mp3') }],
		[
			'several files: the first',
			{},
			[
				['z', 'tone-3s.mp3', 'audio/mpeg'],
				['a', 'tone-3s.wav', 'audio/wav'],
			],
			{ sound_file: bytesOf('tone-3s.mp3') },
		],
	];

	describe('the audio of lipSync', () => {
		it.each(AUDIO_CASES)('%s', async (_what, json, files, sent) => {
			const face = await stage.faceItem();
			const item = await itemOf({ ...face.json, ...json }, files);
			const done = await run({ operation: 'lipSync', parameters: {} }, item);
			expect(jsonOf(done)[0]![0]).not.toHaveProperty('error');
			const [{ face_choose: [choice] = [] } = {}] = stage
				.creates()
				.map((create) => create.json as { face_choose: IDataObject[] });
			expect(choice).toMatchObject(sent as IDataObject);
			expect(Object.keys(choice!).filter((name) => /^(audio_id|sound_file)$/.test(name))).toEqual(Object.keys(sent as object));
			expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
		});
	});

	describe('the audio of avatar', () => {
		it.each(AUDIO_CASES)('%s', async (_what, json, files, sent) => {
			const item = await itemOf(json, files);
			const done = await run({ operation: 'avatar', parameters: { imageSource: 'url', imageUrl: IMAGE } }, item);
			expect(jsonOf(done)[0]![0]).not.toHaveProperty('error');
			expect(bodies()).toMatchObject([sent]);
		});
	});

	it('portrait and speech of one item are an avatar, without any parameter', async () => {
		const item = await itemOf({}, [
			['speech', 'tone-3s.mp3', AS_FILE],
			['photo', 'portrait.jpg', AS_FILE],
		]);
		const done = await run({ operation: 'avatar', parameters: {} }, item);
		expect(jsonOf(done)[0]![0]).not.toHaveProperty('error');
		expect(bodies()).toMatchObject([{ image: bytesOf('portrait.jpg'), sound_file: bytesOf('tone-3s.mp3') }]);
	});

	describe('Virtual Try-On, of which both pictures are files of the item', () => {
		const tryOn = { operation: 'virtualTryOn', parameters: { humanSource: 'binary' } };

		it('the person by name, the clothing is the first other image', async () => {
			const item = await itemOf({}, [
				['human', 'portrait.jpg', 'image/jpeg'],
				['Your_shirt', 'garment.png', AS_FILE],
			]);
			const done = await run(tryOn, item);
			expect(jsonOf(done)[0]![0]).not.toHaveProperty('error');
			expect(bodies()).toMatchObject([{ human_image: bytesOf('portrait.jpg'), cloth_image: bytesOf('garment.png') }]);
		});

		it('one image file is the person, and the clothing the URL', async () => {
			const item = await itemOf({ imageUrl: IMAGE }, [['Your_photo', 'portrait.jpg', 'image/jpeg']]);
			const done = await run(tryOn, item);
			expect(jsonOf(done)[0]![0]).not.toHaveProperty('error');
			expect(bodies()).toMatchObject([{ human_image: bytesOf('portrait.jpg'), cloth_image: IMAGE }]);
		});

		it('one image file is never both', async () => {
			const item = await itemOf({}, [['Your_photo', 'portrait.jpg', 'image/jpeg']]);
			const done = await run(tryOn, item);
			expect(jsonOf(done)[0]).toMatchObject([{ error: 'The item has no image: neither an image file nor a field imageUrl' }]);
			expect(stage.gateway.requests).toEqual([]);
		});

		it('two, of which none is called human: which one is the person is not guessed', async () => {
			const item = await itemOf({}, [
				['One', 'portrait.jpg', 'image/jpeg'],
				['Two', 'garment.png', 'image/png'],
			]);
			const done = await run(tryOn, item);
			expect(jsonOf(done)[0]).toMatchObject([
				{
					error: 'The item has no file in the field "human"',
					details: {
						description:
							'The files of the item: One (portrait.jpg), Two (garment.png). Enter the name of one in Person Field Name, or give the file itself by an expression.',
					},
				},
			]);
			expect(stage.gateway.requests).toEqual([]);
		});
	});

	describe('a name that is the default and missing', () => {
		it.each<[what: string, operation: string, parameters: IDataObject, files: FileRow[], sent: IDataObject]>([
			[
				'the image of recognizeImage',
				'recognizeImage',
				{ imageSource: 'binary' },
				[
					['notes', 'notes.txt', 'text/plain'],
					['Your_photo', 'portrait.jpg', AS_FILE],
				],
				{ image: bytesOf('portrait.jpg') },
			],
			[
				'the audio of avatar',
				'avatar',
				{ imageSource: 'url', imageUrl: IMAGE, audioSource: 'binary' },
				[
					['photo', 'portrait.jpg', 'image/jpeg'],
					['Your_speech', 'tone-3s.wav', AS_FILE],
				],
				{ sound_file: bytesOf('tone-3s.wav') },
			],
			[
				'the clothing of virtualTryOn',
				'virtualTryOn',
				{ humanUrl: IMAGE, clothSource: 'binary' },
				[['Your_shirt', 'garment.png', 'image/png']],
				{ cloth_image: bytesOf('garment.png') },
			],
		])('%s: the only file that fits is taken', async (_what, operation, parameters, files, sent) => {
			const done = await run({ operation, parameters }, await itemOf({}, files));
			expect(jsonOf(done)[0]![0]).not.toHaveProperty('error');
			expect(bodies()).toMatchObject([sent]);
		});

		it.each<[what: string, name: string | undefined, files: FileRow[], message: string, told: string]>([
			[
				'two that fit',
				undefined,
				[
					['a', 'portrait.jpg', 'image/jpeg'],
					['b', 'garment.png', 'image/png'],
				],
				'The item has no file in the field "data"',
				'The files of the item: a (portrait.jpg), b (garment.png).',
			],
			[
				'none that fits',
				undefined,
				[['a', 'tone-3s.mp3', 'audio/mpeg']],
				'The item has no file in the field "data"',
				'a (tone-3s.mp3).',
			],
			['no files', undefined, [], 'The item has no file in the field "data"', 'The item has no files.'],
			[
				'another name that someone wrote',
				'photo',
				[['Your_photo', 'portrait.jpg', 'image/jpeg']],
				'The item has no file in the field "photo"',
				'The files of the item: Your_photo (portrait.jpg). Enter the name of one in Input Data Field Name, or give the file itself by an expression.',
			],
		])('%s: refused, with the files that there are', async (_what, name, files, message, told) => {
			const parameters = { imageSource: 'binary', ...(name !== undefined && { binaryPropertyName: name }) };
			for (const operation of ['recognizeImage', 'imageToVideo']) {
				const done = await run({ operation, parameters }, await itemOf({}, files));
				expect(jsonOf(done)[0]).toMatchObject([
					{ error: message, details: { attempts: 0, description: expect.stringContaining(told) } },
				]);
			}
			expect(stage.gateway.requests).toEqual([]);
		});
	});

	it('a file goes from a form through Recognize Image into Image to Video, without any parameter but the source of the first', async () => {
		const item = await itemOf({}, [['Your_photo', 'portrait.jpg', 'image/jpeg']]);
		const row = await runRow(
			stage,
			[item],
			[kling('Recognize', 'klingRecognition', { imageSource: 'binary' }), kling('Make', 'klingGeneration')],
		);
		expect(row.error).toBeUndefined();
		expect(row.json('Recognize')).toMatchObject([{ hasFace: true, imageUrl: null }]);
		expect(row.json('Make')).toMatchObject([{ operation: 'imageToVideo', status: 'succeeded', imageUrl: null }]);
		expect(stage.creates().map(({ json }) => (json as IDataObject).image)).toEqual([bytesOf('portrait.jpg')]);
		const [made] = row.outputs('Make')[0]!;
		expect(Object.keys(made!.binary!)).toEqual(['video', 'Your_photo']);
		expect(made!.binary!.video!.fileName).toBe('portrait.mp4');
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1, units: 1.5 });
	});

	it('with the images of its segments downloaded, it is still the photo that becomes a video', async () => {
		const item = await itemOf({}, [['Your_photo', 'portrait.jpg', 'image/jpeg']]);
		const row = await runRow(
			stage,
			[item],
			[
				kling('Recognize', 'klingRecognition', { imageSource: 'auto', options: { downloadResults: true } }),
				kling('Make', 'klingGeneration'),
			],
		);
		expect(row.error).toBeUndefined();
		expect(Object.keys(row.outputs('Recognize')[0]![0]!.binary!)).toEqual(['Your_photo', 'object', 'head', 'face', 'cloth']);
		expect(stage.creates().map(({ json }) => (json as IDataObject).image)).toEqual([bytesOf('portrait.jpg')]);
	});

	it('Identify Face leads into Lip-Sync, without any parameter but the operations', async () => {
		const video = videoUrl('talk', '0-5200', '1000-4500');
		const item = await itemOf({ videoUrl: video }, [['Your_speech', 'tone-3s.wav', AS_FILE]]);
		const row = await runRow(
			stage,
			[item],
			[
				kling('Identify', 'klingRecognition', { operation: 'identifyFace', videoSource: 'auto' }),
				kling('Lip-Sync', 'klingGeneration', { resource: 'video', operation: 'lipSync' }),
			],
		);
		expect(row.error).toBeUndefined();
		expect(row.json('Identify')).toMatchObject([{ faceId: '0' }, { faceId: '1' }]);
		expect(row.json('Lip-Sync')).toMatchObject([{ status: 'succeeded' }, { status: 'succeeded' }]);
		const sent = stage.creates().map(({ json }) => (json as { face_choose: IDataObject[] }).face_choose[0]!);
		// They go out side by side.
		expect(sent.sort((a, b) => Number(a.face_id) - Number(b.face_id))).toMatchObject([
			{ face_id: '0', sound_file: bytesOf('tone-3s.wav'), sound_start_time: 0, sound_end_time: 2950, sound_insert_time: 0 },
			{ face_id: '1', sound_file: bytesOf('tone-3s.wav'), sound_start_time: 0, sound_end_time: 2950, sound_insert_time: 1000 },
		]);
		expect(stage.gateway.requests.filter(({ route }) => route === 'identify')).toHaveLength(1);
		expect(stage.account()).toMatchObject({ creates: 2, tasks: 2, units: 1 });
	});
});

describe('the video of identifyFace', () => {
	const VIDEO = videoUrl('v', '0-5200');
	const ID = '827297867148050499';
	const identify = { operation: 'identifyFace', parameters: { videoSource: 'auto' } };

	it.each<[what: string, json: IDataObject, sent: IDataObject]>([
		['an ID', { videoId: ID }, { video_id: ID }],
		['a URL', { videoUrl: VIDEO }, { video_url: VIDEO }],
		['both: the ID', { videoId: ID, videoUrl: VIDEO }, { video_id: ID }],
		['an ID that is empty, and a URL', { videoId: '', videoUrl: VIDEO }, { video_url: VIDEO }],
		['an ID that is null, and a URL', { videoId: null, videoUrl: VIDEO }, { video_url: VIDEO }],
	])('%s', async (_what, json, sent) => {
		const done = await run(identify, { json });
		expect(jsonOf(done)[0]).toMatchObject([{ faceCount: 1, videoId: sent.video_id ?? null, videoUrl: sent.video_url ?? null }]);
		expect(bodies()).toEqual([sent]);
	});

	it('neither: refused, and nothing is sent', async () => {
		const done = await run(identify, urlItem(VIDEO));
		expect(jsonOf(done)[0]).toMatchObject([
			{
				error: expect.stringMatching(/^The item has no video: neither a field videoId nor .*a field videoUrl$/),
				details: { attempts: 0 },
			},
		]);
		expect(stage.gateway.requests).toEqual([]);
	});

	it('an item of a video that was made leads into Identify Face', async () => {
		const row = await runRow(
			stage,
			[{ json: { imageUrl: IMAGE } }],
			[
				kling('Make', 'klingGeneration', { options: { downloadResult: false } }),
				kling('Identify', 'klingRecognition', { operation: 'identifyFace', videoSource: 'auto', output: 'video' }),
			],
		);
		const [made] = row.json('Make');
		expect(made!.videoId).toEqual(expect.any(String));
		expect(bodies()[1]).toEqual({ video_id: made!.videoId });
	});
});
