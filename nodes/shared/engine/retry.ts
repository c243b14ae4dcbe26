import type { Clock } from './clock';
import type { AsFailure, Failure } from './failure';
import type { Gate, Slot } from './gate';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
/** A call rejected because of too many at once was neither served nor charged: it uses up half an attempt. */
const REJECTED_COST = 0.5;

export interface RetryTools {
	gate: Gate;
	clock: Clock;
	asFailure: AsFailure;
	/** Aborted when no further attempt may start: the execution was cancelled, or stops because of an error. */
	stop: AbortSignal;
}

/** What one attempt came to. */
export interface Attempted<T> {
	/** Whether the request was sent; otherwise the value comes from an identical one. */
	sent: boolean;
	value: T | Promise<T>;
}

export interface Work<T> {
	/** Size of the request body, in bytes. */
	bytes: number;
	maxAttempts: number;
	/** Sends the request once. @throws what `asFailure` makes a failure of */
	attempt: () => Promise<Attempted<T>>;
	/** Called when the work failed for good, before its slot is free for others. */
	failed?: () => void;
}

/**
 * Does a piece of work, again where that can help, each time within a slot of the gate.
 * @param first the slot for the first attempt; taken over
 * @throws Failure of the last attempt, with the number of requests sent
 */
export async function withRetries<T>(work: Work<T>, first: Slot, tools: RetryTools): Promise<T> {
	let slot = first;
	let used = 0;
	let sent = 0;
	for (let attempts = 1; ; attempts += 1) {
		const outcome = await tryOnce(work, tools);
		if (!('handling' in outcome)) {
			slot.release(outcome.sent ? 'accepted' : 'neutral');
			return await outcome.value;
		}

		const { retryAfterMs, congestion, retryable } = outcome.handling;
		if (retryAfterMs !== null) tools.gate.pause(retryAfterMs);
		used += congestion ? REJECTED_COST : 1;
		sent += outcome.sent;
		const failure = outcome.afterAttempts(sent);
		const final = !retryable || used > work.maxAttempts - 1;
		if (final) work.failed?.();
		slot.release(congestion ? 'rejected' : 'neutral');
		if (final) throw failure;

		await tools.clock.wait(waitBefore(attempts, failure), tools.stop);
		const next = await tools.gate.enter(work.bytes, 'front');
		if (!next) throw failure;
		slot = next;
	}
}

async function tryOnce<T>(work: Work<T>, { asFailure }: RetryTools): Promise<Failure | Attempted<T>> {
	try {
		return await work.attempt();
	} catch (error) {
		return asFailure(error);
	}
}

/** Exponential backoff with full jitter, unless the provider names the wait. In milliseconds. */
function waitBefore(attempts: number, { handling }: Failure): number {
	const { retryAfterMs, minimumWaitMs } = handling;
	if (retryAfterMs !== null) return Math.max(retryAfterMs, minimumWaitMs);
	const longest = Math.min(FIRST_WAIT_MS * 2 ** (attempts - 1), LONGEST_WAIT_MS);
	return minimumWaitMs + Math.random() * longest;
}
