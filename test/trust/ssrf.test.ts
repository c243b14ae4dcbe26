import { SsrfProtectionConfig } from '@n8n/config';
import { Container } from '@n8n/di';
import type { IDataObject } from 'n8n-workflow';

import { loadEngine, type Engine, type NodeRun } from '../engine/engine';
import { startGateway, type Gateway } from '../gateway';
import { credentialOf } from './support/world';

const RESTRICTED = /restricted IP address/;

let gateway: Gateway;
let engine: Engine;

beforeAll(async () => {
	// As N8N_SSRF_PROTECTION_ENABLED does; one address is allowed, so that a call can go through where a file must not.
	const config = Container.get(SsrfProtectionConfig);
	config.enabled = true;
	config.allowedIpRanges = ['127.0.0.1/32'];
	gateway = await startGateway({ tls: false });
	engine = await loadEngine();
});

afterEach(() => gateway.reset());
afterAll(() => gateway.close());

async function recognize(baseUrl: string, imageUrl: string, options: IDataObject): Promise<NodeRun> {
	return await engine.run({
		parameters: { operation: 'recognizeImage', imageSource: 'url', imageUrl, options: { maxAttempts: 2, ...options } },
		credential: credentialOf('custom', baseUrl),
		onError: 'continueRegularOutput',
		items: [{ json: {} }],
	});
}

/** The same gateway under an address that is not allowed. */
const forbidden = (): string => gateway.url.replace('127.0.0.1', '127.0.0.2');
const first = ({ outputs }: NodeRun): IDataObject => outputs[0]![0]!.json;

test.each(['127.0.0.2', '10.0.0.1', '169.254.169.254', '[::1]', '192.168.0.1'])('a gateway at %s is not called', async (host) => {
	const run = await recognize(`http://${host}:${new URL(gateway.url).port}`, 'https://images.kling-samples.test/a.jpg', {});
	expect(first(run)).toMatchObject({ details: { attempts: 0, retryable: false } });
	expect(JSON.stringify(first(run))).toMatch(RESTRICTED);
	expect(gateway.requests).toEqual([]);
});

test('an allowed gateway is called', async () => {
	const run = await recognize(gateway.url, 'https://images.kling-samples.test/a.jpg?flags=face', {});
	expect(first(run)).toMatchObject({ hasFace: true });
});

test('an image is not fetched from a forbidden address', async () => {
	const run = await recognize(gateway.url, `${forbidden()}/samples/portrait.jpg`, { downloadImageFirst: true });
	expect(JSON.stringify(first(run))).toMatch(RESTRICTED);
	expect(gateway.downloads).toEqual([]);
	expect(gateway.requests).toEqual([]);
});

test('nor by a redirect', async () => {
	gateway.control({
		faults: [{ kind: 'redirect', status: 302, location: `${forbidden()}/samples/garment.jpg`, match: 'portrait' }],
	});
	const run = await recognize(gateway.url, `${gateway.url}/samples/portrait.jpg`, { downloadImageFirst: true });
	expect(JSON.stringify(first(run))).toMatch(RESTRICTED);
	expect(gateway.downloads.map(({ path }) => path)).toEqual(['/samples/portrait.jpg']);
	expect(gateway.requests).toEqual([]);
});

test('a result that points to a forbidden address is not fetched', async () => {
	const images = [{ type: 'face_seg', is_contain: true, url: `${forbidden()}/samples/portrait.png` }];
	const body = { code: 0, data: { task_result: { images } } };
	gateway.control({ faults: [{ kind: 'answer', status: 200, body, route: 'recognize' }] });
	const run = await recognize(gateway.url, 'https://images.kling-samples.test/a.jpg', { downloadResults: true });
	expect(first(run)).toMatchObject({ hasFace: true, downloadErrors: { face: expect.any(String) } });
	expect(gateway.downloads).toEqual([]);
});
