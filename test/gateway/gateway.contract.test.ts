import { sampleBytes } from '../samples/manifest';
import { makeImage, type ImageWish } from '../samples/images';
import { Client, jwt } from './client';
import { KEYS, RESELLERS, rowOf, startGateway, type Gateway, type Provider } from './index';

/**
 * What the documents state, as a table. `document` names the one; where it says 'public documentation' there is no
 * document of our own for that route at that provider.
 */
interface Stated {
	provider: Provider;
	url: string;
	document: string;
	example: Record<string, string>;
	/** The answer's order of segments, and what it has beside them; undefined: the document leaves the answer empty. */
	segments?: string[];
	withUrls?: boolean;
	withRequestId?: boolean;
}

const KLING_ORDER = ['object_seg', 'head_seg', 'face_seg', 'cloth_seg'];
const GATEWAY_ORDER = ['head_seg', 'face_seg', 'cloth_seg', 'object_seg'];

const RECOGNIZE: Stated[] = [
	{
		provider: 'klingGlobal',
		url: 'https://api-singapore.klingai.com/v1/videos/image-recognize',
		document: '001, Kling: Image Recognize',
		example: { image: 'https://p2-kling.klingai.com/kcdn/cdn-kcdn112452/kling-qa-test/multi-1.png' },
		segments: KLING_ORDER,
		withUrls: true,
		withRequestId: true,
	},
	{
		provider: 'klingChina',
		url: 'https://api-beijing.klingai.com/v1/videos/image-recognize',
		document: 'public documentation',
		example: { image: 'https://p2-kling.klingai.com/kcdn/cdn-kcdn112452/kling-qa-test/multi-1.png' },
		segments: KLING_ORDER,
		withUrls: true,
		withRequestId: true,
	},
	{
		provider: 'deerApi',
		url: 'https://api.deerapi.com/kling/v1/videos/image-recognize',
		document: '002, DeerAPI',
		example: { image: 'https://example.com/reference-image.jpg' },
		segments: GATEWAY_ORDER,
	},
	{
		provider: 'cometApi',
		url: 'https://api.cometapi.com/kling/v1/videos/image-recognize',
		document: '003, CometAPI: Run Kling image recognition',
		example: { image: 'https://cc.tvbs.com.tw/portal/images/2018/anchor21.jpg' },
		segments: GATEWAY_ORDER,
	},
	{
		provider: 'chainHub',
		url: 'https://api.chainhub.tech/kling/v1/videos/image-recognize',
		document: '000, ChainHub: Image recognition',
		example: {
			image:
				'https://h2.inkwai.com/bs2/upload-ylab-stunt/se/ai_portal_queue_mmu_image_upscale_aiweb/3214b798-e1b4-4b00-b7af-72b5b0417420_raw_image_0.jpg',
		},
	},
];

const IDENTIFY_EXAMPLE = { video_id: '827297867148050499', video_url: '' };
const IDENTIFY: Stated[] = [
	{
		provider: 'chainHub',
		url: 'https://api.chainhub.tech/kling/v1/videos/identify-face',
		document: '004, ChainHub: Facial recognition',
		example: IDENTIFY_EXAMPLE,
	},
	...(['klingGlobal', 'klingChina', 'deerApi', 'cometApi'] as const).map((provider) => ({
		provider,
		document: 'public documentation',
		example: IDENTIFY_EXAMPLE,
		url: RECOGNIZE.find((row) => row.provider === provider)?.url.replace('image-recognize', 'identify-face') ?? '',
	})),
];

let gateway: Gateway;
let client: Client;
let plain: Client;

beforeAll(async () => {
	gateway = await startGateway();
	client = Client.of(gateway, true);
	plain = Client.of(gateway, false);
});
beforeEach(() => gateway.reset());
afterAll(async () => {
	await Promise.all([client.close(), plain.close()]);
	await gateway.close();
});

describe('image recognition, as documented', () => {
	test.each(RECOGNIZE)('$provider answers its own example ($document)', async (row) => {
		gateway.control({ defaultFlags: ['object', 'head', 'face', 'cloth'] });
		const reply = await client.send(row.url, { key: KEYS[row.provider], body: row.example });
		const answer = reply.json();
		expect(reply.status).toBe(200);
		expect(answer).toMatchObject({ code: 0, message: expect.any(String), data: { task_result: { images: expect.any(Array) } } });
		const images: Array<Record<string, unknown>> = answer.data.task_result.images;
		expect(images.map((image) => image.type)).toEqual(row.segments ?? GATEWAY_ORDER);
		expect(images.every((image) => image.is_contain === true)).toBe(true);
		expect(images.every((image) => typeof image.url === 'string')).toBe(row.withUrls ?? false);
		expect('request_id' in answer).toBe(row.withRequestId ?? false);
		expect(answer.data.final_unit_deduction).toEqual(row.withRequestId ? expect.stringMatching(/^\d/) : undefined);
		expect(gateway.requests).toMatchObject([{ provider: row.provider, method: 'POST', status: 200, json: row.example }]);
	});

	test.each(RECOGNIZE)('$provider takes bare Base64 and says what the sample shows ($document)', async (row) => {
		const image = sampleBytes('garment.png').toString('base64');
		const { data } = (await client.send(row.url, { key: KEYS[row.provider], body: { image } })).json();
		const found = data.task_result.images
			.filter((one: { is_contain: boolean }) => one.is_contain)
			.map((one: { type: string }) => one.type);
		expect(found.sort()).toEqual(['cloth_seg', 'object_seg']);
		expect(JSON.stringify(gateway.requests)).not.toContain(image.slice(100, 200));
		expect(gateway.requests[0]?.json).toEqual({
			image: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/), bytes: sampleBytes('garment.png').length },
		});
	});

	test('Kling has no /kling prefix, the resellers have one', async () => {
		const atKling = await client.send('https://api-singapore.klingai.com/kling/v1/videos/image-recognize', {
			key: KEYS.klingGlobal,
			body: {},
		});
		expect([atKling.status, atKling.json().code]).toEqual([404, 1203]);
		const method = await client.send('https://api-singapore.klingai.com/v1/videos/image-recognize', {
			method: 'GET',
			key: KEYS.klingGlobal,
		});
		expect([method.status, method.json().code]).toEqual([404, 1202]);
		for (const { provider, url } of RECOGNIZE.slice(2)) {
			const atRoot = await client.send(url.replace('/kling', ''), { key: KEYS[provider], body: {} });
			expect([atRoot.status, atRoot.json().error.type]).toEqual([404, 'invalid_request_error']);
			const page = await client.send(new URL('/elsewhere', url).href, { key: KEYS[provider], body: {} });
			expect(page.headers['content-type']).toMatch('text/html');
		}
	});

	test('a custom gateway has both forms', async () => {
		for (const prefix of ['', '/kling']) {
			const reply = await plain.send(`${gateway.url}${prefix}/v1/videos/image-recognize`, {
				key: KEYS.custom,
				body: { image: `${gateway.url}/samples/portrait.jpg` },
			});
			expect(reply.status).toBe(200);
		}
	});
});

describe('the key', () => {
	test.each([...RECOGNIZE, ...IDENTIFY])('$provider refuses another key before it looks at the body: $url', async (row) => {
		for (const key of ['', 'nobodys-key', `${KEYS[row.provider]}x`, KEYS[row.provider === 'deerApi' ? 'cometApi' : 'deerApi']]) {
			const reply = await client.send(row.url, { key, body: 'not even JSON' });
			expect(reply.status).toBe(401);
			if (row.provider.startsWith('kling'))
				expect(reply.json()).toMatchObject({ code: key ? 1002 : 1001, request_id: expect.any(String) });
			else
				expect(reply.json().error).toMatchObject({
					message: expect.stringMatching(/request id: \w+/),
					type: expect.any(String),
					param: '',
					code: expect.any(String),
				});
		}
	});

	const now = Math.floor(Date.now() / 1000);
	test.each([
		['a good one', jwt(), 200, 0],
		['another secret', jwt({}, 'another-secret-key-that-is-long-enough-too'), 401, 1000],
		['an algorithm that is not HS256', jwt({}, undefined, { alg: 'none', typ: 'JWT' }), 401, 1000],
		['no exp', jwt({ exp: undefined }), 401, 1000],
		['an unknown access key', jwt({ iss: 'AK-nobody' }), 401, 1002],
		['not valid yet', jwt({ nbf: now + 600 }), 401, 1003],
		['expired', jwt({ exp: now - 1 }), 401, 1004],
	])('Kling and a JWT: %s', async (_name, token, status, code) => {
		for (const host of ['api-singapore', 'api-beijing']) {
			const reply = await client.send(`https://${host}.klingai.com/v1/videos/image-recognize`, {
				key: token,
				body: { image: 'https://images.kling-samples.test/samples/portrait.jpg' },
			});
			expect([reply.status, reply.json().code]).toEqual([status, code]);
		}
	});

	test('a reseller knows no JWT', async () => {
		expect((await client.send(RECOGNIZE[2]?.url ?? '', { key: jwt(), body: {} })).status).toBe(401);
		expect((await plain.send(`${gateway.url}/v1/videos/image-recognize`, { key: jwt(), body: {} })).status).toBe(401);
	});

	test('Kling proves one by its costs, without a recognition call', async () => {
		const url = `https://api-singapore.klingai.com/account/costs?start_time=${Date.now() - 1000}&end_time=${Date.now()}`;
		const [good, signed, bad] = await Promise.all(
			[KEYS.klingGlobal, jwt(), 'nobodys-key'].map((key) => client.send(url, { method: 'GET', key })),
		);
		expect([good?.status, good?.json().code, signed?.status, bad?.status, bad?.json().code]).toEqual([200, 0, 200, 401, 1002]);
		expect(gateway.stats().calls).toBe(0);
	});

	test.each(RESELLERS)('%s proves one by its models', async (provider) => {
		const url = `https://${rowOf(provider).host}/v1/models`;
		const good = await client.send(url, { method: 'GET', key: KEYS[provider] });
		expect([good.status, good.json().object]).toEqual([200, 'list']);
		expect((await client.send(url, { method: 'GET', key: 'nobodys-key' })).status).toBe(401);
	});

	test('a custom gateway proves one by refusing an empty body', async () => {
		const url = `${gateway.url}/kling/v1/videos/image-recognize`;
		const [good, bad] = [
			await plain.send(url, { key: KEYS.custom, body: {} }),
			await plain.send(url, { key: 'nobodys-key', body: {} }),
		];
		expect([good.status, good.json().code, bad.status]).toEqual([400, 1201, 401]);
		expect((await plain.send(`${gateway.url}/v1/models`, { method: 'GET', key: KEYS.custom })).status).toBe(404);
	});
});

describe('the limits of an image: 10 MB, 300 px, 1:2.5 to 2.5:1, JPEG and PNG', () => {
	const MB10 = 10 * 1024 * 1024;
	const cases: Array<[ImageWish, RegExp | undefined]> = [
		[{ width: 300, height: 300, format: 'jpeg' }, undefined],
		[{ width: 299, height: 300, format: 'jpeg' }, /300px/],
		[{ width: 300, height: 299, format: 'png' }, /300px/],
		[{ width: 750, height: 300, format: 'png' }, undefined],
		[{ width: 300, height: 750, format: 'jpeg' }, undefined],
		[{ width: 753, height: 300, format: 'jpeg' }, /ratio/],
		[{ width: 300, height: 751, format: 'png' }, /ratio/],
		[{ width: 400, height: 400, format: 'jpeg', bytes: MB10 }, undefined],
		[{ width: 400, height: 400, format: 'jpeg', bytes: MB10 + 1 }, /10MB/],
		[{ width: 400, height: 400, format: 'jpeg', bytes: MB10, padding: 'front' }, undefined],
		[{ width: 299, height: 400, format: 'jpeg', bytes: MB10, padding: 'front' }, /300px/],
		[{ width: 400, height: 400, format: 'png', bytes: MB10 }, undefined],
		[{ width: 400, height: 400, format: 'png', bytes: MB10 + 1 }, /10MB/],
	];
	test.each(cases)('%j -> %s', async (wish, refusal) => {
		const image = await makeImage(wish);
		const reply = await plain.send(`${gateway.url}/v1/videos/image-recognize`, {
			key: KEYS.custom,
			body: { image: image.toString('base64') },
		});
		expect([reply.status, reply.json().code]).toEqual(refusal ? [400, 1201] : [200, 0]);
		if (refusal) expect(reply.json().message).toMatch(refusal);
		expect(gateway.requests[0]?.json).toMatchObject({ image: { bytes: image.length } });
	});

	test.each(['webp-named.jpg', 'gif-named.jpg', 'small-200.png', 'wide-3to1.jpg'])(
		'%s is refused, sent or fetched',
		async (file) => {
			for (const image of [sampleBytes(file).toString('base64'), `https://images.kling-samples.test/samples/${file}`]) {
				const reply = await plain.send(`${gateway.url}/v1/videos/image-recognize`, { key: KEYS.custom, body: { image } });
				expect([reply.status, reply.json().code]).toEqual([400, 1201]);
			}
		},
	);

	const good = sampleBytes('portrait.jpg').toString('base64');
	test.each([
		['a data: prefix', { image: `data:image/jpeg;base64,${good}` }, /prefix/],
		['no image', {}, /required/],
		['an empty image', { image: '' }, /required/],
		['a number', { image: 7 }, /string/],
		['line breaks', { image: `${good.slice(0, 76)}\n${good.slice(76)}` }, /Base64/],
		['the URL alphabet', { image: good.replaceAll('+', '-').replaceAll('/', '_') }, /Base64/],
		['no padding', { image: good.replace(/=*$/, '').slice(0, -1) }, /Base64/],
		['another scheme', { image: 'ftp://example.com/a.jpg' }, /Base64/],
		['an array', [{ image: good }], /JSON object/],
		['half a JSON', '{"image":"', /JSON object/],
	])('refused: %s', async (_name, body, message) => {
		const reply = await plain.send(`${gateway.url}/v1/videos/image-recognize`, { key: KEYS.custom, body });
		expect([reply.status, reply.json().code]).toEqual([400, 1201]);
		expect(reply.json().message).toMatch(message);
	});

	test('Kling requires the JSON content type (001), DeerAPI calls it optional (002)', async () => {
		const sending = { body: JSON.stringify({ image: 'https://example.com/a.jpg' }), headers: { 'content-type': 'text/plain' } };
		expect((await client.send(RECOGNIZE[0]?.url ?? '', { ...sending, key: KEYS.klingGlobal })).status).toBe(400);
		expect((await client.send(RECOGNIZE[2]?.url ?? '', { ...sending, key: KEYS.deerApi })).status).toBe(200);
	});
});

describe('identify face, as documented', () => {
	test.each(IDENTIFY)('$provider answers the example ($document)', async (row) => {
		const reply = await client.send(row.url, { key: KEYS[row.provider], body: row.example });
		const { code, data, request_id: id } = reply.json();
		expect([reply.status, code, typeof data.session_id]).toEqual([200, 0, 'string']);
		if (row.provider === 'chainHub')
			expect(data.face_list).toEqual([{ face_id: '0', face_rect: { x: 120, y: 80, width: 220, height: 260 } }]);
		else
			expect(data.face_data).toEqual([
				{ face_id: '0', face_image: expect.stringMatching(/^https:/), start_time: 0, end_time: 5200 },
			]);
		expect(typeof id).toBe(row.provider.startsWith('kling') ? 'string' : 'undefined');
	});

	test.each([
		['both', { video_id: '1', video_url: 'https://example.com/a.mp4' }, 400],
		['neither', {}, 400],
		['both empty', { video_id: '', video_url: '' }, 400],
		['an image', { video_url: 'https://example.com/a.jpg' }, 400],
		['no URL', { video_url: 'a.mp4' }, 400],
		['an id that is a number', { video_id: 7 }, 400],
		['.mp4', { video_id: '', video_url: 'https://example.com/a.mp4?x=1' }, 200],
		['.MOV', { video_url: 'https://example.com/a.MOV' }, 200],
		['no extension', { video_url: 'https://example.com/a' }, 200],
	])('exactly one of video_id and video_url (004): %s', async (_name, body, status) => {
		const reply = await plain.send(`${gateway.url}/v1/videos/identify-face`, { key: KEYS.custom, body });
		expect([reply.status, reply.json().code]).toEqual([status, status === 200 ? 0 : 1201]);
	});
});
