import { getCACertificates, setDefaultCACertificates } from 'node:tls';

import { loadEngine, type Engine } from '../../engine/engine';
import { ACCESS, KEYS, startGateway, type Gateway, type Provider } from '../../gateway';

/** n8n's engine with the built package, and a gateway that plays every provider. */
export interface World {
	gateway: Gateway;
	engine: Engine;
	close(): Promise<void>;
}

const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];

/** Starts both, and leads n8n's traffic for the providers' and the samples' hosts to the gateway. */
export async function startWorld(): Promise<World> {
	const gateway = await startGateway();
	trust(gateway.ca);
	useProxy(gateway.proxyUrl);
	const engine = await loadEngine();
	return {
		gateway,
		engine,
		close: async () => {
			for (const name of PROXY_VARIABLES) delete process.env[name];
			trust();
			await gateway.close();
		},
	};
}

/** Sends n8n's traffic through a forward proxy, but for this machine and for names that no one has. */
export function useProxy(url: string): void {
	const values = [url, url, '127.0.0.1,127.0.0.2,.invalid'];
	PROXY_VARIABLES.forEach((name, index) => (process.env[name] = values[index]));
}

/**
 * Trusts this authority, and none that was trusted before: all test authorities have the same name, and OpenSSL confuses two.
 * Another suite in the same process may have left one.
 */
export function trust(...ca: string[]): void {
	setDefaultCACertificates([...getCACertificates('bundled'), ...ca]);
}

/** A good credential of a provider, with its API key. */
export function credentialOf(provider: Provider, baseUrl = ''): Record<string, string> {
	return { provider, authentication: 'apiKey', apiKey: KEYS[provider], baseUrl };
}

/** A good credential of Kling with access key and secret key: each request carries a token. */
export const PAIR = { provider: 'klingGlobal', authentication: 'accessKey', ...ACCESS };
