import { existsSync, renameSync } from 'node:fs';

import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { IBinaryData, IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { makeMovie, type MovieFacts } from '../samples/movies';
import type { NodeSetup } from './engine';
import { GOOD, LOGIN, SILENT, startN8nServer, WRONG_PATH, type N8nServer } from './n8nServer';
import { jsonOf, useStage, videoUrl } from './stage';

const stage = useStage();
let n8n: N8nServer;
let before: string | undefined;

beforeAll(async () => {
	n8n = await startN8nServer();
	before = process.env.HTTP_PROXY;
	process.env.HTTP_PROXY = n8n.proxyUrl;
});
beforeEach(async () => {
	n8n.requests.length = 0;
	stage.gateway.control({ defaultFaces: [[0, 5200]] });
	await stage.engine.binaryMode('filesystem');
});
afterAll(async () => {
	process.env.HTTP_PROXY = before;
	await n8n.close();
});

const CONTINUE = { onError: 'continueRegularOutput' as const };
const video = async (facts: MovieFacts = {}, name = 'clip.mp4', type = 'video/mp4') =>
	await stage.engine.binary(makeMovie(facts), name, type);
const item = (data: IBinaryData, json: IDataObject = {}): INodeExecutionData => ({ json, binary: { data } });
const identify = async (items: INodeExecutionData[], parameters: IDataObject = {}, setup: Partial<NodeSetup> = {}) =>
	await stage.identify(items, { videoSource: 'binary', ...parameters }, { webhookUrl: GOOD, ...setup });
/** What was sent of each call. */
const bodies = () => stage.gateway.requests.map(({ json }) => json as { video_url: string; video_id?: string });
/** All that must not be seen: what is behind the host of a link. */
const secretsOf = (url: string) => [new URL(url).searchParams.get('token')!.split('.')[2]!, new URL(url).search];

describe('the file becomes a URL', () => {
	it.each([
		['MP4', 'mp4', 'video/mp4', 'isom'],
		['MOV', 'mov', 'video/quicktime', 'qt  '],
	])('%s: the provider gets the file behind it, and the URL is seen nowhere', async (_name, ending, type, brand) => {
		const facts = { brand, isHeaderLast: true, pictures: 300_000 };
		const run = await identify([item(await video(facts, `clip.${ending}`, type))], { options: { rawResponse: true } });
		expect(run.error).toBeUndefined();
		expect(jsonOf(run)).toMatchObject([[{ videoUrl: null, videoId: null, faceCount: 1, reused: false }]]);
		const [{ video_url: url, ...rest }] = bodies() as [{ video_url: string }];
		expect(rest).toEqual({});
		expect(url).toMatch(
			new RegExp(`^http://n8n\\.example\\.com/n8n/rest/binary-data/signed\\?token=[^&]+&name=video\\.${ending}$`),
		);
		expect(n8n.requests).toEqual([expect.stringMatching(/^HEAD http:\/\/n8n\.example\.com\/n8n\/rest\/binary-data\/signed\?/)]);
		expect(await n8n.fetch(url)).toEqual({ status: 200, type, bytes: makeMovie(facts) });
		for (const secret of secretsOf(url)) expect(JSON.stringify(run)).not.toContain(secret);
		expect(run.outputs[0]![0]!.binary).toMatchObject({ data: { fileName: `clip.${ending}` } });
	});

	it('is valid for an hour', async () => {
		await identify([item(await video())]);
		const token = new URL(bodies()[0]!.video_url).searchParams.get('token')!;
		const { iat, exp } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { iat: number; exp: number };
		expect(exp - iat).toBe(3600);
	});

	it.each(['field', 'expression'])('named by %s', async (how) => {
		const data = how === 'field' ? 'mine' : '={{ $binary.mine }}';
		const run = await identify([{ json: {}, binary: { mine: await video() } }], { binaryPropertyName: data });
		expect(jsonOf(run)).toMatchObject([[{ videoUrl: null, faceCount: 1 }]]);
	});

	it("an input's own videoUrl stays with Include Input Fields", async () => {
		const run = await identify([item(await video(), { videoUrl: 'https://a.example/mine.mp4' })], {
			options: { includeInputFields: true },
		});
		expect(jsonOf(run)).toMatchObject([[{ videoUrl: 'https://a.example/mine.mp4', videoId: null }]]);
	});

	it('what was uploaded to a webhook is copied: the link leads to it also when n8n has moved it', async () => {
		const files = Container.get(BinaryDataService);
		const facts = { note: 'uploaded' };
		const data = await files.store({ type: 'execution', workflowId: 'w', executionId: '' }, makeMovie(facts), {
			data: '',
			fileName: 'clip.mp4',
			mimeType: 'video/mp4',
		});
		expect(data.id).toContain('/temp/');
		await identify([item(data)], {}, { executionId: '77' });
		const path = files.getPath(data.id!);
		expect(existsSync(path)).toBe(true);
		renameSync(path, `${path}.moved`);
		expect(await n8n.fetch(bodies()[0]!.video_url)).toMatchObject({ status: 200, bytes: makeMovie(facts) });
	});
});

describe('From Item', () => {
	const MINE = videoUrl('mine', '0-5200');
	it.each<[string, IDataObject, boolean, object, object]>([
		['its videoId first', { videoId: '827297867148050499', videoUrl: MINE }, true, { video_id: '827297867148050499' }, {}],
		['or else its file', { videoUrl: MINE }, true, { video_url: expect.stringContaining('signed?token=') }, { videoUrl: null }],
		['or else its videoUrl', { videoUrl: MINE }, false, { video_url: MINE }, { videoUrl: MINE }],
	])('%s', async (_name, json, hasFile, body, result) => {
		const photo = await stage.engine.binary(Buffer.from('x'), 'a.jpg', 'image/jpeg');
		const binary: IBinaryKeyData = { photo };
		if (hasFile) binary.clip = await video();
		const run = await identify([{ json, binary }], { videoSource: 'auto' });
		expect(bodies()).toEqual([body]);
		expect(jsonOf(run)).toMatchObject([[result]]);
	});

	it.each<[string, Partial<NodeSetup>, 'default' | 'filesystem']>([
		['in memory', {}, 'default'],
		['an address that is not public', { webhookUrl: undefined }, 'filesystem'],
		['by n8n execute', { mode: 'cli' }, 'filesystem'],
	])('a file that n8n cannot serve gives way to the videoUrl; alone, it is refused: %s', async (_name, setup, mode) => {
		await stage.engine.binaryMode(mode);
		const binary = { clip: await video() };
		const items = [
			{ json: { videoUrl: MINE }, binary },
			{ json: {}, binary },
		];
		const run = await identify(items, { videoSource: 'auto' }, { ...CONTINUE, ...setup });
		expect(bodies()).toEqual([{ video_url: MINE }]);
		expect(jsonOf(run)).toMatchObject([
			[{ videoUrl: MINE }, { error: expect.any(String), details: { input: { field: 'clip', fileName: 'clip.mp4' } } }],
		]);
	});

	it('none of them: the error says what was looked for, and which files there are', async () => {
		const photo = await stage.engine.binary(Buffer.from('x'), 'a.jpg', 'image/jpeg');
		const run = await identify([{ json: {}, binary: { photo } }], { videoSource: 'auto' });
		expect(run.error).toMatchObject({
			message: 'The item has no video: neither a field videoId nor a video file nor a field videoUrl',
			description: expect.stringContaining('The files of the item: photo (a.jpg).'),
		});
		expect(bodies()).toEqual([]);
	});
});

describe('identical files', () => {
	it('are sent and paid for once, whatever n8n calls them; another one is sent', async () => {
		const [one, same, other] = [await video(), await video({}, 'again.mp4'), await video({ note: 'other' })];
		const run = await identify([item(one), item(same), item(one), item(other)], { output: 'video' });
		const [results] = jsonOf(run);
		expect(bodies()).toHaveLength(2);
		// Which of the three is sent is the one that was read first.
		expect(results!.slice(0, 3).filter(({ reused }) => reused)).toHaveLength(2);
		expect(results![3]).toMatchObject({ reused: false });
		expect(results!.reduce((sum, { unitsDeducted }) => sum + Number(unitsDeducted), 0)).toBeCloseTo(0.1);
	});

	it('with Reuse Results off each is sent', async () => {
		const one = await video();
		await identify([item(one), item(one)], { options: { deduplicate: false } });
		expect(bodies()).toHaveLength(2);
	});
});

describe('refused, and nothing is sent', () => {
	interface Refused {
		message: string;
		remedy: string;
		binaryMode?: 'default';
		setup?: Partial<NodeSetup>;
		facts?: MovieFacts;
		bytes?: Buffer;
	}

	it.each<[string, Refused]>([
		[
			'in memory',
			{ binaryMode: 'default', message: 'n8n holds the file in the item itself', remedy: 'N8N_DEFAULT_BINARY_DATA_MODE' },
		],
		['by n8n execute', { setup: { mode: 'cli' }, message: 'run by "n8n execute"', remedy: 'in the editor' }],
		[
			'an address that is not public',
			{ setup: { webhookUrl: undefined }, message: 'not public: localhost:5678', remedy: 'WEBHOOK_URL' },
		],
		['a wrong path', { setup: { webhookUrl: WRONG_PATH }, message: 'answers with a web page', remedy: 'WEBHOOK_URL' }],
		['a login before it', { setup: { webhookUrl: LOGIN }, message: 'answers with HTTP 302', remedy: 'proxy or login' }],
		['too short', { facts: { seconds: 1.5 }, message: 'The video is too short: 1.50 s', remedy: 'longer' }],
		['too small', { facts: { width: 640, height: 360 }, message: 'The video is too small: 640 x 360 px', remedy: '720p' }],
		['turned', { facts: { width: 3840, height: 2160, isTurned: true }, message: '2160 x 3840 px', remedy: 'smaller' }],
		['WebM', { bytes: Buffer.from('\x1a\x45\xdf\xa3....', 'latin1'), message: 'a WebM or Matroska video', remedy: 'Convert' }],
		['nothing in it', { bytes: Buffer.alloc(0), message: 'The video is empty', remedy: 'previous node' }],
		['too large', { bytes: Buffer.alloc(104_857_601), message: 'too large: 100.01 MB', remedy: 'Shorten' }],
	])('%s', async (_name, { message, remedy, binaryMode, setup = {}, facts = {}, bytes = makeMovie(facts) }) => {
		if (binaryMode) await stage.engine.binaryMode(binaryMode);
		const data = await stage.engine.binary(bytes, 'clip.mp4', 'video/mp4');
		const run = await identify([item(data)], {}, { ...CONTINUE, ...setup });
		expect(jsonOf(run)).toMatchObject([
			[
				{
					error: expect.stringContaining(message),
					details: {
						input: { field: 'data', fileName: 'clip.mp4' },
						description: expect.stringContaining(remedy),
						attempts: 0,
						retryable: false,
					},
				},
			],
		]);
		expect(stage.gateway.requests).toEqual([]);
		expect(JSON.stringify(run)).not.toContain('signed?');
	});

	it('one of several: the others are sent', async () => {
		const items = [item(await video({ note: '1' })), item(await video({ seconds: 70 })), item(await video({ note: '3' }))];
		const [results] = jsonOf(await identify(items, {}, CONTINUE));
		expect(results).toMatchObject([{ faceCount: 1 }, { error: expect.stringContaining('too long: 70.00 s') }, { faceCount: 1 }]);
		expect(bodies()).toHaveLength(2);
	});
});

describe('sent all the same', () => {
	it('an address that does not answer from within', async () => {
		const run = await identify([item(await video())], {}, { webhookUrl: SILENT });
		expect(jsonOf(run)).toMatchObject([[{ faceCount: 1 }]]);
		expect(n8n.requests).toHaveLength(1);
		expect(bodies()[0]!.video_url).toContain(SILENT);
	});

	it.each([
		['an address that is not public', undefined],
		['a wrong path', WRONG_PATH],
	])('with Check Input Before Sending off: %s, and a file that would be refused', async (_name, webhookUrl) => {
		const run = await identify([item(await video({ seconds: 1 }))], { options: { checkInput: false } }, { webhookUrl });
		expect(jsonOf(run)).toMatchObject([[{ faceCount: 1, videoUrl: null }]]);
		expect(n8n.requests).toEqual([]);
	});
});

describe('what the provider says of the URL', () => {
	/** A piece of the token in the middle, which no rule for keys in general would find. */
	const pieceOf = (data: IBinaryData) =>
		Container.get(BinaryDataService).createSignedToken(data, '1 hour').split('.')[1]!.slice(60, 100);

	it.each<[string, number, (said: string) => object]>([
		['an error', 400, (message) => ({ code: 1201, message })],
		['an answer', 200, (message) => ({ code: 0, message, data: { session_id: '1', face_data: [], [message]: message } })],
	])('%s does not repeat it, nor does Include Raw Response', async (_name, status, body) => {
		const data = await video();
		const piece = pieceOf(data);
		stage.gateway.control({ faults: [{ kind: 'answer', status, body: body(`cannot load ?token=${piece}&name=video.mp4`) }] });
		const run = await identify([item(data)], { options: { rawResponse: true }, output: 'video' }, CONTINUE);
		expect(bodies()).toHaveLength(1);
		expect(bodies()[0]!.video_url).toContain(piece);
		expect(JSON.stringify(jsonOf(run))).toMatch(/cannot load \?token= ?\[cut\]/);
		for (const part of [piece, piece.slice(0, 12), piece.slice(-12)]) expect(JSON.stringify(run)).not.toContain(part);
	});

	it('each try has a link of its own, and the file is looked at once', async () => {
		stage.gateway.control({ faults: [{ kind: 'html', status: 503, times: 1 }] });
		const run = await identify([item(await video({ note: 'again' }))]);
		expect(jsonOf(run)).toMatchObject([[{ faceCount: 1 }]]);
		expect(bodies()).toHaveLength(2);
		expect(n8n.requests).toHaveLength(1);
		for (const { video_url: url } of bodies()) expect(await n8n.fetch(url)).toMatchObject({ status: 200 });
	});
});
