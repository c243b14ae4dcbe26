import { signRequest } from '../../nodes/shared/n8n/signRequest';

const CREDENTIAL = { provider: 'deerApi', apiKey: 'sk-1' };
const url = 'https://api.deerapi.com/kling/v1/videos/image2video';

it.each([
	['no headers', undefined, {}],
	['headers of its own', { 'X-Mine': '1' }, { 'X-Mine': '1' }],
	['an Authorization header of its own', { Authorization: 'Basic x', Accept: 'a' }, { Accept: 'a' }],
	['two, in other cases', { AUTHORIZATION: 'a', authorization: 'b' }, {}],
])('a request with %s gets one header, in lower case', async (_name, headers, others) => {
	const signed = await signRequest(CREDENTIAL, { url, headers });
	expect(signed).toEqual({
		url,
		headers: { ...others, authorization: 'Bearer sk-1' },
		sendCredentialsOnCrossOriginRedirect: false,
	});
});
