import { randomUUID } from 'crypto';

import { sleep, type IExecuteFunctions } from 'n8n-workflow';

import type { Account } from '../engine/account';
import { Accounts } from '../engine/accounts';
import { Clock } from '../engine/clock';
import type { RetryTools } from '../engine/retry';
import { Reuse } from '../engine/reuse';
import { readConnection, type Connection, type CredentialFields } from '../kling/account/connection';
import { asKlingError, refusal } from '../kling/klingError';
import { BufferPool } from './bufferPool';
import { Lanes } from './lanes';
import { resultsOf, type Answered } from './results';
import { CREDENTIAL } from './transport';

export const clock = new Clock(sleep);
/** All executions in this process share what is known of an account, its queue and its pauses. */
const accounts = new Accounts(clock, asKlingError);
/** Buffers for request bodies, of all accounts. */
const pool = new BufferPool();

/** What all items of one run of the node share. */
export interface Run {
	context: IExecuteFunctions;
	connection: Connection;
	/** n8n's id of the execution; a random one that stands for this call where it has none. */
	executionId: string;
	/** Which run of the node in its execution this is; the same in every try of n8n's Retry On Fail. */
	runIndex: number;
	account: Account;
	lanes: Lanes;
	tools: RetryTools;
	/** What lives as long as the execution: its cancel signal, or as long as the run, where n8n gives it none. */
	execution: AbortSignal;
	pool: BufferPool;
	/** Answers of the execution so far. */
	reuse: Reuse<Answered>;
	/** Lets nothing start any more. */
	halt(): void;
	/** Lets go of what outlives the run otherwise. */
	end(): void;
}

/** Starts a run. @param maxConcurrency calls, and what they begin, under way at most @throws KlingError where the credential cannot be used */
export async function startRun(context: IExecuteFunctions, maxConcurrency: number): Promise<Run> {
	const connection = await connect(context);
	const runIndex = Number(context.getWorkflowDataProxy(0).$runIndex);
	const account = accounts.account(connection.account);
	account.enter();
	const lanes = new Lanes(account, clock, maxConcurrency);
	const stop = new AbortController();
	const halt = () => {
		stop.abort();
		lanes.close();
	};
	const cancel = context.getExecutionCancelSignal();
	const execution = cancel ?? stop.signal;
	if (cancel?.aborted) halt();
	cancel?.addEventListener('abort', halt, { once: true });
	return {
		context,
		connection,
		executionId: executionIdOf(context),
		runIndex,
		account,
		lanes,
		tools: { clock, asFailure: asKlingError, stop: stop.signal },
		execution,
		pool,
		reuse: new Reuse(resultsOf(execution, connection.account)),
		halt,
		end: () => {
			halt();
			lanes.leave();
			account.leave();
			cancel?.removeEventListener('abort', halt);
		},
	};
}

/** The ids of calls without an execution, by what they were called with. */
const calls = new WeakMap<object, string>();

/**
 * Tools of n8n's MCP Server Trigger run without an execution's id. All tries of one call get the same arguments, the same object: they are
 * one call. Source: n8n-core 2.41, `makeHandleToolInvocation`.
 */
function executionIdOf(context: IExecuteFunctions): string {
	const executionId: string | undefined = context.getExecutionId();
	if (executionId) return executionId;
	const { json } = context.getInputData()[0]!;
	const call = calls.get(json) ?? randomUUID();
	calls.set(json, call);
	return call;
}

/** As many items, spread over all, have to have the account of the first: to read a credential takes n8n a while. */
const MOST_COMPARED = 20;

/** The connection of all items. @throws KlingError where the credential gives the items different accounts */
async function connect(context: IExecuteFunctions): Promise<Connection> {
	const connection = readConnection(await readCredential(context, 0));
	const last = context.getInputData().length - 1;
	const compared = new Set(
		Array.from({ length: MOST_COMPARED }, (_none, place) => Math.ceil(((place + 1) * last) / MOST_COMPARED)),
	);
	const others = [...compared].filter((index) => index > 0);
	const theirs = await Promise.all(others.map(async (index) => readConnection(await readCredential(context, index)).account));
	const place = theirs.findIndex((account) => account !== connection.account);
	if (place < 0) return connection;
	throw refusal(
		`The credential is another one for item ${others[place]} than for item 0`,
		'All items of a run are sent with one credential. Give the items of each account to the node by themselves, for example with Loop Over Items.',
	);
}

/** @throws KlingError in n8n's words, where there is none, or one of its expressions fails */
async function readCredential(context: IExecuteFunctions, itemIndex: number): Promise<CredentialFields> {
	try {
		return await context.getCredentials<CredentialFields & object>(CREDENTIAL, itemIndex);
	} catch (error) {
		throw refusal(asKlingError(error).message, 'Open the node and choose a Kling API credential, or create one.');
	}
}
