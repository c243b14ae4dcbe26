import type { Gateway } from '../../gateway';
import { sampleBytes, sha256Of, VIDEO_UPLOAD } from '../../samples/manifest';
import { execute } from '../harness/execution';
import { currentHost } from '../harness/hosts';
import type { Environment } from '../harness/instance';
import { fetchAsProvider } from '../harness/provider';
import { startServer, type Server } from '../harness/server';
import { CLOSES_MS, OPENS_MS, openDesk, type Desk } from '../harness/stand';
import { kling, manualStart, sampleUrl, webhook, workflow, type NodeDraft } from '../harness/workflows';

/** Under which the gateway's proxy leads to the n8n that is tested, as a public address would. */
const PUBLIC_HOST = 'n8n.kling-samples.test';

const host = currentHost();
const stored = host.binaryModes.filter((mode) => mode !== 'default');
const whereLinksAre = host.signsLinks ? test.each(stored) : test.skip.each(stored);
let desk: Desk;
let gateway: Gateway;
let server: Server | undefined;

beforeAll(async () => {
	desk = await openDesk('links');
	({ gateway } = desk);
	await desk.instance.importWorkflows([byCommand]);
}, OPENS_MS);

afterEach(async () => {
	await server?.stop();
	server = undefined;
}, 60_000);

afterAll(async () => await desk?.close(), CLOSES_MS);

beforeEach(() => {
	gateway.reset();
	gateway.control({ defaultFaces: [[0, 3000]] });
});

const identify = (rest: Partial<NodeDraft> = {}): NodeDraft =>
	kling('Identify', { operation: 'identifyFace', videoSource: 'binary' }, 'klingGlobal', rest);

/** A file that a node has fetched, in a workflow that is run by n8n's command line. */
const byCommand = workflow('byCommand', [
	manualStart(),
	{
		name: 'Fetch',
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: { url: sampleUrl(VIDEO_UPLOAD), options: { response: { response: { responseFormat: 'file' } } } },
	},
	identify({ onError: 'continueRegularOutput' }),
]);

const modes = (mode: string): Environment => ({
	N8N_DEFAULT_BINARY_DATA_MODE: mode,
	N8N_AVAILABLE_BINARY_DATA_MODES: [...new Set(['filesystem', mode])].join(),
});

/** Starts n8n under its public address, with a workflow that takes uploads. */
async function serve(mode: string, prefix = ''): Promise<Server> {
	server = await startServer(desk.instance, { ...modes(mode), WEBHOOK_URL: `http://${PUBLIC_HOST}/${prefix}` });
	gateway.control({ publicHosts: { [PUBLIC_HOST]: new URL(server.url).host } });
	const path = `faces-${mode}${prefix.replace('/', '')}`;
	const flow = await server.createWorkflow(workflow(path, [webhook(path), identify({ onError: 'continueRegularOutput' })]));
	await server.activate(flow);
	return server;
}

async function upload(to: Server, path: string): Promise<Record<string, any>> {
	const body = new FormData();
	body.set('data', new Blob([new Uint8Array(sampleBytes(VIDEO_UPLOAD))], { type: 'video/mp4' }), 'interview.mp4');
	const response = await to.callWebhook(path, { method: 'POST', body });
	return (await response.json()) as Record<string, any>;
}

/** The URLs that the provider was given. */
const sentUrls = (): string[] =>
	gateway.requests.filter(({ route }) => route === 'identify').map(({ json }) => (json as { video_url: string }).video_url);

whereLinksAre('a file that was uploaded is served to the provider: binary data in %s mode', async (mode) => {
	const n8n = await serve(mode);
	const answer = await upload(n8n, `faces-${mode}`);
	expect(answer).toMatchObject({ faceId: '0', lipSyncReady: true, videoUrl: null, videoId: null });
	const [url, ...more] = sentUrls();
	expect(more).toEqual([]);
	expect(new URL(url!).host).toBe(PUBLIC_HOST);
	// The provider may come later than the answer: the upload of the execution is gone then, the copy is not.
	const served = { type: 'video/mp4', sha256: sha256Of(sampleBytes(VIDEO_UPLOAD)) };
	expect(await fetchAsProvider(url!, gateway.proxyUrl)).toEqual(served);
	const { results } = await n8n.rest<{ results: Array<{ id: string }> }>('GET', '/executions?limit=1');
	const { text } = await n8n.finished(results[0]!.id);
	const token = new URL(url!).searchParams.get('token')!;
	expect(token.length).toBeGreaterThan(20);
	expect([text.includes(token), n8n.process.output().includes(token)]).toEqual([false, false]);
});

(host.signsLinks ? test : test.skip)('an address that does not lead to the file is refused, and nothing is sent', async () => {
	const n8n = await serve('filesystem', 'wrong/');
	const answer = await upload(n8n, 'faces-filesystemwrong');
	expect(String(answer.error)).toContain(PUBLIC_HOST);
	expect(answer.details.description).toContain('WEBHOOK_URL');
	expect(gateway.requests).toEqual([]);
});

test('what cannot be served is refused with the reason, and nothing is sent', async () => {
	const reasons: Record<string, unknown> = {};
	for (const mode of host.binaryModes) {
		const execution = await execute(desk.instance, byCommand, modes(mode));
		const [item] = execution.items('Identify');
		reasons[mode] = item!.json.error;
	}
	const old = expect.stringContaining('cannot serve a file by a link');
	const inMemory = expect.stringContaining('holds the file in the item itself');
	const byCli = expect.stringContaining('"n8n execute"');
	const expected = (mode: string) => (host.signsLinks ? (mode === 'default' ? inMemory : byCli) : old);
	expect(reasons).toEqual(Object.fromEntries(host.binaryModes.map((mode) => [mode, expected(mode)])));
	expect(gateway.requests).toEqual([]);
}, 180_000);
