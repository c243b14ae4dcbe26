/** Calls at once to begin with: few enough that a small account rejects few of them, enough for the default maximum of a run. */
const FIRST_LEVEL = 10;
/** Rounds of calls accepted at a level before a higher one is tried; more after a failed try. */
const FIRST_ROUNDS = 4;
const MOST_ROUNDS = 6;
/** Rounds of calls accepted at a level that is being tried before a still higher one is. */
const TRIAL_ROUNDS = 2;

/**
 * How many calls at once the account takes, learnt from its answers. Whatever was accepted leaves a place that is there again;
 * whatever was rejected as one too many takes a place away. So the level is right as soon as the first rejections are in, whatever
 * their order; a higher one is tried now and then.
 */
export class AdaptiveLimit {
	/** Calls that may be in flight now. */
	current = FIRST_LEVEL;
	/** The highest level that is not known to be too high. */
	private ceiling = Infinity;
	/** Calls accepted since the limit last changed. */
	private quietCalls = 0;
	private patience = FIRST_ROUNDS;
	/** Whether a higher level is being tried; how far the next try reaches. */
	private trying = false;
	private step = 1;

	/**
	 * A call was accepted.
	 * @param most the most calls that were in flight at once while it was: a level that was not reached is not proven
	 * @param toCome calls that are still to begin: a try pays only where one call more at once saves a round of calls
	 */
	accepted(most: number, toCome: number): void {
		if (most < this.current) return;
		if (this.current < this.ceiling) {
			this.current += 1;
		} else if (toCome >= this.ceiling * (this.ceiling + 1)) {
			this.quietCalls += 1;
			if (this.quietCalls >= this.ceiling * (this.trying ? TRIAL_ROUNDS : this.patience)) this.tryHigher();
		}
	}

	/** As long as tries hold, they come sooner and reach further. */
	private tryHigher(): void {
		this.step = this.trying ? this.step * 2 : 1;
		this.trying = true;
		this.quietCalls = 0;
		this.ceiling += this.step;
		this.current = this.ceiling;
	}

	/**
	 * A call was rejected because there are too many.
	 * @param most the most calls that were in flight at once while it was, itself included
	 */
	rejected(most: number): void {
		this.patience = this.trying ? MOST_ROUNDS : FIRST_ROUNDS;
		this.trying = false;
		this.quietCalls = 0;
		this.current = Math.max(1, Math.min(this.current, most) - 1);
		this.ceiling = this.current;
	}
}
