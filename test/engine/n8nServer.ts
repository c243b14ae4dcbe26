import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import { request as send } from 'undici';

/** The part of n8n that serves files, at public addresses that requests reach through its proxy. */
export interface N8nServer {
	/** Every request that came, by method and whole URL. */
	requests: string[];
	/** What the provider would get. */
	fetch(url: string): Promise<{ status: number; type: string; bytes: Buffer }>;
	/** Leads plain requests here. */
	proxyUrl: string;
	close(): Promise<void>;
}

/** n8n, as `WEBHOOK_URL` should have it. */
export const GOOD = 'http://n8n.example.com/n8n/';
/** The same host, and another path: n8n answers with its editor. */
export const WRONG_PATH = 'http://n8n.example.com/';
/** A login stands before it. */
export const LOGIN = 'http://login.example.com/';
/** Nobody answers. */
export const SILENT = 'http://silent.example.com/';

/** Starts it. Source: n8n 2.41, `controllers/binary-data.controller.js`, and what an n8n with a path before it was seen to answer. */
export async function startN8nServer(): Promise<N8nServer> {
	const requests: string[] = [];
	const server = createServer((request, response) => {
		const url = new URL(request.url!, `http://${request.headers.host}`);
		requests.push(`${request.method} ${url.href}`);
		serve(request, url, response).catch(() => response.writeHead(400).end());
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		requests,
		proxyUrl: `http://127.0.0.1:${port}`,
		fetch: async (url) => {
			const { host, pathname, search } = new URL(url);
			const answer = await send(`http://127.0.0.1:${port}${pathname}${search}`, { headers: { host } });
			const type = String(answer.headers['content-type']);
			return { status: answer.statusCode, type, bytes: Buffer.from(await answer.body.arrayBuffer()) };
		},
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

async function serve({ method, socket }: IncomingMessage, url: URL, response: ServerResponse): Promise<void> {
	if (url.href.startsWith(SILENT)) {
		socket.destroy();
	} else if (url.href.startsWith(LOGIN)) {
		response.writeHead(302, { location: `${LOGIN}login` }).end();
	} else if (!url.href.startsWith(`${GOOD}rest/binary-data/signed?`)) {
		response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!DOCTYPE html><title>n8n</title>');
	} else {
		const files = Container.get(BinaryDataService);
		const id = files.validateSignedToken(url.searchParams.get('token')!);
		const { fileSize, mimeType } = await files.getMetadata(id);
		response.writeHead(200, { 'content-type': mimeType, 'content-length': fileSize });
		response.end(method === 'HEAD' ? undefined : await buffer(await files.getAsStream(id)));
	}
}
