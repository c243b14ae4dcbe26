import { debugLog } from './support/debugLog';

import type { ServerResponse } from 'node:http';

import type { IDataObject } from 'n8n-workflow';

import type { NodeRun } from '../engine/engine';
import { uniqueImage } from './faults/uniqueImage';
import { startEchoServer, type Carried, type EchoServer } from './support/echoServer';
import { leaksIn, textOf } from './support/leaks';
import { credentialOf, PAIR, startWorld, trust, useProxy, type World } from './support/world';

/** What a careless or hostile provider repeats: the header, the key in it, the image, and all of the request. */
const REPEATED: ReadonlyArray<[name: string, of: (carried: Carried) => string]> = [
	['the key or token', ({ authorization }) => authorization.replace('Bearer ', '')],
	['the Authorization header', ({ authorization }) => authorization],
	['the end of the key or token', ({ authorization }) => authorization.slice(-12)],
	['the key or token in capitals', ({ authorization }) => authorization.slice(7).toUpperCase()],
	['the key or token in Base64', ({ authorization }) => Buffer.from(`user:${authorization.slice(7)}`).toString('base64')],
	['the key or token, URL-encoded', ({ authorization }) => encodeURIComponent(`?${authorization.slice(7)}`)],
	['the image', ({ body }) => body.slice(body.indexOf(':"') + 2, -2)],
	['the whole request', ({ authorization, body, path }) => `POST ${path} authorization: ${authorization} ${body}`],
];

/** Where it repeats it. */
const PLACES: ReadonlyArray<[name: string, write: (text: string, response: ServerResponse) => void]> = [
	['message with HTTP 401', (text, response) => json(response, 401, { code: 1002, message: `unknown: ${text}` })],
	['message with HTTP 400', (text, response) => json(response, 400, { code: 1201, message: `bad image ${text} given` })],
	['message with HTTP 200', (text, response) => json(response, 200, { code: 1201, message: text })],
	['message of a 200 without data', (text, response) => json(response, 200, { code: 0, message: text })],
	['request id', (text, response) => json(response, 401, { code: 1000, message: 'no', request_id: text })],
	['request id in a message', (text, response) => json(response, 403, { error: { message: `no (request id: ${text})` } })],
	['code as text', (text, response) => json(response, 400, { code: text, message: 'no' })],
	['gateway error', (text, response) => json(response, 401, { error: { message: `Invalid token: ${text}`, code: 'invalid' } })],
	[
		'gateway error code',
		(text, response) => json(response, 403, { error: { message: 'no', code: text, type: text, param: text } }),
	],
	['gateway error as text', (text, response) => json(response, 500, { error: text })],
	['HTML', (text, response) => page(response, 403, `<h1>Forbidden</h1><p>You sent <code>${text}</code></p>`)],
	['HTML attribute', (text, response) => page(response, 200, `<a title="${text}" href="/?key=${text}">Sign in</a>`)],
	['HTML comment', (text, response) => page(response, 502, `<!-- ${text} --><title>${text}</title>`)],
	['plain text', (text, response) => page(response, 200, text)],
	['broken JSON', (text, response) => page(response, 200, `{"code":0,"message":"${text}`)],
	[
		'header',
		(text, response) => page(response, 500, 'no', { 'x-request-id': short(text), 'x-echo': short(text), server: short(text) }),
	],
	[
		'location',
		(text, response) => page(response, 302, '', { location: `https://evil.test/?${encodeURIComponent(short(text))}` }),
	],
	['host of a location', (text, response) => page(response, 301, '', { location: `https://${hostOf(text)}.evil.test/` })],
	['retry-after', (text, response) => page(response, 401, 'no', { 'retry-after': short(text) })],
];

function json(response: ServerResponse, status: number, body: object): void {
	response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function page(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
	response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
}

/** A header's length has bounds. */
const short = (text: string): string => text.slice(0, 2000);
const hostOf = (text: string): string =>
	short(text)
		.replace(/[^\w-]/g, '-')
		.slice(0, 60)
		.replace(/^-+|-+$/g, '');

const CREDENTIALS: ReadonlyArray<[name: string, credential: IDataObject]> = [
	['API key', credentialOf('deerApi')],
	['access key and secret key', PAIR],
];

let world: World;
let echo: EchoServer;
const image = uniqueImage('secrets').base64;

beforeAll(async () => {
	world = await startWorld();
	echo = await startEchoServer();
	trust(echo.ca);
	useProxy(echo.proxyUrl);
});

afterAll(async () => {
	await echo.close();
	await world.close();
});

async function recognize(credential: IDataObject, onError?: 'continueErrorOutput'): Promise<NodeRun> {
	return await world.engine.run({
		parameters: {
			operation: 'recognizeImage',
			imageSource: 'base64',
			imageBase64: '={{ $json.image }}',
			options: { maxAttempts: 1 },
		},
		credential,
		onError,
		items: [{ json: { image } }],
	});
}

/** What the node has added; the item before it holds the image by itself. */
function written({ run, error, outputs }: NodeRun): string {
	const { runData, error: recorded } = run.data.resultData;
	const own = outputs.flat().map(({ json: { image: _given, ...fields }, ...item }) => ({ ...item, json: fields }));
	return textOf([recorded, error, own, (runData.Kling ?? []).map(({ data: _outputs, ...record }) => record)]);
}

describe.each(CREDENTIALS)('with %s', (_name, credential) => {
	describe.each(PLACES)('repeated in the %s', (_place, write) => {
		test.each(REPEATED)('%s', async (_what, of) => {
			echo.seen.length = 0;
			echo.answerWith((carried, response) => write(of(carried), response));
			const stopped = await recognize(credential);
			const continued = await recognize(credential, 'continueErrorOutput');
			expect(echo.seen).toHaveLength(2);
			expect(echo.seen[0]!.body).toContain(image);
			expect(stopped.error?.message).toBeTruthy();
			expect(continued.outputs[1]).toHaveLength(1);
			expect(leaksIn(written(stopped), image)).toEqual([]);
			expect(leaksIn(written(continued), image)).toEqual([]);
		});
	});
});

test("n8n's log at debug level repeats none of it", async () => {
	const log = await debugLog();
	expect(log.length).toBeGreaterThan(0);
	expect(leaksIn(log, image)).toEqual([]);
});

test('an image that was pasted into the node stands in none of its errors', async () => {
	echo.answerWith((_carried, response) => json(response, 400, { code: 1201, message: 'bad image' }));
	for (const [imageBase64, message] of [
		[image, 'Kling refused the input'],
		[`${image}!`, 'The text is not valid Base64'],
	] as const) {
		const { error } = await world.engine.run({
			parameters: { operation: 'recognizeImage', imageSource: 'base64', imageBase64 },
			credential: credentialOf('deerApi'),
			items: [{ json: {} }],
		});
		expect(error?.message).toBe(message);
		expect(leaksIn(textOf(error), image)).toEqual([]);
	}
});

test('the words before a repeated secret stay', async () => {
	echo.answerWith(({ authorization }, response) =>
		json(response, 401, { error: { message: `Invalid token ${authorization.replace('Bearer ', '')} for this group` } }),
	);
	const { error } = await recognize(credentialOf('deerApi'));
	expect(error?.description).toContain('The provider said: "Invalid token [cut]"');
});
