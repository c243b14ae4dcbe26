import { fetch, ProxyAgent } from 'undici';
import { sha256Of } from '../../samples/manifest';

/** Fetches a file as the provider would, from the internet that the gateway's proxy plays. */
export async function fetchAsProvider(url: string, proxyUrl: string): Promise<{ type: string | null; sha256: string }> {
	const dispatcher = new ProxyAgent({ uri: proxyUrl, proxyTunnel: false });
	try {
		const answer = await fetch(url, { dispatcher });
		return { type: answer.headers.get('content-type'), sha256: sha256Of(new Uint8Array(await answer.arrayBuffer())) };
	} finally {
		await dispatcher.close();
	}
}
