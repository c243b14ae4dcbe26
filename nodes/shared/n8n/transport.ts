import type { IExecuteFunctions, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import type { Clock } from '../engine/clock';
import type { RawAnswer } from '../kling/answers/answer';
import {
	canceled,
	connectionFailure,
	FILE_PEER,
	PROVIDER_PEER,
	timedOut,
	type Cause,
	type Peer,
} from '../kling/answers/connectionFailure';
import { fileHeaders } from '../kling/files/fileRequest';
import type { MediaKind } from '../kling/files/mediaKind';
import { KlingError } from '../kling/klingError';

export const CREDENTIAL = 'klingRecognitionApi';

/** How one request is bounded. */
export interface Bounds {
	/** The time of the whole attempt, from its start to the last byte of the answer. */
	timeoutMs: number;
	/** Reading stops after this many bytes. */
	maxBytes: number;
	/** What must not be repeated in a text. */
	secrets: readonly string[];
	/** Aborted when nobody wants the answer any more; absent: that is the execution's cancel signal. */
	stop?: AbortSignal;
}

/** A stream of Node.js; n8n's verification forbids to name its module. */
export type Readable = Exclude<Parameters<IExecuteFunctions['helpers']['prepareBinaryData']>[0], Buffer>;

/** An answer whose body still comes. */
export type Coming = Pick<RawAnswer, 'status' | 'headers'> & { stream: Readable };

type Helper = (this: IExecuteFunctions, options: IHttpRequestOptions) => Promise<IN8nHttpFullResponse>;

/** Sends a signed request to the provider, once, without following redirects. @throws KlingError where no answer came */
export async function sendSigned(
	context: IExecuteFunctions,
	request: Pick<IHttpRequestOptions, 'method' | 'url' | 'body' | 'headers'>,
	clock: Clock,
	bounds: Bounds,
): Promise<RawAnswer> {
	return await send(
		context,
		async function (options) {
			return await this.helpers.httpRequestWithAuthentication.call(this, CREDENTIAL, options);
		},
		{ ...request, disableFollowRedirect: true },
		clock,
		{ ...bounds, peer: PROVIDER_PEER },
		async (coming) => await wholeOf(coming, bounds),
	);
}

/** A file to fetch. */
export interface Wanted {
	url: string;
	kind: MediaKind;
}

/** Fetches a file without any credential. @throws KlingError where no answer came */
export async function fetchUnsigned(
	context: IExecuteFunctions,
	wanted: Wanted,
	clock: Clock,
	bounds: Bounds,
): Promise<RawAnswer> {
	return await fetchAsItComes(context, wanted, clock, bounds, async (coming) => await wholeOf(coming, bounds));
}

/**
 * Fetches a file without any credential, and takes it while it comes, within the same time.
 * @throws KlingError where no answer came, or what `take` throws
 */
export async function fetchAsItComes<T>(
	context: IExecuteFunctions,
	{ url, kind }: Wanted,
	clock: Clock,
	bounds: Omit<Bounds, 'maxBytes'>,
	take: (coming: Coming) => Promise<T>,
): Promise<T> {
	return await send(
		context,
		async function (options) {
			return await this.helpers.httpRequest(options);
		},
		{ method: 'GET', url, headers: fileHeaders(kind) },
		clock,
		{ ...bounds, peer: FILE_PEER },
		take,
	);
}

/** What a server says of a file, without the file, without any credential, and without following redirects. @throws KlingError where no answer came */
export async function headOf(
	context: IExecuteFunctions,
	url: string,
	clock: Clock,
	bounds: Omit<Bounds, 'maxBytes'>,
): Promise<Pick<RawAnswer, 'status' | 'headers'>> {
	return await send(
		context,
		async function (options) {
			return await this.helpers.httpRequest(options);
		},
		{ method: 'HEAD', url, disableFollowRedirect: true },
		clock,
		{ ...bounds, peer: FILE_PEER },
		async ({ status, headers }) => ({ status, headers }),
	);
}

async function send<T>(
	context: IExecuteFunctions,
	helper: Helper,
	request: IHttpRequestOptions,
	clock: Clock,
	{ timeoutMs, secrets, peer, stop = context.getExecutionCancelSignal() }: Omit<Bounds, 'maxBytes'> & { peer: Peer },
	take: (coming: Coming) => Promise<T>,
): Promise<T> {
	const abort = new AbortController();
	const onStop = () => abort.abort();
	if (stop?.aborted) abort.abort();
	stop?.addEventListener('abort', onStop, { once: true });
	let late = false;
	let stream: Readable | undefined;
	const callOff = clock.after(timeoutMs, () => {
		late = true;
		abort.abort();
	});
	try {
		const response = await helper.call(withSignal(context, abort.signal), {
			...request,
			abortSignal: abort.signal,
			// n8n's own timeout bounds idle time only; the abort signal bounds the attempt, and comes first.
			timeout: timeoutMs + 5000,
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
		});
		stream = response.body as Readable;
		return await take({ status: response.statusCode, headers: response.headers, stream });
	} catch (error) {
		if (late) throw timedOut(timeoutMs, peer);
		throw stop?.aborted ? canceled(peer) : failureOf(error, secrets, peer);
	} finally {
		// What was not read to its end would keep its connection open.
		stream?.destroy();
		callOff();
		stop?.removeEventListener('abort', onStop);
	}
}

/**
 * n8n's helper takes its abort signal from the context it is called on. This one answers with ours, which is aborted both
 * by the execution's cancel signal and at the attempt's deadline.
 */
function withSignal(context: IExecuteFunctions, signal: AbortSignal): IExecuteFunctions {
	return Object.create(context, { getExecutionCancelSignal: { value: () => signal } }) as IExecuteFunctions;
}

async function wholeOf({ status, headers, stream }: Coming, { maxBytes }: Bounds): Promise<RawAnswer> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		bytes += chunk.length;
		if (bytes > maxBytes) return { status, headers, body: Buffer.concat(chunks), cut: true };
		chunks.push(chunk);
	}
	return { status, headers, body: Buffer.concat(chunks), cut: false };
}

function failureOf(error: unknown, secrets: readonly string[], peer: Peer): KlingError {
	return error instanceof KlingError ? error : connectionFailure(causeOf(error), secrets, peer);
}

/** Why a request of n8n's failed: n8n wraps the error of its HTTP client, which wraps the one of Node.js, and the innermost says what happened. */
export function causeOf(error: unknown): Cause {
	const cause: Cause = { code: null, message: '', isByN8n: false };
	// Told by their fields: an error may come from another realm, where Error is not ours.
	let current = error as
		{ name?: unknown; code?: unknown; message?: unknown; level?: unknown; cause?: unknown } | null | undefined;
	for (let depth = 0; typeof current === 'object' && current !== null && depth < 8; depth += 1) {
		if (typeof current.message === 'string') cause.message = current.message;
		if (typeof current.code === 'string') cause.code = current.code;
		// Errors of n8n's own have a level; with a NodeApiError it wraps what happened to a request.
		cause.isByN8n = typeof current.level === 'string' && current.name !== 'NodeApiError';
		current = current.cause as typeof current;
	}
	return cause;
}
