import type { Booking } from './byteBudget';
import { outcomeOf, type Failure, type Outcome } from './failure';
import { withRetries, type Attempted, type RetryTools } from './retry';
import type { Kept, Reuse } from './reuse';
import type { Slot } from './slot';
import type { Body, Task } from './task';

export interface BatchTools<Answer> extends RetryTools {
	/** Whether all items are prepared before the first is begun; absent: each just before its turn. */
	preparesAllFirst?: boolean;
	/** Absent where identical inputs are sent each. */
	reuse: Reuse<Answer> | null;
	/** Whether an identical input would fail in the same way. Asked only where a request was sent. */
	mayShare(failure: Failure): boolean;
	/** Called once for each item that failed for good, before its slot is free for others; may stop the batch. */
	failed(index: number, failure: Failure): void;
}

/** An answer, and whether it came from elsewhere. */
interface Taken<Answer> {
	kept: Kept<Answer>;
	reused: boolean;
}

/** What becomes of an identical input. */
type Known<Answer> = Promise<Outcome<Kept<Answer>>>;

type Work<Answer> = () => Promise<Outcome<Taken<Answer>>>;

/** A body in memory. */
interface Held {
	body: Body;
	/** An attempt failed without an answer, and may be on its way still: the buffer is not used again. */
	mayBeOnItsWay: boolean;
	/** Gives its memory back; once. */
	free(): void;
}

/** One item on its way through a batch. */
export class Item<Answer, Result> {
	/** By which the others find this one's answer. */
	private readonly keys = new Set<string>();
	private settle!: (outcome: Outcome<Kept<Answer>>) => void;
	private readonly known: Known<Answer> = new Promise((resolve) => {
		this.settle = resolve;
	});
	/** Whether it waits for no identical input any more. */
	private isOnItsOwn = false;
	private go!: () => void;
	/** Resolves when nothing is held ready for it: it is in flight, waits for an identical one, or has ended. */
	readonly gone = new Promise<void>((resolve) => {
		this.go = resolve;
	});

	constructor(
		private readonly index: number,
		private readonly task: Task<Answer, Result>,
		private readonly tools: BatchTools<Answer>,
	) {}

	/** Waits for its turn. @returns its end to come, so that the next item can be prepared meanwhile */
	async begin(): Promise<{ end: Promise<Outcome<Result>> }> {
		const known = this.find(this.task.key);
		const work = known ? async () => await this.inherit(known) : await this.turn();
		if (!known) this.share(this.task.key);
		return { end: this.end(work()) };
	}

	private async end(work: Promise<Outcome<Taken<Answer>>>): Promise<Outcome<Result>> {
		const { task, tools } = this;
		const outcome = await work;
		this.settle('result' in outcome ? { result: outcome.result.kept } : outcome);
		this.go();
		if (!('result' in outcome)) return outcome;
		const { kept, reused } = outcome.result;
		const finished = await outcomeOf(async () => await task.finish(kept.answer, reused), tools.asFailure);
		if ('failure' in finished) tools.failed(this.index, finished.failure);
		return finished;
	}

	/** Waits for a slot, or for memory where the body is built ahead. @returns the work to be done with it */
	private async turn(): Promise<Work<Answer>> {
		const { task, tools } = this;
		if (task.isBuiltAhead) {
			const booking = await tools.lane.book(task.bytes);
			return async () => (booking ? await this.buildAhead(booking) : { interrupted: null });
		}
		const slot = await tools.lane.enter(task.bytes);
		return async () => (slot ? await this.call(slot, null) : { interrupted: null });
	}

	/** Takes the answer to an identical input. Where that has none, and its failure tells nothing of this one, does its own work. */
	private async inherit(known: Known<Answer>): Promise<Outcome<Taken<Answer>>> {
		this.go();
		const outcome = await known;
		if ('result' in outcome) return { result: this.take(outcome.result) };
		if ('failure' in outcome && outcome.failure.sent > 0 && this.tools.mayShare(outcome.failure)) {
			this.tools.failed(this.index, outcome.failure);
			return outcome;
		}
		this.isOnItsOwn = true;
		const work = await this.turn();
		return await work();
	}

	private async buildAhead(booking: Booking): Promise<Outcome<Taken<Answer>>> {
		const { task, tools } = this;
		const built = await outcomeOf(async () => await task.build(), tools.asFailure);
		if ('failure' in built) {
			booking.free();
			if (tools.stop.aborted) return { interrupted: null };
			tools.failed(this.index, built.failure);
			return built;
		}
		booking.resize(built.result.bytes.length);
		const held = hold(built.result, () => booking.free());
		const slot = await tools.lane.enter(0);
		this.go();
		const outcome: Outcome<Taken<Answer>> = slot ? await this.call(slot, held) : { interrupted: null };
		held.free();
		return outcome;
	}

	/** @param ahead the body, where it was built ahead */
	private async call(slot: Slot, ahead: Held | null): Promise<Outcome<Taken<Answer>>> {
		const { task, tools } = this;
		const { maxAttempts, maxWaitMs } = task;
		const outcome = await withRetries<Taken<Answer> | { known: Known<Answer> }>(
			{
				bytes: ahead ? 0 : task.bytes,
				maxAttempts,
				maxWaitMs,
				attempt: async (current) => await this.attempt(current, ahead),
				failed: (failure) => tools.failed(this.index, failure),
			},
			slot,
			tools,
		);
		if (!('result' in outcome)) return outcome;
		const { result } = outcome;
		return 'known' in result ? await this.inherit(result.known) : { result };
	}

	private async attempt(slot: Slot, ahead: Held | null): Promise<Attempted<Taken<Answer> | { known: Known<Answer> }>> {
		const { task } = this;
		const before = this.find(task.key);
		if (before) return { sent: false, value: { known: before } };
		this.share(task.key);

		const held = ahead ?? hold(await task.build(), () => {});
		const known = this.find(held.body.key);
		if (known) {
			held.free();
			return { sent: false, value: { known } };
		}
		this.share(held.body.key);
		const kept = { answer: await this.send(slot, held, ahead !== null), seen: false };
		this.tools.reuse?.keep(this.keys, kept);
		return { sent: true, value: this.take(kept) };
	}

	private async send(slot: Slot, held: Held, isKept: boolean): Promise<Answer> {
		const begun = () => {
			held.free();
			slot.begun();
		};
		try {
			const answer = await this.task.send(held.body.bytes, begun);
			held.free();
			return answer;
		} catch (error) {
			const failure = this.tools.asFailure(error);
			if (!failure.handling.notBegun) held.mayBeOnItsWay = true;
			else if (!isKept) held.free();
			throw failure;
		}
	}

	private take(kept: Kept<Answer>): Taken<Answer> {
		return { kept, reused: this.tools.reuse?.take(kept) ?? false };
	}

	/** What becomes of an identical input, where there is another. */
	private find(key: string | null): Known<Answer> | undefined {
		const { reuse } = this.tools;
		if (!reuse || key === null || this.keys.has(key)) return undefined;
		if (!this.isOnItsOwn) return reuse.find(key);
		const kept = reuse.answer(key);
		return kept && Promise.resolve({ result: kept });
	}

	/** Lets identical inputs find this one. */
	private share(key: string | null): void {
		if (key === null || this.keys.has(key)) return;
		this.keys.add(key);
		this.tools.reuse?.lead(key, this.known);
	}
}

function hold(body: Body, freed: () => void): Held {
	let isFree = false;
	const held: Held = {
		body,
		mayBeOnItsWay: false,
		free: () => {
			if (isFree) return;
			isFree = true;
			if (!held.mayBeOnItsWay) body.recycle();
			freed();
		},
	};
	return held;
}
