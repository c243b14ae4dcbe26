import { createHmac } from 'node:crypto';
import { Agent, ProxyAgent, request, type Dispatcher } from 'undici';
import { ACCESS, type Gateway } from './index';

export interface Reply {
	status: number;
	headers: Record<string, string | string[] | undefined>;
	bytes: Buffer;
	text: string;
	/** Parsed lazily. @throws SyntaxError where the body is not JSON */
	json: () => any;
}

export interface Sending {
	method?: 'GET' | 'POST';
	/** Bearer token; '' sends no Authorization. */
	key?: string;
	body?: unknown;
	headers?: Record<string, string>;
	signal?: AbortSignal;
}

/** An HTTP client for the tests and the contract, as far from n8n's as can be. */
export class Client {
	constructor(private readonly dispatcher: Dispatcher) {}

	/** A client of a local gateway, straight or through its proxy. */
	static of(gateway: Gateway, viaProxy: boolean): Client {
		return new Client(viaProxy ? new ProxyAgent({ uri: gateway.proxyUrl, requestTls: { ca: gateway.ca } }) : new Agent());
	}

	/** Sends one request. @throws undici's error where no whole answer comes */
	async send(url: string, { method = 'POST', key = '', body, headers = {}, signal }: Sending = {}): Promise<Reply> {
		const all: Record<string, string> = {
			...(body !== undefined && { 'content-type': 'application/json' }),
			...(key && { authorization: `Bearer ${key}` }),
			...headers,
		};
		const sent = typeof body === 'string' || Buffer.isBuffer(body) || body === undefined ? body : JSON.stringify(body);
		const reply = await request(url, { method, headers: all, body: sent, dispatcher: this.dispatcher, signal });
		const bytes = Buffer.from(await reply.body.arrayBuffer());
		const text = bytes.toString('utf8');
		return { status: reply.statusCode, headers: reply.headers, bytes, text, json: () => JSON.parse(text) };
	}

	close(): Promise<void> {
		return this.dispatcher.destroy();
	}
}

/** A JWT as Kling documents it; what is given stands in the place of the usual claim. */
export function jwt(
	claims: Record<string, unknown> = {},
	secret = ACCESS.secretKey,
	header: object = { alg: 'HS256', typ: 'JWT' },
): string {
	const now = Math.floor(Date.now() / 1000);
	const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
	const signed = `${part(header)}.${part({ iss: ACCESS.accessKey, exp: now + 1800, nbf: now - 5, ...claims })}`;
	return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
