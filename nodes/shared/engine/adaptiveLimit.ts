/** Calls at once to begin with: few enough that a small account rejects few of them, enough for the default maximum of a run. */
const FIRST_LEVEL = 10;
/** Rounds of calls that have to be accepted before a higher level is tried: where nothing was rejected so far, or the last try held; and after a rejection. */
const TRIAL_ROUNDS = 1;
const QUIET_ROUNDS = 5;

/**
 * How many calls at once the account takes, learnt from its answers. Whatever was accepted leaves a place that is there again;
 * whatever was rejected as one too many takes a place away. So the level is right as soon as the first rejections are in, whatever
 * their order; a higher one is tried now and then.
 */
export class AdaptiveLimit {
	/** Calls that may be in flight now. */
	current = FIRST_LEVEL;
	/** Whether the account has ever rejected a call. */
	private isKnown = false;
	/** Calls accepted at this level, and rounds of them before the next try. */
	private quietCalls = 0;
	private rounds = TRIAL_ROUNDS;
	/** How far the next try reaches: as long as tries hold, further and further. */
	private step = FIRST_LEVEL;

	/**
	 * A call was accepted.
	 * @param most the most calls that were in flight at once while it was: a level that was not reached is not proven
	 * @param toCome calls that are still to begin: a try pays only where one call more at once saves a round of calls
	 */
	accepted(most: number, toCome: number): void {
		const isWorthIt = !this.isKnown || toCome >= this.current * (this.current + 1);
		if (most < this.current || !isWorthIt) return;
		this.quietCalls += 1;
		if (this.quietCalls < this.current * this.rounds) return;
		this.quietCalls = 0;
		this.current += this.step;
		this.step *= 2;
		this.rounds = TRIAL_ROUNDS;
	}

	/**
	 * A call was rejected because there are too many.
	 * @param most the most calls that were in flight at once while it was, itself included
	 */
	rejected(most: number): void {
		this.isKnown = true;
		this.quietCalls = 0;
		this.step = 1;
		this.rounds = QUIET_ROUNDS;
		this.current = Math.max(1, Math.min(this.current, most) - 1);
	}
}
