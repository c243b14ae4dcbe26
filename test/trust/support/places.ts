import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

import { certificatesOf } from '../../gateway/certificates';

/** Where no answer can come from. */
export const PLACES = ['dns', 'refused', 'untrusted', 'wrongHost', 'noTls', 'closesAtOnce'] as const;
export type PlaceName = (typeof PLACES)[number];

/** Servers at which a connection fails, each in its way. */
export interface Places {
	/** What to put in the place of a base URL. */
	url: Record<PlaceName, string>;
	/** Connections made, at the places that can count them. */
	connections: Map<PlaceName, number>;
	close(): Promise<void>;
}

/**
 * Opens the places.
 * @param tlsUrl a server on 127.0.0.1 whose certificate is trusted
 */
export async function openPlaces(tlsUrl: string): Promise<Places> {
	const stranger = await certificatesOf('stranger');
	const connections = new Map<PlaceName, number>();
	const sockets = new Set<Socket>();
	const servers: Server[] = [];
	const open = async (name: PlaceName, server: Server, host = '127.0.0.1'): Promise<string> => {
		servers.push(server);
		server.on('connection', (socket: Socket) => {
			connections.set(name, (connections.get(name) ?? 0) + 1);
			sockets.add(socket);
			socket.on('error', () => socket.destroy());
		});
		server.listen(0, host);
		await once(server, 'listening');
		return `${host}:${(server.address() as AddressInfo).port}`;
	};
	const closesAtOnce = createServer((socket) => socket.destroy());
	const sameServer = createServer((socket) => socket.pipe(connect(Number(new URL(tlsUrl).port), '127.0.0.1')).pipe(socket));
	const noTls = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
	const url: Places['url'] = {
		dns: 'https://gateway.invalid',
		refused: `http://127.0.0.1:${await closedPort()}`,
		untrusted: `https://${await open('untrusted', createTlsServer(stranger))}`,
		// Its certificate is good, for another address.
		wrongHost: `https://${await open('wrongHost', sameServer, '127.0.0.2')}`,
		noTls: `https://${await open('noTls', noTls)}`,
		closesAtOnce: `http://${await open('closesAtOnce', closesAtOnce)}`,
	};
	return {
		url,
		connections,
		close: async () => {
			for (const socket of sockets) socket.destroy();
			for (const server of servers) server.close();
		},
	};
}

/** A port where nobody listens. */
async function closedPort(): Promise<number> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, 'close');
	return port;
}
