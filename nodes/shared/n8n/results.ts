import type { IExecuteFunctions } from 'n8n-workflow';

import type { Answers } from '../engine/reuse';
import { CREDENTIAL } from './transport';

type Results = Answers<unknown>;

/** The results of each execution so far by credential, kept as long as n8n keeps the execution itself. */
const executions = new WeakMap<AbortSignal, Map<string, Results>>();

/**
 * The successful results of the present execution, by input. They are shared by all runs and nodes with the same
 * credential: what one account found, such as a session, is unknown to another.
 */
export function resultsOf<T>(context: IExecuteFunctions): Answers<T> {
	// n8n has one cancel signal for each execution.
	const execution = context.getExecutionCancelSignal();
	if (!execution) return new Map();
	const credential = context.getNode().credentials?.[CREDENTIAL]?.id ?? '';
	const accounts = executions.get(execution) ?? new Map<string, Results>();
	const results = accounts.get(credential) ?? (new Map() as Results);
	executions.set(execution, accounts.set(credential, results));
	return results as Answers<T>;
}
