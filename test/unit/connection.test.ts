import { readConnection, type CredentialFields } from '../../nodes/shared/kling/account/connection';
import { PROVIDERS } from '../../nodes/shared/kling/account/providers';
import { klingErrorOf, REFUSED_HERE } from './helpers';

const NOW = Date.UTC(2026, 0, 2);
const PAIR = { provider: 'klingGlobal', authentication: 'accessKey', accessKey: 'ak', secretKey: 'sk' };
const GATEWAY = { provider: 'deerApi', apiKey: 'sk-1' };

describe('the table of providers', () => {
	it.each([
		['klingGlobal', 'Kling (Global)', 'https://api-singapore.klingai.com', ['apiKey', 'accessKey'], 'accountCosts'],
		['klingChina', 'Kling (China)', 'https://api-beijing.klingai.com', ['apiKey', 'accessKey'], 'accountCosts'],
		['deerApi', 'DeerAPI', 'https://api.deerapi.com/kling', ['apiKey'], 'modelList'],
		['cometApi', 'CometAPI', 'https://api.cometapi.com/kling', ['apiKey'], 'modelList'],
		['chainHub', 'ChainHub', 'https://api.chainhub.tech/kling', ['apiKey'], 'modelList'],
		['custom', 'Custom Gateway', 'https://gateway.example.com/kling', ['apiKey'], 'emptyCall'],
	])('%s', (name, displayName, baseUrl, authentications, keyTest) => {
		const connection = readConnection({ provider: name, apiKey: 'sk-1', baseUrl: 'https://gateway.example.com/kling/' });
		expect(connection).toMatchObject({ baseUrl, origin: new URL(baseUrl).origin, authentication: 'apiKey' });
		expect(connection.provider).toMatchObject({ name, displayName, authentications, keyTest });
	});

	it('has these six and no other', () => {
		expect(PROVIDERS.map(({ name }) => name)).toEqual(['klingGlobal', 'klingChina', 'deerApi', 'cometApi', 'chainHub', 'custom']);
	});
});

it.each([
	['as it is', 'sk-1', 'Bearer sk-1'],
	['with space around it', '  sk-1\n', 'Bearer sk-1'],
	['pasted with its Bearer', 'Bearer sk-1', 'Bearer sk-1'],
	['pasted with another bearer', ' bearer   sk-1 ', 'Bearer sk-1'],
	['that ends with the same letters', 'sk-bearer', 'Bearer sk-bearer'],
	['that begins with the same letters', 'bearersk-1', 'Bearer bearersk-1'],
])('an API key %s', async (_name, apiKey, header) => {
	const connection = readConnection({ provider: 'cometApi', apiKey });
	expect(await connection.authorization(NOW)).toBe(header);
	expect(connection.secrets).toEqual([header.slice('Bearer '.length)]);
});

it('an access key and a secret key sign a token, and both are secrets', async () => {
	const connection = readConnection({
		provider: 'klingChina',
		authentication: 'accessKey',
		accessKey: ' ak ',
		secretKey: ' sk\n',
		apiKey: 'left over',
	});
	expect(connection.authentication).toBe('accessKey');
	expect(connection.secrets).toEqual(['ak', 'sk']);
	expect(await connection.authorization(NOW)).toMatch(/^Bearer ey[\w-]+\.ey[\w-]+\.[\w-]+$/);
});

it('a gateway uses its API key, whatever authentication is left over from Kling', () => {
	expect(readConnection({ ...GATEWAY, authentication: 'accessKey', accessKey: 'a', secretKey: 's' })).toMatchObject({
		authentication: 'apiKey',
		secrets: ['sk-1'],
	});
});

it('the base URL of another provider is left alone', () => {
	expect(readConnection({ ...GATEWAY, baseUrl: 'https://elsewhere.example.com' }).baseUrl).toBe('https://api.deerapi.com/kling');
});

describe('the account', () => {
	const accountOf = (fields: CredentialFields) => readConnection(fields).account;

	it('is the same for the same keys at the same place', () => {
		expect(accountOf({ ...GATEWAY, apiKey: ' Bearer sk-1' })).toBe(accountOf(GATEWAY));
		expect(accountOf({ provider: 'custom', apiKey: 'sk-1', baseUrl: 'https://api.deerapi.com/kling/' })).toBe(accountOf(GATEWAY));
	});

	it.each<[string, CredentialFields, CredentialFields]>([
		['another key', GATEWAY, { ...GATEWAY, apiKey: 'sk-2' }],
		['another provider', GATEWAY, { ...GATEWAY, provider: 'cometApi' }],
		['another secret key', PAIR, { ...PAIR, secretKey: 'other' }],
		['keys with another border', PAIR, { ...PAIR, accessKey: 'aks', secretKey: 'k' }],
	])('is another one with %s', (_name, one, other) => {
		expect(accountOf(one)).not.toBe(accountOf(other));
	});

	it('holds no key', () => {
		for (const key of ['sk-1', 'ak', 'sk']) {
			const keys = { ...PAIR, ...GATEWAY, apiKey: `${key}-and-more`, accessKey: `${key}-one`, secretKey: `${key}-two` };
			expect(accountOf(keys)).toMatch(/^https:\/\/api\.deerapi\.com\/kling [\da-f]{64}$/);
			expect(accountOf({ ...keys, provider: 'klingGlobal' })).toMatch(/^https:\/\/[\w.-]+ [\da-f]{64}$/);
		}
	});
});

it.each([
	['klingGlobal', undefined, true],
	['klingChina', undefined, true],
	['deerApi', undefined, false],
	['custom', 'https://api-singapore.klingai.com', true],
	['custom', 'https://API.KlingAI.com/v1', true],
	['custom', 'https://klingai.com.example.com', false],
	['custom', 'https://notklingai.com', false],
	['custom', 'https://gateway.example.com/klingai.com', false],
])('%s at %p is Kling itself: %p', (provider, baseUrl, isKling) => {
	expect(readConnection({ provider, apiKey: 'sk-1', baseUrl }).isKling).toBe(isKling);
});

it.each<[string, CredentialFields, string]>([
	['no provider', { apiKey: 'k' }, 'unknown provider'],
	['an unknown provider', { provider: 'toString', apiKey: 'k' }, 'unknown provider'],
	['no API key', { provider: 'klingGlobal' }, 'no API Key'],
	['an API key of space', { ...GATEWAY, apiKey: ' \n' }, 'no API Key'],
	['nothing but Bearer', { ...GATEWAY, apiKey: 'Bearer ' }, 'no API Key'],
	['no access key', { ...PAIR, accessKey: undefined }, 'no Access Key'],
	['no secret key', { ...PAIR, secretKey: '' }, 'no Secret Key'],
	['a line break in the key', { ...GATEWAY, apiKey: 'sk\r\nX: y' }, 'The API Key contains'],
	['a space in the key', { ...GATEWAY, apiKey: 'sk 1' }, 'The API Key contains'],
	['a control character in the key', { ...GATEWAY, apiKey: 'sk\u00001' }, 'The API Key contains'],
	['a letter outside ASCII in the key', { ...GATEWAY, apiKey: 'sk–1' }, 'The API Key contains'],
	['a zero-width space in the secret key', { ...PAIR, secretKey: 's\u200bk' }, 'The Secret Key contains'],
	['no base URL', { provider: 'custom', apiKey: 'k' }, 'base URL of the custom gateway is empty'],
	// What an expression in the credential may give; turning it into text would throw.
	['an object as the base URL', { provider: 'custom', apiKey: 'k', baseUrl: { toString: null } }, 'gateway is empty'],
	['an object as the key', { ...GATEWAY, apiKey: { toString: null } }, 'no API Key'],
	['a wrong base URL', { provider: 'custom', apiKey: 'k', baseUrl: 'x' }, 'not a valid http or https URL'],
])('%s is refused before anything is sent', (_name, fields, message) => {
	const error = klingErrorOf(() => readConnection(fields));
	expect(error.message).toContain(message);
	expect(error.details).toEqual({ ...REFUSED_HERE, description: expect.stringContaining('credential') });
});
