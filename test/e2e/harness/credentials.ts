import { PROVIDERS } from '../../../nodes/shared/kling/account/providers';
import { ACCESS, KEYS } from '../../gateway/keys';
import type { Provider } from '../../gateway/types';

/** A credential as `n8n import:credentials` reads it. */
export interface Credential {
	id: string;
	name: string;
	type: string;
	data: Record<string, string>;
}

/** The credential's type in n8n. */
export const CREDENTIAL_TYPE = 'klingRecognitionApi';

/** A good credential that tests name: an API key for every provider, an access key for Kling's own two. */
export type CredentialName = Provider | 'globalAccessKey' | 'chinaAccessKey' | 'badKey';

/** What `custom` calls; another gateway listens on another port each time. */
export interface CustomGateway {
	url: string;
}

/** All the credentials that the tests use. */
export function allCredentials(gateway: CustomGateway): Credential[] {
	const custom = credential('custom', { provider: 'custom', apiKey: KEYS.custom, baseUrl: `${gateway.url}/kling` });
	return [...lastingCredentials(), custom];
}

/** Those of them that are the same in every run: they name no port. */
export function lastingCredentials(): Credential[] {
	const providers = PROVIDERS.map(({ name }) => name).filter((name) => name !== 'custom');
	return [
		...providers.map((provider) => credential(provider, { provider, authentication: 'apiKey', apiKey: KEYS[provider] })),
		credential('globalAccessKey', { provider: 'klingGlobal', authentication: 'accessKey', ...ACCESS }),
		credential('chinaAccessKey', { provider: 'klingChina', authentication: 'accessKey', ...ACCESS }),
		credential('badKey', { provider: 'klingGlobal', authentication: 'apiKey', apiKey: 'kg-bad-key-of-nobody' }),
	];
}

/** How a node in a workflow points at a credential. */
export function useCredential(name: CredentialName): Record<string, { id: string; name: string }> {
	return { [CREDENTIAL_TYPE]: { id: idOf(name), name } };
}

const idOf = (name: CredentialName): string => name.padEnd(16, '0');

function credential(name: CredentialName, data: Record<string, string>): Credential {
	return { id: idOf(name), name, type: CREDENTIAL_TYPE, data };
}
