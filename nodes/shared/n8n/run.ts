import { sleep, type IExecuteFunctions } from 'n8n-workflow';

import { Account } from '../engine/account';
import { Accounts } from '../engine/accounts';
import type { BufferPool } from '../engine/bufferPool';
import { Clock } from '../engine/clock';
import type { RetryTools } from '../engine/retry';
import { Reuse } from '../engine/reuse';
import { readConnection, type Connection, type CredentialFields } from '../kling/connection';
import { asKlingError } from '../kling/klingError';
import type { DownloadCache } from './downloads';
import type { Answered, Settings } from './operation';
import { resultsOf } from './results';
import { CREDENTIAL } from './transport';

const clock = new Clock(sleep);
/** All executions in this process share what is known of an account, its queue and its pauses. */
const accounts = new Accounts(clock);

/** What all items of one run of the node share. */
export interface Run {
	context: IExecuteFunctions;
	connection: Connection;
	clock: Clock;
	pool: BufferPool;
	/** Answers of the execution so far. */
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

/** Starts a run. @throws KlingError where the credential cannot be used */
export async function startRun(context: IExecuteFunctions, { maxConcurrency }: Settings): Promise<Run> {
	const connection = readConnection(await context.getCredentials<CredentialFields & object>(CREDENTIAL));
	const stop = new AbortController();
	const tools = { clock, asFailure: asKlingError, stop: stop.signal };
	const lanes = [accounts.account(connection.account), new Account(clock)].map((account) =>
		account.join({ maxCalls: maxConcurrency }),
	);
	const [calls, downloads] = lanes as [(typeof lanes)[0], (typeof lanes)[0]];
	const halt = () => {
		stop.abort();
		for (const lane of lanes) lane.close();
	};
	const cancel = context.getExecutionCancelSignal();
	if (cancel?.aborted) halt();
	cancel?.addEventListener('abort', halt, { once: true });
	return {
		context,
		connection,
		clock,
		pool: accounts.pool,
		reuse: new Reuse(resultsOf<Answered>(context, connection.account)),
		downloaded: new WeakMap(),
		calls: { ...tools, lane: calls },
		downloads: { ...tools, lane: downloads },
		halt,
		end: () => {
			halt();
			for (const lane of lanes) lane.leave();
			cancel?.removeEventListener('abort', halt);
		},
	};
}
