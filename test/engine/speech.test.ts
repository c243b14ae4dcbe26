import { sampleBytes } from '../samples/manifest';
import { imageItem, useGeneration } from './generationStage';
import { jsonOf } from './stage';

const stage = useGeneration();

const SPEECH = { operation: 'textToSpeech', text: 'Hello, world' };
const calls = () => stage.gateway.requests.filter(({ route }) => route === 'speech');
const sent = () => calls().map(({ json }) => json);

it('a text becomes a file, a URL, and the id that others take', async () => {
	const run = await stage.make([{ json: {}, binary: { data: await stage.sample('portrait.jpg') } }], SPEECH);
	expect(run.error).toBeUndefined();
	const [item] = run.outputs[0]!;
	expect(item!.json).toEqual({
		operation: 'textToSpeech',
		audioUrl: expect.stringMatching(/^https:.*\/speech\.mp3$/),
		audioId: expect.stringMatching(/^7\d+$/),
		duration: 3,
		requestId: expect.any(String),
		unitsDeducted: 0.05,
		balanceDeducted: 0.05,
		reused: false,
	});
	expect(Object.keys(item!.binary!)).toEqual(['audio', 'data']);
	expect(item!.binary!.audio).toMatchObject({
		fileName: 'speech.mp3',
		mimeType: 'audio/mpeg',
		bytes: sampleBytes('tone-3s.mp3').length,
	});
	expect(item!.pairedItem).toEqual({ item: 0 });
	expect(sent()).toEqual([{ text: 'Hello, world', voice_id: 'chat1_female_new-3', voice_language: 'en' }]);
});

it.each([
	['a Chinese text', { text: '你好' }, { voice_language: 'zh' }],
	['a language', { voiceLanguage: 'zh' }, { voice_language: 'zh' }],
	['a voice of the other language', { voice: { __rl: true, mode: 'list', value: 'tiyuxi_xuedi' } }, { voice_language: 'zh' }],
	['a speed', { options: { speed: 1.2 } }, { voice_speed: 1.2 }],
])('%s', async (_name, parameters, expected) => {
	const run = await stage.make([{ json: {} }], { ...SPEECH, ...parameters });
	expect(run.error).toBeUndefined();
	expect(sent()).toEqual([expect.objectContaining(expected)]);
});

it.each([
	['no text', { text: ' ' }, 'Text is empty'],
	['a long text', { text: 'a'.repeat(1001) }, 'Text is too long: 1001 characters, at most 1000'],
	[
		'a voice that does not speak it',
		{ voice: { __rl: true, mode: 'id', value: 'AOT' }, voiceLanguage: 'zh' },
		'The voice Ace does not speak Chinese',
	],
	['a speed that is none', { options: { speed: 3 } }, 'Speed is 3, it must be a number from 0.8 to 2'],
])('%s is refused before it is sent, and nothing of the others is paid for', async (_name, parameters, message) => {
	const items = [{ json: {} }, { json: {} }];
	const run = await stage.make(items, { ...SPEECH, text: '={{ $itemIndex === 1 ? "x" : "Hello" }}', ...parameters });
	expect(run.error?.message).toBe(message);
	expect(calls()).toEqual([]);
});

it('identical texts are paid for once, and say so', async () => {
	const run = await stage.make([{ json: {} }, { json: {} }, { json: {} }], {
		...SPEECH,
		text: '={{ $itemIndex === 2 ? "other" : "same" }}',
	});
	expect(jsonOf(run)[0]!.map(({ reused, unitsDeducted }) => [reused, unitsDeducted])).toEqual([
		[false, 0.05],
		[true, 0],
		[false, 0.05],
	]);
	expect(calls()).toHaveLength(2);
});

it('is tried again where that can help', async () => {
	stage.fail({ kind: 'code', status: 503, code: 5001, route: 'speech', times: 2 });
	const run = await stage.make([{ json: {} }], SPEECH);
	expect(run.error).toBeUndefined();
	expect(calls()).toHaveLength(3);
});

it('an unknown voice is what the provider says of it', async () => {
	const run = await stage.make(
		[{ json: {} }],
		{ ...SPEECH, voice: { __rl: true, mode: 'id', value: 'one-of-next-month' } },
		{ onError: 'continueRegularOutput' },
	);
	expect(jsonOf(run)[0]).toMatchObject([
		{
			error: expect.any(String),
			details: {
				input: { text: 'Hello, world' },
				serviceCode: 1201,
				attempts: 1,
				description: expect.stringContaining('Voice id not found'),
			},
		},
	]);
});

it('at a gateway without the route the error says so', async () => {
	const credential = stage.credential('deerApi');
	const run = await stage.make([{ json: {} }], SPEECH, { credential, onError: 'continueRegularOutput' });
	expect(jsonOf(run)[0]).toMatchObject([
		{
			error: 'DeerAPI may not have Text to Speech: the provider does not know this route',
			details: { httpStatus: 404, attempts: 1, description: expect.stringContaining('use a credential of Kling itself') },
		},
	]);
});

it('from a text and a picture to a talking avatar: two nodes, no expression', async () => {
	const binary = { data: await stage.sample('portrait.jpg') };
	const spoken = await stage.make([{ json: {}, binary }], SPEECH);
	const made = await stage.make(spoken.outputs[0]!, { operation: 'avatar' });
	expect(made.error).toBeUndefined();
	expect(jsonOf(made)[0]).toMatchObject([{ operation: 'avatar', status: 'succeeded' }]);
	expect(stage.creates().map(({ json }) => json)).toMatchObject([{ audio_id: spoken.outputs[0]![0]!.json.audioId }]);
});

it('from a text to a lip-sync: four nodes, no expression', async () => {
	stage.gateway.control({ defaultFaces: [[0, 5000]] });
	const keep = { options: { includeInputFields: true } };
	const video = await stage.make([{ json: {} }], { operation: 'textToVideo', prompt: 'A presenter' });
	const faces = await stage.identify(video.outputs[0]!, { videoSource: 'auto' }, { credential: stage.credential('klingGlobal') });
	const spoken = await stage.make(faces.outputs[0]!, { ...SPEECH, ...keep });
	const made = await stage.make(spoken.outputs[0]!, { operation: 'lipSync' });
	expect([video, faces, spoken, made].map(({ error }) => error)).toEqual([undefined, undefined, undefined, undefined]);
	expect(jsonOf(made)[0]).toMatchObject([{ operation: 'lipSync', status: 'succeeded' }]);
	expect(stage.creates().at(-1)!.json).toMatchObject({ face_choose: [{ audio_id: spoken.outputs[0]![0]!.json.audioId }] });
});

it('an item that failed before is not spoken', async () => {
	const failed = { json: { error: 'The image shows nothing', details: { attempts: 0 } } };
	const run = await stage.make([failed], SPEECH, { onError: 'continueRegularOutput' });
	expect(jsonOf(run)[0]).toMatchObject([{ error: 'The item failed in a node before this one: The image shows nothing' }]);
	expect(calls()).toEqual([]);
});

it('keeps what the item had, where that is wanted', async () => {
	const run = await stage.make([imageItem('a', { mine: 1 })], { ...SPEECH, options: { includeInputFields: true } });
	expect(jsonOf(run)[0]).toMatchObject([{ mine: 1, imageUrl: imageItem('a').json.imageUrl, audioId: expect.any(String) }]);
});
