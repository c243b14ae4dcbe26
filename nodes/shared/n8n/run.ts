import { sleep, type IExecuteFunctions } from 'n8n-workflow';

import { Account } from '../engine/account';
import { Accounts } from '../engine/accounts';
import type { BufferPool } from '../engine/bufferPool';
import { Clock } from '../engine/clock';
import type { Lane } from '../engine/lane';
import type { RetryTools } from '../engine/retry';
import { Reuse } from '../engine/reuse';
import { TaskWatch } from '../engine/taskWatch';
import { readConnection, type Connection, type CredentialFields } from '../kling/connection';
import { asKlingError, refusal } from '../kling/klingError';
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
	/**
	 * This run's way through a gate of its own at the account, which all runs share, for calls that the provider counts apart.
	 * @param gate what it is called; the first one who names it says how many calls of this run may be in flight
	 */
	lane(gate: string, maxCalls: number): Lane;
	/** For tasks that the provider works on. */
	watch: TaskWatch;
	/** Lets nothing start any more. */
	halt(): void;
	/** Lets go of what outlives the run otherwise. */
	end(): void;
}

/** Starts a run. @throws KlingError where the credential cannot be used */
export async function startRun(context: IExecuteFunctions, { maxConcurrency }: Settings): Promise<Run> {
	const connection = readConnection(await readCredential(context));
	const stop = new AbortController();
	const tools = { clock, asFailure: asKlingError, stop: stop.signal };
	const account = accounts.account(connection.account);
	const calls = account.join({ maxCalls: maxConcurrency });
	const downloads = new Account(clock).join({ maxCalls: maxConcurrency });
	const lanes = new Map<string, Lane>();
	const ways = () => [calls, downloads, ...lanes.values()];
	const halt = () => {
		stop.abort();
		for (const lane of ways()) lane.close();
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
		lane: (gate, maxCalls) => {
			const lane = lanes.get(gate) ?? accounts.account(`${connection.account} ${gate}`).join({ maxCalls });
			lanes.set(gate, lane);
			if (stop.signal.aborted) lane.close();
			return lane;
		},
		watch: new TaskWatch({ ...tools, pace: account.pace }),
		halt,
		end: () => {
			halt();
			for (const lane of ways()) lane.leave();
			cancel?.removeEventListener('abort', halt);
		},
	};
}

/** @throws KlingError in n8n's words, where there is none, or one of its expressions fails */
async function readCredential(context: IExecuteFunctions): Promise<CredentialFields> {
	try {
		return await context.getCredentials<CredentialFields & object>(CREDENTIAL);
	} catch (error) {
		throw refusal(asKlingError(error).message, 'Open the node and choose a Kling API credential, or create one.');
	}
}
