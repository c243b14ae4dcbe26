import type { Lane } from './lane';
import type { Slot } from './slot';

/** A request body, built. */
export interface Body {
	bytes: Buffer;
	/** Identity of the content, where it was not known before. */
	key: string | null;
	/** Gives the buffer back: the request was answered. Called once at most. */
	recycle(): void;
}

/** How a body comes about. */
export interface Source {
	/** The size that it will have, in bytes. */
	bytes: number;
	/** Builds it anew, for each attempt in its slot. */
	build(): Promise<Body>;
}

/** What was fetched for a body, and stays in memory until it is given back: when it was answered, or what it began goes on for long. */
export interface Fetched extends Source {
	/** Called again, it does nothing. */
	free: () => void;
}

/** Tells that a call was answered, and that what it began, or may have begun, goes on for long: its body is not needed any more. See `Slot`. */
export type Begun = Slot['begun'];

/** One piece of work: what is sent, and what becomes of the answer. */
export interface Job<Answer, Result> {
	/** Identity of the input, where it is known without reading it. */
	key: string | null;
	/** What else has to be the same for the answer to be: the way to it. */
	scope: string;
	/** Whether the answer to it holds for one run of the node only, and not for the whole execution. */
	isOfRun?: boolean;
	/** Who pays for the answer to it: the same in every try. */
	payer: string;
	/** What its body is made of; or how that is fetched, before its turn, and once for all attempts. */
	body: Source | { fetch(): Promise<Fetched> };
	/** Where it waits for its turn. */
	lane: Lane;
	/** How many requests are sent at most; those that were never begun do not count. */
	maxAttempts: number;
	/** How long the account may take nothing of ours before it is given up, in milliseconds. */
	patienceMs: number;
	/** Sends the request, once. @throws what `asFailure` makes a failure of */
	send(body: Buffer, begun: Begun): Promise<Answer>;
	/** @param reused whether somebody else pays for the answer: it cost nothing here */
	finish(answer: Answer, reused: boolean): Promise<Result>;
}
