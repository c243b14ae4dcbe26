import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { certificatesOf } from './certificates';
import { handleControl } from './controls';
import { handle } from './handler';
import { hostName } from './providers';
import { createProxy } from './proxy';
import { State } from './state';
import type { AccountStats, GatewayRequest, GatewaySettings, GatewayStats, ProductName, Provider, TaskRecord } from './types';

export * from './types';
export { AVIF, BOT_TOKEN } from './fileHosts';
export { ACCESS, KEYS } from './keys';
export { RESELLERS, rowOf } from './providers';
export { NAMED_FAULTS, namedFault } from './namedFaults';

/** A running gateway that plays every provider on 127.0.0.1. */
export interface Gateway {
	/** Plain HTTP address; as a host of its own it is the custom gateway. */
	url: string;
	/** TLS address; empty without TLS. */
	tlsUrl: string;
	/** Forward proxy that leads the providers' and the samples' host names here, and no other. */
	proxyUrl: string;
	/** PEM file of the authority that signed the certificate, for NODE_EXTRA_CA_CERTS; empty without TLS. */
	caFile: string;
	/** Its PEM text. */
	ca: string;
	/** Every API call that reached it, in order of arrival. */
	requests: GatewayRequest[];
	/** Every file that was fetched, in order of arrival. */
	downloads: GatewayRequest[];
	/** Changes settings; each given one replaces the former. @throws TypeError where a name is none */
	control(settings: Partial<GatewaySettings>): void;
	/** Forgets requests, faults and settings. */
	reset(): void;
	stats(): GatewayStats;
	/** Every task that was made, in order. */
	tasks(): TaskRecord[];
	/** Lets an account have so many tasks that were made before. */
	seedTasks(product: ProductName, count: number, provider?: Provider): void;
	/** Ends all tasks under way now, or those whose id or any text of their create has this in it. */
	endTasks(match?: string): void;
	/** What a provider's account was asked, and has paid for tasks. */
	account(provider: Provider): AccountStats;
	/** Breaks every connection and stops. */
	close(): Promise<void>;
}

export interface GatewayOptions {
	/** Ports; 0 or absent: any. */
	port?: number;
	tlsPort?: number;
	proxyPort?: number;
	/** false: no certificates and no TLS listener, which starts quicker. */
	tls?: boolean;
}

/** Starts a gateway. @throws Error where a port is taken */
export async function startGateway(options: GatewayOptions = {}): Promise<Gateway> {
	const state = new State();
	const sockets = new Set<Socket>();
	const stats = (): GatewayStats => state.stats(sockets.size);
	let ownUrl = '';
	const serve = (request: IncomingMessage, response: ServerResponse, url: URL): void => {
		const isControl = url.pathname.startsWith('/__gateway/') && /^(127\.0\.0\.1|localhost)$/.test(hostName(url.host));
		const served = isControl
			? handleControl(request, response, url.pathname, state, stats)
			: handle(request, response, url, ownUrl, state);
		served.catch((error: Error) => failed(response, error));
	};
	const certificates = options.tls === false ? undefined : await certificatesOf('trusted');
	const caFile = certificates ? await writeAuthority(certificates.ca) : '';
	const plain = http.createServer(direct('http', serve));
	const tls = certificates && https.createServer(certificates, direct('https', serve));
	const proxy = createProxy({
		plain,
		tls,
		serve,
		own: () => new URL(ownUrl).host,
		elsewhere: (name) => state.settings.publicHosts[name],
	});
	const servers = [plain, proxy, ...(tls ? [tls] : [])];
	for (const server of servers) watch(server, sockets);
	ownUrl = `http://127.0.0.1:${await listen(plain, options.port)}`;
	const tlsUrl = tls ? `https://127.0.0.1:${await listen(tls, options.tlsPort)}` : '';
	const proxyUrl = `http://127.0.0.1:${await listen(proxy, options.proxyPort)}`;
	return {
		url: ownUrl,
		tlsUrl,
		proxyUrl,
		stats,
		caFile,
		ca: certificates?.ca ?? '',
		requests: state.requests,
		downloads: state.downloads,
		control: (settings) => state.control(settings),
		reset: () => state.reset(),
		tasks: () => state.tasks.records(),
		seedTasks: (product, count, account = 'klingGlobal') =>
			state.tasks.seed({ account, product, model: product, externalId: '', units: 1, isMarked: false, names: [] }, count),
		endTasks: (match) => state.tasks.end(match),
		account: (provider) => state.tasks.account(provider),
		close: async () => {
			const closed = servers.map(
				(server) =>
					new Promise((resolve) => {
						server.close(resolve);
					}),
			);
			for (const socket of sockets) socket.destroy();
			await Promise.all(closed);
			if (caFile) await rm(dirname(caFile), { recursive: true });
		},
	};
}

/** Writes the authority's PEM text into a temporary folder of its own. @returns the file */
async function writeAuthority(ca: string): Promise<string> {
	const file = join(await mkdtemp(join(tmpdir(), 'kling-gateway-')), 'ca.pem');
	await writeFile(file, ca);
	return file;
}

/** Takes requests that came straight to a listener, by their Host header. */
function direct(
	protocol: string,
	serve: (request: IncomingMessage, response: ServerResponse, url: URL) => void,
): http.RequestListener {
	return (request, response) => {
		const text = `${protocol}://${request.headers.host}${request.url}`;
		if (URL.canParse(text)) return serve(request, response, new URL(text));
		response.writeHead(400).end();
	};
}

/** Keeps count of the connections; one that the proxy hands on is the same socket, and counted once. */
function watch(server: Server, sockets: Set<Socket>): void {
	server.on('connection', (socket: Socket) => {
		if (sockets.has(socket)) return;
		sockets.add(socket);
		socket.on('error', () => socket.destroy());
		socket.once('close', () => sockets.delete(socket));
	});
	server.on('clientError', (_error, socket) => socket.destroy());
}

async function listen(server: Server, port = 0): Promise<number> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', resolve);
	});
	return (server.address() as AddressInfo).port;
}

/** A client that went away is nothing to tell; anything else is a fault of the gateway's own, and must be seen. */
function failed(response: ServerResponse, error: Error): void {
	if (response.destroyed || response.socket?.destroyed !== false) return;
	if (!response.headersSent) response.writeHead(599, { 'content-type': 'text/plain' });
	response.end(`the test gateway broke: ${error.stack}\n`);
}
