import { sleep, type IExecuteFunctions } from 'n8n-workflow';

import { BufferPool } from '../engine/bufferPool';
import { Clock } from '../engine/clock';
import { Gate } from '../engine/gate';
import type { RetryTools } from '../engine/retry';
import { readConnection, type Connection, type CredentialFields } from '../kling/connection';
import { asKlingError } from '../kling/klingError';
import { Reuse } from '../engine/reuse';
import type { DownloadCache } from './downloads';
import type { Answered, Settings } from './operation';
import { resultsOf } from './results';
import { CREDENTIAL } from './transport';

/** Bytes of request bodies in flight at most: four of the largest images. */
const MOST_BYTES_IN_FLIGHT = 64_000_000;

/** What all items of one run of the node share. */
export interface Run {
	context: IExecuteFunctions;
	connection: Connection;
	clock: Clock;
	pool: BufferPool;
	/** Successful results of the execution so far. */
	reuse: Reuse<Answered>;
	downloaded: DownloadCache;
	/** For calls to the provider. */
	calls: RetryTools;
	/** For files that are downloaded; apart, so that a slow file server does not slow the calls down. */
	downloads: RetryTools;
	/** Lets nothing start any more. */
	halt(): void;
	/** Lets go of what outlives the run otherwise. */
	end(): void;
}

/**
 * Starts a run.
 * * @throws KlingError where the credential cannot be used
 */
export async function startRun(context: IExecuteFunctions, { maxConcurrency }: Settings): Promise<Run> {
	const connection = readConnection(await context.getCredentials<CredentialFields & object>(CREDENTIAL));
	const clock = new Clock(sleep);
	const limits = { maxCalls: maxConcurrency, maxBytes: MOST_BYTES_IN_FLIGHT };
	const reuse = new Reuse(resultsOf<Answered>(context, connection.account));
	const stop = new AbortController();
	const calls = { gate: new Gate(limits, clock), clock, asFailure: asKlingError, stop: stop.signal };
	const downloads = { gate: new Gate(limits, clock), clock, asFailure: asKlingError, stop: stop.signal };
	const halt = () => {
		stop.abort();
		calls.gate.close();
		downloads.gate.close();
	};
	const cancel = context.getExecutionCancelSignal();
	if (cancel?.aborted) halt();
	cancel?.addEventListener('abort', halt, { once: true });
	const end = () => {
		halt();
		cancel?.removeEventListener('abort', halt);
	};
	return { context, connection, clock, pool: new BufferPool(), reuse, downloaded: new WeakMap(), calls, downloads, halt, end };
}
