import type { Clock } from './clock';
import { outcomeOf, type AsFailure, type Failure, type Outcome } from './failure';
import type { Lane } from './lane';
import type { Call, Slot } from './slot';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

export interface RetryTools {
	clock: Clock;
	asFailure: AsFailure;
	/** Aborted when no further attempt may start: the execution was cancelled, or stops because of an error. Close the lanes then. */
	stop: AbortSignal;
}

export interface Work<T> extends Call {
	lane: Lane;
	/** How many requests are sent at most; those that were never begun do not count. */
	maxAttempts: number;
	/** Sends the request once; where none is to be sent, it ends the slot. @returns null where it was stopped before @throws what `asFailure` makes a failure of */
	attempt(slot: Slot): Promise<T | null>;
	/** Called when the work failed for good, before its slot is free for others. */
	failed?(failure: Failure): void;
}

/**
 * Does a piece of work, again where that can help, each time within a slot.
 * @returns its result; the failure of the last attempt, or for which the account lost patience; or that it was interrupted, after the failure of an
 * attempt where there was one. All with the number of requests sent.
 */
export async function withRetries<T>(work: Work<T>, tools: RetryTools): Promise<Outcome<T>> {
	let last: Failure | null = null;
	for (let attempts = 1; ;) {
		const entered = await work.lane.enter(work, last ? 'front' : 'back');
		if ('interrupted' in entered) return { interrupted: last };
		if ('failure' in entered) return failed(work, entered.failure.afterAttempts(last?.sent ?? 0, last));
		const slot = entered.result;
		const tried = await outcomeOf(async () => await work.attempt(slot), tools.asFailure);
		if ('result' in tried) {
			slot.end('accepted');
			return tried.result === null ? { interrupted: last } : { result: tried.result };
		}
		last = tried.failure.afterAttempts((last?.sent ?? 0) + tried.failure.sent, last);
		const { notBegun, congestion } = last.handling;
		const isLast = endsAfter(last, attempts, work);
		if (isLast) failed(work, last);
		slot.end(congestion ? 'rejected' : 'neutral', last);
		if (isLast) return { failure: last };

		// What was never begun waits in its lane only: it goes as soon as the account takes it.
		if (notBegun) continue;
		const lost = work.lane.lost(work);
		if (lost) return failed(work, lost.afterAttempts(last.sent, last));
		await tools.clock.wait(waitAfter(last, attempts), tools.stop);
		attempts += 1;
	}
}

function endsAfter({ handling }: Failure, attempts: number, { maxAttempts, patienceMs }: Work<unknown>): boolean {
	const { retryable, notBegun, retryAfterMs } = handling;
	return !retryable || (retryAfterMs ?? 0) > patienceMs || (!notBegun && attempts >= maxAttempts);
}

/** Exponential backoff with full jitter; what the provider asks for is the least. In milliseconds. */
function waitAfter({ handling }: Failure, attempts: number): number {
	const wait = handling.minimumWaitMs + Math.random() * Math.min(FIRST_WAIT_MS * 2 ** (attempts - 1), LONGEST_WAIT_MS);
	return Math.max(handling.retryAfterMs ?? 0, wait);
}

function failed(work: Work<unknown>, failure: Failure): { failure: Failure } {
	work.failed?.(failure);
	return { failure };
}
