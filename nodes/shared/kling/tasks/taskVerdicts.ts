import type { KlingError } from '../klingError';
import type { TaskState } from './taskState';

/** What a failed create came to: nothing was created; a task with this external id exists already; or nobody knows. */
export type CreateVerdict = 'nothing' | 'exists' | 'unclear';

/** Judges a failed create. What is not clearly the one or the other is unclear: a second task would be paid for. */
export function judgeCreate({ handling: { effect } }: KlingError): CreateVerdict {
	return effect === 'exists' || effect === 'unclear' ? effect : 'nothing';
}

/** What a failed question for a task came to: no further one can be answered; there is no such task; or it may be asked again. */
export type QueryVerdict = 'end' | 'notFound' | 'again';

/** Codes that say that the account or its key is not fit: every further question would be answered in the same way. */
const ACCOUNT_CODES: ReadonlyArray<number | null> = [1000, 1001, 1002, 1003, 1004, 1100, 1101, 1102, 1103, 1304];
/** Statuses that say the same, unless they come from an edge in front of the provider. */
const ACCOUNT_STATUSES: ReadonlyArray<number | null> = [401, 402, 403];
/** How often in a row an edge has to answer with a page before that is believed. */
const PAGES = 3;

/** Judges the failed questions for one task, one after the other. */
export class QueryJudge {
	/** Pages of an edge in a row. */
	private pages = 0;

	/** A question was answered. */
	heard(): void {
		this.pages = 0;
	}

	/** Judges the failure of one question. */
	judge(failure: KlingError): QueryVerdict {
		const isPage = isOfAccount(failure) && failure.handling.effect === 'unclear';
		this.pages = isPage ? this.pages + 1 : 0;
		if (failure.details.attempts === 0) return 'end';
		if (isOfAccount(failure)) return !isPage || this.pages >= PAGES ? 'end' : 'again';
		return isNotFound(failure) ? 'notFound' : 'again';
	}
}

/** Whether the account or its key is refused, and not what was asked. */
function isOfAccount({ details: { serviceCode, httpStatus, retryable } }: KlingError): boolean {
	return ACCOUNT_CODES.includes(serviceCode) || (!retryable && ACCOUNT_STATUSES.includes(httpStatus));
}

/** Whether a failed question says that there is no such task. A bare 404 can also mean that the route is wrong: it proves nothing. */
export function isNotFound({ details, handling }: KlingError): boolean {
	return handling.effect === 'notFound' || details.httpStatus === 404;
}

/**
 * Whether a failed look for a task that may exist says that there is none.
 * @param isKling whether Kling itself was asked: there only its own words prove that; elsewhere any refusal of the question, and any answer
 * about nothing, has to do, because nothing is created again
 */
export function saysNoTask(failure: KlingError, isKling: boolean): boolean {
	const { effect } = failure.handling;
	if (isKling || isOfAccount(failure)) return effect === 'notFound';
	return isNotFound(failure) || effect === 'refused' || failure.details.httpStatus === 200;
}

/** For so long Kling keeps what a task made, in milliseconds. Source: Kling's API reference, the pages of the operations. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Whether a task is of no use any more to who wants what it makes: it failed, or Kling keeps its result no longer.
 * @param nowMs milliseconds since 1970
 */
export function isSpent({ status, createdAt }: TaskState, nowMs: number): boolean {
	return status === 'failed' || (createdAt !== null && nowMs - Date.parse(createdAt) > KEPT_MS);
}
