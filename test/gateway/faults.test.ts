import { after } from './after';

import { sampleBytes } from '../samples/manifest';
import { Client, type Reply } from './client';
import { KEYS, startGateway, type Fault, type Gateway } from './index';

let gateway: Gateway;
let client: Client;

beforeAll(async () => {
	gateway = await startGateway({ tls: false });
	client = Client.of(gateway, false);
});
beforeEach(() => gateway.reset());
afterAll(async () => {
	await client.close();
	await gateway.close();
});

const recognize = (image = 'https://a.test/portrait.jpg', key = KEYS.custom): Promise<Reply> =>
	client.send(`${gateway.url}/v1/videos/image-recognize`, { key, body: { image } });
const play = (...faults: Fault[]): Promise<Reply> => {
	gateway.control({ faults });
	return recognize();
};

describe('answers put in place of the good one', () => {
	test('word for word', async () => {
		const reply = await play({ kind: 'answer', status: 503, headers: { 'retry-after': '7' }, body: { any: 'thing' } });
		expect([reply.status, reply.headers['retry-after'], reply.headers['content-type'], reply.json()]).toEqual([
			503,
			'7',
			'application/json',
			{ any: 'thing' },
		]);
		expect((await play({ kind: 'answer', status: 200, bodyBase64: '/wA=' })).bytes).toEqual(Buffer.from([255, 0]));
	});

	test("a service code, in Kling's envelope", async () => {
		const reply = await play({ kind: 'code', status: 429, code: 1102, message: 'used up' });
		expect([reply.status, reply.json()]).toEqual([429, { code: 1102, message: 'used up', request_id: expect.any(String) }]);
	});

	test("an error in the gateways' envelope", async () => {
		const reply = await play({ kind: 'gatewayError', status: 500, error: { code: 'invalid_request' } });
		expect([reply.status, reply.json()]).toEqual([500, { error: { code: 'invalid_request' } }]);
	});

	test('a page, nothing, a redirect', async () => {
		expect(await play({ kind: 'html', status: 524 })).toMatchObject({ status: 524, text: expect.stringContaining('<html>') });
		expect(await play({ kind: 'empty', status: 200 })).toMatchObject({ status: 200, text: '' });
		expect(await play({ kind: 'redirect', status: 301, location: 'https://a.test/' })).toMatchObject({
			status: 301,
			headers: { location: 'https://a.test/' },
		});
	});

	test('JSON that is deep', async () => {
		const { text } = await play({ kind: 'deepJson', depth: 50_000 });
		expect(text).toContain('['.repeat(50_000) + ']'.repeat(50_000));
	});
});

describe('the good answer, spoilt', () => {
	test('cut, but a whole message', async () => {
		const reply = await play({ kind: 'truncated' });
		expect([reply.status, Number(reply.headers['content-length'])]).toEqual([200, reply.bytes.length]);
		expect(reply.json).toThrow(SyntaxError);
	});

	test('not UTF-8', async () => {
		const { bytes, json } = await play({ kind: 'invalidUtf8' });
		expect(() => new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toThrow();
		expect(json().code).toBe(0);
	});

	test('as HTML by its header', async () => {
		const reply = await play({ kind: 'wrongContentType' });
		expect([reply.headers['content-type'], reply.json().code]).toEqual(['text/html; charset=utf-8', 0]);
	});

	test('late', async () => {
		const before = Date.now();
		expect((await play({ kind: 'delay', ms: 80 })).json().code).toBe(0);
		expect(Date.now() - before).toBeGreaterThanOrEqual(78);
	});
});

describe('the connection', () => {
	test('broken before the answer', async () => {
		await expect(play({ kind: 'resetBefore' })).rejects.toThrow(/closed|ECONNRESET/);
		expect(gateway.requests[0]?.status).toBe(0);
	});

	test('broken in the middle of it', async () => {
		await expect(play({ kind: 'resetDuring' })).rejects.toThrow(/closed|ECONNRESET|terminated/);
		expect(gateway.requests[0]?.status).toBe(200);
	});

	test.each([false, true])('hanging, with its headers sent: %s', async (afterHeaders) => {
		gateway.control({ faults: [{ kind: 'hang', afterHeaders }] });
		const body = { image: 'https://a.test/portrait.jpg' };
		const patience = new AbortController();
		const url = `${gateway.url}/v1/videos/image-recognize`;
		const answer = expect(client.send(url, { key: KEYS.custom, body, signal: patience.signal })).rejects.toThrow(/abort/i);
		while (gateway.requests[0]?.status === undefined) await after(10);
		await after(100);
		patience.abort();
		await answer;
		expect(gateway.requests[0].status).toBe(afterHeaders ? 200 : 0);
	});

	test.each([false, true])('byte by byte, headers too: %s', async (dripHeaders) => {
		gateway.control({ shape: 'gateway', faults: [{ kind: 'drip', bytesEveryMs: 1, dripHeaders }] });
		const before = Date.now();
		expect((await recognize()).json().code).toBe(0);
		expect(Date.now() - before).toBeGreaterThan(150);
	});

	test.each([false, true])('a big body, its length declared: %s', async (declareLength) => {
		const { bytes, headers, json } = await play({ kind: 'big', bytes: 3_000_000, declareLength });
		expect([bytes.length, headers['content-length']]).toEqual([3_000_000, declareLength ? '3000000' : undefined]);
		expect(json()).toMatchObject({ code: 0 });
	});
});

describe('which request a fault is for', () => {
	const statuses = async (...images: string[]): Promise<number[]> => {
		const all: number[] = [];
		for (const image of images) all.push((await recognize(image)).status);
		return all;
	};

	test('so many times, then the next fault, then well', async () => {
		gateway.control({
			faults: [
				{ kind: 'html', status: 502, times: 2 },
				{ kind: 'html', status: 503, times: 1 },
			],
		});
		expect(
			await statuses('https://a.test/1.jpg', 'https://a.test/1.jpg', 'https://a.test/1.jpg', 'https://a.test/1.jpg'),
		).toEqual([502, 502, 503, 200]);
	});

	test("by URL, by a sample's name where its bytes are sent", async () => {
		gateway.control({
			faults: [
				{ kind: 'html', status: 500, match: '/2.jpg' },
				{ kind: 'html', status: 504, match: 'statue.png' },
			],
		});
		const statue = sampleBytes('statue.png').toString('base64');
		const portrait = sampleBytes('portrait.png').toString('base64');
		expect(await statuses('https://a.test/1.jpg', 'https://a.test/2.jpg', statue, portrait)).toEqual([200, 500, 504, 200]);
	});

	test('by route', async () => {
		gateway.control({
			faults: [
				{ kind: 'html', status: 500, route: 'identify' },
				{ kind: 'html', status: 503, route: 'download', match: 'garment' },
			],
		});
		const identify = await client.send(`${gateway.url}/v1/videos/identify-face`, { key: KEYS.custom, body: { video_id: '1' } });
		const download = await client.send(`${gateway.url}/samples/garment.png`, { method: 'GET' });
		const other = await client.send(`${gateway.url}/samples/statue.png`, { method: 'GET' });
		expect([identify.status, download.status, other.status, (await recognize()).status]).toEqual([500, 503, 200, 200]);
	});

	test('behind the key, unless it is said otherwise', async () => {
		gateway.control({ faults: [{ kind: 'html', status: 500 }] });
		expect((await recognize(undefined, 'nobodys-key')).status).toBe(401);
		gateway.control({ faults: [{ kind: 'html', status: 500, beforeAuth: true }] });
		expect((await recognize(undefined, 'nobodys-key')).status).toBe(500);
	});

	test('before the limits of the image', async () => {
		gateway.control({ faults: [{ kind: 'code', status: 500, code: 5000, times: 1 }] });
		expect(await statuses('neither a URL nor Base64', 'neither a URL nor Base64')).toEqual([500, 400]);
	});
});
