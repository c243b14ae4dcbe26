import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import type { Gateway } from '../../gateway';
import { RETIRED_MODELS } from '../../gateway/tasks/models';
import { tinyPng } from '../../samples/images';
import { PUBLISHED_DIR, sha256Of } from '../../samples/manifest';
import { exampleNames, readExample, scriptExamples } from '../harness/examples';
import { PUBLISHED_URL, KLING_SAMPLE } from '../../gateway/fileHosts';
import { A_VIDEO, AN_IMAGE, creates, ROUTES, tasksMade } from '../harness/paid';
import { startModel, type ScriptedModel } from '../harness/model';
import type { Server } from '../harness/server';
import { CLOSES_MS, OPENS_MS, openStand, type Stand } from '../harness/stand';
import { manualStart, sampleUrl, setJson, workflow, type Workflow, type WorkflowNode } from '../harness/workflows';

const GARMENT = `${PUBLISHED_URL}garment.png`;
const LANDSCAPE = `${PUBLISHED_URL}landscape.png`;
/** It is in lists to show a failure. */
const NO_FILE = 'this-file-does-not-exist.png';
const MISSING = `${PUBLISHED_URL}${NO_FILE}`;

const URL_HOSTS = [
	'https://api-singapore.klingai.com',
	'https://api.cometapi.com',
	'https://cdn.jsdelivr.net',
	'https://p2-kling.klingai.com',
];

/** What n8n's editor is told of a node. */
interface NodeType {
	name: string;
	version: number | number[];
	properties: Array<{ name: string }>;
}

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

const run = async (name: string) => {
	gateway.requests.length = 0;
	return await server.execute(readExample(name));
};

function told(bytes: Buffer) {
	return { bytes: bytes.length, sha256: sha256Of(bytes) };
}

/** The first item in what a tool answered. */
const firstOf = (answer: string) => (JSON.parse(answer) as Array<Record<string, unknown>>)[0] ?? {};

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
	const example = readExample('10-agent');
	const video = example.nodes.find(({ name }) => name === 'Make Video')!;
	example.nodes.push({ ...video, id: randomUUID(), name: 'Speak', parameters: SPEECH });
	example.connections.Speak = example.connections['Make Video']!;
	const start = workflow('agentByHand', [
		manualStart(),
		setJson('Question', { sessionId: 'one', chatInput: 'Make a video of this image.' }),
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

test('there are eleven', () => {
	expect(exampleNames()).toEqual([
		'1-talking-avatar',
		'2-photo-to-drive',
		'3-lip-sync',
		'4-product-sheet',
		'5-approval',
		'6-no-match',
		'7-waiting',
		'8-wardrobe-sorter',
		'9-batch-audit',
		'10-agent',
		'11-http-request',
	]);
});

test('the wardrobe sorter puts clothing on a person, makes a video of that, and one of each subject', async () => {
	const before = tasksMade(gateway);
	const execution = await run('8-wardrobe-sorter');
	expect(execution.error?.message).toBeUndefined();
	expect(execution.status).toBe('success');
	const dressed = { json: { operation: 'virtualTryOn' }, binary: { image: AN_IMAGE } };
	expect(execution.items('Try On')).toMatchObject([dressed, dressed]);
	expect(creates(gateway)).toHaveLength(6);
	expect(creates(gateway)).toEqual(
		expect.arrayContaining([
			[ROUTES.imageToVideo, KLING_SAMPLE, 200],
			[ROUTES.imageToVideo, GARMENT, 200],
			[ROUTES.tryOn, KLING_SAMPLE, 200],
			[ROUTES.tryOn, GARMENT, 200],
			[ROUTES.imageToVideo, MADE_IMAGE, 200],
		]),
	);
	expect(tasksMade(gateway) - before).toBe(6);
	expect(execution.items('Subject Video').map(({ binary }) => binary?.video)).toMatchObject([A_VIDEO, A_VIDEO]);
	const made = { json: { status: 'succeeded' }, binary: { video: A_VIDEO } };
	expect(execution.items('Outfit Video')).toMatchObject([made, made]);
	expect(execution.items('Left Over').map(({ json }) => json)).toEqual([
		{ imageUrl: LANDSCAPE, reason: 'Nothing found', solution: 'Use another image.' },
	]);
});

test('the batch audit makes a table of flags and a list of failures', async () => {
	const execution = await run('9-batch-audit');
	expect(execution.error?.message).toBeUndefined();
	expect(execution.status).toBe('success');
	expect(execution.items('Flags').map(({ json }) => [json.imageUrl, json.hasFace, json.reused])).toEqual([
		[KLING_SAMPLE, true, false],
		[GARMENT, false, false],
		[KLING_SAMPLE, true, true],
	]);
	const [first, second, again] = execution.items('Flags').map(({ json }) => json.unitsDeducted);
	expect([first > 0, second, again]).toEqual([true, first, 0]);
	expect(gateway.requests.map(({ json }) => (json as { image: string }).image).sort()).toEqual(
		[GARMENT, MISSING, KLING_SAMPLE].sort(),
	);
	expect(execution.items('Reasons').map(({ json }) => [json.imageUrl, json.error, json.tryAgain])).toEqual([
		[MISSING, 'Kling refused the input', false],
	]);
	expect(execution.items('Table of Flags')[0]?.binary?.data).toMatchObject({ fileName: 'flags.csv', mimeType: 'text/csv' });
	expect(execution.items('List of Failures')[0]?.binary?.data).toMatchObject({ fileName: 'failures.csv', mimeType: 'text/csv' });
});

test('an agent looks at an image, makes a video of it once, fetches the result, and speaks', async () => {
	const before = tasksMade(gateway);
	gateway.requests.length = 0;
	const execution = await server.execute(agentByHand());
	expect(execution.error?.message).toBeUndefined();
	expect(execution.status).toBe('success');
	expect(gateway.requests.map(({ route }) => route)).toEqual(['recognize', 'create', 'query', 'speech']);
	expect(creates(gateway)).toEqual([[ROUTES.imageToVideo, sampleUrl('portrait.jpg'), 200]]);
	expect(tasksMade(gateway) - before).toBe(1);
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
	const before = tasksMade(gateway);
	gateway.requests.length = 0;
	const flow = await server.createWorkflow(readExample('11-http-request'));
	const execution = await server.runManually(flow);
	expect(execution.status).toBe('success');
	expect(creates(gateway)).toEqual([[ROUTES.imageToVideo, KLING_SAMPLE, 200]]);
	expect(tasksMade(gateway) - before).toBe(1);
	const sent = gateway.requests.find(({ route }) => route === 'create');
	expect((sent?.json as Record<string, unknown>).external_task_id).toMatch(new RegExp(`^${flow.id}-\\d+-0$`));
	expect(execution.items('Result')[0]?.json.videoUrl).toMatch(/^https:\/\/results\.kling-samples\.test\/.+\.mp4$/);
	expect(execution.runs('Ask')).toBe(1);
}, 120_000);

test('by HTTP Request, too, an image without a subject is not paid for, and a video that failed stops with the reason', async () => {
	const before = tasksMade(gateway);
	gateway.control({ images: { 'multi-1.png': ['cloth'] } });
	const unfit = await run('11-http-request');
	expect([unfit.status, tasksMade(gateway) - before]).toEqual(['success', 0]);
	expect(unfit.items('No Subject')).toMatchObject([{ json: { message: 'The image shows no subject that could move.' } }]);

	scriptExamples(gateway);
	gateway.control({ tasks: [{ failure: 'The input was refused' }] });
	const failed = await run('11-http-request');
	gateway.control({ tasks: [] });
	expect([failed.status, failed.error?.message]).toEqual(['error', 'Kling could not make the video: The input was refused']);
	expect([creates(gateway).length, failed.runs('Result')]).toEqual([1, 0]);
}, 120_000);

test.each(exampleNames())('%s: this n8n has every node of it, and every parameter', async (name) => {
	// Not every n8n tells of a tool that it makes of a node; the agent's test runs them.
	const nodes = readExample(name).nodes.filter(({ type }) => !type.endsWith('Tool'));
	const nodeInfos = nodes.map(({ type, typeVersion }) => ({ name: type, version: typeVersion }));
	const known = await server.rest<NodeType[]>('POST', '/node-types', { nodeInfos });
	// The editor is told the names without those of their packages.
	expect(known.map((type) => type.name)).toEqual(nodes.map(({ type }) => type.split('.').at(-1)));
	for (const [index, { parameters, typeVersion }] of nodes.entries()) {
		const { version, properties } = known[index]!;
		expect([version].flat()).toContain(typeVersion);
		expect(properties.map((property) => property.name)).toEqual(expect.arrayContaining(Object.keys(parameters)));
	}
});

test('every URL of an example is there: a sample of Kling, a file of the package, an API', () => {
	const text = JSON.stringify(exampleNames().map(readExample));
	const hosts = new Set(text.match(/https?:\/\/[\w.-]+/g));
	expect([...hosts].sort()).toEqual(URL_HOSTS);
	const named = [...new Set(text.match(new RegExp(`(?<=${PUBLISHED_URL})[\\w.-]+`, 'g')))].filter((file) => file !== NO_FILE);
	expect(named.sort()).toEqual(readdirSync(PUBLISHED_DIR).sort());
});

test('no example names a model that Kling has retired', () => {
	const text = JSON.stringify(exampleNames().map(readExample));
	expect(RETIRED_MODELS.filter((name) => new RegExp(`${name}(?![\\w-])`).test(text))).toEqual([]);
});
