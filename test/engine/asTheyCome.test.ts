import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { AVIF, BOT_TOKEN } from '../gateway';
import { sampleBytes, sha256Of } from '../samples/manifest';
import { useGeneration } from './generationStage';
import { imageOf, imageUrl, jsonOf, urlItem } from './stage';

const stage = useGeneration();

const SECRET = BOT_TOKEN.split(':')[1]!;
const telegram = (file: string, token = BOT_TOKEN) => `https://api.telegram.org/file/bot${token}/photos/${file}`;
const shown = (file: string) => `https://api.telegram.org/file/bot.../photos/${file}`;
const file = (name: string) => ({ sha256: sha256Of(sampleBytes(name)), bytes: sampleBytes(name).length });
const sent = () => stage.creates().map(({ json }) => json);
const fetched = () => stage.gateway.downloads.filter(({ path }) => path.startsWith('/file/bot'));

/** Where the items stand that came in, and what their user typed: the rest of the record is ours. */
const RECORDS_OF_THE_INPUT = ['Source'];

/** n8n's record of a run, and all that was written, without what the user gave. */
function recordOf(run: Awaited<ReturnType<typeof stage.make>>): string {
	const { resultData } = run.run.data;
	const runData = Object.entries(resultData.runData).filter(([name]) => !RECORDS_OF_THE_INPUT.includes(name));
	// An error is looked through with all its fields, also those that JSON leaves out.
	const withErrors = (_key: string, value: unknown) =>
		value instanceof Error
			? { ...Object.fromEntries(Object.getOwnPropertyNames(value).map((name) => [name, (value as never)[name]])) }
			: value;
	const hidden = run.outputs.flat().map((item) => (item as { error?: unknown }).error);
	return JSON.stringify([runData, resultData.error, run.outputs, hidden, run.hints, written], withErrors);
}

/** What was written to the console and the streams while a test ran. */
let written: string[];
const spies: jest.SpyInstance[] = [];
beforeEach(() => {
	written = [];
	for (const stream of [process.stdout, process.stderr]) {
		const write = stream.write.bind(stream) as (...all: unknown[]) => boolean;
		spies.push(
			jest.spyOn(stream, 'write').mockImplementation((...all: unknown[]) => {
				written.push(String(all[0]));
				return write(...all);
			}),
		);
	}
});
afterEach(() => {
	for (const spy of spies.splice(0)) spy.mockRestore();
});

/** @throws where a part of the bot's token stands in what a run left, or in what any provider was sent */
function expectNoToken(run: Awaited<ReturnType<typeof stage.make>>): void {
	const all = `${recordOf(run)} ${JSON.stringify(stage.gateway.requests)}`;
	for (let at = 0; at + 8 <= SECRET.length; at += 1) expect(all).not.toContain(SECRET.slice(at, at + 8));
}

describe('a file of Telegram is fetched here, and its token goes nowhere', () => {
	it('Recognize Image', async () => {
		const run = await stage.recognize([urlItem(telegram('portrait.jpg'))]);
		expect(jsonOf(run)).toMatchObject([[{ imageUrl: null, detected: ['object', 'head', 'face', 'cloth'] }]]);
		expect(fetched()).toHaveLength(1);
		expect(imageOf(stage.gateway.requests[0]!)).toEqual(file('portrait.jpg'));
		expectNoToken(run);
	});

	it('Recognize Image, found in the item, with Download Image First and the whole answer', async () => {
		const items = [{ json: { imageUrl: telegram('portrait.jpg') } }];
		const options = { downloadImageFirst: true, rawResponse: true };
		const run = await stage.recognize(items, { imageSource: 'auto', options });
		expect(jsonOf(run)).toMatchObject([[{ imageUrl: null, hasFace: true }]]);
		expectNoToken(run);
	});

	it('identical ones are fetched, recognized and paid once; what Include Input Fields copies is the user’s', async () => {
		const item = urlItem(telegram('portrait.jpg'), { imageUrl: telegram('portrait.jpg') });
		const run = await stage.recognize([item, item], { options: { includeInputFields: true } });
		expect(jsonOf(run)).toMatchObject([
			[
				{ imageUrl: telegram('portrait.jpg'), reused: false },
				{ imageUrl: telegram('portrait.jpg'), reused: true },
			],
		]);
		expect(fetched()).toHaveLength(1);
		expect(stage.gateway.requests).toHaveLength(1);
	});

	it('a server of one’s own', async () => {
		const url = `${stage.gateway.url}/file/bot${BOT_TOKEN.replace(':', '%3A')}/documents/portrait.png`;
		const run = await stage.recognize([urlItem(url)]);
		expect(jsonOf(run)).toMatchObject([[{ imageUrl: null, hasFace: true }]]);
		expectNoToken(run);
	});

	it('Image to Video, with a last frame', async () => {
		const items = [{ json: { imageUrl: telegram('portrait.jpg') } }];
		const run = await stage.make(items, { mode: 'pro', options: { lastFrameUrl: telegram('portrait.png') } });
		expect(run.error).toBeUndefined();
		expect(sent()).toMatchObject([{ image: file('portrait.jpg'), image_tail: file('portrait.png') }]);
		expect(jsonOf(run)).toMatchObject([[{ status: 'succeeded', imageUrl: null }]]);
		expect(fetched()).toHaveLength(2);
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
		expectNoToken(run);
	});

	it('Talking Avatar: portrait and audio', async () => {
		const items = [{ json: { imageUrl: telegram('portrait.jpg'), audioUrl: telegram('tone-3s.mp3') } }];
		const run = await stage.make(items, { operation: 'avatar' });
		expect(run.error).toBeUndefined();
		expect(sent()).toMatchObject([{ image: file('portrait.jpg'), sound_file: file('tone-3s.mp3') }]);
		expect(fetched()).toHaveLength(2);
		expectNoToken(run);
	});

	it('Lip-Sync: its length is read from what is sent', async () => {
		const face = await stage.faceItem();
		const audio = { audioSource: 'url', audioUrl: telegram('tone-3s.wav') };
		const run = await stage.make([face], { operation: 'lipSync', ...audio });
		expect(run.error).toBeUndefined();
		expect(sent()).toMatchObject([
			{ face_choose: [{ sound_file: file('tone-3s.wav'), sound_start_time: 0, sound_end_time: 2950 }] },
		]);
		expect(fetched()).toHaveLength(1);
		expectNoToken(run);
	});

	it('Virtual Try-On: the clothing that Kling Recognition found none in is refused', async () => {
		const cloth = { imageUrl: telegram('garment.jpg') };
		const parameters = { operation: 'virtualTryOn', humanUrl: telegram('portrait.jpg') };
		const run = await stage.make([{ json: cloth }], parameters);
		expect(run.error).toBeUndefined();
		expect(sent()).toMatchObject([{ human_image: file('portrait.jpg'), cloth_image: file('garment.jpg') }]);
		const refused = await stage.make([{ json: { ...cloth, hasCloth: false } }], parameters);
		expect(refused.error!.message).toBe('The image shows no clothing that could be tried on');
		expect(stage.creates()).toHaveLength(1);
		expectNoToken(refused);
	});

	it('Virtual Try-On 3.0 takes URLs only, and this one is not given to it', async () => {
		const parameters = {
			operation: 'virtualTryOn',
			model: { __rl: true, mode: 'id', value: 'virtual-try-on-3.0' },
			humanUrl: telegram('portrait.jpg'),
			clothSource: 'url',
			clothUrl: imageUrl('c', 'cloth'),
		};
		const run = await stage.make([{ json: {} }], parameters);
		expect(run.error!.message).toContain('this URL carries the token of a Telegram bot');
		expect(run.error!.description).toContain('Kolors Virtual Try-On 1.5');
		expect(fetched()).toEqual([]);
		expectNoToken(run);
	});

	it('many items at once: each fetched once, each made once', async () => {
		const items = Array.from({ length: 12 }, () => ({ json: { imageUrl: telegram('portrait.jpg') } }));
		const run = await stage.make(items, {});
		expect(jsonOf(run)[0]).toHaveLength(12);
		expect(fetched()).toHaveLength(12);
		expect(stage.account()).toMatchObject({ creates: 12, tasks: 12 });
	});

	it('a create that was never begun is sent again with the same file', async () => {
		stage.fail({ kind: 'code', status: 429, code: 1303, route: 'create', times: 1 });
		const run = await stage.make([{ json: { imageUrl: telegram('portrait.jpg') } }], {});
		expect(jsonOf(run)).toMatchObject([[{ status: 'succeeded' }]]);
		expect(sent()).toMatchObject([{ image: file('portrait.jpg') }, { image: file('portrait.jpg') }]);
		expect(fetched()).toHaveLength(1);
	});
});

describe('what goes wrong with it does not tell the token either', () => {
	const nodes: Array<[name: string, (url: string, setup?: IDataObject) => ReturnType<typeof stage.make>]> = [
		['Recognize Image', async (imageUrl, setup) => await stage.recognize([{ json: {} }], { imageUrl }, setup)],
		['Image to Video', async (imageUrl, setup) => await stage.make([{ json: {} }], { imageSource: 'url', imageUrl }, setup)],
	];
	const faults: Array<[name: string, url: string, message: string]> = [
		['not there any more', telegram('gone.jpg'), 'The server of the file answered with HTTP 404'],
		['a token that was revoked', telegram('portrait.jpg', `${BOT_TOKEN}x`), 'The server of the file answered with HTTP 401'],
		['no image', telegram('tone-3s.mp3'), 'The file is no JPEG or PNG image'],
		['another type', telegram('webp-named.jpg'), 'The file is a WebP image, not a JPEG or PNG image'],
		['a space', telegram('a b.jpg'), 'The image URL has a space or a line break in it'],
	];

	describe.each(nodes)('%s', (_name, run) => {
		it.each(faults)('%s', async (_fault, url, message) => {
			for (const onError of ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const) {
				const done = await run(url, { onError });
				const texts = [done.error?.message, ...done.outputs.flat().map(({ json }) => json.error)].filter(Boolean);
				expect(texts).toEqual([expect.stringContaining(message)]);
				expectNoToken(done);
			}
			expect(stage.gateway.requests).toEqual([]);
		});
	});

	it('which file it was, an item that failed says without it', async () => {
		const run = await stage.recognize([urlItem(telegram('gone.jpg'))], {}, { onError: 'continueRegularOutput' });
		expect(jsonOf(run)).toMatchObject([[{ details: { input: { imageUrl: shown('gone.jpg') }, httpStatus: 404, attempts: 0 } }]]);
		expect(run.hints).toMatchObject([{ message: expect.stringContaining('1 of 1 item failed') }]);
	});

	it('a redirect to nowhere', async () => {
		stage.fail({ kind: 'redirect', status: 302, location: telegram('portrait.jpg'), route: 'download' });
		const run = await stage.recognize([urlItem(telegram('portrait.jpg'))]);
		expect(run.error!.message).toBe('The server of the file redirects without end');
		expectNoToken(run);
	});

	it('audio that is too short, and audio that is none', async () => {
		const face = await stage.faceItem();
		const say = async (name: string) =>
			await stage.make([face], { operation: 'lipSync', audioSource: 'url', audioUrl: telegram(name) });
		const short = await say('tone-1s.mp3');
		expect(short.error!.message).toContain('The audio is too short: 1.00 s');
		const none = await say('portrait.jpg');
		expect(none.error!.message).toBe('The file is an image, not audio that Kling reads');
		for (const run of [short, none]) expectNoToken(run);
		expect(stage.creates()).toEqual([]);
	});

	it('the second file of an item cannot be had: nothing is made of the first', async () => {
		const items = [{ json: { imageUrl: telegram('portrait.jpg'), audioUrl: telegram('gone.mp3') } }];
		const run = await stage.make(items, { operation: 'avatar' });
		expect(run.error!.message).toBe('The server of the file answered with HTTP 404');
		expect(stage.creates()).toEqual([]);
	});

	it('with the check switched off the provider decides, and learns no token', async () => {
		const run = await stage.make([{ json: { imageUrl: telegram('small-200.png') } }], { options: { checkInput: false } });
		expect(run.error!.description).toContain('at least 300px');
		expect(sent()).toMatchObject([{ image: file('small-200.png') }]);
		expectNoToken(run);
	});

	it.each([true, false])('Identify Face takes no such URL (check switched on: %s)', async (checkInput) => {
		const run = await stage.identify(
			[urlItem(telegram('one-face.mp4'))],
			{ options: { checkInput } },
			{ onError: 'continueRegularOutput' },
		);
		expect(jsonOf(run)).toMatchObject([
			[
				{
					error: 'The video URL carries the token of a Telegram bot, which the provider would learn',
					details: { input: { videoUrl: shown('one-face.mp4') }, description: expect.stringContaining('Binary File') },
				},
			],
		]);
		expect([...stage.gateway.requests, ...stage.gateway.downloads]).toEqual([]);
		expectNoToken(run);
	});
});

describe('a link to a page is refused before it is sent', () => {
	const LINK = 'https://drive.google.com/file/d/1AbC/view?usp=sharing';
	const DIRECT = 'https://drive.google.com/uc?export=download&id=1AbC';
	const image = { imageSource: 'url', imageUrl: LINK };
	const face: INodeExecutionData = { json: { sessionId: 's', faceId: 'f', startTime: 0, endTime: 5000 } };

	it.each<[string, IDataObject, string]>([
		['Recognize Image', { imageUrl: LINK }, 'image'],
		['Recognize Image, fetched here', { imageUrl: LINK, options: { downloadImageFirst: true } }, 'image'],
		['Identify Face', { operation: 'identifyFace', videoUrl: LINK }, 'video'],
	])('%s', async (_name, parameters, kind) => {
		const run = await stage.recognize([{ json: {} }], parameters);
		expect(run.error!.message).toBe(`The ${kind} URL is a share link of Google Drive: it opens a page, not the file`);
		expect(run.error!.description).toContain(`use ${DIRECT} instead`);
		expect([...stage.gateway.requests, ...stage.gateway.downloads]).toEqual([]);
	});

	it.each<[string, IDataObject, string]>([
		['Image to Video', image, 'image'],
		['Image to Video, the last frame', { imageSource: 'url', imageUrl: imageUrl('a'), options: { lastFrameUrl: LINK } }, 'image'],
		['Talking Avatar', { operation: 'avatar', ...image }, 'image'],
		['Lip-Sync', { operation: 'lipSync', audioSource: 'url', audioUrl: LINK }, 'audio'],
		['Virtual Try-On', { operation: 'virtualTryOn', humanUrl: LINK, clothSource: 'url', clothUrl: imageUrl('c') }, 'image'],
	])('%s', async (_name, parameters, kind) => {
		const run = await stage.make([face], parameters);
		expect(run.error!.message).toContain(`The ${kind} URL is a share link of Google Drive`);
		expect([...stage.gateway.requests, ...stage.gateway.downloads]).toEqual([]);
	});

	it('with the check switched off it is sent as it is', async () => {
		await stage.recognize([{ json: {} }], { imageUrl: LINK, options: { checkInput: false } });
		expect(stage.gateway.requests.map(imageOf)).toEqual([LINK]);
	});

	it('the direct form is sent', async () => {
		await stage.recognize([{ json: {} }], { imageUrl: DIRECT });
		expect(stage.gateway.requests.map(imageOf)).toEqual([DIRECT]);
	});
});

describe('a download says what is wanted, and who asks', () => {
	const options = { downloadImageFirst: true };
	const at = (host: string, name = 'a.jpg') => `https://${host}.kling-samples.test/n/${name}?flags=face`;
	const last = () => stage.gateway.downloads.at(-1)!.headers;

	it('a host that answers 403 to clients without a name of their own', async () => {
		expect(jsonOf(await stage.recognize([urlItem(at('strict'))], { options }))).toMatchObject([[{ hasFace: true }]]);
		expect(last()['user-agent']).toMatch(/^n8n-nodes-kling-recognition \(https:/);
	});

	it('a CDN that would rather send AVIF', async () => {
		expect(jsonOf(await stage.recognize([urlItem(at('cdn'))], { options }))).toMatchObject([[{ hasFace: true }]]);
		expect(last().accept).toMatch(/^image\/jpeg, image\/png;q=0\.9, \*\/\*/);
	});

	it('audio, and a video that was made', async () => {
		const face = await stage.faceItem();
		const audioUrl = 'https://sounds.kling-samples.test/samples/tone-3s.mp3';
		await stage.make([face], { operation: 'lipSync', audioSource: 'url', audioUrl });
		expect(stage.gateway.downloads.map(({ headers }) => headers.accept!.split(',')[0])).toEqual(['audio/mpeg', 'video/mp4']);
	});

	it.each<[string, Buffer, string, string]>([
		['AVIF under the name of a JPEG', AVIF, 'The file is an AVIF image, not a JPEG or PNG image', 'Convert the file first'],
		[
			'a page',
			Buffer.from('<!DOCTYPE html><p>Sign in'),
			'The file is a web page, not a JPEG or PNG image',
			'the URL of the file itself',
		],
	])('%s is told', async (_name, bytes, message, remedy) => {
		stage.fail({ kind: 'answer', status: 200, bodyBase64: bytes.toString('base64'), route: 'download' });
		const run = await stage.recognize([urlItem(imageUrl('a'))], { options });
		expect(run.error!.message).toBe(message);
		expect(run.error!.description).toContain(remedy);
		expect(stage.gateway.requests).toEqual([]);
	});

	it('a page instead of audio, and instead of a result: the result stands', async () => {
		const page = { kind: 'html', status: 200, route: 'download' } as const;
		stage.fail(page);
		const face = await stage.faceItem();
		const audio = { operation: 'lipSync', audioSource: 'url', audioUrl: 'https://sounds.kling-samples.test/samples/tone-3s.mp3' };
		const refused = await stage.make([face], audio);
		expect(refused.error!.message).toBe('The file is a web page, not audio that Kling reads');
		expect(refused.error!.description).toContain('the URL of the file itself');
		const made = await stage.make([{ json: { imageUrl: imageUrl('a') } }], {});
		expect(jsonOf(made)).toMatchObject([
			[{ status: 'succeeded', downloadErrors: { video: 'The server of the file sent a web page instead of the video' } }],
		]);
	});
});
