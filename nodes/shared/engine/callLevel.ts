import type { Accepted, Level, Rejected } from './level';

/** Calls at once to begin with: few enough that a small account rejects few of them, enough for the default maximum of a run. */
const FIRST_LEVEL = 10;
/** Rounds of calls that have to be accepted before a higher level is tried, once a call was rejected; and while the last try held. */
const QUIET_ROUNDS = 5;
const TRIAL_ROUNDS = 1;
/** As long as nothing was rejected the level doubles, each time after this part of a call: most rejections come sooner than that. */
const GROWTH_PART = 1 / 10;

/** The wait between two tries at an account that others keep busy, in milliseconds; and up to as much again, at random. */
const WAIT_MS = 1000;
/** Two tries are not further apart than that, and the time that a rejection takes. */
const SHARE_MS = 2500;

/**
 * The level for calls of seconds: of those that are in flight each takes a place of the account. Whatever was accepted leaves a place that is there
 * again; whatever was rejected as one too many takes a place away. So the level is right as soon as the first rejections are in, whatever
 * their order; a higher one is tried now and then.
 */
export class CallLevel implements Level {
	current = FIRST_LEVEL;
	growsAfterMs = Infinity;
	/** Whether the account has ever rejected a call. */
	private isKnown = false;
	/** Calls accepted at this level, and rounds of them before the next try. */
	private quietCalls = 0;
	private rounds = TRIAL_ROUNDS;
	/** How far the next try reaches: as long as tries hold, further and further. */
	private step = 1;
	/** How long the latest rejection took, in milliseconds. */
	private rejectionMs = 0;

	get shareMs(): number {
		return this.isKnown ? SHARE_MS + Math.min(this.rejectionMs, SHARE_MS) : 0;
	}

	grow(): void {
		if (this.growsAfterMs < Infinity) this.current *= 2;
	}

	/** A level that was not reached is not proven; and a try pays only where one call more at once saves a round of calls. */
	accepted({ most, toCome, ms }: Accepted): void {
		const isWorthIt = !this.isKnown || toCome >= this.current * (this.current + 1);
		if (most < this.current || !isWorthIt) return;
		this.quietCalls += 1;
		if (this.quietCalls < this.current * this.rounds) return;
		this.quietCalls = 0;
		if (!this.isKnown) {
			this.growsAfterMs = ms * GROWTH_PART;
			return;
		}
		this.current += this.step;
		this.step *= 2;
		this.rounds = TRIAL_ROUNDS;
	}

	rejected({ most, isAlone, ms }: Rejected): number {
		this.isKnown = true;
		this.rejectionMs = ms;
		this.growsAfterMs = Infinity;
		this.quietCalls = 0;
		this.step = 1;
		this.rounds = QUIET_ROUNDS;
		this.current = Math.max(1, Math.min(this.current, most) - 1);
		return isAlone ? WAIT_MS * (1 + Math.random()) : 0;
	}
}
