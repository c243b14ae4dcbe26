import type { Lane } from './lane';

/** A request body, built. */
export interface Body {
	bytes: Buffer;
	/** Identity of the content, where it was not known before. */
	key: string | null;
	/** Gives the buffer back: the request was answered. Called once at most. */
	recycle(): void;
}

/** One item's work: what is sent, and what becomes of the answer. */
export interface Task<Answer, Result> {
	/** Identity of the input, and of the way to its answer, where it is known without reading it. */
	key: string | null;
	/** Size of the request body, in bytes; of one that is built ahead, what it is assumed to need until it is there. */
	bytes: number;
	/** Where it waits for its turn, beside the other items; absent: in the lane of the batch, which has the items begin in their order. */
	lane?: Lane;
	/** See `Work`. */
	maxAttempts: number;
	/** See `Work`. */
	maxWaitMs?: number;
	/**
	 * Whether the body is built before a slot is taken, several side by side, and once for all attempts: because something has to
	 * be fetched for it. Otherwise it is built anew in the slot of each attempt.
	 */
	isBuiltAhead?: boolean;
	build(): Promise<Body>;
	/**
	 * Sends the request.
	 * @param begun to be called where the call was taken on and goes on for long: the body is not needed any more
	 */
	send(body: Buffer, begun: () => void): Promise<Answer>;
	/** @param reused whether the answer is another item's, or was seen before: it cost nothing here */
	finish(answer: Answer, reused: boolean): Promise<Result>;
}
