import { PLAYED, type Provider } from './providers';

/** The good API key of each provider. */
export const KEYS = Object.fromEntries(PLAYED.map(({ name, key }) => [name, key])) as Record<Provider, string>;

/** The good access key pair, at both Kling providers. */
export const ACCESS = {
	accessKey: 'AK-good-access-key-of-kling-3b9f',
	secretKey: 'SK-good-secret-key-of-kling-long-enough-for-hs256-64c2',
};
