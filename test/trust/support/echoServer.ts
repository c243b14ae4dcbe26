import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

import { certificatesOf } from '../../gateway/certificates';

/** What a request carried. */
export interface Carried {
	/** Host name and port that were asked for. */
	host: string;
	path: string;
	/** The `Authorization` header; empty where there was none. */
	authorization: string;
	/** The whole body. */
	body: string;
}

/** Writes an answer that may repeat what the request carried. */
export type Echo = (carried: Carried, response: ServerResponse) => void;

/** A server that plays every host, over TLS and without, behind a forward proxy. */
export interface EchoServer {
	proxyUrl: string;
	ca: string;
	/** Every request, in order. */
	seen: Carried[];
	/** Decides about the answers from now on. */
	answerWith(echo: Echo): void;
	close(): Promise<void>;
}

/** Starts one. */
export async function startEchoServer(): Promise<EchoServer> {
	const certificates = await certificatesOf('trusted');
	const seen: Carried[] = [];
	let echo: Echo = (_carried, response) => response.end('{}');
	const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const pieces: Buffer[] = [];
		for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
		const { host = '', authorization = '' } = request.headers;
		const carried = { host, authorization, path: request.url ?? '', body: Buffer.concat(pieces).toString('latin1') };
		seen.push(carried);
		echo(carried, response);
	};
	const listener = (request: IncomingMessage, response: ServerResponse): void =>
		void serve(request, response).catch(() => undefined);
	const tls = createHttpsServer(certificates, listener);
	const proxy = createHttpServer(listener);
	const sockets = new Set<Socket>();
	proxy.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => socket.destroy())));
	proxy.on('connect', (_request, socket: Socket) => {
		socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
		tls.emit('connection', socket);
	});
	proxy.listen(0, '127.0.0.1');
	await once(proxy, 'listening');
	return {
		proxyUrl: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
		ca: certificates.ca,
		seen,
		answerWith: (next) => {
			echo = next;
		},
		close: async () => {
			for (const socket of sockets) socket.destroy();
			proxy.close();
		},
	};
}
