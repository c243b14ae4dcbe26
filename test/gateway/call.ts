import type { Answer } from './answers';
import type { Decoded } from './body';
import type { ProviderRow } from './providers';
import type { State } from './state';
import type { Provider, Route, Shape } from './types';

/** One authenticated API call, as a route sees it. */
export interface Call {
	provider: ProviderRow;
	account: Provider;
	/** Whether an access key signed it. */
	isSigned: boolean;
	method: string;
	/** Path without the provider's prefix. */
	path: string;
	query: URLSearchParams;
	/** The JSON body; empty for a GET. */
	body: Record<string, unknown>;
	/** What was decoded of the body so far, by its text. */
	decoded: Map<unknown, Decoded | undefined>;
	state: State;
	/** The gateway's own address. */
	ownUrl: string;
}

/** A route of the API. */
export interface ApiRoute {
	route: Route;
	method: 'GET' | 'POST';
	path: RegExp;
	/** Whether a provider has it; absent: every one. */
	at?: (provider: ProviderRow) => boolean;
	/** Root of the host, whatever the prefix. */
	atRoot?: boolean;
	/** @throws Refusal where the request is not good */
	handle: (call: Call) => Promise<Answer> | Answer;
}

/** How this call's answer is written. */
export const shapeOf = (call: Call): Shape =>
	call.state.settings.shape === 'auto' ? call.provider.shape : call.state.settings.shape;

/** A URL under which this path will be served from now on. */
export function issue(call: Call, path: string): string {
	call.state.issued.add(path);
	const base = call.provider.name === 'custom' ? `${call.ownUrl}/results` : 'https://results.kling-samples.test';
	return (call.state.settings.publicBase || base).replace(/\/$/, '') + path;
}
