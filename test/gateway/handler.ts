import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal, klingError, wrongRoute, type Answer } from './answers';
import { checkAuthorization } from './auth';
import { parseBody, readBody, withoutBytes } from './body';
import type { ApiRoute, Call } from './call';
import { playOnConnection, replaced, send, spoilt, takesEffect, wait } from './faults';
import { isFilePath, serveFile } from './files';
import { identifyRoute } from './identify';
import { costsRoute, modelsRoute } from './keytests';
import { providerOf, type ProviderRow } from './providers';
import { recognizeRoute } from './recognize';
import { speechRoute } from './speech';
import { namesOf } from './names';
import type { State } from './state';
import { newerRoutes } from './tasks/newerRoutes';
import { taskRoutes } from './tasks/routes';
import type { Fault, GatewayRequest } from './types';

const ROUTES: ApiRoute[] = [recognizeRoute, identifyRoute, speechRoute, costsRoute, modelsRoute, ...taskRoutes, ...newerRoutes];

/** One request and all that its handling needs. */
interface Visit {
	request: IncomingMessage;
	response: ServerResponse;
	state: State;
	provider: ProviderRow;
	url: URL;
	record: GatewayRequest;
	/** Gives back what the call holds: its place and its count. */
	release: () => void;
	ownUrl: string;
}

/**
 * Handles one request to any host, and keeps a record of it.
 * @param url the whole URL that was asked for
 * @param ownUrl the gateway's plain address
 */
export async function handle(
	request: IncomingMessage,
	response: ServerResponse,
	url: URL,
	ownUrl: string,
	state: State,
): Promise<void> {
	const host = url.host;
	const provider = providerOf(host);
	const record = newRecord(request, url, provider);
	const visit: Visit = { request, response, state, provider, url, record, release: () => undefined, ownUrl };
	response.once('close', () => {
		record.ms = Date.now() - record.at;
	});
	try {
		const isDownload = isFilePath(host, url.pathname, state);
		await deliver(visit, await (isDownload ? prepareFile(visit) : prepareApi(visit)), isDownload);
	} finally {
		visit.release();
	}
}

function newRecord(request: IncomingMessage, url: URL, provider: ProviderRow): GatewayRequest {
	const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
	return {
		method: request.method ?? '',
		path: url.pathname + url.search,
		host: url.host,
		provider: provider.name,
		headers,
		bodyBytes: 0,
		status: 0,
		at: Date.now(),
		ms: -1,
	};
}

/** An answer that is ready before any waiting, so that no body is held meanwhile, and the fault to play with it. */
interface Prepared {
	fault?: Fault;
	good: Answer;
}

async function prepareFile({ state, record, url, request }: Visit): Promise<Prepared> {
	state.downloads.push(record);
	request.resume();
	const names = [url.href, record.path, ...state.tasks.namesOf(url.pathname.split('/').at(-2) ?? '')];
	const fault = state.takeFault('download', names, false) ?? state.takeFault('download', names, true);
	return prepare(fault, () => serveFile(url, record, state));
}

async function prepareApi(visit: Visit): Promise<Prepared> {
	const { state, record, request, provider, url } = visit;
	state.requests.push(record);
	const found = findRoute(provider, record.method, url.pathname);
	record.route = found?.route.route;
	if (found && isRecognition(found.route)) visit.release = state.arrive();
	const body = await readBody(request);
	record.bodyBytes = body.length;
	const early = state.takeFault(found?.route.route ?? 'none', [record.path], true);
	if (early) return prepare(early, () => klingError(401, 1000, 'Authentication failed'));
	if (!found) return { good: wrongRoute(provider, record.method, url.pathname, isKnownPath(provider, url.pathname)) };
	const verdict = checkAuthorization(provider, request.headers.authorization);
	if ('refused' in verdict) return { good: verdict.refused };
	const call: Call = {
		provider,
		state,
		account: verdict.account,
		isSigned: verdict.isSigned === true,
		method: record.method,
		path: found.path,
		query: url.searchParams,
		body: {},
		decoded: new Map(),
		ownUrl: visit.ownUrl,
	};
	return prepareCall(visit, call, found.route, body);
}

async function prepareCall(visit: Visit, call: Call, route: ApiRoute, body: Buffer): Promise<Prepared> {
	const { state, record } = visit;
	const unreadable = readInto(call, record, body);
	state.tasks.count(call.account, route.route);
	if (isRecognition(route)) {
		const leave = state.enter(call.account);
		if (!leave) return { good: klingError(429, 1303, 'parallel task over resource pack limit') };
		const before = visit.release;
		visit.release = () => {
			leave();
			before();
		};
	}
	const fault = state.takeFault(route.route, namesOf(record, state.tasks), false);
	return prepare(fault, () => unreadable ?? route.handle(call));
}

/** The calls that are answered with their result. */
const isRecognition = ({ route }: ApiRoute): boolean => route === 'recognize' || route === 'identify' || route === 'speech';

/** Does what was asked, unless the fault is in the way of it, and makes the answer. */
async function prepare(fault: Fault | undefined, makeGood: () => Promise<Answer> | Answer): Promise<Prepared> {
	const good = !fault || takesEffect(fault) ? await refusedOr(makeGood) : NOTHING;
	const instead = fault && replaced(fault);
	return instead ? { good: instead } : { fault, good };
}

const NOTHING: Answer = { status: 0, headers: {}, body: Buffer.alloc(0) };

/** Parses a POST's body into the call and its record. @returns the answer that refuses it */
function readInto(call: Call, record: GatewayRequest, body: Buffer): Answer | undefined {
	if (call.method !== 'POST') return undefined;
	try {
		call.body = parseBody(body);
		record.json = withoutBytes(call.body, call.decoded);
	} catch {
		return klingError(400, 1201, 'the request body is not a JSON object');
	}
	// Kling's document calls the header required; the resellers' call it optional.
	const isJson = /^application\/json\b/i.test(record.headers['content-type'] ?? '');
	return call.provider.isKling && !isJson ? klingError(400, 1201, 'Content-Type must be application/json') : undefined;
}

/** Answers, after the latency: well, or as the fault has it. */
async function deliver(visit: Visit, { fault, good }: Prepared, isDownload: boolean): Promise<void> {
	const { response, state, record } = visit;
	await wait((isDownload ? 0 : state.latency()) + (fault?.kind === 'delay' ? fault.ms : 0), response);
	const whole = fault ? spoilt(fault, good) : good;
	// The place is free before the client can know of the answer: what it sends next finds it.
	if (whole) visit.release();
	const silent = fault?.kind === 'resetBefore' || (fault?.kind === 'hang' && !fault.afterHeaders);
	record.status = response.destroyed || silent ? 0 : (whole ?? good).status;
	if (whole) send(response, whole);
	else if (fault) await playOnConnection(fault, good, response, isDownload);
}

async function refusedOr(make: () => Promise<Answer> | Answer): Promise<Answer> {
	try {
		return await make();
	} catch (error) {
		if (error instanceof Refusal) return error.answer;
		throw error;
	}
}

function findRoute(provider: ProviderRow, method: string, pathname: string): { route: ApiRoute; path: string } | undefined {
	for (const route of ROUTES) {
		if (route.method !== method || route.at?.(provider) === false) continue;
		const path = paths(provider, route, pathname).find((one) => route.path.test(one));
		if (path !== undefined) return { route, path };
	}
	return undefined;
}

const isKnownPath = (provider: ProviderRow, pathname: string): boolean =>
	ROUTES.some(
		(route) => route.at?.(provider) !== false && paths(provider, route, pathname).some((path) => route.path.test(path)),
	);

/** A path without each of the prefixes that a provider's routes may have. */
function paths(provider: ProviderRow, route: ApiRoute, pathname: string): string[] {
	const prefixes = route.atRoot ? [''] : provider.prefixes;
	return prefixes.filter((prefix) => pathname.startsWith(prefix)).map((prefix) => pathname.slice(prefix.length));
}
