import { randomUUID } from 'node:crypto';
import type { Gateway } from '../../gateway';
import { RETIRED_MODELS } from '../../gateway/tasks/models';
import { tinyPng } from '../../samples/images';
import { sha256Of } from '../../samples/manifest';
import { exampleNames, readExample, scriptExamples } from '../harness/examples';
import { startModel, type ScriptedModel } from '../harness/model';
import type { Server } from '../harness/server';
import { CLOSES_MS, OPENS_MS, openStand, type Stand } from '../harness/stand';
import { manualStart, sampleUrl, setJson, workflow, type Workflow, type WorkflowNode } from '../harness/workflows';

const MULTI = 'https://p2-kling.klingai.com/kcdn/cdn-kcdn112452/kling-qa-test/multi-1.png';
const ANCHOR = 'https://cc.tvbs.com.tw/portal/images/2018/anchor21.jpg';
const MISSING = 'https://example.com/missing.jpg';

let stand: Stand;
let gateway: Gateway;
let server: Server;
let model: ScriptedModel;

beforeAll(async () => {
	const Image_URL = sampleUrl('portrait.jpg');
	model = await startModel([
		{ tool: 'Recognize_Image', arguments: () => ({ Image_URL }) },
		{ tool: 'Make_Video', arguments: () => ({ Image_URL, Prompt: 'She smiles' }) },
		{ tool: 'Get_Result', arguments: (before) => ({ Task_ID: firstOf(before).taskId }) },
		{ tool: 'Speak', arguments: () => ({ Text: 'Here is your video.' }) },
	]);
	const openAi = { id: 'openAi0000000000', name: 'Scripted', type: 'openAiApi', data: { apiKey: 'none', url: model.url } };
	stand = await openStand('examples', [openAi]);
	({ gateway, server } = stand);
	scriptExamples(gateway);
}, OPENS_MS);

afterAll(async () => {
	await stand?.close();
	await model?.close();
}, CLOSES_MS);

/** What paid tasks were asked for, in words that tell them apart. */
const creates = (): unknown[][] =>
	gateway.requests
		.filter(({ route }) => route === 'create')
		.map(({ path, json, status }) => {
			const body = json as Record<string, unknown>;
			return [path, body.cloth_image ?? body.image ?? body.face_choose, status];
		});

/** How many tasks were made; each is paid once. */
const tasksMade = (): number => gateway.account('klingGlobal').tasks;

const run = async (name: string) => {
	gateway.requests.length = 0;
	return await server.execute(readExample(name));
};

function told(bytes: Buffer) {
	return { bytes: bytes.length, sha256: sha256Of(bytes) };
}

/** The first item in what a tool answered. */
const firstOf = (answer: string) => (JSON.parse(answer) as Array<Record<string, unknown>>)[0] ?? {};

const IMAGE_TO_VIDEO = '/v1/videos/image2video';
const AVATAR = '/v1/videos/avatar/image2video';
const TRY_ON = '/v1/images/kolors-virtual-try-on';
const LIP_SYNC = '/v1/videos/advanced-lip-sync';
const A_VIDEO = { mimeType: 'video/mp4', fileExtension: 'mp4' };
const AN_IMAGE = { mimeType: 'image/png', fileExtension: 'png' };
/** What the gateway has behind the URL of an image that was made, as it tells of bytes that it was sent. */
const MADE_IMAGE = told(tinyPng(320, [150, 150, 150]));

const SPEECH = {
	resource: 'audio',
	operation: 'textToSpeech',
	text: "={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('Text', `What is said`, 'string') }}",
	options: {},
};

/** The agent example, asked by hand instead of by chat, and with a tool more. */
function agentByHand(): Workflow {
	const example = readExample('5-agent');
	const video = example.nodes.find(({ name }) => name === 'Make Video')!;
	example.nodes.push({ ...video, id: randomUUID(), name: 'Speak', parameters: SPEECH });
	example.connections.Speak = example.connections['Make Video']!;
	const start = workflow('agentByHand', [
		manualStart(),
		setJson('Question', { sessionId: 'one', chatInput: 'Make a video of this picture.' }),
	]);
	const nodes = example.nodes
		.filter(({ name }) => name !== 'Chat')
		.map((node): WorkflowNode => {
			if (node.name === 'Chat Model')
				return { ...node, credentials: { openAiApi: { id: 'openAi0000000000', name: 'Scripted' } } };
			return node.name === 'Agent'
				? { ...node, parameters: { ...node.parameters, promptType: 'define', text: '={{ $json.chatInput }}' } }
				: node;
		});
	const { Chat: _chat, ...others } = example.connections;
	return {
		...start,
		nodes: [...start.nodes, ...nodes],
		connections: { ...start.connections, ...others, Question: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] } },
	};
}

/** The waiting example, with a wait that is short enough for a test. */
function waitingByHand(): Workflow {
	const example = readExample('7-waiting');
	const nodes = example.nodes.map((node) =>
		node.name === 'Wait' ? { ...node, parameters: { ...node.parameters, amount: 2 } } : node,
	);
	return { ...example, id: 'waitingByHand000', nodes };
}

test('there are seven', () => {
	expect(exampleNames()).toEqual([
		'1-portrait-gate',
		'2-wardrobe-sorter',
		'3-lip-sync',
		'4-batch-audit',
		'5-agent',
		'6-http-request',
		'7-waiting',
	]);
});

test('the portrait gate makes an avatar of the head with a face, and of nothing else', async () => {
	const before = tasksMade();
	const execution = await run('1-portrait-gate');
	expect(execution.error?.message).toBeUndefined();
	expect(execution.status).toBe('success');
	expect(creates()).toEqual([[AVATAR, MULTI, 200]]);
	expect(tasksMade() - before).toBe(1);
	const [avatars, failed] = execution.outputs('Talking Avatar');
	expect(failed).toEqual([]);
	expect(avatars).toMatchObject([{ json: { operation: 'avatar', status: 'succeeded' }, binary: { video: A_VIDEO } }]);
	expect(execution.items('Say Why Not').map(({ json }) => json)).toEqual([
		{ imageUrl: ANCHOR, message: 'No face and head found. Found: object', solution: 'Use a portrait picture.' },
	]);
});

test('the wardrobe sorter puts clothing on a person, makes a video of that, and one of each subject', async () => {
	const before = tasksMade();
	const execution = await run('2-wardrobe-sorter');
	expect(execution.error?.message).toBeUndefined();
	expect(execution.status).toBe('success');
	expect(execution.items('Try On')).toMatchObject([{ json: { operation: 'virtualTryOn' }, binary: { image: AN_IMAGE } }]);
	expect(creates()).toHaveLength(4);
	expect(creates()).toEqual(
		expect.arrayContaining([
			[IMAGE_TO_VIDEO, MULTI, 200],
			[IMAGE_TO_VIDEO, ANCHOR, 200],
			[TRY_ON, MULTI, 200],
			[IMAGE_TO_VIDEO, MADE_IMAGE, 200],
		]),
	);
	expect(tasksMade() - before).toBe(4);
	expect(execution.items('Subject Video').map(({ binary }) => binary?.video)).toMatchObject([A_VIDEO, A_VIDEO]);
	expect(execution.items('Outfit Video')).toMatchObject([{ json: { status: 'succeeded' }, binary: { video: A_VIDEO } }]);
	expect(execution.runs('Left Over')).toBe(0);
});

test('lip-sync makes a video of every face that is ready, with nothing filled in by hand', async () => {
	const before = tasksMade();
	const execution = await run('3-lip-sync');
	expect(execution.error?.message).toBeUndefined();
	expect(execution.status).toBe('success');
	const [ready, notReady] = execution.outputs('Identify Face').map((items) => items.map(({ json }) => json.faceId));
	expect([ready, notReady]).toEqual([['1', '2'], ['0']]);
	const videos = execution.items('Lip-Sync');
	expect(videos.map(({ json }) => [json.operation, json.status])).toEqual([
		['lipSync', 'succeeded'],
		['lipSync', 'succeeded'],
	]);
	expect(videos.map(({ binary }) => binary?.video)).toMatchObject([A_VIDEO, A_VIDEO]);
	expect(execution.items('Not Made').map(({ json }) => [json.faceId, json.lipSyncReady])).toEqual([['0', false]]);
	const face = (face_id: string, sound_insert_time: number, sound_end_time: number) => ({
		face_id,
		sound_file: 'https://example.com/voice.mp3',
		sound_start_time: 0,
		sound_end_time,
		sound_insert_time,
	});
	expect(creates()).toHaveLength(2);
	expect(creates()).toEqual(
		expect.arrayContaining([
			[LIP_SYNC, [face('1', 400, 6950)], 200],
			[LIP_SYNC, [face('2', 1000, 2950)], 200],
		]),
	);
	expect(tasksMade() - before).toBe(2);
});

test('from a face to its finished video it takes at most four nodes, and no expression', () => {
	const nodes = readExample('3-lip-sync').nodes.filter(({ type }) => !type.endsWith('.stickyNote'));
	expect(nodes.length).toBeLessThanOrEqual(4);
	const expressions = JSON.stringify(nodes.map(({ parameters }) => parameters)).match(/"=[^"]*"/g);
	expect(expressions).toBeNull();
});

test('the batch audit makes a table of flags and a list of failures', async () => {
	const execution = await run('4-batch-audit');
	expect(execution.error?.message).toBeUndefined();
	expect(execution.status).toBe('success');
	expect(execution.items('Flags').map(({ json }) => [json.imageUrl, json.hasFace, json.reused])).toEqual([
		[MULTI, true, false],
		[ANCHOR, false, false],
		[MULTI, true, true],
	]);
	const [first, second, again] = execution.items('Flags').map(({ json }) => json.unitsDeducted);
	expect([first > 0, second, again]).toEqual([true, first, 0]);
	expect(gateway.requests.map(({ json }) => (json as { image: string }).image).sort()).toEqual([ANCHOR, MISSING, MULTI].sort());
	expect(execution.items('Reasons').map(({ json }) => [json.imageUrl, json.error, json.tryAgain])).toEqual([
		[MISSING, 'Kling refused the input', false],
	]);
	expect(execution.items('Table of Flags')[0]?.binary?.data).toMatchObject({ fileName: 'flags.csv', mimeType: 'text/csv' });
	expect(execution.items('List of Failures')[0]?.binary?.data).toMatchObject({ fileName: 'failures.csv', mimeType: 'text/csv' });
});

test('an agent looks at a picture, makes a video of it once, fetches the result, and speaks', async () => {
	const before = tasksMade();
	gateway.requests.length = 0;
	const execution = await server.execute(agentByHand());
	expect(execution.error?.message).toBeUndefined();
	expect(execution.status).toBe('success');
	expect(gateway.requests.map(({ route }) => route)).toEqual(['recognize', 'create', 'query', 'speech']);
	expect(creates()).toEqual([[IMAGE_TO_VIDEO, sampleUrl('portrait.jpg'), 200]]);
	expect(tasksMade() - before).toBe(1);
	const tools = model.requests[0]?.tools?.map((tool) => tool.function) ?? [];
	const described = Object.fromEntries(tools.map(({ name, description }) => [name, description]));
	expect(described).toEqual({
		Recognize_Image: expect.stringContaining('about 0.014 USD'),
		Make_Video: expect.stringMatching(/about 0\.21 USD.*answers with a taskId at once/),
		Get_Result: expect.stringContaining('It is free'),
		Speak: expect.stringContaining('about 0.007 USD'),
	});
	expect(JSON.stringify(tools)).toContain('Public http or https URL of a JPEG or PNG image');
	const [recognized, made, got, spoken] = model.requests.at(-1)!.messages.filter(({ role }) => role === 'tool');
	expect(firstOf(String(recognized?.content))).toMatchObject({ hasObject: true, hasFace: true });
	expect(firstOf(String(made?.content)).status).toBe('submitted');
	expect(firstOf(String(got?.content))).toMatchObject({ status: 'succeeded', taskId: firstOf(String(made?.content)).taskId });
	expect(firstOf(String(spoken?.content))).toMatchObject({ operation: 'textToSpeech', audioId: expect.any(String) });
});

test('by HTTP Request the same credential makes the video, and a loop waits for it', async () => {
	const before = tasksMade();
	gateway.requests.length = 0;
	const flow = await server.createWorkflow(readExample('6-http-request'));
	const execution = await server.runManually(flow);
	expect(execution.status).toBe('success');
	expect(creates()).toEqual([[IMAGE_TO_VIDEO, MULTI, 200]]);
	expect(tasksMade() - before).toBe(1);
	const sent = gateway.requests.find(({ route }) => route === 'create');
	expect((sent?.json as Record<string, unknown>).external_task_id).toMatch(new RegExp(`^${flow.id}-\\d+-0$`));
	expect(execution.items('Result')[0]?.json.videoUrl).toMatch(/^https:\/\/results\.kling-samples\.test\/.+\.mp4$/);
	expect(execution.runs('Ask')).toBe(1);
}, 120_000);

test('the loop waits until the video is done, and sends on what failed', async () => {
	const before = tasksMade();
	gateway.requests.length = 0;
	gateway.control({ taskMs: 5000 });
	const execution = await server.execute(waitingByHand());
	gateway.control({ taskMs: 0 });
	expect(execution.error?.message).toBeUndefined();
	expect(execution.status).toBe('success');
	expect(creates()).toEqual([[IMAGE_TO_VIDEO, MULTI, 200]]);
	expect(tasksMade() - before).toBe(1);
	const last = execution.runs('Done?') - 1;
	expect(last).toBeGreaterThan(0);
	expect(execution.outputs('Done?', 0).map((items) => items.length)).toEqual([0, 1, 0]);
	expect(execution.outputs('Done?', last)).toMatchObject([
		[{ json: { status: 'succeeded' }, binary: { video: A_VIDEO } }],
		[],
		[],
	]);
	expect([execution.runs('Use the Video'), execution.runs('See What Failed')]).toEqual([1, 0]);
});

test('no example names a model that Kling has retired', () => {
	const text = JSON.stringify(exampleNames().map(readExample));
	expect(RETIRED_MODELS.filter((name) => new RegExp(`${name}(?![\\w-])`).test(text))).toEqual([]);
});
