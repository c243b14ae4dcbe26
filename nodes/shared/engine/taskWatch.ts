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
/** Questions are sent once in each such time, in milliseconds: one, or as many as it takes that none is late by more than the longest wait. */
const BEAT_MS = 250;
/** As long as the provider can make all questions wait at most, in milliseconds. */
const LONGEST_PAUSE_MS = 60_000;

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
	/** Aborted when it is not to be asked any more. */
	stop: AbortSignal;
	/** With which others it can be asked for in one question, and how many go in one; absent: it needs one of its own. */
	group?: { name: string; most: number };
}

/**
 * How the watch over a task ended: it was answered; no further question will be answered; its deadline passed, with the failure of the latest
 * question, where that failed; or it was stopped.
 */
export type Ending<T> = { result: T } | { failure: Failure } | { late: Failure | null } | { stopped: true };

interface Watched {
	/** When it is asked for next; null while it is. */
	at: number | null;
	ask(): Promise<void>;
	stop: AbortSignal;
	group: Question<unknown>['group'];
	stopped(): void;
}

/**
 * Asks for the tasks of an account, those of all runs: each first after some seconds, then in growing intervals, whatever the answers, until its
 * deadline. The one that has been due for longest is asked for first, whosever it is.
 */
export class TaskWatch {
	private readonly tasks = new Set<Watched>();
	private isBeating = false;
	private pausedUntil = -Infinity;

	constructor(
		private readonly clock: Clock,
		private readonly asFailure: AsFailure,
	) {}

	/** Watches a task until it ends. Never rejects. */
	async until<T>(question: Question<T>): Promise<Ending<T>> {
		const { since, deadline, isAskedAtOnce, stop, group } = question;
		return await new Promise((resolve) => {
			const end = (ending: Ending<T>) => {
				this.tasks.delete(task);
				resolve(ending);
			};
			const task: Watched = {
				at: isAskedAtOnce ? since : Math.min(since + FIRST_WAIT_MS * jitter(), deadline),
				ask: async () => {
					task.at = null;
					const ending = await this.ask(question);
					if (ending) return end(ending);
					const now = this.clock.now();
					task.at = Math.min(now + waitAt(now - since), Math.max(deadline, now));
				},
				stop,
				group,
				stopped: () => end({ stopped: true }),
			};
			this.tasks.add(task);
			if (!this.isBeating) void this.beat();
		});
	}

	private async ask<T>({ ask, ends, deadline }: Question<T>): Promise<Ending<T> | null> {
		const isLast = this.clock.now() >= deadline;
		try {
			const result = await ask();
			if (result !== null) return { result };
			return isLast ? { late: null } : null;
		} catch (error) {
			const failure = this.asFailure(error);
			if (ends(failure)) return { failure };
			const pauseMs = Math.min(failure.handling.retryAfterMs ?? 0, LONGEST_PAUSE_MS);
			this.pausedUntil = Math.max(this.pausedUntil, this.clock.now() + pauseMs);
			return isLast ? { late: failure } : null;
		}
	}

	private async beat(): Promise<void> {
		this.isBeating = true;
		while (this.tasks.size > 0) {
			for (const task of this.tasks) if (task.stop.aborted) task.stopped();
			for (const task of this.withCompanions(this.due())) void task.ask();
			await new Promise<void>((ring) => this.clock.after(BEAT_MS, ring));
		}
		this.isBeating = false;
	}

	/** Beside those that are due, the next ones that there are places for in the same questions. */
	private withCompanions(due: Watched[]): Watched[] {
		const places = new Map<string, number>();
		for (const { group } of due) if (group) places.set(group.name, ((places.get(group.name) ?? 0) + group.most - 1) % group.most);
		if (places.size === 0) return due;
		const others = [...this.tasks]
			.filter((task) => task.at !== null && !due.includes(task))
			.sort((one, other) => one.at! - other.at!);
		const companions = others.filter(({ group }) => {
			const left = (group && places.get(group.name)) ?? 0;
			if (left > 0) places.set(group!.name, left - 1);
			return left > 0;
		});
		return [...due, ...companions];
	}

	/** Those that are asked for now: of the ones that are due, those that have been for longest. */
	private due(): Watched[] {
		const now = this.clock.now();
		if (now < this.pausedUntil) return [];
		const dueAt = ({ at }: Watched) => at ?? Infinity;
		const due = [...this.tasks].filter((task) => dueAt(task) <= now).sort((one, other) => dueAt(one) - dueAt(other));
		// After a pause they are not asked for all at once, unless it is one pause after the other.
		const lateAfter = (task: Watched) =>
			Math.min(Math.max(dueAt(task), this.pausedUntil), dueAt(task) + LONGEST_PAUSE_MS) + LONGEST_WAIT_MS;
		const beatsLeft = (task: Watched) => Math.max(1, (lateAfter(task) - now) / BEAT_MS);
		const needed = due.map((task, before) => (before + 1) / beatsLeft(task));
		return due.slice(0, Math.ceil(needed.reduce((most, one) => Math.max(most, one), 0)));
	}
}

function waitAt(age: number): number {
	return Math.min(Math.max(age * WAIT_PER_AGE, SHORTEST_WAIT_MS), LONGEST_WAIT_MS) * jitter();
}

function jitter(): number {
	return 1 + (Math.random() * 2 - 1) * JITTER;
}
