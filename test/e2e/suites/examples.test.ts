import { startGateway, type Gateway } from '../../gateway';
import { allCredentials } from '../harness/credentials';
import { exampleNames, readExample, scriptExamples } from '../harness/examples';
import { execute } from '../harness/execution';
import { currentHost } from '../harness/hosts';
import { createInstance, type Instance } from '../harness/instance';
import { startModel, type ScriptedModel } from '../harness/model';
import { manualStart, sampleUrl, setJson, workflow, type Workflow, type WorkflowNode } from '../harness/workflows';

const MULTI = 'https://p2-kling.klingai.com/kcdn/cdn-kcdn112452/kling-qa-test/multi-1.png';
const ANCHOR = 'https://cc.tvbs.com.tw/portal/images/2018/anchor21.jpg';
const MISSING = 'https://example.com/missing.jpg';

let gateway: Gateway;
let instance: Instance;
let model: ScriptedModel;

beforeAll(async () => {
	gateway = await startGateway();
	scriptExamples(gateway);
	model = await startModel({ Image_URL: sampleUrl('portrait.jpg') });
	instance = await createInstance(currentHost(), gateway, 'examples');
	const openAi = { id: 'openAi0000000000', name: 'Scripted', type: 'openAiApi', data: { apiKey: 'none', url: model.url } };
	await instance.importCredentials([...allCredentials(gateway), openAi]);
	await instance.importWorkflows([...exampleNames().map(readExample), agentByHand()]);
}, 180_000);

afterAll(async () => {
	instance?.remove();
	await model?.close();
	await gateway?.close();
});

const paths = (): string[] => gateway.requests.map(({ method, path }) => `${method} ${path}`);
const run = async (name: string) => {
	gateway.requests.length = 0;
	return await execute(instance, readExample(name));
};

/** The agent example, asked by hand instead of by chat. */
function agentByHand(): Workflow {
	const example = readExample('5-agent');
	const start = workflow('agentByHand', [
		manualStart(),
		setJson('Question', { chatInput: 'Can I use this picture for an avatar?' }),
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

test('there are five', () => {
	expect(exampleNames()).toEqual(['1-portrait-gate', '2-wardrobe-sorter', '3-lip-sync', '4-batch-audit', '5-agent']);
});

test('the portrait gate lets only a head with a face on to the paid step', async () => {
	const execution = await run('1-portrait-gate');
	expect(execution.error?.message).toBeUndefined();
	expect(execution.status).toBe('success');
	expect(execution.items('Create Avatar Video')).toHaveLength(1);
	expect(execution.items('Say Why Not').map(({ json }) => json)).toEqual([
		{ imageUrl: ANCHOR, message: 'No face and head found. Found: object', solution: 'Use a portrait picture.' },
	]);
	const paid = gateway.requests.filter(({ path }) => path === '/v1/videos/avatar/image2video');
	expect(paid.map(({ json, status }) => [(json as { image: string }).image, status])).toEqual([[MULTI, 200]]);
});

test('the wardrobe sorter sends clothing to the try-on and subjects to the video', async () => {
	const execution = await run('2-wardrobe-sorter');
	expect(execution.error?.message).toBeUndefined();
	expect(execution.status).toBe('success');
	const sent = gateway.requests.filter(({ path }) => !path.endsWith('image-recognize'));
	expect(
		sent.map(({ path, json, status }) => [
			path,
			(json as Record<string, string>).image ?? (json as Record<string, string>).cloth_image,
			status,
		]),
	).toEqual(
		expect.arrayContaining([
			['/v1/videos/image2video', MULTI, 200],
			['/v1/videos/image2video', ANCHOR, 200],
			['/v1/images/kolors-virtual-try-on', MULTI, 200],
		]),
	);
	expect(sent).toHaveLength(3);
});

test('lip sync takes the longest face, waits, and ends with the URL of the video', async () => {
	const execution = await run('3-lip-sync');
	expect(execution.error?.message).toBeUndefined();
	expect(execution.status).toBe('success');
	expect(execution.items('Take the Longest').map(({ json }) => json.faceId)).toEqual(['1']);
	expect(execution.items('Result')[0]?.json.videoUrl).toMatch(/^https:\/\/results\.kling-samples\.test\/.+\.mp4$/);
	expect(paths().filter((path) => path.startsWith('GET /v1/videos/advanced-lip-sync/'))).toHaveLength(3);
	const request = gateway.requests.find(({ path, method }) => method === 'POST' && path === '/v1/videos/advanced-lip-sync');
	expect(request?.json).toMatchObject({
		face_choose: [{ face_id: '1', sound_start_time: 0, sound_end_time: 7000, sound_insert_time: 400 }],
	});
}, 120_000);

test('the batch audit makes a table of flags and a list of failures', async () => {
	const execution = await run('4-batch-audit');
	expect(execution.error?.message).toBeUndefined();
	expect(execution.status).toBe('success');
	expect(execution.items('Flags').map(({ json }) => [json.imageUrl, json.hasFace])).toEqual([
		[MULTI, true],
		[ANCHOR, false],
	]);
	expect(execution.items('Reasons').map(({ json }) => [json.imageUrl, json.error, json.tryAgain])).toEqual([
		[MISSING, 'Kling refused the input', false],
	]);
	expect(execution.items('Table of Flags')[0]?.binary?.data).toMatchObject({ fileName: 'flags.csv', mimeType: 'text/csv' });
	expect(execution.items('List of Failures')[0]?.binary?.data).toMatchObject({ fileName: 'failures.csv', mimeType: 'text/csv' });
});

test('an agent gives the node a URL and reads its flags', async () => {
	gateway.requests.length = 0;
	const execution = await execute(instance, agentByHand());
	expect(execution.error?.message).toBeUndefined();
	expect(execution.status).toBe('success');
	expect(paths()).toEqual(['POST /v1/videos/image-recognize']);
	const tool = model.requests[0]?.tools?.[0]?.function;
	expect(tool?.description).toMatch(/image/i);
	expect(JSON.stringify(tool?.parameters)).toContain('Public http or https URL of a JPEG or PNG image');
	const answer = execution.items('Agent')[0]?.json.output as string;
	expect(JSON.parse(answer)).toMatchObject([{ hasObject: true, hasHead: true, hasFace: true, hasCloth: true }]);
});
