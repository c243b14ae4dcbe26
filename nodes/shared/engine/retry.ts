import type { Clock } from './clock';
import { outcomeOf, type AsFailure, type Failure, type Outcome } from './failure';
import type { Lane } from './lane';
import type { Slot } from './slot';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** A call that was never begun was neither served nor charged: it uses up half an attempt. */
const NOT_BEGUN_COST = 0.5;

export interface RetryTools {
	lane: Lane;
	clock: Clock;
	asFailure: AsFailure;
	/** Aborted when no further attempt may start: the execution was cancelled, or stops because of an error. Close the lane then. */
	stop: AbortSignal;
}

/** What one attempt came to. */
export interface Attempted<T> {
	/** Whether a request was sent. */
	sent: boolean;
	value: T;
}

export interface Work<T> {
	/** Size of the request body, in bytes; 0 where its memory is booked already. */
	bytes: number;
	/** How many requests are sent at most. One that was never begun counts half, or not at all while the account serves others of ours. */
	maxAttempts: number;
	/** Where given: requests that were never begun count no attempt, and are sent again for so long, in milliseconds. */
	maxWaitMs?: number;
	/** Sends the request once. @throws what `asFailure` makes a failure of */
	attempt(slot: Slot): Promise<Attempted<T>>;
	/** Called when the work failed for good, before its slot is free for others. */
	failed?(failure: Failure): void;
}

/**
 * Does a piece of work, again where that can help, each time within a slot.
 * @param first the slot for the first attempt; taken over
 * @returns its result, the failure of the last attempt, or that of the one after which it was interrupted; both with the number of
 * requests sent
 */
export async function withRetries<T>(work: Work<T>, first: Slot, tools: RetryTools): Promise<Outcome<T>> {
	const patience = new Patience(work, tools);
	let slot = first;
	let sent = 0;
	for (;;) {
		const current = slot;
		const tried = await outcomeOf(async () => await work.attempt(current), tools.asFailure);
		if ('result' in tried) {
			slot.release(tried.result.sent ? 'accepted' : 'neutral');
			return { result: tried.result.value };
		}

		sent += tried.failure.sent;
		const failure = tried.failure.afterAttempts(sent);
		const { notBegun, congestion } = failure.handling;
		// Others than ours keep the account busy: nothing tells when it will take a call, and the items take turns in trying.
		const isBlind = notBegun && slot.isAlone;
		const isFinal = patience.endsAfter(failure, slot);
		if (isFinal) work.failed?.(failure);
		else holdBack(failure, isBlind, tools.lane);
		slot.release(congestion ? 'rejected' : 'neutral');
		if (isFinal) return { failure };

		// A call that was never begun waits in its lane only: it goes as soon as the account takes it.
		if (!notBegun) await tools.clock.wait(patience.waitAfter(failure), tools.stop);
		const next = await tools.lane.enter(work.bytes, isBlind ? 'back' : 'front');
		if (!next) return { interrupted: failure };
		slot = next;
	}
}

/** How often, and for how long, a piece of work is tried again. */
class Patience {
	private used = 0;
	private failures = 0;
	/** How many calls the account had served when this work was last tried. */
	private served: number;
	private readonly start: number;

	constructor(
		private readonly work: Pick<Work<unknown>, 'maxAttempts' | 'maxWaitMs'>,
		private readonly tools: RetryTools,
	) {
		this.served = tools.lane.served;
		this.start = tools.clock.now();
	}

	/** Counts a failure. @returns whether it was the last */
	endsAfter({ handling }: Failure, slot: Slot): boolean {
		const { maxAttempts, maxWaitMs } = this.work;
		const isServing = !slot.isAlone || this.tools.lane.served > this.served;
		this.served = this.tools.lane.served;
		if (!handling.retryable) return true;
		if (!handling.notBegun) this.failures += 1;
		if (handling.notBegun && isServing) return false;
		if (handling.notBegun && maxWaitMs !== undefined) {
			return this.tools.clock.now() - this.start + (handling.retryAfterMs ?? 0) >= maxWaitMs;
		}
		this.used += handling.notBegun ? NOT_BEGUN_COST : 1;
		return this.used > maxAttempts - 1;
	}

	/** Exponential backoff with full jitter, unless the provider names the wait. In milliseconds. */
	waitAfter({ handling }: Failure): number {
		const { retryAfterMs, minimumWaitMs } = handling;
		if (retryAfterMs !== null) return Math.max(retryAfterMs, minimumWaitMs);
		const longest = Math.min(FIRST_WAIT_MS * 2 ** (this.failures - 1), LONGEST_WAIT_MS);
		return minimumWaitMs + Math.random() * longest;
	}
}

/** Holds the account's other calls back, too, where they would meet the same. */
function holdBack({ handling }: Failure, isBlind: boolean, lane: Lane): void {
	const { retryAfterMs, minimumWaitMs } = handling;
	if (retryAfterMs !== null) lane.pause(isBlind ? Math.max(retryAfterMs, minimumWaitMs) : retryAfterMs);
	else if (isBlind) lane.backOff(minimumWaitMs);
}
