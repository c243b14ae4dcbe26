import { refusal } from '../klingError';
import { readText } from '../values';
import { normaliseBaseUrl } from './baseUrl';
import { digestOf } from './digest';
import { signedToken } from './jwt';
import { PROVIDERS, type AuthenticationName, type Provider } from './providers';

/** The credential's fields as n8n stores them; which are filled depends on the provider. */
export interface CredentialFields {
	provider?: unknown;
	authentication?: unknown;
	apiKey?: unknown;
	accessKey?: unknown;
	secretKey?: unknown;
	baseUrl?: unknown;
}

/** A credential, understood: where calls go and how they are signed. */
export interface Connection {
	provider: Provider;
	authentication: AuthenticationName;
	/** What stands before `/v1/videos/...`, without a trailing slash. */
	baseUrl: string;
	/** Scheme, host and port: the only place where the credential may go. */
	origin: string;
	/** Whether this is Kling itself, and not a gateway. */
	isKling: boolean;
	/** Whose account it is: the base URL, and a digest of the keys. Tells accounts apart, and no key by itself. */
	account: string;
	/** Every secret of the credential, so that none is ever repeated in a text. */
	secrets: string[];
	/** The value of the `Authorization` header, now. */
	authorization(nowMs: number): Promise<string>;
}

/** Kling's own hosts. Source: Kling's API reference, "Domain". */
const KLING_HOST = /(^|\.)klingai\.com$/;

/**
 * Reads a credential.
 * @throws KlingError where a key is missing or cannot be sent, the provider is unknown, or the base URL is wrong
 */
export function readConnection(fields: CredentialFields): Connection {
	const provider = PROVIDERS.find(({ name }) => name === fields.provider);
	if (!provider) {
		throw refusal('The credential names an unknown provider', 'Open the credential and choose a provider from the list.');
	}
	const baseUrl = (provider.baseUrl ?? normaliseBaseUrl(readText(fields.baseUrl) ?? '')) + provider.routePrefix;
	const { origin, hostname } = new URL(baseUrl);
	const place = { provider, baseUrl, origin, isKling: KLING_HOST.test(hostname) };

	if (fields.authentication === 'accessKey' && provider.authentications.includes('accessKey')) {
		const accessKey = readKey(fields.accessKey, 'Access Key');
		const secretKey = readKey(fields.secretKey, 'Secret Key');
		return {
			...place,
			authentication: 'accessKey',
			get account() {
				return accountOf(baseUrl, [accessKey, secretKey]);
			},
			secrets: [accessKey, secretKey],
			authorization: async (nowMs) => `Bearer ${await signedToken(accessKey, secretKey, nowMs)}`,
		};
	}
	const apiKey = readKey(fields.apiKey, 'API Key');
	return {
		...place,
		authentication: 'apiKey',
		get account() {
			return accountOf(baseUrl, [apiKey]);
		},
		secrets: [apiKey],
		authorization: async () => `Bearer ${apiKey}`,
	};
}

/** Asked for once in a run, while the credential is read for each request. */
function accountOf(baseUrl: string, keys: string[]): string {
	return `${baseUrl} ${digestOf(keys)}`;
}

function readKey(value: unknown, label: string): string {
	const key = (readText(value) ?? '').trim().replace(/^Bearer(\s+|$)/i, '');
	if (key === '') {
		throw refusal(`The credential has no ${label}`, `Open the credential and paste the ${label} of the chosen provider.`);
	}
	if (!/^[\x21-\x7e]+$/.test(key)) {
		throw refusal(
			`The ${label} contains a space, a line break or another character that no key has`,
			`Open the credential and paste the ${label} again, without anything before or after it.`,
		);
	}
	return key;
}
