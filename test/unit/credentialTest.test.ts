import type { ICredentialTestFunctions } from 'n8n-workflow';

import { testCredential } from '../../nodes/shared/n8n/credentialTest';

const KEY = { provider: 'deerApi', apiKey: 'sk-a-key-of-these-tests' };

/** Tests a credential with a request that ends as told. */
const test = async (request: () => unknown, data: object = KEY) =>
	await testCredential.call({ helpers: { request: async () => request() } } as unknown as ICredentialTestFunctions, {
		id: 'c',
		name: 'c',
		type: 'klingRecognitionApi',
		data: data as never,
	});
const fail = (error: object) => () => {
	throw error;
};
const answer = (statusCode: number, body: unknown) => () => ({ statusCode, headers: {}, body });

it.each([
	['bytes', Buffer.from('{"data":[]}')],
	['text', '{"data":[]}'],
	['an object', { data: [] }],
])('a list of models as %s proves the key', async (_name, body) => {
	expect(await test(answer(200, body))).toEqual({ status: 'OK', message: 'The key works' });
});

it('no body proves nothing', async () => {
	expect((await test(answer(200, undefined))).status).toBe('Error');
});

it.each([
	['of n8n, with its cause', { message: 'x', cause: { code: 'ENOTFOUND' } }, 'The host name of the provider could not be found'],
	['with a code', { message: 'x', code: 'ECONNREFUSED' }, 'The provider could not be reached'],
	['without a code', { message: 'what it says' }, 'what it says'],
	[
		'without words',
		{},
		'The request to the provider failed. The call may have been charged. Check the provider and the base URL',
	],
])('a request that fails, %s', async (_name, error, words) => {
	const { status, message } = await test(fail(error));
	expect(status).toBe('Error');
	expect(message).toContain(words);
	expect(message).not.toContain(KEY.apiKey);
});

it('a credential without data, and one that cannot even be read', async () => {
	expect((await test(answer(200, ''), null as never)).message).toContain('unknown provider');
	const unreadable = {
		get provider(): never {
			throw new Error('broken');
		},
	};
	expect((await test(answer(200, ''), unreadable)).message).toBe('The credential could not be tested. Try again.');
});
