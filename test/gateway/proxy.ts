import http, { type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROVIDER_HOSTS, hostName, isSampleHost } from './providers';

/** Where the proxy leads what it lets through. */
export interface ProxyTargets {
	/** The gateway's plain listener. */
	plain: Server;
	/** Its TLS listener, if it has one. */
	tls?: Server;
	/** Takes a plain request with its whole URL. */
	serve: (request: http.IncomingMessage, response: http.ServerResponse, url: URL) => void;
	/** Host and port of the gateway itself, which may be reached through the proxy as well. */
	own: () => string;
	/** Host and port of another server that goes by a public name; undefined where none does. */
	elsewhere: (name: string) => string | undefined;
}

/** A forward proxy that knows the hosts that are played, and answers 502 for every other. */
export function createProxy(targets: ProxyTargets): Server {
	const proxy = http.createServer(forwardPlain(targets));
	proxy.on('connect', (request, socket: Duplex, head: Buffer) => {
		const target = request.url ?? '';
		const listener = listenerFor(target, targets);
		if (!listener) {
			socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
			return;
		}
		socket.on('error', () => socket.destroy());
		socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
		if (head.length > 0) socket.unshift(head);
		listener.emit('connection', socket);
	});
	return proxy;
}

function listenerFor(target: string, { plain, tls, own }: ProxyTargets): Server | undefined {
	const host = hostName(target);
	if (target === own()) return plain;
	if (target.endsWith(':443') && (PROVIDER_HOSTS.includes(host) || isSampleHost(host))) return tls;
	return target.endsWith(':80') && isSampleHost(host) ? plain : undefined;
}

function forwardPlain({ serve, own, elsewhere }: ProxyTargets): RequestListener {
	return (request, response) => {
		const url = URL.canParse(request.url ?? '') ? new URL(request.url ?? '') : undefined;
		const other = url?.protocol === 'http:' ? elsewhere(hostName(url.host)) : undefined;
		if (url && other) return pass(request, response, `http://${other}${url.pathname}${url.search}`);
		if (url && isPlayed(url, own())) return serve(request, response, url);
		request.resume();
		response.writeHead(502, { 'content-type': 'text/plain' }).end(`no way to ${request.url}\n`);
	};
}

/** Whether a request with its whole URL is let through: plain ones, and those that older n8n sends with an https URL instead of CONNECT. */
function isPlayed({ protocol, host }: URL, own: string): boolean {
	if (isSampleHost(host) || host === own) return true;
	return protocol === 'https:' && PROVIDER_HOSTS.includes(hostName(host));
}

/** Hands a request on to another server, and its answer back. */
function pass(request: http.IncomingMessage, response: http.ServerResponse, to: string): void {
	const { method, headers } = request;
	const onward = http.request(to, { method, headers: { ...headers, host: new URL(to).host } }, (answer) => {
		response.writeHead(answer.statusCode ?? 502, answer.headers);
		answer.pipe(response);
	});
	onward.on('error', () => response.destroy());
	request.pipe(onward);
}
