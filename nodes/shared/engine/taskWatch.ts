import type { Clock } from './clock';
import type { AsFailure, Failure } from './failure';

/** The wait before the first question for a task, from its create on. In milliseconds. */
const FIRST_WAIT_MS = 3000;
/** The other waits are this part of the task's age, within these bounds in milliseconds. */
const WAIT_PER_AGE = 0.2;
const SHORTEST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;
/** Each wait is up to this part shorter or longer, so that tasks that began together are not asked for together. */
const JITTER = 0.1;
/** One question in each such time, for all tasks of an account together. In milliseconds. */
const BEAT_MS = 250;
/** As long as the provider can make all questions wait at most, in milliseconds: the deadlines are kept. */
const LONGEST_PAUSE_MS = 60_000;

/** How often an account is asked, by all runs in this process together. */
export class Pace {
	private next = -Infinity;

	constructor(private readonly clock: Clock) {}

	/** Takes the right to one question now. @returns whether there was one */
	take(): boolean {
		const now = this.clock.now();
		if (now < this.next) return false;
		this.next = now + BEAT_MS;
		return true;
	}

	/** No question for the next `ms` milliseconds, a minute at most: the provider asked to wait. */
	pause(ms: number): void {
		this.next = Math.max(this.next, this.clock.now() + Math.min(ms, LONGEST_PAUSE_MS));
	}
}

/** One task to ask for. */
export interface Question<T> {
	/** Asks once. @returns null where the task is still running. @throws what `asFailure` makes a failure of */
	ask(): Promise<T | null>;
	/** Whether a failed question is the last one: no other would be answered. */
	ends(failure: Failure): boolean;
	/** When the task was created, by the clock; as far as known. */
	since: number;
	/** Whether it may have ended by now. */
	isAskedAtOnce?: boolean;
	/** When the task is given up, by the clock; it is asked for once more then. */
	deadline: number;
}

/** How the watch over a task ended. */
export type Ending<T> =
	/** It was answered. */
	| { result: T }
	/** No further question will be answered. */
	| { failure: Failure }
	/** Its deadline passed; with the failure of the latest question, where it failed. */
	| { late: Failure | null }
	/** The watch was stopped. */
	| { stopped: true };

interface Watched {
	/** When it is asked for next. */
	at: number;
	ask(): Promise<void>;
	stop(): void;
}

export interface WatchTools {
	clock: Clock;
	pace: Pace;
	asFailure: AsFailure;
	/** Aborted when nothing is to be asked any more. */
	stop: AbortSignal;
}

/** Asks for all tasks of a run, one at a beat: each first after some seconds, then in growing intervals, whatever the answers, until its deadline. */
export class TaskWatch {
	/** Those that wait for their next question. */
	private readonly waiting = new Set<Watched>();
	private isBeating = false;

	constructor(private readonly tools: WatchTools) {}

	/** Watches a task until it ends. Never rejects. */
	async until<T>(question: Question<T>): Promise<Ending<T>> {
		return await new Promise((end) => {
			const { since, deadline, isAskedAtOnce } = question;
			const task: Watched = {
				at: isAskedAtOnce ? since : Math.min(since + FIRST_WAIT_MS * jitter(), deadline),
				ask: async () => {
					const ending = await this.ask(question);
					if (ending) return end(ending);
					const now = this.tools.clock.now();
					task.at = Math.min(now + waitAt(now - since), Math.max(deadline, now));
					this.wait(task);
				},
				stop: () => end({ stopped: true }),
			};
			this.wait(task);
		});
	}

	private async ask<T>({ ask, ends, deadline }: Question<T>): Promise<Ending<T> | null> {
		const isLast = this.tools.clock.now() >= deadline;
		try {
			const result = await ask();
			if (result !== null) return { result };
			return isLast ? { late: null } : null;
		} catch (error) {
			const failure = this.tools.asFailure(error);
			if (ends(failure)) return { failure };
			this.tools.pace.pause(failure.handling.retryAfterMs ?? 0);
			return isLast ? { late: failure } : null;
		}
	}

	private wait(task: Watched): void {
		this.waiting.add(task);
		if (!this.isBeating) void this.beat();
	}

	private async beat(): Promise<void> {
		const { clock, pace, stop } = this.tools;
		this.isBeating = true;
		while (this.waiting.size > 0 && !stop.aborted) {
			const due = this.earliest();
			if (due && pace.take()) {
				this.waiting.delete(due);
				void due.ask();
			}
			await clock.wait(BEAT_MS, stop);
		}
		this.isBeating = false;
		for (const task of this.waiting) task.stop();
		this.waiting.clear();
	}

	/** The task that has waited longest for its turn. */
	private earliest(): Watched | null {
		const now = this.tools.clock.now();
		let earliest: Watched | null = null;
		for (const task of this.waiting) {
			if (task.at <= now && (earliest === null || task.at < earliest.at)) earliest = task;
		}
		return earliest;
	}
}

function waitAt(age: number): number {
	return Math.min(Math.max(age * WAIT_PER_AGE, SHORTEST_WAIT_MS), LONGEST_WAIT_MS) * jitter();
}

function jitter(): number {
	return 1 + (Math.random() * 2 - 1) * JITTER;
}
