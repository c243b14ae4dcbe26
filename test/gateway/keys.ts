import type { Provider } from './types';

/** The good API key of each provider: nothing else is accepted. No word of eight letters that a text may hold stands in one. */
export const KEYS: Record<Provider, string> = {
	klingGlobal: 'kg-good-key-of-kling-global-5f0c1a',
	klingChina: 'kc-good-key-of-kling-china-7be24d',
	deerApi: 'sk-good-key-of-deer-91d3ce',
	cometApi: 'sk-good-key-of-comet-c40a77',
	chainHub: 'sk-good-key-of-chain-2e86bf',
	relay: 'sk-good-key-of-relay-64af19',
	relayOverRelay: 'sk-good-key-of-relay-over-relay-8c05e2',
	custom: 'sk-good-key-of-custom-gateway-d8137a',
};

/** The good access key pair, at both Kling providers. */
export const ACCESS = {
	accessKey: 'AK-good-access-key-of-kling-3b9f',
	secretKey: 'SK-good-secret-key-of-kling-long-enough-for-hs256-64c2',
};
