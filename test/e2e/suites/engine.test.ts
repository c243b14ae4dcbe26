import type { Gateway } from '../../gateway';
import { waitUntil } from '../harness/processes';
import { hasEnded, type Server } from '../harness/server';
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
	type NodeDraft,
} from '../harness/workflows';

let stand: Stand;
let gateway: Gateway;
let server: Server;

const recognize = (file: string): Record<string, unknown> => ({
	operation: 'recognizeImage',
	imageSource: 'url',
	imageUrl: sampleUrl(file),
});
const EACH_URL = { operation: 'recognizeImage', imageSource: 'url', imageUrl: '={{ $json.url }}' };
const images = setJson(
	'Images',
	['portrait.jpg', 'garment.jpg', 'statue.jpg'].map((file, tag) => ({ url: sampleUrl(file), tag })),
);

beforeAll(async () => {
	stand = await openStand('engine');
	({ gateway, server } = stand);
}, OPENS_MS);

afterAll(async () => await stand?.close(), CLOSES_MS);

beforeEach(() => gateway.reset());

test('a partial execution reuses what an earlier run paid for', async () => {
	const flow = await server.createWorkflow(
		workflow('partial', [manualStart(), kling('First', recognize('portrait.jpg')), kling('Second', recognize('garment.jpg'))]),
	);
	const first = await server.runManually(flow, 'First');
	expect(first.items('First')[0]?.json).toMatchObject({ hasFace: true });
	expect(gateway.requests).toHaveLength(1);
	const second = await server.runManually(flow, 'Second', first.runData);
	expect(second.items('Second')[0]?.json).toMatchObject({ hasFace: false, hasCloth: true });
	expect(gateway.requests).toHaveLength(2);
});

test('pinned data stands in for the node, and for its input', async () => {
	const pinned = { json: { detected: ['face'], hasFace: true, requestId: 'pinned' } };
	const flow = await server.createWorkflow(
		workflow('pinned', [manualStart(), images, kling('Pinned', EACH_URL), kling('After', recognize('garment.jpg'))], undefined, {
			pinData: { Images: [{ json: { url: sampleUrl('from-behind.jpg') } }], Pinned: [pinned] },
		}),
	);
	const result = await server.runManually(flow, 'After');
	expect(result.items('Pinned')).toMatchObject([pinned]);
	expect(result.items('After')).toMatchObject([{ json: { hasCloth: true } }]);
	expect(gateway.requests).toHaveLength(1);
});

test('it runs in a sub-workflow, with binary data from its parent', async () => {
	const trigger: NodeDraft = {
		name: 'Called',
		type: 'n8n-nodes-base.executeWorkflowTrigger',
		typeVersion: 1.1,
		parameters: { inputSource: 'passthrough' },
	};
	const child = await server.createWorkflow(
		workflow('child', [trigger, kling('Recognize', { operation: 'recognizeImage', imageSource: 'binary' })]),
	);
	await server.publish(child);
	const call: NodeDraft = {
		name: 'Call',
		type: 'n8n-nodes-base.executeWorkflow',
		typeVersion: 1.2,
		parameters: { workflowId: { __rl: true, mode: 'id', value: child.id }, options: {} },
	};
	const parent = await server.createWorkflow(workflow('parent', [manualStart(), fetchSample('Fetch', 'portrait.jpg'), call]));
	const result = await server.runManually(parent, 'Call');
	expect(result.error?.message).toBeUndefined();
	expect(result.items('Call')).toMatchObject([{ json: { hasFace: true }, binary: { data: { mimeType: 'image/jpeg' } } }]);
});

test('it runs in Loop Over Items, and its items can be traced back', async () => {
	const loop: NodeDraft = {
		name: 'Loop',
		type: 'n8n-nodes-base.splitInBatches',
		typeVersion: 3,
		parameters: { batchSize: 1, options: {} },
	};
	const traced: NodeDraft = {
		name: 'Traced',
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		parameters: {
			mode: 'raw',
			jsonOutput: "={{ JSON.stringify({ tag: $('Images').item.json.tag, detected: $json.detected.length }) }}",
			options: {},
		},
	};
	const flow = await server.createWorkflow(
		workflow(
			'loop',
			[manualStart(), images, loop, kling('Recognize', EACH_URL), traced],
			[
				['Start', 'Images'],
				['Images', 'Loop'],
				['Loop', 'Traced', 0],
				['Loop', 'Recognize', 1],
				['Recognize', 'Loop'],
			],
		),
	);
	const result = await server.runManually(flow, 'Traced');
	expect(result.error?.message).toBeUndefined();
	expect(result.runs('Recognize')).toBe(3);
	expect(result.items('Traced').map((item) => item.json)).toEqual([
		{ tag: 0, detected: 4 },
		{ tag: 1, detected: 2 },
		{ tag: 2, detected: 2 },
	]);
});

test('Retry On Fail tries the whole node again', async () => {
	gateway.control({ faults: [{ kind: 'code', status: 500, code: 5000, times: 2 }] });
	const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 };
	const flow = await server.createWorkflow(
		workflow('retry', [
			manualStart(),
			kling('Recognize', { ...recognize('portrait.jpg'), options: { maxAttempts: 1 } }, 'klingGlobal', settings),
		]),
	);
	const result = await server.runManually(flow, 'Recognize');
	expect(result.items('Recognize')).toMatchObject([{ json: { hasFace: true } }]);
	expect(gateway.requests.map((request) => request.status)).toEqual([500, 500, 200]);
});

test('a task whose execution is stopped goes on at Kling: it is asked for no more, and takes no place from the next', async () => {
	gateway.control({ taskMs: 120_000 });
	const parameters = { imageSource: 'url', imageUrl: sampleUrl('portrait.jpg'), options: { maxConcurrency: 1 } };
	const flow = await server.createWorkflow(workflow('stopped', [manualStart(), generation('Make', parameters)]));
	const executionId = await server.startManually(flow, 'Make');
	await waitUntil('the task to be asked for', async () => gateway.account('klingGlobal').queries > 0);
	const stopped = await server.stopExecution(executionId);
	expect(stopped.status).toBe('canceled');
	const [task] = gateway.tasks();
	const questions = () => gateway.requests.filter(({ path }) => path.includes(task!.id)).length;
	const asked = questions();
	// n8n keeps nothing of a node that was stopped, but its log.
	await waitUntil('the log to name the task', async () => server.process.output().includes(`${task!.id} (item 0)`));

	gateway.control({ taskMs: 500 });
	const next = await server.runManually(flow, 'Make');
	expect(next.items('Make')).toMatchObject([{ json: { status: 'succeeded' } }]);
	expect(gateway.account('klingGlobal')).toMatchObject({ creates: 2, tasks: 2, running: 1 });
	expect(questions()).toBe(asked);
});

test('Execute Once calls for the first item only', async () => {
	const flow = await server.createWorkflow(
		workflow('once', [manualStart(), images, kling('Recognize', EACH_URL, 'klingGlobal', { executeOnce: true })]),
	);
	const result = await server.runManually(flow, 'Recognize');
	expect(result.items('Recognize')).toMatchObject([{ json: { hasFace: true } }]);
	expect(gateway.requests).toHaveLength(1);
});

test('an error workflow hears of a failure', async () => {
	gateway.control({ faults: [{ kind: 'code', status: 400, code: 1301, message: 'Against the content policy' }] });
	const listener = await server.createWorkflow(
		workflow('listener', [{ name: 'On Error', type: 'n8n-nodes-base.errorTrigger', typeVersion: 1 }, noOp('Heard')]),
	);
	await server.publish(listener);
	const webhook: NodeDraft = {
		name: 'Webhook',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		webhookId: 'kling-error',
		parameters: { path: 'kling-error', httpMethod: 'GET' },
	};
	const failing = await server.createWorkflow(
		workflow('failing', [webhook, kling('Recognize', recognize('portrait.jpg'))], undefined, {
			settings: { executionOrder: 'v1', errorWorkflow: listener.id },
		}),
	);
	await server.activate(failing);
	await server.callWebhook('kling-error');
	await waitUntil(
		'the error workflow',
		async () => (await server.executionsOf(listener.id)).some(({ status }) => hasEnded(status)),
		20_000,
	);
	const [execution] = await server.executionsOf(listener.id);
	const heard = (await server.finished(execution?.id ?? '')).items('Heard')[0]?.json;
	expect(heard).toMatchObject({
		workflow: { name: 'failing' },
		execution: { lastNodeExecuted: 'Recognize', error: { message: expect.stringMatching(/\S/) } },
	});
});
