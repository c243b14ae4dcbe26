import { Container } from '@n8n/di';
import { OutboundHttp } from '@n8n/backend-network';
import axios from 'axios';
import type { ICredentialDataDecryptedObject, IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import { PROVIDERS } from '../../nodes/shared/kling/account/providers';
import { KEYS, ACCESS, rowOf } from '../gateway';
import { startEchoServer, type EchoServer } from './support/echoServer';
import { credentialOf, PAIR, startWorld, trust, useProxy, type World } from './support/world';

let world: World;
let echo: EchoServer;

beforeAll(async () => {
	world = await startWorld();
	echo = await startEchoServer();
	trust(echo.ca);
	useProxy(echo.proxyUrl);
});

beforeEach(() => {
	echo.seen.length = 0;
	echo.answerWith((_carried, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
});

afterAll(async () => {
	await echo.close();
	await world.close();
});

async function signed(credential: IDataObject, request: IHttpRequestOptions): Promise<IHttpRequestOptions> {
	const { authenticate } = world.engine.types.credentialType('klingRecognitionApi');
	if (typeof authenticate !== 'function') throw new Error('the credential does not sign by itself');
	return await authenticate(credential as ICredentialDataDecryptedObject, request);
}

/**
 * Sends a request as n8n did before n8n-workflow 1.120.14 and 2.5.1: after a redirect it puts a header that is written
 * `Authorization` back, which its HTTP client had taken away.
 */
async function olderHttpRequest(credential: IDataObject, request: IHttpRequestOptions): Promise<void> {
	const { url, headers = {} } = await signed(credential, request);
	await axios.request({
		url,
		headers: headers as Record<string, string>,
		beforeRedirect: (redirected) => {
			if (headers.Authorization) redirected.headers = { ...redirected.headers, Authorization: headers.Authorization };
		},
	});
}

/** Signs and sends a request as n8n's HTTP Request node does with a predefined credential type. */
async function httpRequest(credential: IDataObject, request: IHttpRequestOptions): Promise<void> {
	await Container.get(OutboundHttp)
		.requests()
		.request({ ...(await signed(credential, request)), ignoreHttpStatusErrors: true });
}

const carriers = (): string[] => echo.seen.filter(({ authorization }) => authorization !== '').map(({ host }) => host);

const BAD_BASE_URLS = [
	'https://user:password@api.deerapi.com',
	'https://api.deerapi.com@evil.test',
	'https://api.deerapi.com:443@evil.test/kling',
	'https://api.deerapi.com/kling#@evil.test',
	'https://evil.test#@api.deerapi.com',
	'https://evil.test?https://api.deerapi.com',
	'https://api.deerapi.com?x=1',
	'ftp://api.deerapi.com',
	'file:///etc/passwd',
	'javascript:alert(1)',
	'//evil.test',
	'evil.test',
	'https:/\\evil.test',
	'https://',
	'',
];

test.each(BAD_BASE_URLS)('the base URL %j is refused before anything is sent', async (baseUrl) => {
	const { error } = await world.engine.run({
		parameters: { operation: 'identifyFace', videoSource: 'id', videoId: '1' },
		credential: { provider: 'custom', apiKey: KEYS.custom, baseUrl },
		items: [{ json: {} }],
	});
	expect(error?.message).toMatch(/base URL/);
	expect(echo.seen).toEqual([]);
});

test("another provider's base URL does not count", async () => {
	const played = PROVIDERS.map(({ name }) => rowOf(name)).filter(({ host }) => host !== null);
	for (const { name } of played) {
		await world.engine.run({
			parameters: { operation: 'identifyFace', videoSource: 'id', videoId: '1' },
			credential: credentialOf(name, 'https://evil.test'),
			items: [{ json: {} }],
		});
	}
	expect(carriers()).toEqual(played.map(({ host }) => host));
});

const ELSEWHERE: ReadonlyArray<IHttpRequestOptions> = [
	'https://evil.test/kling/v1/videos/image2video',
	'https://api.deerapi.com.evil.test/',
	'https://evil.test/api.deerapi.com',
	'https://api.deerapi.com@evil.test/',
	'https://api.deerapi.com:x@evil.test/',
	'https://user:password@api.deerapi.com/',
	'https://evil.test#https://api.deerapi.com/',
	'https://evil.test\\@api.deerapi.com/',
	'https://sub.api.deerapi.com/',
	'https://deerapi.com/',
	'http://api.deerapi.com/kling/v1/videos/image-recognize',
	'https://api.deerapi.com:8443/',
	'https://api.deerapi.com./',
	'https://api.deerapi.c\u043em/',
	'//evil.test/',
	'/kling/v1/videos/image-recognize',
	'',
].map((url) => ({ url }));

const BY_BASE: ReadonlyArray<IHttpRequestOptions> = [
	{ url: 'https://evil.test/', baseURL: 'https://api.deerapi.com' },
	{ url: '//evil.test/', baseURL: 'https://api.deerapi.com' },
	{ url: '\\\\evil.test/', baseURL: 'https://api.deerapi.com' },
	{ url: '/x', baseURL: 'https://evil.test' },
	{ url: '/x', baseURL: 'https://api.deerapi.com.evil.test' },
];

test.each([...ELSEWHERE, ...BY_BASE])('a request to %j is not signed', async (request) => {
	await expect(httpRequest(credentialOf('deerApi'), { ...request })).rejects.toThrow(
		'signs requests to https://api.deerapi.com only',
	);
	expect(echo.seen).toEqual([]);
});

test.each([
	'https://api.deerapi.com/kling/v1/videos/image2video',
	'https://api.deerapi.com:443/v1/models',
	'HTTPS://API.DEERAPI.COM/v1',
])('a request to %s is signed', async (url) => {
	await httpRequest(credentialOf('deerApi'), { url });
	expect(echo.seen.map(({ host, authorization }) => ({ host, authorization }))).toEqual([
		{ host: 'api.deerapi.com', authorization: `Bearer ${KEYS.deerApi}` },
	]);
});

test.each([301, 302, 303, 307, 308])('an HTTP Request that is redirected with %i carries no credential along', async (status) => {
	for (const location of ['https://evil.test/', 'https://api.cometapi.com/', 'http://evil.test/']) {
		echo.answerWith(({ host }, response) => {
			const first = host === 'api-singapore.klingai.com';
			response.writeHead(first ? status : 200, first ? { location } : {}).end('{}');
		});
		// Whatever the node that sends the request says about it.
		await httpRequest(PAIR, {
			url: 'https://api-singapore.klingai.com/v1/videos/image2video',
			method: 'GET',
			sendCredentialsOnCrossOriginRedirect: true,
		}).catch(() => undefined);
	}
	expect(echo.seen.length).toBeGreaterThan(3);
	expect(new Set(carriers())).toEqual(new Set(['api-singapore.klingai.com']));
});

test.each([
	['no header of its own', {}],
	['an Authorization header of its own', { Authorization: `Bearer ${KEYS.custom}` }],
	['one in another case', { AUTHORIZATION: `Bearer ${KEYS.custom}` }],
])('an older n8n that is redirected carries nothing along: a request with %s', async (_name, headers) => {
	echo.answerWith(({ host }, response) => {
		const first = host === 'api-singapore.klingai.com';
		response.writeHead(first ? 302 : 200, first ? { location: 'https://api.cometapi.com/' } : {}).end('{}');
	});
	await olderHttpRequest(PAIR, { url: 'https://api-singapore.klingai.com/v1/videos/image2video', headers });
	expect(echo.seen.map(({ host }) => host)).toEqual(['api-singapore.klingai.com', 'api.cometapi.com']);
	expect(carriers()).toEqual(['api-singapore.klingai.com']);
	expect(echo.seen[0]!.authorization).toMatch(/^Bearer eyJ/);
});

test("the node's own calls follow no redirect", async () => {
	for (const location of ['https://evil.test/', 'https://api-singapore.klingai.com/elsewhere', '/elsewhere']) {
		echo.answerWith((_carried, response) => response.writeHead(307, { location }).end());
		const { error } = await world.engine.run({
			parameters: { operation: 'identifyFace', videoSource: 'id', videoId: '1' },
			credential: PAIR,
			items: [{ json: {} }],
		});
		expect(error?.message).toMatch(/^The provider redirects the call/);
	}
	expect(echo.seen.map(({ path }) => path)).toEqual(Array(3).fill('/v1/videos/identify-face'));
});

test('the secret key itself is never sent', async () => {
	await world.engine.run({
		parameters: { operation: 'identifyFace', videoSource: 'id', videoId: '1' },
		credential: PAIR,
		items: [{ json: {} }],
	});
	expect(echo.seen).toHaveLength(1);
	expect(JSON.stringify(echo.seen)).not.toContain(ACCESS.secretKey);
});

test('downloads carry no credential, wherever they lead', async () => {
	echo.answerWith(({ host, path }, response) => {
		const url = 'https://api-singapore.klingai.com/files/face.png';
		const images = [{ type: 'face_seg', is_contain: true, url }];
		const body = { code: 0, data: { task_result: { images } } };
		if (path.startsWith('/v1/')) return response.writeHead(200).end(JSON.stringify(body));
		if (host === 'photos.test')
			return response.writeHead(302, { location: 'https://api-singapore.klingai.com/files/photo' }).end();
		return response.writeHead(200).end('no picture');
	});
	await world.engine.run({
		parameters: {
			operation: 'recognizeImage',
			imageSource: 'url',
			imageUrl: 'http://photos.test/photo.jpg',
			options: { downloadImageFirst: true, downloadResults: true, checkInput: false },
		},
		credential: PAIR,
		items: [{ json: {} }],
	});
	const signed = echo.seen.filter(({ authorization }) => authorization !== '').map(({ path }) => path);
	expect(signed).toEqual(['/v1/videos/image-recognize']);
	expect(echo.seen.map(({ path }) => path)).toContain('/files/face.png');
});
