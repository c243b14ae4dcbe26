import type { Outcome } from './failure';

/** An answer that is kept, under each key that it is known by. */
export interface Kept<T> {
	answer: T;
	/** Who took it first, and pays for it in every try. */
	payer: string;
}

/** What becomes of the work for a key. */
export type Coming<T> = Promise<Outcome<Kept<T>>>;

/** The answers of an execution by key. */
export type Answers<T> = Map<string, Kept<T>>;

/**
 * Answers to identical inputs. Those of a whole execution are kept, so that a loop or n8n's Retry On Fail does not pay
 * twice; failures are known within one run of the node only.
 */
export class Reuse<T> {
	private readonly coming = new Map<string, Coming<T>>();

	/** @param answers those of the execution so far; added to */
	constructor(private readonly answers: Answers<T>) {}

	/** What became of the work for `key`, or will; undefined where nobody does it. */
	find(key: string): Coming<T> | undefined {
		const kept = this.answers.get(key);
		return kept ? Promise.resolve({ result: kept }) : this.coming.get(key);
	}

	/** Announces what will become of the work for `key`: whoever comes next waits for it. */
	lead(key: string, work: Coming<T>): void {
		this.coming.set(key, work);
	}

	/** The answer is there, under each of its keys. */
	keep(keys: Iterable<string>, kept: Kept<T>): void {
		for (const key of keys) this.answers.set(key, kept);
	}

	/** What became of this work tells nothing of an identical input: somebody else has to do it. */
	drop(keys: Iterable<string>, work: Coming<T>): void {
		for (const key of keys) if (this.coming.get(key) === work) this.coming.delete(key);
	}
}
