import { Readable } from 'node:stream';

import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';

import type { GenerationItem } from '../../nodes/KlingGeneration/options';
import { Account } from '../../nodes/shared/engine/account';
import type { Clock } from '../../nodes/shared/engine/clock';
import { readConnection } from '../../nodes/shared/kling/account/connection';
import { asKlingError } from '../../nodes/shared/kling/klingError';

/** What a provider answers; an object becomes JSON. */
export interface FakeAnswer {
	status: number;
	body: unknown;
}

/** How the provider of an item behaves. */
export interface FakeProvider {
	name: 'klingGlobal' | 'deerApi';
	/** @throws an error of the connection */
	answer(request: { method: string; path: string; body: string }): FakeAnswer | Promise<FakeAnswer>;
}

export interface FakeRun {
	clock: Clock;
	/** What lives as long as the execution. */
	execution?: AbortSignal;
	/** In milliseconds. */
	maxWaitMs?: number;
	/** What is logged is added here. */
	log?: string[];
}

/** An item of Kling Generation, all of it real but n8n and the provider. */
export function fakeItem(provider: FakeProvider, { clock, execution, maxWaitMs = 600_000, log = [] }: FakeRun): GenerationItem {
	const connection = readConnection({ provider: provider.name, apiKey: 'sk-live-0123456789abcdef' });
	const context = {
		getExecutionCancelSignal: () => execution,
		getNode: () => ({ name: 'Kling' }),
		logger: { info: (line: string) => log.push(line) },
		helpers: {
			httpRequestWithAuthentication: async (_credential: string, { method = 'GET', url, body }: IHttpRequestOptions) => {
				const path = url.slice(connection.baseUrl.length);
				const answer = await provider.answer({ method, path, body: Buffer.isBuffer(body) ? body.toString() : '' });
				const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
				return { statusCode: answer.status, headers: {}, body: Readable.from([Buffer.from(text)]) };
			},
		},
	} as unknown as IExecuteFunctions;
	const stop = new AbortController().signal;
	const tools = { clock, asFailure: asKlingError, stop };
	return {
		run: { context, connection, tools, account: new Account(clock, asKlingError), execution: execution ?? stop },
		options: { wait: true, maxWaitMs, timeoutMs: 60_000, maxAttempts: 5 },
	} as unknown as GenerationItem;
}
