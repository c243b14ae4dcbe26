import { outcomeOf, type Failure, type Outcome } from './failure';
import type { Begun, Body, Job, Source } from './job';
import { withRetries, type RetryTools } from './retry';
import type { Coming, Kept, Reuse } from './reuse';
import type { Slot } from './slot';
import type { Turns } from './turns';

export interface JobTools<Answer> extends RetryTools {
	/** Absent where identical inputs are sent each. */
	reuse: Reuse<Answer> | null;
	/** Whether an identical input would fail in the same way. Asked only where a request was sent. */
	mayShare(failure: Failure): boolean;
	/** Called once for each job that failed for good, before its slot is free for others; may stop the batch. */
	failed(index: number, failure: Failure): void;
	turns: Turns;
}

/** What an attempt comes to: an answer, or that the work for an identical input, found by its content, is under way. */
type Found<Answer> = { kept: Kept<Answer> } | { sameAs: string };

/** One job on its way through a batch. */
export class JobRun<Answer, Result> {
	/** By which identical ones find this one's answer. */
	private readonly keys = new Set<string>();
	/** How many requests are sent at most. */
	private maxAttempts: number;
	/** Gives back what was fetched for it. */
	private free = () => {};
	private settle!: (outcome: Outcome<Kept<Answer>>) => void;
	private readonly coming: Coming<Answer> = new Promise((resolve) => {
		this.settle = resolve;
	});
	private go!: () => void;
	/** Resolves when nothing is held ready for it: it is in flight, waits for an identical one, or has ended. */
	readonly gone = new Promise<void>((resolve) => {
		this.go = resolve;
	});

	constructor(
		private readonly index: number,
		private readonly job: Job<Answer, Result>,
		private readonly tools: JobTools<Answer>,
	) {
		this.maxAttempts = job.maxAttempts;
	}

	/** Does the job, or takes the answer of an identical one. */
	async run(): Promise<Outcome<Result>> {
		const { job, tools } = this;
		const outcome = await this.answer();
		if (!this.isShared(outcome)) tools.reuse?.drop(this.keys, this.coming);
		this.settle(outcome);
		this.go();
		if (!('result' in outcome)) return outcome;
		const { answer, payer } = outcome.result;
		await tools.turns.next();
		const finished = await outcomeOf(async () => await job.finish(answer, payer !== job.payer), tools.asFailure);
		if ('failure' in finished) tools.failed(this.index, finished.failure);
		return finished;
	}

	/** The answer: of those that are identical one does the work, and the others wait, each for the one before it. */
	private async answer(): Promise<Outcome<Kept<Answer>>> {
		for (let key = this.scoped(this.job.key); ;) {
			const coming = this.find(key);
			this.share(key);
			if (coming) {
				this.go();
				const outcome = await coming;
				if (!this.isShared(outcome)) {
					// An identical one was tried as often as may be, without an answer.
					if ('failure' in outcome && outcome.failure.sent > 0) this.maxAttempts = 1;
					continue;
				}
				if ('failure' in outcome) this.tools.failed(this.index, outcome.failure);
				return outcome;
			}
			const outcome = await this.work();
			if (!('result' in outcome)) return outcome;
			if ('kept' in outcome.result) return { result: outcome.result.kept };
			key = outcome.result.sameAs;
		}
	}

	private async work(): Promise<Outcome<Found<Answer>>> {
		const { job, tools } = this;
		if (!('fetch' in job.body)) return await this.send(job.body);
		const fetched = await outcomeOf(job.body.fetch, tools.asFailure);
		if ('failure' in fetched) {
			if (tools.stop.aborted) return { interrupted: null };
			tools.failed(this.index, fetched.failure);
			return fetched;
		}
		this.free = fetched.result.free;
		const outcome = await this.send(fetched.result);
		this.free();
		return outcome;
	}

	private async send(source: Source): Promise<Outcome<Found<Answer>>> {
		const { maxAttempts } = this;
		const { lane, patienceMs } = this.job;
		const attempt = async (slot: Slot) => await this.attempt(slot, source);
		const failed = (failure: Failure) => this.tools.failed(this.index, failure);
		return await withRetries({ lane, patienceMs, maxAttempts, bytes: source.bytes, attempt, failed }, this.tools);
	}

	private async attempt(slot: Slot, source: Source): Promise<Found<Answer> | null> {
		this.go();
		const body = await source.build();
		const key = this.scoped(body.key);
		const isSame = key !== null && this.find(key) !== undefined;
		if (isSame || this.tools.stop.aborted) {
			body.recycle();
			slot.end('neutral');
			return isSame ? { sameAs: key } : null;
		}
		this.share(key);
		const kept = { answer: await this.call(slot, body), payer: this.job.payer };
		if (!this.job.isOfRun) this.tools.reuse?.keep(this.keys, kept);
		return { kept };
	}

	/** Where no answer came the body may be on its way still: its buffer is not used again. */
	private async call(slot: Slot, body: Body): Promise<Answer> {
		let isRecycled = false;
		const recycle = () => {
			if (!isRecycled) body.recycle();
			isRecycled = true;
		};
		const begun: Begun = (verdict, failure) => {
			if (verdict === 'accepted') {
				recycle();
				this.free();
			}
			slot.begun(verdict, failure);
		};
		try {
			const answer = await this.job.send(body.bytes, begun);
			recycle();
			return answer;
		} catch (error) {
			const failure = this.tools.asFailure(error);
			if (failure.handling.notBegun) recycle();
			throw failure;
		}
	}

	/** Whether what became of it holds for an identical input as well. */
	private isShared(outcome: Outcome<unknown>): boolean {
		return 'result' in outcome || ('failure' in outcome && outcome.failure.sent > 0 && this.tools.mayShare(outcome.failure));
	}

	private scoped(key: string | null): string | null {
		return key === null ? null : `${this.job.scope} ${key}`;
	}

	/** What becomes of an identical input, where there is another. */
	private find(key: string | null): Coming<Answer> | undefined {
		return key === null || this.keys.has(key) ? undefined : this.tools.reuse?.find(key);
	}

	/** Lets identical inputs find this one. */
	private share(key: string | null): void {
		if (key === null || this.keys.has(key)) return;
		this.keys.add(key);
		this.tools.reuse?.lead(key, this.coming);
	}
}
