import { readConnection, type Connection } from '../../nodes/shared/kling/account/connection';
import { judgeKeyTest, keyTestRequest } from '../../nodes/shared/kling/account/keyTest';
import { answerOf } from './helpers';

const KEY = 'sk-live-0123456789abcdef';
const NOW = Date.UTC(2026, 0, 2);
const CONNECTIONS: Record<string, Connection> = {
	kling: readConnection({ provider: 'klingGlobal', apiKey: KEY }),
	pair: readConnection({ provider: 'klingChina', authentication: 'accessKey', accessKey: 'ak', secretKey: KEY }),
	gateway: readConnection({ provider: 'cometApi', apiKey: KEY }),
	custom: readConnection({ provider: 'custom', apiKey: KEY, baseUrl: 'https://gateway.example.com/kling' }),
};
type Name = keyof typeof CONNECTIONS;

const said = (name: Name, status: number, body: unknown): string => {
	const verdict = judgeKeyTest(CONNECTIONS[name]!, answerOf(status, body));
	return verdict.good ? 'good' : verdict.message;
};

describe('the request', () => {
	it.each(['kling', 'pair'])('of Kling asks for the costs of a day: %s', (name) => {
		const { origin } = CONNECTIONS[name]!;
		expect(keyTestRequest(CONNECTIONS[name]!, NOW)).toEqual({
			method: 'GET',
			url: `${origin}/account/costs?start_time=${NOW - 86_400_000}&end_time=${NOW}`,
		});
	});

	it('of a gateway asks for its models, at the root of the host', () => {
		expect(keyTestRequest(CONNECTIONS.gateway!, NOW)).toEqual({ method: 'GET', url: 'https://api.cometapi.com/v1/models' });
	});

	it('of a custom gateway is a call without an image', () => {
		expect(keyTestRequest(CONNECTIONS.custom!, NOW)).toEqual({
			method: 'POST',
			url: 'https://gateway.example.com/kling/v1/videos/image-recognize',
			body: '{}',
		});
	});
});

describe('a good key', () => {
	it.each<[Name, number, unknown]>([
		['kling', 200, { code: 0, data: {} }],
		['kling', 200, { code: '0' }],
		['pair', 200, { code: 0 }],
		['gateway', 200, { object: 'list', data: [] }],
		['custom', 400, { code: 1201, message: 'image is required' }],
		['custom', 400, { error: { message: 'image is required' } }],
		['custom', 422, { detail: 'image' }],
		['custom', 200, { code: 1200 }],
		['custom', 200, { code: '1201' }],
		['custom', 400, { code: 400, message: 'image is required' }],
		['custom', 400, { error: { code: 'invalid_request', message: 'image is required' } }],
	])('%s: HTTP %i with %j', (name, status, body) => {
		expect(said(name, status, body)).toBe('good');
	});
});

describe('a bad key', () => {
	it.each<[Name, number, unknown, string]>([
		['kling', 401, { code: 1002, message: 'access key not found' }, 'Kling (Global) rejected the API Key.'],
		['kling', 200, { code: 1000, message: 'no' }, 'Kling (Global) rejected the API Key.'],
		['kling', 403, '', 'Kling (Global) rejected the API Key.'],
		['gateway', 401, { error: { message: 'Invalid token' } }, 'CometAPI rejected the API Key.'],
		['custom', 401, { error: { message: 'Invalid token' } }, 'Custom Gateway rejected the API Key.'],
		['custom', 200, { code: 1001 }, 'Custom Gateway rejected the API Key.'],
		['pair', 401, { code: 1000, message: 'signature is invalid' }, 'The Secret Key is wrong.'],
		['pair', 401, { code: 1002, message: 'access key not found' }, 'Kling does not know the Access Key.'],
		['pair', 401, { code: 1001 }, 'Kling rejected the Access Key or the Secret Key.'],
		['pair', 403, '<html>', 'Kling rejected the Access Key or the Secret Key.'],
		['pair', 401, { code: 1003 }, 'The token is outside its time. Check the clock'],
		['pair', 401, { code: 1004 }, 'The token is outside its time. Check the clock'],
		['kling', 401, { code: 1002 }, 'A key of Kling (Global) does not work with Kling (China)'],
		['pair', 401, { code: 1002 }, 'A key of Kling (Global) does not work with Kling (China)'],
		['custom', 400, { error: { message: 'Invalid API key' } }, 'Custom Gateway rejected the API Key.'],
		['custom', 400, { error: { code: 'invalid_token', message: 'no' } }, 'Custom Gateway rejected the API Key.'],
		['custom', 200, { code: 1002 }, 'Custom Gateway rejected the API Key.'],
		['custom', 500, { message: '{"code":1000}' }, 'Custom Gateway rejected the API Key.'],
		['kling', 401, { code: '1004' }, 'The token is outside its time. Check the clock'],
	])('%s: HTTP %i with %j', (name, status, body, message) => {
		expect(said(name, status, body)).toContain(message);
	});

	it.each(['bad apikey', 'no access token', 'no access_token', 'wrong accesstoken', 'Unauthorized', 'unauthorised'])(
		'that a gateway calls a bad request: %s',
		(message) => {
			expect(said('custom', 400, { error: { message } })).toContain('Custom Gateway rejected the API Key.');
		},
	);

	it.each<[Name, number, string, string]>([
		['kling', 1002, 'Kling (Global)', ' A key of Kling (Global) does not work with Kling (China), nor the other way round.'],
		['kling', 1001, 'Kling (Global)', ''],
		['custom', 1002, 'Custom Gateway', ''],
	])('only Kling has another region: %s, code %i', (name, code, provider, region) => {
		expect(said(name, 401, { code })).toBe(
			`${provider} rejected the API Key. Check that the key belongs to this provider, and copy it again.${region}`,
		);
	});

	it.each<[unknown, string]>([
		[{ code: 1002, message: 'who are you' }, ' The provider said: "who are you"'],
		[{ error: { message: 'who are you' } }, ' The provider said: "who are you"'],
		[{ error: { message: `key ${KEY} is wrong` } }, ' The provider said: "key [cut]"'],
	])('the words of %j are repeated, the key is not', (body, words) => {
		expect(said('gateway', 401, body)).toMatch(words);
		expect(said('gateway', 401, body)).not.toContain(KEY);
	});
});

describe('a good key of an account that cannot be used', () => {
	it.each<[Name, number, unknown, string]>([
		['kling', 429, { code: 1100 }, 'the Kling account is in an abnormal state. Sign in to the Kling developer console'],
		['kling', 429, { code: 1101 }, 'the Kling account has unpaid bills. Pay the open bill'],
		['kling', 429, { code: 1102 }, 'the resource pack of the Kling account is used up or has expired. Buy or renew'],
		['kling', 200, { code: 1102, message: 'resource pack used up' }, 'the resource pack of the Kling account is used up'],
		['pair', 429, { code: 1304 }, "the IP address of this n8n is not on the account's allow list. Add the address"],
		['kling', 403, { code: 1103 }, 'the Kling account may not use this API. Check'],
		['custom', 429, { message: '{"code":1102}' }, 'the resource pack of the Kling account is used up'],
		['gateway', 403, { error: { code: 'insufficient_user_quota' } }, 'the account has no balance left. Top up'],
		['custom', 402, {}, 'the account has no balance left. Top up'],
	])('%s: HTTP %i with %j', (name, status, body, message) => {
		expect(said(name, status, body)).toContain(`The key is accepted, but ${message}`);
	});
});

describe('neither', () => {
	it.each<[Name, number, unknown, string]>([
		['kling', 429, {}, 'too many requests'],
		['kling', 429, { code: 1302 }, 'too many requests'],
		['kling', 200, { code: 1303 }, 'too many requests'],
		['gateway', 429, { error: { message: 'slow down' } }, 'too many requests'],
		['gateway', 403, { error: { code: 'upstream_load_saturated' } }, 'too many requests'],
		['custom', 503, { error: { message: 'No available channel for x' } }, 'The key is accepted, but the gateway has no channel'],
		['kling', 404, { code: 404 }, 'answered with HTTP 404, but not as the Kling API does'],
		['kling', 404, { code: 1203, message: 'not found' }, 'answered with HTTP 404, but not as the Kling API does'],
		['kling', 400, { code: 1201 }, 'answered with HTTP 400, but not as the Kling API does'],
		['kling', 404, { code: 0 }, 'answered with HTTP 404, but not as the Kling API does'],
		['custom', 404, { code: 404 }, 'answered with HTTP 404, but not as the Kling API does'],
		['custom', 404, { code: 1201 }, 'answered with HTTP 404, but not as the Kling API does'],
		['custom', 400, { code: 1203 }, 'answered with HTTP 400, but not as the Kling API does'],
		['custom', 400, { error: { code: 404, message: 'no route' } }, 'answered with HTTP 400, but not as the Kling API does'],
		['gateway', 503, '<html>', 'not available at the moment (HTTP 503)'],
		['kling', 500, { code: 5000 }, 'not available at the moment (HTTP 500)'],
		['custom', 500, { error: { message: 'no access token at the upstream' } }, 'not available at the moment (HTTP 500)'],
		['custom', 200, { error: { message: 'Invalid API key' } }, 'answered with HTTP 200, but not as the Kling API does'],
		[
			'kling',
			404,
			'<html>',
			'api-singapore.klingai.com answered with HTTP 404, but not as the Kling API does. Test again later.',
		],
		['kling', 200, '<html>', 'answered with HTTP 200, but not as the Kling API does'],
		['kling', 200, {}, 'not as the Kling API does'],
		['gateway', 200, { data: {} }, 'api.cometapi.com answered with HTTP 200, but not as the Kling API does'],
		['gateway', 404, { data: [] }, 'answered with HTTP 404'],
		['custom', 200, '<html>', 'gateway.example.com answered with HTTP 200, but not as the Kling API does. Check the Base URL'],
		[
			'custom',
			404,
			{ error: { message: 'Invalid URL' } },
			'answered with HTTP 404, but not as the Kling API does. Check the Base URL',
		],
		['custom', 301, '', 'answered with HTTP 301'],
		['custom', 400, '<html>Bad Request</html>', 'answered with HTTP 400, but not as the Kling API does'],
		['custom', 200, { code: 0 }, 'answered with HTTP 200'],
	])('%s: HTTP %i with %j', (name, status, body, message) => {
		expect(said(name, status, body)).toContain(message);
	});
});
