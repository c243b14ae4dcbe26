import { sleep, type IExecuteFunctions } from 'n8n-workflow';

import { createHash } from 'crypto';

import { Account } from '../engine/account';
import { Accounts } from '../engine/accounts';
import type { BufferPool } from '../engine/bufferPool';
import { Clock } from '../engine/clock';
import type { RetryTools } from '../engine/retry';
import { readConnection, type Connection, type CredentialFields } from '../kling/connection';
import { asKlingError } from '../kling/klingError';
import { CREDENTIAL } from './transport';

const clock = new Clock(sleep);
const accounts = new Accounts(clock);

/** What all items of one run of the node share. */
export interface Run {
	context: IExecuteFunctions;
	connection: Connection;
	clock: Clock;
	pool: BufferPool;
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
 * @param maxConcurrency calls at once at most
 * @throws KlingError where the credential cannot be used
 */
export async function startRun(context: IExecuteFunctions, maxConcurrency: number): Promise<Run> {
	const connection = readConnection(await context.getCredentials<CredentialFields & object>(CREDENTIAL));
	const key = createHash('sha256')
		.update(JSON.stringify([connection.baseUrl, connection.secrets]))
		.digest('base64');
	const limits = { maxCalls: maxConcurrency };
	const stop = new AbortController();
	const calls = { lane: accounts.account(key).join(limits), clock, asFailure: asKlingError, stop: stop.signal };
	const downloads = { lane: new Account(clock).join(limits), clock, asFailure: asKlingError, stop: stop.signal };
	const halt = () => {
		stop.abort();
		calls.lane.close();
		downloads.lane.close();
	};
	const cancel = context.getExecutionCancelSignal();
	if (cancel?.aborted) halt();
	cancel?.addEventListener('abort', halt, { once: true });
	const end = () => {
		halt();
		calls.lane.leave();
		downloads.lane.leave();
		cancel?.removeEventListener('abort', halt);
	};
	return { context, connection, clock, pool: accounts.pool, calls, downloads, halt, end };
}
