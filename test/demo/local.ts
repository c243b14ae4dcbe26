import { getCACertificates, setDefaultCACertificates } from 'node:tls';

import { startGateway, type Gateway } from '../gateway';

/** Starts the local gateway, and leads this process's requests to the providers there. Nothing else can be reached. */
export async function startLocalGateway(): Promise<Gateway> {
	const gateway = await startGateway();
	Object.assign(process.env, { HTTP_PROXY: gateway.proxyUrl, HTTPS_PROXY: gateway.proxyUrl, NO_PROXY: '127.0.0.1' });
	setDefaultCACertificates([...getCACertificates('default'), gateway.ca]);
	// Long enough to see that calls run side by side.
	gateway.control({ latencyMs: 150 });
	return gateway;
}
