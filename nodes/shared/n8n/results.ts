import type { IExecuteFunctions } from 'n8n-workflow';

import { PerExecution } from '../engine/perExecution';
import type { Answers } from '../engine/reuse';

const executions = new PerExecution<Answers<unknown>>(() => new Map());

/**
 * The answers of the present execution, by input. They are shared by all runs and nodes with the same account: what one
 * account found, such as a session, is unknown to another.
 * @param account identity of the account
 */
export function resultsOf<T>(context: IExecuteFunctions, account: string): Answers<T> {
	// n8n has one cancel signal for each execution.
	return executions.of(context.getExecutionCancelSignal(), account) as Answers<T>;
}
