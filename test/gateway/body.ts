import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const LONG = 4096;
const MOST = 64 * 1024 * 1024;

/** A long text of a JSON body, left where it is: Base64 of megabytes is not made into strings. */
export class LongText {
	constructor(readonly bytes: Buffer) {}
}

/**
 * Reads a request's body, at most 64 MB of it.
 * @throws Error where it is longer, or the client went away
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
	const declared = Number(request.headers['content-length'] ?? 0);
	if (declared > MOST) throw new Error('the body is too long');
	let body = Buffer.allocUnsafe(declared || 65536);
	let length = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		if (length + chunk.length > MOST) throw new Error('the body is too long');
		if (length + chunk.length > body.length) body = Buffer.concat([body.subarray(0, length)], (length + chunk.length) * 2);
		length += chunk.copy(body, length);
	}
	return body.subarray(0, length);
}

/**
 * Parses a JSON object; texts above 4 KB without an escape come as `LongText`.
 * @throws SyntaxError or TypeError where it is not JSON, not UTF-8, or not an object
 */
export function parseBody(body: Buffer): Record<string, unknown> {
	const { text, long } = takeOutLongTexts(body);
	const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text), (_key, item: unknown) => {
		const index = typeof item === 'string' && item.startsWith(MARK) ? Number(item.slice(MARK.length)) : -1;
		return long[index] ?? item;
	});
	if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('not an object');
	return value as Record<string, unknown>;
}

const MARK = '@@long-text-of-the-body:';

function takeOutLongTexts(body: Buffer): { text: Buffer; long: LongText[] } {
	const pieces: Buffer[] = [];
	const long: LongText[] = [];
	let kept = 0;
	for (let quote = body.indexOf(0x22); quote >= 0;) {
		const end = endOfText(body, quote + 1);
		if (end < 0) break;
		const inside = body.subarray(quote + 1, end);
		if (inside.length > LONG && !inside.includes(0x5c)) {
			pieces.push(body.subarray(kept, quote + 1), Buffer.from(MARK + long.length));
			long.push(new LongText(inside));
			kept = end;
		}
		quote = body.indexOf(0x22, end + 1);
	}
	return { text: Buffer.concat([...pieces, body.subarray(kept)]), long };
}

function endOfText(body: Buffer, from: number): number {
	for (let end = body.indexOf(0x22, from); end >= 0; end = body.indexOf(0x22, end + 1)) {
		let slashes = 0;
		while (body[end - 1 - slashes] === 0x5c) slashes++;
		if (slashes % 2 === 0) return end;
	}
	return -1;
}

/** What is kept of a Base64 text: the hash and size of its bytes, and the first of them. */
export interface Decoded {
	sha256: string;
	bytes: number;
	/** At most the first megabyte. */
	start: Buffer;
}

const PIECE = 64 * 1024;
const START = 1024 * 1024;

/**
 * Decodes strict Base64 (standard alphabet, padded, no line breaks), piece by piece.
 * @returns undefined where it is not that
 */
export function decodeBase64(text: string | LongText): Decoded | undefined {
	const bytes = typeof text === 'string' ? Buffer.from(text, 'latin1') : text.bytes;
	if (bytes.length === 0 || bytes.length % 4 !== 0) return undefined;
	const hash = createHash('sha256');
	const start: Buffer[] = [];
	let size = 0;
	for (let at = 0; at < bytes.length; at += PIECE) {
		const piece = bytes.toString('latin1', at, Math.min(at + PIECE, bytes.length));
		const decoded = Buffer.from(piece, 'base64');
		if (decoded.toString('base64') !== piece) return undefined;
		if (at + PIECE < bytes.length && piece.endsWith('=')) return undefined;
		hash.update(decoded);
		if (size < START) start.push(decoded);
		size += decoded.length;
	}
	return { sha256: hash.digest('hex'), bytes: size, start: Buffer.concat(start) };
}

/** The body as it may be kept in a record: every Base64 and every long text by hash and size alone. */
export function withoutBytes(value: unknown, known: Map<unknown, Decoded | undefined>): unknown {
	if (value instanceof LongText) return hashed(value, known);
	if (Array.isArray(value)) return value.map((item) => withoutBytes(item, known));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, item]) => [key, isFile(key, item) ? hashed(item, known) : withoutBytes(item, known)]),
	);
}

const isFile = (key: string, item: unknown): item is string =>
	/(^|_)(image|file)$|^image_tail$/.test(key) && typeof item === 'string' && item !== '' && !/^https?:\/\//i.test(item);

function hashed(text: string | LongText, known: Map<unknown, Decoded | undefined>): { sha256: string; bytes: number } {
	const decoded = known.has(text) ? known.get(text) : decodeBase64(text);
	known.set(text, decoded);
	if (decoded) return { sha256: decoded.sha256, bytes: decoded.bytes };
	const raw = typeof text === 'string' ? Buffer.from(text) : text.bytes;
	return { sha256: createHash('sha256').update(raw).digest('hex'), bytes: raw.length };
}
