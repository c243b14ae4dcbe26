import type { Failure, Handling } from '../../nodes/shared/engine/failure';

const PLAIN: Handling = { retryable: false, congestion: false, notBegun: false, retryAfterMs: null, minimumWaitMs: 0 };

/** A failure as a user of the engine brings it. */
export class Failed extends Error implements Failure {
	readonly handling: Handling;

	constructor(
		message: string,
		handling: Partial<Handling> = {},
		readonly sent = 1,
	) {
		super(message);
		this.handling = { ...PLAIN, ...handling };
	}

	afterAttempts(sent: number): Failed {
		return new Failed(this.message, this.handling, sent);
	}
}

/** The provider had an error: the same request may succeed later. */
export const broken = (more: Partial<Handling> = {}): Failed => new Failed('broken', { retryable: true, ...more });

/** One call too many, which was never begun. */
export const tooMany = (more: Partial<Handling> = {}): Failed =>
	new Failed('too many', { retryable: true, congestion: true, notBegun: true, minimumWaitMs: 1000, ...more });

/** The provider refuses the input for good. */
export const refused = (more: Partial<Handling> = {}): Failed => new Failed('refused', more);

/** Refused here: nothing was sent. */
export const refusedHere = (message = 'refused here'): Failed => new Failed(message, {}, 0);

/** What the engine takes for a failure in these tests. */
export function asFailure(error: unknown): Failure {
	return error instanceof Failed ? error : refusedHere((error as Error).message || 'unknown');
}
