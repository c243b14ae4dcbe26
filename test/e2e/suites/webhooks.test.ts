import type { Gateway } from '../../gateway';
import { waitUntil } from '../harness/processes';
import { hasEnded, type Server } from '../harness/server';
import { CLOSES_MS, OPENS_MS, openStand, type Stand } from '../harness/stand';
import { kling, sampleUrl, webhook, workflow } from '../harness/workflows';

const AT_ONCE = 60;
const ACCOUNT_LIMIT = 4;
const PATIENCE_MS = 150_000;

let stand: Stand;
let gateway: Gateway;
let server: Server;

beforeAll(async () => {
	stand = await openStand('webhooks');
	({ gateway, server } = stand);
}, OPENS_MS);

afterAll(async () => await stand?.close(), CLOSES_MS);

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
