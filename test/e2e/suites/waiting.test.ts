import type { Gateway } from '../../gateway';
import { tasksMade } from '../harness/paid';
import { waitUntil } from '../harness/processes';
import { hasEnded, startServer, type Server } from '../harness/server';
import { CLOSES_MS, OPENS_MS, openDesk, type Desk } from '../harness/stand';
import { generation, sampleUrl, waitForTask, webhook, workflow, type Workflow } from '../harness/workflows';

const AT_ONCE = 12;
/** How many productive executions n8n runs at once here. */
const PLACES = 3;
const PATIENCE_MS = 150_000;

let desk: Desk;
let gateway: Gateway;
let server: Server;

beforeAll(async () => {
	desk = await openDesk('waiting');
	({ gateway } = desk);
	await start();
}, OPENS_MS);

afterAll(async () => {
	await server?.stop();
	await desk?.close();
}, CLOSES_MS);

beforeEach(() => {
	gateway.reset();
	gateway.control({ taskMs: 3_600_000 });
});

const start = async (): Promise<void> => {
	server = await startServer(desk.instance, { N8N_CONCURRENCY_PRODUCTION_LIMIT: String(PLACES) });
};

/** n8n ends as if the power had failed, and is started again. */
async function killAndStartAgain(): Promise<void> {
	await server.stop('SIGKILL');
	await start();
}

const MAKE = { imageSource: 'url', imageUrl: sampleUrl('portrait.jpg'), prompt: '={{ $json.body.prompt }}' };

async function activate(flow: Workflow): Promise<Workflow> {
	const stored = await server.createWorkflow(flow);
	await server.activate(stored);
	return stored;
}

/** @returns the status that the webhook answers with */
const call = async (path: string, number: number): Promise<number> =>
	(
		await server.callWebhook(path, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ prompt: `Smile ${number}` }),
			signal: AbortSignal.timeout(PATIENCE_MS),
		})
	).status;

const tasks = (): number => tasksMade(gateway);

async function ended(flow: Workflow, count: number): Promise<string[]> {
	const statuses = async () => (await server.executionsOf(flow.id)).map(({ status }) => status).filter(hasEnded);
	await waitUntil(`${count} executions to end`, async () => (await statuses()).length === count, PATIENCE_MS, 1000);
	return await statuses();
}

test(`a loop that waits holds no place: ${AT_ONCE} at once in ${PLACES} places, n8n is killed, and none is lost`, async () => {
	const flow = await activate(workflow('loop', ...waitForTask(webhook('loop', 'onReceived'), MAKE, 66)));

	const answers = await Promise.all(Array.from({ length: AT_ONCE }, async (_, number) => await call('loop', number)));
	expect(answers).toEqual(answers.map(() => 200));
	await waitUntil('every task to be made', () => tasks() === AT_ONCE, PATIENCE_MS);
	const waiting = async () => (await server.executionsOf(flow.id)).filter(({ status }) => status === 'waiting').length;
	await waitUntil('every execution to wait', async () => (await waiting()) === AT_ONCE);
	await killAndStartAgain();
	gateway.endTasks();

	expect(await ended(flow, AT_ONCE)).toEqual(answers.map(() => 'success'));
	const executions = await Promise.all((await server.executionsOf(flow.id)).map(async ({ id }) => await server.finished(id)));
	const done = executions.flatMap((execution) => execution.items('Done'));
	expect(done.map(({ json, binary }) => [json.status, binary?.video?.mimeType])).toEqual(
		done.map(() => ['succeeded', 'video/mp4']),
	);
	expect(new Set(done.map(({ json }) => json.taskId)).size).toBe(AT_ONCE);
	expect(executions.map((execution) => execution.runs('Failed'))).toEqual(executions.map(() => 0));
	const { creates, queries } = gateway.account('klingGlobal');
	expect({ creates, tasks: tasks() }).toEqual({ creates: AT_ONCE, tasks: AT_ONCE });
	// Executions that look at the same moment ask together.
	expect(queries).toBeLessThanOrEqual(AT_ONCE);
}, 360_000);

test('a node that waits itself is lost when n8n is killed; with a Task Key what was paid is not paid again', async () => {
	const make = generation('Make', { ...MAKE, options: { taskKey: '={{ $json.body.prompt }}', downloadResult: false } });
	const flow = await activate(workflow('holding', [webhook('holding', 'onReceived'), make]));
	const callers = Array.from({ length: PLACES }, async (_, number) => await call('holding', number).catch(() => 'none'));
	await waitUntil('a task for each place', () => tasks() === PLACES, PATIENCE_MS);

	await killAndStartAgain();
	await Promise.all(callers);
	await waitUntil('n8n to see what crashed', async () => {
		const statuses = (await server.executionsOf(flow.id)).map(({ status }) => status);
		return statuses.length > 0 && statuses.every(hasEnded);
	});
	const before = (await server.executionsOf(flow.id)).map(({ status }) => status);
	expect(before).not.toContain('success');
	gateway.endTasks();
	for (let number = 0; number < PLACES; number++) expect(await call('holding', number)).toBe(200);

	expect((await ended(flow, before.length + PLACES)).filter((status) => status === 'success')).toHaveLength(PLACES);
	expect({ creates: gateway.account('klingGlobal').creates, tasks: tasks() }).toEqual({ creates: PLACES, tasks: PLACES });
}, 300_000);

test("the editor's button twice, and an execution by webhook: one key, one task", async () => {
	gateway.control({ taskMs: 0 });
	const make = generation('Make', {
		imageSource: 'url',
		imageUrl: sampleUrl('portrait.jpg'),
		prompt: 'A smile',
		options: { taskKey: 'order-17' },
	});
	const flow = await activate(workflow('button', [webhook('button'), make]));
	const pinned = {
		Webhook: [{ startTime: 0, executionTime: 0, executionStatus: 'success', source: [], data: { main: [[{ json: {} }]] } }],
	};
	const byButton = async () => (await server.runManually(flow, 'Make', pinned)).items('Make')[0]!.json.taskId as string;
	const ids = [await byButton(), await byButton()];
	expect(await call('button', 0)).toBe(200);
	const [last] = await server.executionsOf(flow.id);
	ids.push((await server.finished(last!.id)).items('Make')[0]!.json.taskId as string);
	expect(new Set(ids).size).toBe(1);
	expect({ creates: gateway.account('klingGlobal').creates, tasks: tasks() }).toEqual({ creates: 1, tasks: 1 });
}, 120_000);
