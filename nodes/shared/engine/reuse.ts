import type { Outcome } from './failure';

/** An answer that is kept, under each key that it is known by. */
export interface Kept<T> {
	answer: T;
	/** Whether a run returned it: somebody has seen it, and what it cost. */
	seen: boolean;
}

/** The answers of an execution by key. */
export type Answers<T> = Map<string, Kept<T>>;

/**
 * Answers to identical inputs. Those of a whole execution are kept, so that a loop or n8n's Retry On Fail does not pay
 * twice; failures are known within one run of the node only.
 */
export class Reuse<T> {
	private readonly coming = new Map<string, Promise<Outcome<Kept<T>>>>();
	private readonly taken = new Set<Kept<T>>();

	/** @param answers those of the execution so far; added to */
	constructor(private readonly answers: Answers<T>) {}

	/** What became of the work for `key`, or will; undefined where nobody has begun it. */
	find(key: string): Promise<Outcome<Kept<T>>> | undefined {
		const kept = this.answers.get(key);
		return kept ? Promise.resolve({ result: kept }) : this.coming.get(key);
	}

	/** The answer for `key`, where it is there. */
	answer(key: string): Kept<T> | undefined {
		return this.answers.get(key);
	}

	/** Announces what will become of the work for `key`. */
	lead(key: string, work: Promise<Outcome<Kept<T>>>): void {
		this.coming.set(key, work);
	}

	/** The answer is there, under each of its keys. */
	keep(keys: Iterable<string>, kept: Kept<T>): void {
		for (const key of keys) {
			this.answers.set(key, kept);
			this.coming.delete(key);
		}
	}

	/** An item takes an answer. @returns whether it is a reused one: another item took it, or somebody has seen it already */
	take(kept: Kept<T>): boolean {
		const isReused = kept.seen || this.taken.has(kept);
		this.taken.add(kept);
		return isReused;
	}

	/** The run returned its items: the answers in them were seen. */
	handedOut(): void {
		for (const kept of this.taken) kept.seen = true;
	}
}
