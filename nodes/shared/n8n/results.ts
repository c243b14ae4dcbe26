import type { IExecuteFunctions } from 'n8n-workflow';

import type { Answers } from '../engine/reuse';

/** The answers of each execution so far by account, kept as long as n8n keeps the execution itself. */
const executions = new WeakMap<AbortSignal, Map<string, Answers<unknown>>>();

/**
 * The answers of the present execution, by input. They are shared by all runs and nodes with the same account: what one
 * account found, such as a session, is unknown to another.
 * @param account identity of the account
 */
export function resultsOf<T>(context: IExecuteFunctions, account: string): Answers<T> {
	// n8n has one cancel signal for each execution.
	const execution = context.getExecutionCancelSignal();
	if (!execution) return new Map();
	const accounts = executions.get(execution) ?? new Map<string, Answers<unknown>>();
	const answers = accounts.get(account) ?? (new Map() as Answers<unknown>);
	executions.set(execution, accounts.set(account, answers));
	return answers as Answers<T>;
}
