import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import tls from 'node:tls';
import sharp from 'sharp';
import { IMAGE_SAMPLES, PUBLISHED_DIR, sampleBytes } from '../samples/manifest';
import { Client } from './client';
import { PUBLISHED_URL } from './fileHosts';
import { BOT_TOKEN, KEYS, startGateway, type Gateway } from './index';

let gateway: Gateway;
let proxied: Client;
let plain: Client;

beforeAll(async () => {
	gateway = await startGateway();
	proxied = Client.of(gateway, true);
	plain = Client.of(gateway, false);
});
beforeEach(() => gateway.reset());
afterAll(async () => {
	await Promise.all([proxied.close(), plain.close()]);
	await gateway.close();
});

const recognize = (image: string, signal?: AbortSignal) =>
	plain.send(`${gateway.url}/v1/videos/image-recognize`, { key: KEYS.custom, body: { image }, signal });
const identify = (video_url: string) =>
	plain.send(`${gateway.url}/v1/videos/identify-face`, { key: KEYS.custom, body: { video_url } });
const found = (reply: { json: () => any }): string[] =>
	reply
		.json()
		.data.task_result.images.filter((one: { is_contain: boolean }) => one.is_contain)
		.map((one: { type: string }) => one.type);

describe('what is answered is scripted', () => {
	test('by the query of a URL', async () => {
		expect(found(await recognize('https://images.kling-samples.test/n/1.jpg?flags=head,face'))).toEqual(['head_seg', 'face_seg']);
		const { data } = (await identify('https://images.kling-samples.test/n/1.mp4?faces=0-5200,100-900')).json();
		expect(data.face_data).toMatchObject([
			{ start_time: 0, end_time: 5200 },
			{ face_id: '1', start_time: 100, end_time: 900 },
		]);
	});

	test.each(IMAGE_SAMPLES.filter((sample) => !sample.refused))('by the sample: $file', async ({ file, flags }) => {
		const expected = flags.map((flag) => `${flag}_seg`);
		expect(found(await recognize(`https://anywhere.example.com/a/${file}`))).toEqual(expected);
		expect(found(await recognize(sampleBytes(file).toString('base64')))).toEqual(expected);
	});

	test('by settings, and nothing where nothing is said', async () => {
		const url = 'https://images.kling-samples.test/unknown.jpg';
		expect(found(await recognize(url))).toEqual([]);
		gateway.control({ defaultFlags: ['face'] });
		expect(found(await recognize(url))).toEqual(['face_seg']);
		gateway.control({ images: { 'unknown.jpg': ['cloth'] }, videos: { 'unknown.mp4': [[5, 10]] } });
		expect(found(await recognize(url))).toEqual(['cloth_seg']);
		expect((await identify('https://a.example.com/unknown.mp4')).json().data.face_data).toHaveLength(1);
		expect((await identify('https://a.example.com/other.mp4')).json().data.face_data).toEqual([]);
	});

	test('a generated image that was fetched is known by its bytes', async () => {
		const { bytes } = await proxied.send('https://images.kling-samples.test/n/9.png?flags=cloth&bytes=50000', { method: 'GET' });
		expect(bytes).toHaveLength(50_000);
		expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 320 });
		expect(found(await recognize(bytes.toString('base64')))).toEqual(['cloth_seg']);
	});

	test.each(['kling', 'gateway', 'faceList'] as const)('in the shape asked for: %s', async (shape) => {
		gateway.control({ shape });
		const image = (await recognize('https://a.test/portrait.jpg')).json();
		expect(Boolean(image.data.task_result.images[0].url)).toBe(shape === 'kling');
		expect('face_list' in (await identify('https://a.test/one-face.mp4')).json().data).toBe(shape === 'faceList');
	});
});

describe('files', () => {
	test('what an answer speaks of can be fetched, and nothing else', async () => {
		const { data } = (await recognize('https://a.test/portrait.jpg')).json();
		const faces = (await identify('https://a.test/one-face.mp4')).json().data.face_data;
		const urls: string[] = [...data.task_result.images.map((one: { url: string }) => one.url), faces[0].face_image];
		for (const url of urls) {
			const { status, headers, bytes } = await plain.send(url, { method: 'GET' });
			expect([status, headers['content-type']]).toEqual([200, url.endsWith('png') ? 'image/png' : 'image/jpeg']);
			await expect(sharp(bytes).raw().toBuffer()).resolves.toBeDefined();
		}
		expect(gateway.downloads.map((one) => one.status)).toEqual([200, 200, 200, 200, 200]);
		expect((await plain.send(`${gateway.url}/results/nobody/face_seg.png`, { method: 'GET' })).status).toBe(404);
	});

	test('from a real host name they are at the results host', async () => {
		const { data } = (
			await proxied.send('https://api-beijing.klingai.com/v1/videos/image-recognize', {
				key: KEYS.klingChina,
				body: { image: 'https://a.test/garment.png' },
			})
		).json();
		const [{ url }] = data.task_result.images;
		expect(url).toMatch(/^https:\/\/results\.kling-samples\.test\/[\w-]+\/object_seg\.png$/);
		expect((await proxied.send(url, { method: 'GET', headers: { 'x-seen': 'yes' } })).status).toBe(200);
		expect(gateway.downloads).toMatchObject([{ host: 'results.kling-samples.test', headers: { 'x-seen': 'yes' } }]);
		expect(gateway.downloads[0]?.headers).not.toHaveProperty('authorization');
	});

	test('samples are served at every host, over TLS and without', async () => {
		for (const base of ['https://images.kling-samples.test', 'http://images.kling-samples.test', gateway.url]) {
			const { bytes } = await proxied.send(`${base}/samples/statue.png`, { method: 'GET' });
			expect(bytes.equals(sampleBytes('statue.png'))).toBe(true);
		}
		const video = await proxied.send('https://images.kling-samples.test/samples/one-face.mp4', { method: 'GET' });
		expect([video.headers['content-type'], video.bytes.toString('latin1', 4, 8)]).toEqual(['video/mp4', 'ftyp']);
	});
});

describe('calls at once', () => {
	const many = (count: number) => Promise.all(Array.from({ length: count }, (_, n) => recognize(`https://a.test/${n}.jpg`)));

	test('above the limit there is 429 with 1303, and at the limit there is not', async () => {
		gateway.control({ concurrency: 3, latencyMs: 60 });
		expect((await many(3)).map((reply) => reply.status)).toEqual([200, 200, 200]);
		const replies = await many(5);
		expect(replies.map((reply) => reply.status).sort()).toEqual([200, 200, 200, 429, 429]);
		expect(replies.find((reply) => reply.status === 429)?.json()).toMatchObject({ code: 1303, request_id: expect.any(String) });
		expect(gateway.stats()).toMatchObject({ calls: 8, rejected: 2, peakConcurrency: 5 });
	});

	test('an account is not limited by another', async () => {
		gateway.control({ concurrency: 1, latencyMs: 60 });
		const other = proxied.send('https://api.deerapi.com/kling/v1/videos/image-recognize', {
			key: KEYS.deerApi,
			body: { image: 'https://a.test/b.jpg' },
		});
		expect((await Promise.all([other, recognize('https://a.test/a.jpg')])).map((reply) => reply.status)).toEqual([200, 200]);
	});

	test('the limit can change after so many calls, and after so long', async () => {
		gateway.control({ latencyMs: 40, concurrency: 5, concurrencyPlan: [{ afterCalls: 4, limit: 1 }] });
		expect((await many(4)).every((reply) => reply.status === 200)).toBe(true);
		expect((await many(3)).filter((reply) => reply.status === 429)).toHaveLength(2);
		gateway.control({
			concurrencyPlan: [
				{ afterMs: 0, limit: 1 },
				{ afterMs: 150, limit: 0 },
			],
		});
		expect((await many(3)).filter((reply) => reply.status === 429)).toHaveLength(2);
		await new Promise((resolve) => {
			setTimeout(resolve, 160);
		});
		expect((await many(3)).filter((reply) => reply.status === 429)).toHaveLength(0);
	});

	test('a call that the client gave up gives its place back, and its connection', async () => {
		gateway.control({ concurrency: 1, latencyMs: 60_000 });
		await expect(recognize('https://a.test/a.jpg', AbortSignal.timeout(80))).rejects.toThrow();
		gateway.control({ latencyMs: 0 });
		await new Promise((resolve) => {
			setTimeout(resolve, 30);
		});
		expect((await recognize('https://a.test/a.jpg')).status).toBe(200);
		expect(gateway.requests.map((one) => one.status)).toEqual([0, 200]);
	});

	test('latency is kept', async () => {
		gateway.control({ latencyMs: [50, 60] });
		await recognize('https://a.test/a.jpg');
		expect(gateway.requests[0]?.ms).toBeGreaterThanOrEqual(49);
	});
});

describe('proxy and TLS', () => {
	test('other hosts get 502', async () => {
		await expect(proxied.send('https://example.com/', { method: 'GET' })).rejects.toThrow(/Proxy response \(502\)/);
		await expect(proxied.send('https://api.deerapi.com:8443/', { method: 'GET' })).rejects.toThrow(/Proxy response \(502\)/);
		expect(gateway.requests).toEqual([]);
	});

	test('the certificate is good for the real names, and only with the authority', async () => {
		const { port } = new URL(gateway.tlsUrl);
		const handshake = (ca: string | undefined) =>
			new Promise<boolean>((resolve, reject) => {
				const socket = tls
					.connect({ host: '127.0.0.1', port: Number(port), servername: 'api.cometapi.com', ca }, () => {
						socket.destroy();
						resolve(socket.authorized);
					})
					.once('error', reject);
			});
		expect(await handshake(gateway.ca)).toBe(true);
		await expect(handshake(undefined)).rejects.toThrow(/certificate/);
	});

	test('closing breaks what hangs and removes the authority', async () => {
		const other = await startGateway();
		other.control({ faults: [{ kind: 'hang' }] });
		const hanging = Client.of(other, true);
		const call = expect(
			hanging.send('https://api.deerapi.com/kling/v1/videos/image-recognize', {
				key: KEYS.deerApi,
				body: { image: 'https://a.test/a.jpg' },
			}),
		).rejects.toThrow();
		while (other.requests.length === 0)
			await new Promise((resolve) => {
				setTimeout(resolve, 10);
			});
		expect(existsSync(other.caFile)).toBe(true);
		await other.close();
		await call;
		await hanging.close();
		expect(existsSync(other.caFile)).toBe(false);
		expect(other.stats().openSockets).toBe(0);
	});
});

describe('control from another process', () => {
	test('sets, tells and forgets', async () => {
		const post = (name: string, body: object) => plain.send(`${gateway.url}/__gateway/${name}`, { body });
		const get = async (name: string) => (await plain.send(`${gateway.url}/__gateway/${name}`, { method: 'GET' })).json();
		expect((await post('control', { defaultFlags: ['head'] })).status).toBe(200);
		expect((await post('control', { latency: 5 })).status).toBe(400);
		expect(found(await recognize('https://a.test/a.jpg'))).toEqual(['head_seg']);
		await plain.send(`${gateway.url}/samples/portrait.jpg`, { method: 'GET' });
		expect(await get('requests')).toHaveLength(1);
		expect(await get('downloads')).toHaveLength(1);
		expect(await get('stats')).toMatchObject({ calls: 1, rejected: 0, peakConcurrency: 1, openSockets: expect.any(Number) });
		await post('reset', {});
		expect([await get('requests'), await get('downloads'), (await get('stats')).calls]).toEqual([[], [], 0]);
	});

	test('a setting that is none is an error', () => {
		expect(() => gateway.control({ latency: 5 } as object)).toThrow('no such setting: latency');
	});
});

describe('hosts of the outside world', () => {
	const get = async (url: string, headers: Record<string, string> = {}) => await proxied.send(url, { method: 'GET', headers });
	const NAMED = { 'user-agent': 'a-tool/1 (https://a-tool.example)' };

	test.each<[number, Record<string, string>]>([
		[200, { ...NAMED, accept: '*/*' }],
		[403, NAMED],
		[403, { accept: '*/*' }],
		[403, { accept: '*/*', 'user-agent': 'axios/1.12.0' }],
		[403, { accept: '*/*', 'user-agent': 'n8n' }],
	])('the strict one answers %i to %j', async (status, headers) => {
		expect((await get('https://strict.kling-samples.test/n/a.jpg', headers)).status).toBe(status);
	});

	test.each([
		['image/avif', '*/*'],
		['image/avif', 'image/*'],
		['image/avif', 'image/jpeg, image/avif'],
		['image/jpeg', 'image/jpeg, */*;q=0.1'],
		['image/jpeg', 'image/jpeg'],
	])('the CDN sends %s to who accepts %s', async (type, accept) => {
		const { headers } = await get('https://cdn.kling-samples.test/n/a.jpg', { accept });
		expect(headers['content-type']).toBe(type);
	});

	test.each([
		[200, BOT_TOKEN, 'portrait.jpg'],
		[200, BOT_TOKEN.replace(':', '%3A'), 'tone-3s.mp3'],
		[404, BOT_TOKEN, 'gone.jpg'],
		[401, '1:a', 'portrait.jpg'],
	])("Telegram's answers %i to the token %s for %s, whoever runs the server", async (status, token, name) => {
		for (const base of ['https://api.telegram.org', gateway.url]) {
			expect((await get(`${base}/file/bot${token}/photos/${name}`)).status).toBe(status);
		}
	});
});

describe('the files that the examples name', () => {
	test.each(readdirSync(PUBLISHED_DIR))('%s: a CDN has it once the package is published, and it is recognized', async (file) => {
		const url = `${PUBLISHED_URL}${file}`;
		const reply = await proxied.send(url, { method: 'GET' });
		expect(reply.bytes.equals(readFileSync(join(PUBLISHED_DIR, file)))).toBe(true);
		expect((await sharp(reply.bytes).metadata()).format).toBe('png');
		const { flags, refused } = IMAGE_SAMPLES.find((row) => row.file === file)!;
		for (const image of [url, reply.bytes.toString('base64')]) {
			const answer = await recognize(image);
			expect(refused ? answer.status : found(answer)).toEqual(refused ? 400 : flags.map((flag) => `${flag}_seg`));
		}
	});

	test('a file that is not in the package is nowhere', async () => {
		const url = `${PUBLISHED_URL}nothing.png`;
		expect((await proxied.send(url, { method: 'GET' })).status).toBe(404);
		expect((await recognize(url)).json()).toMatchObject({ code: 1201, message: expect.stringContaining('cannot be fetched') });
	});
});
