import type { Gateway } from '../../gateway';
import { IMAGE_SAMPLES, sampleBytes, sha256Of, VIDEO_UPLOAD, type ImageSample } from '../../samples/manifest';
import { allCredentials, type CredentialName } from '../harness/credentials';
import { currentHost } from '../harness/hosts';
import { logFile, type Environment, type Instance } from '../harness/instance';
import { tasksMade } from '../harness/paid';
import { freePort, waitUntil, type Running } from '../harness/processes';
import { fetchAsProvider } from '../harness/provider';
import { hasEnded, startServer, type Server } from '../harness/server';
import { startPostgres, startRedis, type Service } from '../harness/services';
import { openDesk, type Desk } from '../harness/stand';
import {
	generation,
	kling,
	sampleUrl,
	waitForTask,
	webhook,
	workflow,
	type NodeDraft,
	type Workflow,
} from '../harness/workflows';

/** Under which the gateway's proxy leads to the main server. */
const PUBLIC_HOST = 'n8n.kling-samples.test';
const UPLOADS = 100;
const UPLOADS_AT_A_LIMIT = 40;
const ACCOUNT_LIMIT = 4;
const CONCURRENCY = 10;
/** As many as both workers take at once. */
const UPLOADS_OVER_A_LOSS = 2 * CONCURRENCY;
/** More than both workers take at once. */
const LOOPS = 3 * CONCURRENCY;
/** Longer than it takes until every upload of a loss has reached the provider, on a busy machine too. */
const ANSWER_MS = 30_000;
const PATIENCE_MS = 150_000;

const host = currentHost();
const good = IMAGE_SAMPLES.filter((sample) => sample.refused === undefined);
const sampleOf = (upload: number): ImageSample => good[upload % good.length]!;
const workers: Running[] = [];
const services: Service[] = [];
let env: Environment;
let desk: Desk;
let gateway: Gateway;
let instance: Instance;
let server: Server;
/** One for each test, so that what n8n lists of it fits on one page. */
let busy: Workflow;
let limited: Workflow;
let lossy: Workflow;
let making: Workflow;

beforeAll(async () => {
	desk = await openDesk('queue');
	({ gateway, instance } = desk);
	services.push(await startRedis(logFile(host, 'queue-redis')), await startPostgres(logFile(host, 'queue-postgres')));
	env = {
		...Object.assign({}, ...services.map((service) => service.env)),
		EXECUTIONS_MODE: 'queue',
		// The links to files that workers give to the provider begin with it.
		WEBHOOK_URL: `http://${PUBLIC_HOST}/`,
		N8N_DEFAULT_BINARY_DATA_MODE: host.queueBinaryMode,
		N8N_AVAILABLE_BINARY_DATA_MODES: `filesystem,${host.queueBinaryMode}`,
		// So that a lost worker is noticed sooner than after a minute; none may seem lost on a busy machine.
		QUEUE_WORKER_LOCK_DURATION: '15000',
		QUEUE_WORKER_LOCK_RENEW_TIME: '2000',
		QUEUE_WORKER_STALLED_INTERVAL: '2000',
	};
	await instance.importCredentials(allCredentials(gateway), env);
	server = await startServer(instance, env);
	for (const name of ['worker-1', 'worker-2']) workers.push(await startWorker(name));
	busy = await activateFlow('busy', recognize('klingGlobal'));
	// What a worker learns of an account's limit stays with that account.
	limited = await activateFlow('limited', recognize('cometApi'));
	lossy = await activateFlow('lossy', recognize('klingGlobal'));
	making = await activateFlow(
		'making',
		generation('Make', { imageSource: 'url', imageUrl: sampleUrl('portrait.jpg'), prompt: 'A smile' }),
	);
}, 400_000);

const recognize = (account: CredentialName): NodeDraft =>
	kling('Recognize', { operation: 'recognizeImage', imageSource: 'binary' }, account);

async function activateFlow(path: string, node: NodeDraft): Promise<Workflow> {
	const stored = await server.createWorkflow(workflow(path, [webhook(path), node]));
	await server.activate(stored);
	return stored;
}

afterAll(async () => {
	await Promise.all(workers.map(async (worker) => await worker.stop()));
	await server?.stop();
	for (const service of services.reverse()) await service.stop();
	await desk?.close();
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
			signal: AbortSignal.timeout(PATIENCE_MS),
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

/** Waits until all that was asked of a flow has ended. @returns how many executions have each status */
async function statusesWhenEnded(flow: Workflow, count: number): Promise<Record<string, number>> {
	const ended = async () => (await server.executionsOf(flow.id)).filter(({ status }) => hasEnded(status));
	await waitUntil(`${count} executions to end`, async () => (await ended()).length === count, PATIENCE_MS, 1000);
	return await statusesOf(flow);
}

beforeEach(() => gateway.reset());

test(`${UPLOADS} uploads are recognised, by both workers`, async () => {
	gateway.control({ latencyMs: [20, 120] });
	const answers = await uploadMany('busy', UPLOADS);
	const expected = answers.map((_, number) => ({ status: 200, detected: sampleOf(number).flags }));
	expect(await statusesWhenEnded(busy, UPLOADS)).toEqual({ success: UPLOADS });
	expect(gateway.requests).toHaveLength(UPLOADS);
	for (const worker of workers) expect(startedBy(worker)).toBeGreaterThan(UPLOADS / 10);
	expect(answers.map((answer) => ({ status: answer?.status, detected: answer?.json.detected as unknown }))).toEqual(expected);
}, 300_000);

test('two workers share an account with a limit: nothing fails, and nothing is paid for twice', async () => {
	gateway.control({ latencyMs: 500, concurrency: ACCOUNT_LIMIT });
	const answers = await uploadMany('limited', UPLOADS_AT_A_LIMIT);
	expect(answers.map((answer) => answer?.status)).toEqual(answers.map(() => 200));
	expect(await statusesWhenEnded(limited, UPLOADS_AT_A_LIMIT)).toEqual({ success: UPLOADS_AT_A_LIMIT });
	expect(gateway.requests.filter(({ status }) => status === 200)).toHaveLength(UPLOADS_AT_A_LIMIT);
}, 300_000);

test('a worker gives the provider a link to a file, and the main server serves it', async () => {
	gateway.control({ publicHosts: { [PUBLIC_HOST]: new URL(server.url).host }, defaultFaces: [[0, 3000]] });
	await activateFlow('faces', kling('Identify', { operation: 'identifyFace', videoSource: 'binary' }));
	const video = sampleBytes(VIDEO_UPLOAD);
	const body = new FormData();
	body.set('data', new Blob([new Uint8Array(video)], { type: 'video/mp4' }), 'interview.mp4');
	const answer = await server.callWebhook('faces', { method: 'POST', body });
	expect(await answer.json()).toMatchObject({ faceId: '0', videoUrl: null });
	const [url] = gateway.requests.map(({ json }) => (json as { video_url: string }).video_url);
	expect(await fetchAsProvider(url!, gateway.proxyUrl)).toEqual({ type: 'video/mp4', sha256: sha256Of(video) });
}, 120_000);

test('a worker that is killed loses no execution silently: its calls are made again or its executions fail', async () => {
	gateway.control({ latencyMs: ANSWER_MS });
	const uploads = uploadMany('lossy', UPLOADS_OVER_A_LOSS);
	// Each worker takes ten, so ten of these are the lost one's.
	const allAtTheProvider = () => gateway.stats().peakConcurrency === UPLOADS_OVER_A_LOSS;
	await waitUntil('every upload to be at the provider', allAtTheProvider, PATIENCE_MS, 50);
	await workers[0]?.stop('SIGKILL');
	gateway.control({ latencyMs: 0 });
	const statuses = await statusesWhenEnded(lossy, UPLOADS_OVER_A_LOSS);
	const answers = (await uploads).map((answer) => answer?.status ?? 'none').sort();
	const [kept, lost] = [CONCURRENCY, CONCURRENCY];
	const outcome = { statuses, calls: gateway.requests.length, answers };
	const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
	expect(outcome).toEqual(
		host.runsLostAgain
			? { statuses: { success: kept + lost }, calls: kept + 2 * lost, answers: times(kept + lost, 200) }
			: { statuses: { success: kept, error: lost }, calls: kept + lost, answers: [...times(kept, 200), ...times(lost, 500)] },
	);
}, 300_000);

test('a worker that is killed while its tasks are made: none is paid for twice', async () => {
	workers[0] = await startWorker('worker-3');
	gateway.control({ taskMs: 3_600_000 });
	const requests = uploadMany('making', UPLOADS_OVER_A_LOSS);
	const made = () => tasksMade(gateway);
	await waitUntil('every task to be created', () => made() === UPLOADS_OVER_A_LOSS, PATIENCE_MS, 50);
	await workers[0].stop('SIGKILL');
	gateway.control({ taskMs: 0 });
	gateway.endTasks();
	const statuses = await statusesWhenEnded(making, UPLOADS_OVER_A_LOSS);
	await requests;
	const { creates, tasks } = gateway.account('klingGlobal');
	const [kept, lost] = [CONCURRENCY, CONCURRENCY];
	// What runs again is refused by the external ID, and finds its task by it.
	expect({ statuses, creates, tasks }).toEqual(
		host.runsLostAgain
			? { statuses: { success: kept + lost }, creates: kept + 2 * lost, tasks: kept + lost }
			: { statuses: { success: kept, error: lost }, creates: kept + lost, tasks: kept + lost },
	);
}, 300_000);

test('a loop that waits, and both workers are killed meanwhile: none is lost, and none is paid for twice', async () => {
	gateway.control({ taskMs: 3_600_000 });
	const make = { imageSource: 'url', imageUrl: sampleUrl('portrait.jpg'), prompt: 'A smile' };
	const loop = await server.createWorkflow(workflow('loop', ...waitForTask(webhook('loop', 'onReceived'), make, 66)));
	await server.activate(loop);
	const answers = await Promise.all(
		Array.from({ length: LOOPS }, async () => (await server.callWebhook('loop', { method: 'POST' })).status),
	);
	expect(answers).toEqual(answers.map(() => 200));
	const waiting = async () => (await statusesOf(loop)).waiting === LOOPS;
	await waitUntil('every execution to wait', waiting, PATIENCE_MS);
	for (const worker of workers.splice(0)) await worker.stop('SIGKILL');
	workers.push(await startWorker('worker-4'));
	gateway.endTasks();
	expect(await statusesWhenEnded(loop, LOOPS)).toEqual({ success: LOOPS });
	const { creates, queries, tasks } = gateway.account('klingGlobal');
	expect({ creates, tasks }).toEqual({ creates: LOOPS, tasks: LOOPS });
	expect(queries).toBeLessThanOrEqual(LOOPS);
}, 300_000);
