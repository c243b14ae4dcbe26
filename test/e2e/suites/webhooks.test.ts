import { startGateway, type Gateway } from '../../gateway';
import { allCredentials } from '../harness/credentials';
import { currentHost } from '../harness/hosts';
import { createInstance, type Instance } from '../harness/instance';
import { waitUntil } from '../harness/processes';
import { hasEnded, startServer, type Server } from '../harness/server';
import { kling, sampleUrl, webhook, workflow } from '../harness/workflows';

const AT_ONCE = 60;
const ACCOUNT_LIMIT = 4;
const PATIENCE_MS = 150_000;

let gateway: Gateway;
let instance: Instance;
let server: Server;

beforeAll(async () => {
	gateway = await startGateway();
	instance = await createInstance(currentHost(), gateway, 'webhooks');
	await instance.importCredentials(allCredentials(gateway));
	server = await startServer(instance);
}, 240_000);

afterAll(async () => {
	await server?.stop();
	await gateway?.close();
	instance?.remove();
}, 60_000);

test(`${AT_ONCE} executions of one image at once at an account that takes ${ACCOUNT_LIMIT}: none fails, each is paid for once`, async () => {
	const recognize = kling('Recognize', { operation: 'recognizeImage', imageSource: 'url', imageUrl: sampleUrl('portrait.jpg') });
	const flow = await server.createWorkflow(workflow('at-once', [webhook('at-once'), recognize]));
	await server.activate(flow);
	const call = async (): Promise<number> =>
		(await server.callWebhook('at-once', { method: 'POST', signal: AbortSignal.timeout(PATIENCE_MS) })).status;
	await waitUntil('the webhook to answer', async () => (await call()) === 200);
	gateway.reset();
	gateway.control({ latencyMs: 500, concurrency: ACCOUNT_LIMIT });

	const answers = await Promise.all(Array.from({ length: AT_ONCE }, call));

	expect(answers).toEqual(answers.map(() => 200));
	const paid = gateway.requests.filter(({ status }) => status === 200).length;
	const { calls, rejected } = gateway.stats();
	expect({ paid, othersThanRejected: calls - rejected }).toEqual({ paid: AT_ONCE, othersThanRejected: AT_ONCE });
	const ended = async () => (await server.executionsOf(flow.id)).filter(({ status }) => hasEnded(status));
	await waitUntil('every execution to be stored', async () => (await ended()).length > AT_ONCE);
	expect((await ended()).filter(({ status }) => status !== 'success')).toEqual([]);
}, 300_000);
