import { randomUUID } from 'node:crypto';
import type { ProviderRow } from './providers';

/** A whole answer, before it is sent (or spoilt by a fault). */
export interface Answer {
	status: number;
	headers: Record<string, string>;
	body: Buffer;
}

/** A JSON answer. */
export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
	return {
		status,
		headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
		body: Buffer.from(JSON.stringify(value)),
	};
}

/** An HTML page with this text. */
export function html(status: number, text: string): Answer {
	const page = `<!doctype html>\n<html><head><title>${text}</title></head><body><center><h1>${text}</h1></center></body></html>\n`;
	return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: Buffer.from(page) };
}

/** A file's bytes. */
export function file(body: Buffer, contentType: string): Answer {
	return { status: 200, headers: { 'content-type': contentType }, body };
}

/** A failure in Kling's envelope: HTTP status, service code, text. */
export function klingError(status: number, code: number, message: string): Answer {
	return json(status, { code, message, request_id: randomUUID() });
}

/** A failure in the gateways' envelope; the request id stands in the text, as theirs does. */
export function resellerError(provider: ProviderRow, status: number, message: string, code = ''): Answer {
	const id = new Date().toISOString().replace(/\D/g, '') + randomUUID().slice(0, 8);
	return json(status, { error: { message: `${message} (request id: ${id})`, type: provider.errorType, param: '', code } });
}

/** What a host of this kind says to a route that it does not have. */
export function wrongRoute(provider: ProviderRow, method: string, path: string, knownPath: boolean): Answer {
	if (provider.isKling)
		return knownPath
			? klingError(404, 1202, `HTTP method ${method} is invalid`)
			: klingError(404, 1203, 'Requested resource does not exist');
	if (!/^\/(v1|api|kling\/v1)\b/.test(path)) return html(200, 'One API for every model');
	return json(404, { error: { message: `Invalid URL (${method} ${path})`, type: 'invalid_request_error', param: '', code: '' } });
}

/** A refusal that a check of a request ends with. */
export class Refusal extends Error {
	constructor(readonly answer: Answer) {
		super('refused');
	}
}

/** Ends the handling of a request with HTTP 400 and code 1201. */
export function refuse(message: string): never {
	throw new Refusal(klingError(400, 1201, message));
}
