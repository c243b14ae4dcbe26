import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { after } from './after';
import { html, json, klingError, type Answer } from './answers';
import type { Fault } from './types';

/** Waits this many ms, or until the response's connection closes. */
export async function wait(ms: number, response: ServerResponse): Promise<void> {
	if (ms <= 0 || response.destroyed || response.closed) return;
	const stop = new AbortController();
	const abort = (): void => stop.abort();
	response.once('close', abort);
	await after(ms, stop.signal);
	response.off('close', abort);
}

/** Sends a whole answer. */
export function send(response: ServerResponse, { status, headers, body }: Answer): void {
	if (response.destroyed) return;
	response.writeHead(status, { ...headers, 'content-length': body.length });
	response.end(body);
}

/** The answer that a fault puts in the good one's place; undefined where a fault is not that simple. */
export function replaced(fault: Fault): Answer | undefined {
	switch (fault.kind) {
		case 'code':
			return withHeaders(klingError(fault.status, fault.code, fault.message ?? `failed with code ${fault.code}`), fault.headers);
		case 'gatewayError':
			return json(fault.status, { error: fault.error }, fault.headers);
		case 'html':
			return html(fault.status, `${fault.status} from the edge`);
		case 'empty':
			return { status: fault.status, headers: {}, body: Buffer.alloc(0) };
		case 'deepJson':
			return {
				...json(200, {}),
				body: Buffer.from(`{"code":0,"message":"SUCCEED","data":${'['.repeat(fault.depth)}${']'.repeat(fault.depth)}}`),
			};
		case 'redirect':
			return { status: fault.status, headers: { location: fault.location }, body: Buffer.alloc(0) };
		case 'answer':
			return literal(fault);
		default:
			return undefined;
	}
}

const withHeaders = (answer: Answer, headers: Record<string, string> = {}): Answer => ({
	...answer,
	headers: { ...answer.headers, ...headers },
});

function literal(fault: Extract<Fault, { kind: 'answer' }>): Answer {
	const { status, body = '', bodyBase64, headers = {} } = fault;
	const type: Record<string, string> = typeof body === 'object' ? { 'content-type': 'application/json' } : {};
	const text = typeof body === 'object' ? JSON.stringify(body) : body;
	return {
		status,
		headers: { ...type, ...headers },
		body: bodyBase64 === undefined ? Buffer.from(text) : Buffer.from(bodyBase64, 'base64'),
	};
}

/** Whether a call is done although this fault is played: made where it is told to be, or where the good answer is sent. */
export function takesEffect(fault: Fault): boolean {
	const sendsGood =
		['truncated', 'invalidUtf8', 'wrongContentType', 'resetDuring', 'drip', 'state', 'delay'].includes(fault.kind) ||
		(fault.kind === 'hang' && fault.afterHeaders === true);
	return sendsGood || fault.done === true;
}

/** The good answer, spoilt but whole; undefined where a fault works on the connection instead. */
export function spoilt(fault: Fault, good: Answer): Answer | undefined {
	switch (fault.kind) {
		case 'truncated':
			return { ...good, body: good.body.subarray(0, good.body.length >> 1) };
		case 'invalidUtf8':
			return { ...good, body: withBadByte(good.body) };
		case 'wrongContentType':
			return withHeaders(good, { 'content-type': 'text/html; charset=utf-8' });
		case 'state':
			return { ...good, body: Buffer.from(good.body.toString().replace(STATE, `"$1":${JSON.stringify(fault.word)}`)) };
		case 'delay':
			return good;
		default:
			return undefined;
	}
}

const STATE = /"(task_status|status)":"[^"]*"/;

/** Puts a byte that begins no UTF-8 into the first text value. */
function withBadByte(body: Buffer): Buffer {
	const at = Math.max(body.indexOf(':"') + 2, 0);
	return Buffer.concat([body.subarray(0, at), Buffer.from([0xff]), body.subarray(at)]);
}

/** Plays what a fault does to the connection; ends when that is over, or the client has gone. */
export async function playOnConnection(fault: Fault, good: Answer, response: ServerResponse, isDownload: boolean): Promise<void> {
	if (response.destroyed) return;
	switch (fault.kind) {
		case 'resetBefore':
			response.socket?.destroy();
			return;
		case 'resetDuring':
			return resetDuring(good, response);
		case 'hang':
			if (fault.afterHeaders)
				response.writeHead(good.status, { ...good.headers, 'content-length': good.body.length }).flushHeaders();
			await once(response, 'close');
			return;
		case 'drip':
			return drip(fault, good, response);
		case 'big':
			return big(fault, response, isDownload);
		default:
			throw new TypeError(`no such fault: ${fault.kind}`);
	}
}

async function resetDuring({ status, headers, body }: Answer, response: ServerResponse): Promise<void> {
	response.writeHead(status, { ...headers, 'content-length': body.length });
	await new Promise<void>((resolve) => {
		response.write(body.subarray(0, body.length >> 1), () => resolve());
	});
	response.socket?.destroy();
}

async function drip(fault: Extract<Fault, { kind: 'drip' }>, good: Answer, response: ServerResponse): Promise<void> {
	const { socket } = response;
	if (fault.dripHeaders && socket) {
		const lines = Object.entries({ ...good.headers, 'content-length': good.body.length, connection: 'close' }).map(
			([name, value]) => `${name}: ${value}\r\n`,
		);
		await dripBytes(
			Buffer.concat([Buffer.from(`HTTP/1.1 ${good.status} Dripping\r\n${lines.join('')}\r\n`), good.body]),
			fault.bytesEveryMs,
			response,
			(byte) => socket.write(byte),
		);
		socket.end();
		return;
	}
	response.writeHead(good.status, { ...good.headers, 'content-length': good.body.length });
	await dripBytes(good.body, fault.bytesEveryMs, response, (byte) => response.write(byte));
	response.end();
}

async function dripBytes(bytes: Buffer, everyMs: number, response: ServerResponse, write: (byte: Buffer) => void): Promise<void> {
	for (let at = 0; at < bytes.length && !response.destroyed; at++) {
		write(bytes.subarray(at, at + 1));
		await wait(everyMs, response);
	}
}

const PIECE = Buffer.alloc(64 * 1024, 'a');

async function big(fault: Extract<Fault, { kind: 'big' }>, response: ServerResponse, isDownload: boolean): Promise<void> {
	const start = isDownload ? Buffer.from('\x89PNG\r\n\x1a\n', 'latin1') : Buffer.from('{"code":0,"message":"');
	const end = isDownload ? Buffer.alloc(0) : Buffer.from('","data":{}}');
	const type = isDownload ? 'image/png' : 'application/json';
	response.writeHead(200, { 'content-type': type, ...(fault.declareLength && { 'content-length': fault.bytes }) });
	response.write(start);
	for (let left = fault.bytes - start.length - end.length; left > 0 && !response.destroyed; left -= PIECE.length) {
		const flows = response.write(PIECE.subarray(0, Math.min(left, PIECE.length)));
		if (!flows && !response.destroyed) await drained(response);
	}
	if (!response.destroyed) response.end(end);
}

function drained(response: ServerResponse): Promise<void> {
	return new Promise((resolve) => {
		const done = (): void => {
			response.off('drain', done).off('close', done);
			resolve();
		};
		response.once('drain', done).once('close', done);
	});
}
