/** How many calls may be under way at once: learnt from what becomes of them. */
export interface Level {
	/** Calls that may be in flight now: sent, and not answered. */
	readonly current: number;
	/** After so many milliseconds in which calls waited for a place, and none was rejected, `grow` is due; Infinity: never. */
	readonly growsAfterMs: number;
	grow(): void;
	/** For how many milliseconds a place is left now and then, so that others who wait for one find it; 0: the account takes all. */
	readonly shareMs: number;
	/** A call was accepted. */
	accepted(call: Accepted): void;
	/**
	 * A call was rejected because there are too many.
	 * @returns for how many milliseconds no call is to go, unless one of ours ends
	 */
	rejected(call: Rejected): number;
}

/** Of calls that the account does not count. */
export const UNCOUNTED: Level = {
	current: Infinity,
	growsAfterMs: Infinity,
	grow: () => {},
	shareMs: 0,
	accepted: () => {},
	rejected: () => 0,
};

/** A call that was rejected as one too many. */
export interface Rejected {
	/** The most calls that were in flight at once while it was, itself included. */
	most: number;
	/** Whether nothing of ours is in flight, or was served meanwhile: nothing of ours tells when the account will take a call. */
	isAlone: boolean;
	/** How long that took, in milliseconds. */
	ms: number;
}

/** A call that was accepted. */
export interface Accepted {
	/** The most calls that were in flight at once while it was. */
	most: number;
	/** Calls that are still to begin. */
	toCome: number;
	/** How long it took, in milliseconds. */
	ms: number;
}
