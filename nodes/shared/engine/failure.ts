/** What the engine has to know of a failure. */
export interface Handling {
	/** Whether the same request may succeed later. */
	retryable: boolean;
	/** Too many at once: fewer should be. */
	congestion: boolean;
	/** The answer says that the call was never begun: it cost nothing. */
	notBegun: boolean;
	/** The wait that was asked for, in milliseconds. */
	retryAfterMs: number | null;
	/** The shortest wait before the next try, in milliseconds. */
	minimumWaitMs: number;
}

/** A failure as the engine sees it. Whoever uses the engine brings an error type that has this. */
export interface Failure extends Error {
	readonly handling: Handling;
	/** How many requests were sent; 0 where none was. */
	readonly sent: number;
	/** The same failure after `sent` requests, the one before of which came to `last`: that may have begun something. */
	afterAttempts(sent: number, last?: Failure | null): Failure;
}

/** Makes a failure of whatever was thrown. */
export type AsFailure = (error: unknown) => Failure;

/**
 * What became of a piece of work. It was interrupted where everything was stopped before it began or could be tried again; the
 * failure is then that of the last try, where there was one.
 */
export type Outcome<T> = { result: T } | { failure: Failure } | { interrupted: Failure | null };

/** Does `work`, and says what became of it. */
export async function outcomeOf<T>(work: () => Promise<T>, asFailure: AsFailure): Promise<{ result: T } | { failure: Failure }> {
	try {
		return { result: await work() };
	} catch (error) {
		return { failure: asFailure(error) };
	}
}
