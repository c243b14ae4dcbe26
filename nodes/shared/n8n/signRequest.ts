import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { readConnection, type CredentialFields } from '../kling/account/connection';
import { refusal } from '../kling/klingError';
import { readUrl } from '../kling/values';

/**
 * Signs a request of any node that uses the credential, such as n8n's HTTP Request node.
 * @returns the request with one `authorization` header, whatever it had before
 * @throws KlingError where the credential cannot be used, or the request goes to another host than the provider's
 */
export async function signRequest(
	credential: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	const connection = readConnection(credential as CredentialFields);
	const target = targetOf(request);
	if (target?.origin !== connection.origin || target.username !== '' || target.password !== '') {
		throw refusal(
			`The Kling API credential signs requests to ${connection.origin} only`,
			`Use a URL that starts with ${connection.baseUrl}/v1/, or a credential for the other provider.`,
		);
	}
	const headers = { ...withoutAuthorization(request.headers), authorization: await connection.authorization(Date.now()) };
	// Without this, n8n carries the header along where a redirect leads to another host. Versions before 1.120.14 and 2.5.1 do
	// not know it; they repeat a header that is written `Authorization`, but not one in lower case.
	return { ...request, headers, sendCredentialsOnCrossOriginRedirect: false };
}

/** The credential's header stands alone: a second one in another case would be carried along by older versions of n8n. */
function withoutAuthorization(headers: IHttpRequestOptions['headers'] = {}): NonNullable<IHttpRequestOptions['headers']> {
	return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'authorization'));
}

/** Where a request goes; older nodes of n8n say `uri` for `url`. */
function targetOf({ baseURL, ...request }: IHttpRequestOptions & { uri?: string }): URL | null {
	return readUrl(request.url || request.uri || '', baseURL);
}
