import { CredentialTestContext } from 'n8n-core';
import { NodeHelpers } from 'n8n-workflow';
import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	IDataObject,
	IExecuteFunctions,
	INodeCredentialTestResult,
	INodeProperties,
} from 'n8n-workflow';

import { PROVIDERS } from '../../nodes/shared/kling/account/providers';
import { ACCESS, KEYS, rowOf, type Provider } from '../gateway';
import { imageUrl, PAIR, useStage } from './stage';

const stage = useStage();
const NAMES: Provider[] = PROVIDERS.map(({ name }) => name);
const KLING = ['klingGlobal', 'klingChina'] as const;

async function test(data: IDataObject): Promise<INodeCredentialTestResult> {
	const node = stage.engine.types.getByName('n8n-nodes-kling-recognition.klingRecognition');
	const context = new CredentialTestContext({} as never);
	const credential = {
		id: 'c',
		name: 'c',
		type: 'klingRecognitionApi',
		data,
	} as ICredentialsDecrypted<ICredentialDataDecryptedObject>;
	return await node.methods!.credentialTest!.testCredential!.call(context, credential);
}

describe("n8n's credential test", () => {
	it.each(NAMES)('%s: a good key works, and costs nothing', async (provider) => {
		expect(await test(stage.credential(provider))).toEqual({ status: 'OK', message: 'The key works' });
		expect(stage.gateway.requests).toHaveLength(1);
		const [{ path, status }] = stage.gateway.requests as [(typeof stage.gateway.requests)[0]];
		// At a custom gateway the only free question is a call that is refused.
		expect([path.replace(/\?.*/, ''), status]).toEqual(
			provider === 'custom'
				? ['/kling/v1/videos/image-recognize', 400]
				: [rowOf(provider).isKling ? '/account/costs' : '/v1/models', 200],
		);
	});

	it.each(KLING)('%s: a good pair of keys works', async (provider) => {
		expect(await test({ provider, ...PAIR })).toEqual({ status: 'OK', message: 'The key works' });
	});

	const kling = 'Kling (Global) rejected the API Key';
	it.each<[string, () => IDataObject, string]>([
		...NAMES.map((provider): [string, () => IDataObject, string] => [
			`a key that ${provider} does not know`,
			() => ({ ...stage.credential(provider), apiKey: 'sk-bad-key' }),
			'rejected the API Key. Check that the key belongs to this provider',
		]),
		['the key of another provider', () => ({ ...stage.credential('klingGlobal'), apiKey: KEYS.deerApi }), kling],
		[
			'a wrong secret key',
			() => ({ provider: 'klingGlobal', ...PAIR, secretKey: `${ACCESS.secretKey}x` }),
			'The Secret Key is wrong',
		],
		[
			'a wrong access key',
			() => ({ provider: 'klingChina', ...PAIR, accessKey: 'AK-other' }),
			'Kling does not know the Access Key',
		],
		['no key', () => ({ provider: 'deerApi' }), 'The credential has no API Key. Open the credential'],
		['no data', () => ({}), 'unknown provider'],
		['no base URL', () => ({ ...stage.credential('custom'), baseUrl: '' }), 'The base URL of the custom gateway is empty'],
		[
			'a base URL without a scheme',
			() => ({ ...stage.credential('custom'), baseUrl: 'gateway.example.com' }),
			'not a valid http or https URL',
		],
		[
			'a base URL that leads elsewhere',
			() => ({ ...stage.credential('custom'), baseUrl: `${stage.gateway.url}/other` }),
			'not as the Kling API does. Check the Base URL',
		],
		[
			'a host that does not exist',
			() => ({ ...stage.credential('custom'), baseUrl: 'http://127.0.0.1:1' }),
			'The provider could not be reached. Check the provider and the base URL',
		],
	])('%s is said so', async (_name, data, message) => {
		const result = await test(data());
		expect(result.status).toBe('Error');
		expect(result.message).toContain(message);
		for (const key of [...Object.values(KEYS), ...Object.values(ACCESS)]) expect(result.message).not.toContain(key);
	});

	it.each([
		[503, 'not available at the moment (HTTP 503)'],
		[429, 'too many requests at the moment'],
	])('a provider that answers HTTP %i says nothing about the key', async (status, message) => {
		stage.gateway.control({ faults: [{ kind: 'html', status, route: 'keyTest' }] });
		expect(await test(stage.credential('cometApi'))).toEqual({ status: 'Error', message: expect.stringContaining(message) });
	});

	it.each<[Provider, number, object, string]>([
		['klingGlobal', 429, { code: 1102, message: 'used up' }, 'The key is accepted, but the resource pack of the Kling account'],
		[
			'klingChina',
			429,
			{ code: 1304, message: 'no' },
			"The key is accepted, but the IP address of this n8n is not on the account's",
		],
		['klingGlobal', 404, { code: 1203, message: 'no' }, 'not as the Kling API does'],
		['klingGlobal', 404, { code: 404 }, 'not as the Kling API does'],
		[
			'deerApi',
			403,
			{ error: { code: 'insufficient_user_quota', message: 'no' } },
			'The key is accepted, but the account has no balance',
		],
	])('%s: HTTP %i with %j is no proof', async (provider, status, body, message) => {
		stage.gateway.control({ faults: [{ kind: 'answer', status, body, route: 'keyTest' }] });
		expect(await test(stage.credential(provider))).toEqual({ status: 'Error', message: expect.stringContaining(message) });
	});

	it('a redirect is not followed', async () => {
		const location = `${stage.gateway.url}/v1/models`;
		stage.gateway.control({ faults: [{ kind: 'redirect', status: 302, location, route: 'keyTest' }] });
		expect((await test(stage.credential('cometApi'))).status).toBe('Error');
		expect(stage.gateway.requests).toHaveLength(1);
	});
});

describe("another node's request with the credential", () => {
	const send = async (data: IDataObject, url: string, more: IDataObject = {}) => {
		const { authenticate } = stage.engine.types.credentialType('klingRecognitionApi');
		if (typeof authenticate !== 'function') throw new Error('the credential does not sign by itself');
		return await authenticate(data as ICredentialDataDecryptedObject, { url, method: 'POST', ...more });
	};

	it.each(NAMES)('%s: carries the same header as ours', async (provider) => {
		const credential = stage.credential(provider);
		const run = await stage.recognize([{ json: {} }], { imageUrl: 'https://a.example/b.jpg' }, { credential });
		expect(run.error).toBeUndefined();
		const { host, path, headers } = stage.gateway.requests[0]!;
		const url = `${provider === 'custom' ? 'http' : 'https'}://${host}${path.replace(/image-recognize$/, 'advanced-lip-sync')}`;
		const signed = await send(credential, url, { headers: { 'X-Mine': '1' } });
		expect(signed.headers).toEqual({ 'X-Mine': '1', authorization: headers.authorization });
		expect(signed).toMatchObject({ url, method: 'POST' });
	});

	it.each([
		['a base URL of its own', { baseURL: 'https://api.deerapi.com/kling', url: '/v1/videos/image2video' }],
		['an older name for the URL', { url: undefined, uri: 'https://api.deerapi.com/kling/v1/videos/image2video' }],
	])('with %s', async (_name, request) => {
		const credential = stage.credential('deerApi');
		const signed = await send(credential, '', request);
		expect(signed.headers).toEqual({ authorization: `Bearer ${credential.apiKey as string}` });
	});

	it.each([
		['another host', 'https://evil.example/kling/v1/videos/image2video'],
		['another scheme', 'http://api.deerapi.com/kling/v1/videos/image2video'],
		['another port', 'https://api.deerapi.com:8443/kling/v1/videos'],
		['a host that begins alike', 'https://api.deerapi.com.evil.example/'],
		['a user name', 'https://api.deerapi.com@evil.example/'],
		['a user name at the right host', 'https://me@api.deerapi.com/'],
		['no host', '/v1/videos'],
		['nothing', ''],
	])('never to %s', async (_name, url) => {
		await expect(send(stage.credential('deerApi'), url)).rejects.toThrow(
			'The Kling API credential signs requests to https://api.deerapi.com only',
		);
	});

	it("n8n's httpRequestWithAuthentication sends it", async () => {
		const { types } = stage.engine;
		types.sourceItems = [{ json: {} }];
		types.add('test.request', async function (this: IExecuteFunctions) {
			const answer = (await this.helpers.httpRequestWithAuthentication.call(this, 'klingRecognitionApi', {
				method: 'GET',
				url: 'https://api.cometapi.com/v1/models',
			})) as IDataObject;
			return [[{ json: answer }]];
		});
		const position: [number, number] = [0, 0];
		const credential = stage.credential('cometApi');
		const run = await stage.engine.runWorkflow({
			nodes: [
				{ id: 's', name: 'Source', type: 'test.source', typeVersion: 1, position, parameters: {} },
				{
					id: 'r',
					name: 'Request',
					type: 'test.request',
					typeVersion: 1,
					position,
					parameters: {},
					credentials: { klingRecognitionApi: { id: 'c', name: 'c' } },
				},
			],
			connections: { Source: { main: [[{ node: 'Request', type: 'main', index: 0 }]] } },
			credentials: { klingRecognitionApi: credential },
		});
		expect(run.data.resultData.error).toBeUndefined();
		expect(run.data.resultData.runData.Request![0]!.data!.main![0]![0]!.json).toMatchObject({ object: 'list' });
		expect(stage.gateway.requests[0]!.headers.authorization).toBe(`Bearer ${credential.apiKey as string}`);
	});
});

describe('the form of the credential', () => {
	it('has the fields of the contract, and hides every key', () => {
		const { name, displayName, properties } = stage.engine.types.credentialType('klingRecognitionApi');
		expect([name, displayName]).toEqual(['klingRecognitionApi', 'Kling API']);
		const fields = properties.map((field) => [field.name, field.displayName, field.typeOptions?.password === true]);
		expect(fields).toEqual([
			['provider', 'Provider', false],
			['authentication', 'Authentication', false],
			...PROVIDERS.map(() => ['apiKey', 'API Key', true]),
			['accessKey', 'Access Key', true],
			['secretKey', 'Secret Key', true],
			['baseUrl', 'Base URL', false],
		]);
		expect(properties[0]).toMatchObject({ default: 'klingGlobal' });
		expect(properties[0]!.options!.map((option) => ('value' in option ? [option.name, option.value] : []))).toEqual(
			PROVIDERS.map(({ name, displayName }) => [displayName, name]),
		);
		expect(properties[1]).toMatchObject({ default: 'apiKey', displayOptions: { show: { provider: KLING } } });
	});

	it.each(NAMES)('%s: one field for the key, which says where it comes from', (provider) => {
		const { properties } = stage.engine.types.credentialType('klingRecognitionApi');
		const shown = (authentication: string) =>
			properties.filter((field) => NodeHelpers.displayParameter({ provider, authentication }, field, null, null));
		const named = (authentication: string) => shown(authentication).flatMap(({ name }) => (/key$/i.test(name) ? [name] : []));
		expect(named('apiKey')).toEqual(['apiKey']);
		const [{ description }] = shown('apiKey').filter(({ name }) => name === 'apiKey') as [INodeProperties];
		expect(description).toMatch(
			provider === 'custom' ? /^The key that the gateway gave you$/ : /^The key from <a href="https:\/\/[^"]+" target="_blank">/,
		);
		// What is left over from another provider hides no key of one that has no choice.
		expect(named('accessKey')).toEqual(rowOf(provider).isKling ? ['accessKey', 'secretKey'] : ['apiKey']);
	});
});

describe('a credential by expression', () => {
	const items = (...keys: string[]) => keys.map((key, index) => ({ json: { key, url: imageUrl(`c${index}`) } }));
	const byItem = () => ({ ...stage.credential('klingGlobal'), apiKey: '={{ $json.key }}' });
	const good = () => String(stage.credential('klingGlobal').apiKey);

	it('serves where it gives all items the same account', async () => {
		const run = await stage.recognize(items(good(), good()), {}, { credential: byItem() });
		expect(run.error).toBeUndefined();
		expect(stage.gateway.requests).toHaveLength(2);
	});

	it('is refused where it gives the items different accounts: all are signed with that of the first', async () => {
		const run = await stage.recognize(items(good(), `${good()}.other`, good()), {}, { credential: byItem() });
		expect(run.error).toMatchObject({
			message: 'The credential is another one for item 1 than for item 0',
			description: expect.stringContaining('Loop Over Items') as string,
		});
		expect(stage.gateway.requests).toEqual([]);
	});
});
