/** Calls at once to begin with: few enough that a small account rejects few of them, enough for the default maximum. */
const FIRST_LEVEL = 10;
/** Rounds of calls accepted at a level before a higher one is tried; doubled after a failed try, up to the last. */
const FIRST_ROUNDS = 2;
const MOST_ROUNDS = 4;

/**
 * How many calls at once the account takes, learnt from its answers: additive increase, multiplicative decrease, with a
 * memory of the level that was seen to work, so that the way back up is short and tries beyond it are rare.
 */
export class AdaptiveLimit {
	/** Calls that may be in flight now. */
	current: number;
	/** The highest level that is not known to be too high. */
	private ceiling: number;
	private wave = 0;
	/** Calls accepted since the limit last changed. */
	private quietCalls = 0;
	private patience = FIRST_ROUNDS;
	/** Whether a higher level is being tried; how far the next try reaches. */
	private trying = false;
	private step = 1;

	/** @param maximum the highest level ever, at least 1 */
	constructor(private readonly maximum: number) {
		this.ceiling = maximum;
		this.current = Math.min(maximum, FIRST_LEVEL);
	}

	/** Marks the start of a call; pass it on to `rejected`. */
	start(): number {
		return this.wave;
	}

	/**
	 * A call was accepted.
	 * @param toCome calls that are still to begin: a try pays only where one call more at once saves a round of calls
	 */
	accepted(toCome = Infinity): void {
		if (this.current < this.ceiling) {
			this.current += 1;
		} else if (this.ceiling < this.maximum && toCome >= this.ceiling * (this.ceiling + 1)) {
			this.quietCalls += 1;
			if (this.quietCalls >= this.ceiling * (this.trying ? 1 : this.patience)) this.tryHigher();
		}
	}

	/** As long as tries hold, they come sooner and reach further. */
	private tryHigher(): void {
		this.step = this.trying ? this.step * 2 : 1;
		this.trying = true;
		this.quietCalls = 0;
		this.ceiling = Math.min(this.maximum, this.ceiling + this.step);
		this.current = this.ceiling;
	}

	/**
	 * A call was rejected because there are too many. All calls of one wave shrink the limit once.
	 * @param startedIn what `start` gave for the call
	 * @param stillInFlight calls in flight without it: what the account seems to take
	 */
	rejected(startedIn: number, stillInFlight: number): void {
		if (startedIn === this.wave) {
			this.wave += 1;
			this.patience = this.trying ? Math.min(this.patience * 2, MOST_ROUNDS) : FIRST_ROUNDS;
			this.current = Math.max(1, Math.floor(this.current / 2));
		}
		this.trying = false;
		this.quietCalls = 0;
		this.ceiling = Math.max(1, Math.min(this.ceiling, stillInFlight));
		this.current = Math.min(this.current, this.ceiling);
	}
}
