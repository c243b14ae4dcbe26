import { refusal } from '../klingError';
import { readUrl } from '../values';

/** The endpoints people paste with the base URL: `/v1`, `/v1/videos/...`, `/v1/images/...`. */
const ENDPOINT = /\/v1(\/(videos|images|models)(\/.*)?)?$/;

const REMEDY = 'Open the credential and enter what stands before /v1/videos/..., for example https://gateway.example.com/kling';

/**
 * Reads the base URL of a custom gateway.
 * @param text as typed; surrounding space, trailing slashes and a pasted endpoint path are cut off
 * @returns scheme, host and path without a trailing slash
 * @throws KlingError where it is no http(s) URL, or carries a user name, a query or a fragment
 */
export function normaliseBaseUrl(text: string): string {
	const url = parseUrl(text.trim());
	if (url.username !== '' || url.password !== '') {
		throw refusal('The base URL contains a user name or password', `${REMEDY}. The key belongs in the API Key field.`);
	}
	if (url.search !== '' || url.hash !== '') {
		throw refusal('The base URL contains a "?" or "#" part', `${REMEDY}.`);
	}
	const path = url.pathname.replace(/\/+$/, '').replace(ENDPOINT, '').replace(/\/+$/, '');
	return url.origin + path;
}

function parseUrl(text: string): URL {
	if (text === '') throw refusal('The base URL of the custom gateway is empty', `${REMEDY}.`);
	const url = /^https?:\/\//i.test(text) ? readUrl(text) : null;
	if (!url) throw refusal('The base URL is not a valid http or https URL', `${REMEDY}.`);
	return url;
}
