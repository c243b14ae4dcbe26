import { startGateway, type Gateway } from '../../gateway';
import { allCredentials } from '../harness/credentials';
import { currentHost } from '../harness/hosts';
import { createInstance, type Instance } from '../harness/instance';
import { waitUntil } from '../harness/processes';
import { hasEnded, startServer, type Server } from '../harness/server';
import { generation, noOp, sampleUrl, waitForTask, webhook, workflow, type Workflow } from '../harness/workflows';

const WEBHOOKS = 40;
const PLACES = 10;
const TASK_MS = 90_000;
/** From 65 s on n8n keeps a wait in its database. */
const WAIT_S = 70;
const KILLED_AFTER_MS = 45_000;
const PATIENCE_MS = 15 * 60_000;

const MAKE = { imageSource: 'url', imageUrl: sampleUrl('portrait.jpg'), prompt: '={{ $json.body.prompt }}' };
const rows: Array<Record<string, string | number>> = [];

const flows: Array<[name: string, made: (path: string) => Workflow]> = [
	['the node waits itself', (path) => workflow(path, [webhook(path, 'onReceived'), generation('Make', MAKE), noOp('Done')])],
	['a loop with Wait', (path) => workflow(path, ...waitForTask(webhook(path, 'onReceived'), MAKE, WAIT_S))],
];

afterAll(() => console.table(rows));

describe.each([
	['', false],
	['killed', true],
])('%s', (label, isKilled) => {
	let gateway: Gateway;
	let instance: Instance;
	let server: Server;

	const start = async (): Promise<void> => {
		server = await startServer(instance, { N8N_CONCURRENCY_PRODUCTION_LIMIT: String(PLACES) });
	};

	beforeAll(async () => {
		gateway = await startGateway();
		instance = await createInstance(currentHost(), gateway, `measures${label}`);
		await instance.importCredentials(allCredentials(gateway));
		await start();
	}, 240_000);

	afterAll(async () => {
		await server?.stop();
		await gateway?.close();
		instance?.remove();
	}, 60_000);

	test.each(flows)(
		'%s',
		async (name, made) => {
			const path = `measured${flows.findIndex(([known]) => known === name)}`;
			const flow = await server.createWorkflow(made(path));
			await server.activate(flow);
			gateway.reset();
			gateway.control({ taskMs: TASK_MS });
			const began = Date.now();
			const seconds = (): number => Math.round((Date.now() - began) / 1000);
			const call = async (number: number): Promise<number> => {
				const body = JSON.stringify({ prompt: `Smile ${number}` });
				const headers = { 'content-type': 'application/json' };
				const answer = await server.callWebhook(path, { method: 'POST', headers, body }).catch(() => null);
				return answer?.ok ? seconds() : Infinity;
			};
			const calls = Promise.all(Array.from({ length: WEBHOOKS }, async (_, number) => await call(number)));
			if (isKilled) {
				await new Promise((resolve) => setTimeout(resolve, KILLED_AFTER_MS));
				await server.stop('SIGKILL');
				await start();
			}
			const answered = (await calls).filter(Number.isFinite);
			const statuses = async () => (await server.executionsOf(flow.id)).map(({ status }) => status);
			await waitUntil('all to end', async () => (await statuses()).every(hasEnded), PATIENCE_MS, 1000);
			const all = await server.executionsOf(flow.id);
			const succeeded = all.filter(({ status }) => status === 'success');
			const results = await Promise.all(succeeded.map(async ({ id }) => await server.finished(id)));
			const { tasks, queries } = gateway.account('klingGlobal');
			rows.push({
				way: `${name}${isKilled ? ', n8n killed' : ''}`,
				'time for all, s': seconds(),
				'webhooks answered': `${answered.length} within ${Math.max(...answered)} s`,
				questions: queries,
				'tasks paid': tasks,
				'results in the workflow': results.filter((run) => run.runs('Done') > 0).length,
			});
			console.table(rows);
			expect(results.length).toBeLessThanOrEqual(tasks);
		},
		PATIENCE_MS * 2,
	);
});
