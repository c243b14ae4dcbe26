import { BOT_TOKEN } from '../../gateway/fileHosts';
import { namedFault, type Gateway, type Provider } from '../../gateway';
import { sampleBytes, sha256Of } from '../../samples/manifest';
import type { CredentialName } from '../harness/credentials';
import type { Execution } from '../harness/execution';
import { A_VIDEO, sent } from '../harness/paid';
import type { Server } from '../harness/server';
import { CLOSES_MS, OPENS_MS, openStand, type Stand } from '../harness/stand';
import {
	fetchSample,
	generation,
	kling,
	manualStart,
	noOp,
	sampleUrl,
	setJson,
	workflow,
	type Workflow,
} from '../harness/workflows';

const AUDIO = sampleUrl('tone-3s.mp3');
const VIDEO = 'https://videos.kling-samples.test/n/interview.mp4?faces=0-5200,1000-4000';
/** n8n's own way to try a node again. */
const RETRY_ON_FAIL = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1000 };

const images = setJson('Images', [{ imageUrl: sampleUrl('portrait.jpg') }, { imageUrl: sampleUrl('garment.jpg') }]);

/** Two images become videos, each by a task of its own. */
function retried(use: CredentialName): Workflow {
	const make = generation('Make', { prompt: 'A smile' }, RETRY_ON_FAIL);
	return workflow(`retried-${use}`, [manualStart(), images, { ...make, credentials: kling('', {}, use).credentials }]);
}

function unclear(use: CredentialName): Workflow {
	const make = generation('Make', { prompt: 'A smile' }, { onError: 'continueErrorOutput' });
	return workflow(
		`unclear-${use}`,
		[manualStart(), images, { ...make, credentials: kling('', {}, use).credentials }, noOp('Good'), noOp('Bad')],
		[
			['Start', 'Images'],
			['Images', 'Make'],
			['Make', 'Good', 0],
			['Make', 'Bad', 1],
		],
	);
}

/** What a deactivated Kling Recognition lets through: one item that is fit, and what is not. */
const unchecked: Array<[item: Record<string, unknown>, avatar: RegExp | null, tryOn: RegExp | null]> = [
	[{ imageUrl: sampleUrl('portrait.jpg'), hasFace: true, hasHead: true, hasCloth: true }, null, null],
	[
		{ imageUrl: sampleUrl('landscape.jpg'), hasFace: false, hasHead: false, hasCloth: false },
		/shows no face/,
		/shows no clothing/,
	],
	[{ imageUrl: sampleUrl('from-behind.jpg'), hasFace: true, hasHead: false }, /shows no head/, null],
	[{ name: 'no image' }, /The item has no image/, /The item has no image/],
	[
		{ imageUrl: sampleUrl('portrait.jpg'), error: 'The image is too small', details: { attempts: 0 } },
		/failed in a node before this one: The image is too small/,
		/failed in a node before this one: The image is too small/,
	],
];

function deactivated(): Workflow {
	const items = setJson(
		'Items',
		unchecked.map(([item]) => item),
	);
	const gate = kling(
		'Gate',
		{ imageUrl: '={{ $json.imageUrl }}', branchBy: 'requirement', requiredSegments: ['face', 'head'] },
		'klingGlobal',
		{ disabled: true },
	);
	const sorted = { onError: 'continueErrorOutput' };
	return workflow(
		'deactivated',
		[
			manualStart(),
			items,
			gate,
			generation('Avatar', { operation: 'avatar', audioSource: 'url', audioUrl: AUDIO, prompt: 'Calm' }, sorted),
			generation('Try On', { operation: 'virtualTryOn', humanUrl: sampleUrl('two-people.jpg') }, sorted),
			noOp('No Match'),
		],
		[
			['Start', 'Items'],
			['Items', 'Gate'],
			['Gate', 'Avatar', 0],
			['Gate', 'Try On', 0],
			['Gate', 'No Match', 1],
		],
	);
}

/** A second and a half of speech as some services give it: raw samples, 16 bits each. */
const RAW = { bytes: 24_000, rate: 8000 };
const TELEGRAM = `https://api.telegram.org/file/bot${BOT_TOKEN}/photos/portrait.jpg`;

const flows = {
	list: workflow('list', [manualStart(), generation('List', { operation: 'getTasks', limit: 2 })]),
	rawAudio: workflow('rawAudio', [
		manualStart(),
		setJson('Speech', { audio: Buffer.alloc(RAW.bytes).toString('base64') }),
		{
			name: 'File',
			type: 'n8n-nodes-base.convertToFile',
			typeVersion: 1.1,
			parameters: {
				operation: 'toBinary',
				sourceProperty: 'audio',
				options: { fileName: 'speech.pcm', mimeType: `audio/L16;rate=${RAW.rate}` },
			},
		},
		generation('Avatar', { operation: 'avatar', imageSource: 'url', imageUrl: TELEGRAM, audioSource: 'binary', prompt: 'Calm' }),
	]),
	shared: workflow('shared', [
		manualStart(),
		kling(
			'Identify',
			{ operation: 'identifyFace', videoUrl: 'https://drive.google.com/file/d/1aBcDeFgHiJkLmNoPqRsTuVwXyZ012345/view' },
			'klingGlobal',
			{ onError: 'continueRegularOutput' },
		),
	]),
	deactivated: deactivated(),
	lipSync: workflow('lipSync', [
		manualStart(),
		kling('Identify', { operation: 'identifyFace', videoUrl: VIDEO, branchBy: 'lipSyncReady' }),
		generation('Lip-Sync', { operation: 'lipSync', audioSource: 'url', audioUrl: AUDIO }),
	]),
	avatar: workflow('avatar', [
		manualStart(),
		fetchSample('Fetch', 'portrait.png'),
		kling('Recognize', { imageSource: 'binary', branchBy: 'requirement', requiredSegments: ['face', 'head'] }),
		generation('Avatar', { operation: 'avatar', audioSource: 'url', audioUrl: AUDIO, prompt: 'Calm' }),
	]),
	spokenAvatar: workflow('spokenAvatar', [
		manualStart(),
		fetchSample('Fetch', 'portrait.png'),
		generation('Speech', { operation: 'textToSpeech', text: 'Welcome to our shop!' }),
		generation('Avatar', { operation: 'avatar', prompt: 'Calm' }),
	]),
	spokenVideo: workflow('spokenVideo', [
		manualStart(),
		generation('Video', {
			operation: 'textToVideo',
			prompt: 'A presenter in a studio',
			model: { __rl: true, mode: 'list', value: 'kling-3.0-turbo' },
		}),
		kling('Identify', { operation: 'identifyFace', videoSource: 'auto', branchBy: 'lipSyncReady' }),
		generation('Speech', { operation: 'textToSpeech', text: 'Good evening.', options: { includeInputFields: true } }),
		generation('Lip-Sync', { operation: 'lipSync' }),
	]),
	atKling: retried('klingGlobal'),
	atGateway: retried('cometApi'),
	unclearAtKling: unclear('klingGlobal'),
	unclearAtGateway: unclear('cometApi'),
};

let stand: Stand;
let gateway: Gateway;
let server: Server;

beforeAll(async () => {
	stand = await openStand('generation');
	({ gateway, server } = stand);
}, OPENS_MS);

afterAll(async () => await stand?.close(), CLOSES_MS);

beforeEach(() => gateway.reset());

/** Requests to create a task that arrived, and the tasks that were made: each of those is paid for. */
function paid(provider: Provider): { creates: number; tasks: number } {
	const { creates, tasks } = gateway.account(provider);
	return { creates, tasks };
}

const failed = ({ error, status }: Execution) => ({ status, error: error?.message as unknown });
const NOTHING = { status: 'success', error: undefined };

test('from the faces of a video to finished lip-syncs, in three nodes and without an expression', async () => {
	const run = await server.execute(flows.lipSync);
	expect(failed(run)).toEqual(NOTHING);
	expect(run.outputs('Identify').map((items) => items.map(({ json }) => json.duration as number))).toEqual([[5200, 3000], []]);
	const items = run.items('Lip-Sync');
	expect(items).toMatchObject(
		[0, 1].map(() => ({ json: { operation: 'lipSync', status: 'succeeded' }, binary: { video: A_VIDEO } })),
	);
	expect(paid('klingGlobal')).toEqual({ creates: 2, tasks: 2 });
});

test('a file that matched becomes an avatar that plays', async () => {
	const run = await server.execute(flows.avatar);
	expect(failed(run)).toEqual(NOTHING);
	const [avatar] = run.items('Avatar');
	expect(avatar).toMatchObject({ json: { status: 'succeeded' }, binary: { video: { ...A_VIDEO, fileName: 'portrait.mp4' } } });
	expect(Object.keys(avatar!.binary!)).toEqual(['video', 'data']);
	expect(paid('klingGlobal')).toEqual({ creates: 1, tasks: 1 });
});

test('from a text and a picture to an avatar that speaks: two nodes of ours, without an expression', async () => {
	const run = await server.execute(flows.spokenAvatar);
	expect(failed(run)).toEqual(NOTHING);
	const [speech] = run.items('Speech');
	expect(speech!.binary!.audio).toMatchObject({ mimeType: 'audio/mpeg', fileName: 'speech.mp3' });
	expect(run.items('Avatar')).toMatchObject([{ json: { status: 'succeeded' }, binary: { video: A_VIDEO } }]);
	const [body] = sent(gateway, 'create');
	expect(body).toMatchObject({ audio_id: speech!.json.audioId });
	expect(paid('klingGlobal')).toEqual({ creates: 1, tasks: 1 });
});

test('from a text to a video that says something else, with a model of the newer form: four nodes, without an expression', async () => {
	gateway.control({ defaultFaces: [[0, 5000]] });
	const run = await server.execute(flows.spokenVideo);
	expect(failed(run)).toEqual(NOTHING);
	const [video] = run.items('Video');
	expect(video!.binary!.video).toMatchObject(A_VIDEO);
	expect(run.items('Lip-Sync')).toMatchObject([
		{ json: { operation: 'lipSync', status: 'succeeded' }, binary: { video: A_VIDEO } },
	]);
	const [, lipSync] = sent(gateway, 'create');
	expect(lipSync).toMatchObject({ face_choose: [{ audio_id: run.items('Speech')[0]!.json.audioId }] });
	expect(paid('klingGlobal')).toEqual({ creates: 2, tasks: 2 });
});

test('a deactivated Kling Recognition checks nothing: what is not fit is refused behind it, free of charge', async () => {
	const run = await server.execute(flows.deactivated);
	expect(failed(run)).toEqual(NOTHING);
	expect(run.runs('No Match')).toBe(0);
	const refusals = (node: string) => run.outputs(node)[1]!.map(({ json }) => String(json.error));
	const expected = (column: 1 | 2) => unchecked.flatMap((row) => row[column] ?? []).map((why) => expect.stringMatching(why));
	expect(refusals('Avatar')).toEqual(expected(1));
	expect(refusals('Try On')).toEqual(expected(2));
	expect([run.items('Avatar').length, run.items('Try On').length]).toEqual([1, 2]);
	expect(paid('klingGlobal')).toEqual({ creates: 3, tasks: 3 });
	expect(gateway.requests.filter(({ route }) => route === 'recognize')).toEqual([]);
});

test.each([
	['Kling', flows.atKling, 'klingGlobal'],
	['a gateway', flows.atGateway, 'cometApi'],
] as const)("n8n's Retry On Fail, at %s: what was created is taken up again", async (_name, flow, provider) => {
	// The answer that ends a wait at once: the node fails, and n8n runs all of it again.
	gateway.control({ taskMs: 500, faults: [{ kind: 'code', status: 401, code: 1002, route: 'query', times: 1 }] });
	const run = await server.execute(flow);
	expect(failed(run)).toEqual(NOTHING);
	expect(run.items('Make').map(({ json }) => json.status as unknown)).toEqual(['succeeded', 'succeeded']);
	expect(paid(provider)).toEqual({ creates: 2, tasks: 2 });
});

test('a create without a clear answer, at Kling: its task is found, and no second one is made', async () => {
	gateway.control({ taskMs: 500, faults: [namedFault('create-504-after:1')] });
	const run = await server.execute(flows.unclearAtKling);
	expect(failed(run)).toEqual(NOTHING);
	expect(run.items('Good')).toHaveLength(2);
	expect(paid('klingGlobal')).toEqual({ creates: 2, tasks: 2 });
});

test('a create without a clear answer, at a gateway: it is never sent again, and the error says so', async () => {
	gateway.control({ taskMs: 500, faults: [namedFault('create-504-after:1')] });
	const run = await server.execute(flows.unclearAtGateway);
	expect(failed(run)).toEqual(NOTHING);
	expect(run.items('Good')).toHaveLength(1);
	const [bad] = run.items('Bad');
	expect(bad!.json.error).toContain('may have been created');
	expect(bad!.json.details.externalTaskId).toEqual(expect.any(String));
	expect(paid('cometApi')).toEqual({ creates: 2, tasks: 2 });
});

test('what the account made lately, the newest first', async () => {
	gateway.seedTasks('imageToVideo', 3);
	const run = await server.execute(flows.list);
	expect(failed(run)).toEqual(NOTHING);
	const [newest, second, ...more] = run.items('List');
	expect(more).toEqual([]);
	expect(newest!.json).toMatchObject({ operation: 'imageToVideo', status: 'succeeded', taskId: gateway.tasks()[2]!.id });
	expect(newest!.json.createdAt >= second!.json.createdAt).toBe(true);
	expect(paid('klingGlobal').creates).toBe(0);
});

test("raw audio gets a header and is filled up to 2 s, and a picture of Telegram's is fetched here", async () => {
	const run = await server.execute(flows.rawAudio);
	expect(failed(run)).toEqual(NOTHING);
	expect(run.items('Avatar')).toMatchObject([{ json: { status: 'succeeded', imageUrl: null }, binary: { video: A_VIDEO } }]);
	const [body] = sent(gateway, 'create');
	expect(body).toMatchObject({
		image: { sha256: sha256Of(sampleBytes('portrait.jpg')) },
		sound_file: { bytes: 44 + 2 * 2 * RAW.rate },
	});
	expect(JSON.stringify([run.outputs('Avatar'), gateway.requests])).not.toContain(BOT_TOKEN);
});

test('a share link is refused with the link to the file itself, and nothing is sent', async () => {
	const run = await server.execute(flows.shared);
	expect(failed(run)).toEqual(NOTHING);
	const [item] = run.items('Identify');
	expect(item!.json.details.description).toContain(
		'https://drive.google.com/uc?export=download&id=1aBcDeFgHiJkLmNoPqRsTuVwXyZ012345',
	);
	expect(gateway.requests).toEqual([]);
});
