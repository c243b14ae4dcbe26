import type { FaultKind } from '../../gateway';
import type { PlaceName } from '../support/places';

/** Whether a failed request is sent again: never, as long as attempts are left, or, as it was never begun, as long as there is patience. */
export type Again = 'never' | 'backoff' | 'notBegun';

/** What is done with the connection or the answer. */
export type Play = FaultKind | { place: PlaceName };

/** One fault, and what has to come of it. */
export interface FaultRow {
	/** Part of the URL that stands for it; no other row has it. */
	id: string;
	/** Heading on the page. */
	group: string;
	/** What happens, in words. */
	fault: string;
	play: Play;
	again: Again;
	/** The error's message, word for word; null where the item succeeds all the same. */
	message: string | null;
	httpStatus: number | null;
	serviceCode: number | null;
	/** Part of the sentence below the message. */
	description?: RegExp;
	/** For one attempt, in seconds. */
	timeout?: number;
	maxAttempts?: number;
	/** How often it is played; absent: each time. */
	times?: number;
	/** Calls made, where that is not what `again` says. */
	calls?: number;
}

/** Attempts of each item, where a row does not say otherwise. */
export const MAX_ATTEMPTS = 2;

/** Requests that a row has to lead to; null: one that is never begun is sent for a minute, at random times. */
export function expectedCalls({ again, calls, maxAttempts = MAX_ATTEMPTS }: FaultRow): number | null {
	if (calls !== undefined) return calls;
	return { never: 1, backoff: maxAttempts, notBegun: null }[again];
}
