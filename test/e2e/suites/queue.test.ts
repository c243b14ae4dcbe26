import { startGateway, type Gateway } from '../../gateway';
import { IMAGE_SAMPLES, sampleBytes, type ImageSample } from '../../samples/manifest';
import { allCredentials } from '../harness/credentials';
import { currentHost } from '../harness/hosts';
import { createInstance, logFile, type Environment, type Instance } from '../harness/instance';
import { freePort, waitUntil, type Running } from '../harness/processes';
import { hasEnded, startServer, type Server } from '../harness/server';
import { startPostgres, startRedis, type Service } from '../harness/services';
import { kling, workflow, type NodeDraft, type Workflow } from '../harness/workflows';

const UPLOADS = 100;
const UPLOADS_OVER_A_LOSS = 20;
const CONCURRENCY = 10;
const LOSS_TIMEOUT_MS = 60_000;

const host = currentHost();
const good = IMAGE_SAMPLES.filter((sample) => sample.refused === undefined);
const sampleOf = (upload: number): ImageSample => good[upload % good.length]!;
const workers: Running[] = [];
const services: Service[] = [];
let env: Environment;
let gateway: Gateway;
let instance: Instance;
let server: Server;
/** One for each test, so that what n8n lists of it fits on one page. */
let busy: Workflow;
let lossy: Workflow;

const webhook = (path: string): NodeDraft => ({
	name: 'Webhook',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	webhookId: path,
	parameters: { path, httpMethod: 'POST', responseMode: 'lastNode', responseData: 'firstEntryJson', options: {} },
});

beforeAll(async () => {
	gateway = await startGateway();
	services.push(await startRedis(logFile(host, 'queue-redis')), await startPostgres(logFile(host, 'queue-postgres')));
	instance = await createInstance(host, gateway, 'queue');
	env = {
		...Object.assign({}, ...services.map((service) => service.env)),
		EXECUTIONS_MODE: 'queue',
		N8N_DEFAULT_BINARY_DATA_MODE: host.queueBinaryMode,
		N8N_AVAILABLE_BINARY_DATA_MODES: `filesystem,${host.queueBinaryMode}`,
		// So that a lost worker is noticed within seconds instead of a minute.
		QUEUE_WORKER_LOCK_DURATION: '4000',
		QUEUE_WORKER_LOCK_RENEW_TIME: '1000',
		QUEUE_WORKER_STALLED_INTERVAL: '2000',
	};
	await instance.importCredentials(allCredentials(gateway), env);
	server = await startServer(instance, env);
	for (const name of ['worker-1', 'worker-2']) workers.push(await startWorker(name));
	busy = await activateFlow('busy');
	lossy = await activateFlow('lossy');
}, 240_000);

async function activateFlow(path: string): Promise<Workflow> {
	const recognize = kling('Recognize', { operation: 'recognizeImage', imageSource: 'binary' });
	const stored = await server.createWorkflow(workflow(path, [webhook(path), recognize]));
	await server.activate(stored);
	return stored;
}

afterAll(async () => {
	await Promise.all(workers.map(async (worker) => await worker.stop()));
	await server?.stop();
	for (const service of services.reverse()) await service.stop();
	await gateway?.close();
	instance?.remove();
}, 90_000);

async function startWorker(name: string): Promise<Running> {
	const port = await freePort();
	const health = { QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: String(port) };
	const worker = await instance.serve(name, ['worker', `--concurrency=${CONCURRENCY}`], { ...env, ...health });
	await waitUntil(
		`${name} to be ready`,
		async () => {
			if (worker.hasEnded()) throw new Error(`${name} ended while it started\n${worker.output().slice(-3000)}`);
			return (await fetch(`http://127.0.0.1:${port}/healthz/readiness`).catch(() => undefined))?.ok === true;
		},
		90_000,
	);
	return worker;
}

/** Uploads a sample image to a webhook. @returns the answer, or nothing where none came */
async function upload(path: string, number: number): Promise<{ status: number; json: any } | undefined> {
	const { file } = sampleOf(number);
	const body = new FormData();
	body.set(
		'data',
		new Blob([new Uint8Array(sampleBytes(file))], { type: file.endsWith('.png') ? 'image/png' : 'image/jpeg' }),
		file,
	);
	try {
		const response = await server.callWebhook(path, {
			method: 'POST',
			body,
			signal: AbortSignal.timeout(LOSS_TIMEOUT_MS),
		});
		return { status: response.status, json: await response.json() };
	} catch {
		return undefined;
	}
}

const uploadMany = async (path: string, count: number) =>
	await Promise.all(Array.from({ length: count }, async (_, number) => await upload(path, number)));
const startedBy = (worker: Running): number => worker.output().match(/started execution/gi)?.length ?? 0;

/** How many executions have each status. */
async function statusesOf(flow: Workflow): Promise<Record<string, number>> {
	const counts: Record<string, number> = {};
	for (const { status } of await server.executionsOf(flow.id)) counts[status] = (counts[status] ?? 0) + 1;
	return counts;
}

test(`${UPLOADS} uploads are recognised, by both workers`, async () => {
	expect((await upload('lossy', 0))?.status).toBe(200);
	gateway.reset();
	gateway.control({ latencyMs: [20, 120] });
	const answers = await uploadMany('busy', UPLOADS);
	const expected = answers.map((_, number) => ({ status: 200, detected: sampleOf(number).flags }));
	await waitUntil('every execution to be stored', async () => (await statusesOf(busy)).success === UPLOADS, 20_000);
	expect(gateway.requests).toHaveLength(UPLOADS);
	for (const worker of workers) expect(startedBy(worker)).toBeGreaterThan(UPLOADS / 10);
	expect(answers.map((answer) => ({ status: answer?.status, detected: answer?.json.detected as unknown }))).toEqual(expected);
}, 180_000);

test('a worker that is killed loses no execution silently', async () => {
	const before = await statusesOf(lossy);
	gateway.control({ latencyMs: 1500 });
	const answers = uploadMany('lossy', UPLOADS_OVER_A_LOSS);
	await waitUntil('both workers to be busy', () => gateway.stats().peakConcurrency > CONCURRENCY, 20_000, 50);
	await workers[0]?.stop('SIGKILL');
	const settled = await answers;
	const all = 1 + UPLOADS_OVER_A_LOSS;
	await waitUntil(
		'every execution to end',
		async () => (await server.executionsOf(lossy.id)).filter(({ status }) => hasEnded(status)).length === all,
		LOSS_TIMEOUT_MS,
		1000,
	).catch(() => {});
	const after = await statusesOf(lossy);
	const gained = Object.fromEntries(Object.entries(after).map(([status, count]) => [status, count - (before[status] ?? 0)]));
	const answered = settled.map((answer) => answer?.status ?? 'no answer');
	console.log(
		`n8n ${host.version}, a worker of two killed with ${UPLOADS_OVER_A_LOSS} executions about: ${JSON.stringify(gained)}; answers: ${JSON.stringify(answered)}`,
	);
	expect(Object.values(after).reduce((sum, count) => sum + count, 0)).toBe(all);
	const succeeded = settled.filter((answer) => answer?.status === 200).length;
	expect(gained.success).toBeGreaterThanOrEqual(succeeded);
	expect(gained.running ?? 0).toBe(0);
}, 240_000);
