import { neverSent } from '../connectionFailure';
import type { KlingError } from '../klingError';
import { SERVICE_CODES } from '../serviceCodes';

/** What a failed create came to: nothing was created; a task with this external id exists already; or nobody knows. */
export type CreateVerdict = 'nothing' | 'exists' | 'unclear';

/** Judges a failed create. What is not clearly the one or the other is unclear: a second task would be paid for. */
export function judgeCreate(error: KlingError): CreateVerdict {
	const { serviceCode, httpStatus, attempts, description } = error.details;
	if (attempts === 0 || error.handling.notBegun || neverSent(error)) return 'nothing';
	// Source: seen live by others; the code 1201 has other meanings as well.
	if (/external[_\W]?task[_\W]?id.{0,80}already exists/i.test(description)) return 'exists';
	if (serviceCode !== null && SERVICE_CODES[serviceCode]?.retry === 'never') return 'nothing';
	const status = httpStatus ?? 0;
	const isRefusal = status >= 300 && status < 500 && status !== 408;
	return isRefusal ? 'nothing' : 'unclear';
}

/** What a failed question for a task came to: no further one can be answered; there is no such task; or it may be asked again. */
export type QueryVerdict = 'end' | 'notFound' | 'again';

/** Codes that say that the account or its key is not fit: every further question would be answered in the same way. */
const ACCOUNT_CODES: ReadonlyArray<number | null> = [1000, 1001, 1002, 1003, 1004, 1100, 1101, 1102, 1103, 1304];

/** Judges a failed question. */
export function judgeQuery(error: KlingError): QueryVerdict {
	const { serviceCode, httpStatus, retryable, attempts } = error.details;
	if (attempts === 0) return 'end';
	if (ACCOUNT_CODES.includes(serviceCode)) return 'end';
	if (!retryable && (httpStatus === 401 || httpStatus === 402 || httpStatus === 403)) return 'end';
	return saysNotFound(error) || httpStatus === 404 ? 'notFound' : 'again';
}

/**
 * Whether the provider said, in Kling's own words and code, that there is no such task. A bare 404 can also mean that the route is wrong.
 * Source: "Task not found by id/external id", seen with the code 1201.
 */
export function saysNotFound({ details }: KlingError): boolean {
	const { serviceCode, description } = details;
	return serviceCode === 1203 || (serviceCode === 1201 && /not found/i.test(description));
}
