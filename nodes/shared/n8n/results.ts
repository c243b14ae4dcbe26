import type { IDataObject } from 'n8n-workflow';

import type { Answers } from '../engine/reuse';
import { PerExecution } from './perExecution';

/** What an answer says, and the answer itself. */
export interface Answered<Result = object> {
	result: Result;
	raw: IDataObject;
}

const executions = new PerExecution<Answers<Answered>>(() => new Map());

/**
 * The answers of the present execution, by input. They are shared by all runs and nodes with the same account: what one
 * account found, such as a session, is unknown to another.
 * @param execution its cancel signal: n8n has one for each
 * @param account identity of the account
 */
export function resultsOf(execution: AbortSignal, account: string): Answers<Answered> {
	return executions.of(execution, account);
}
