import type { Level } from './level';

/** Creates at once to begin with. */
const FIRST_LEVEL = 10;
/** The wait for a place that something else has, in milliseconds; up to a tenth shorter or longer, so that two processes do not ask together. */
const WAIT_MS = 4000;
const JITTER = 0.1;
/** See `Level`: a little longer than that wait. */
const SHARE_MS = 5000;

/**
 * The level for creates of tasks. A task has its place for minutes, and how many places others will leave is not known before they do:
 * so nothing is learnt of their number. A create that is rejected is quick and free. It is tried again after a wait, or when a task of ours
 * has ended, one at a time; the more creates are accepted then, the more go at once.
 */
export class TaskLevel implements Level {
	current = FIRST_LEVEL;
	readonly growsAfterMs = Infinity;
	shareMs = 0;

	grow(): void {}

	accepted(): void {
		this.current += 1;
	}

	rejected(): number {
		this.current = 1;
		this.shareMs = SHARE_MS;
		return WAIT_MS * (1 + (Math.random() * 2 - 1) * JITTER);
	}
}
