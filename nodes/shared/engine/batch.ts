import { outcomeOf, type Failure, type Outcome } from './failure';
import type { Job } from './job';
import { JobRun, type JobTools } from './jobRun';

/** Jobs for which something is fetched ahead, and that are not in flight yet, at most. */
const MOST_AHEAD = 10;

export interface BatchTools<Answer> extends JobTools<Answer> {
	/** Whether all jobs are prepared before the first begins, and then wait side by side; otherwise each is prepared just before its turn. */
	preparesAllFirst: boolean;
}

/**
 * Does the jobs of a batch, as many at once as the account lets in.
 * @param count how many there are
 * @param prepare makes one of them; may throw what `asFailure` makes a failure of
 * @returns what became of them, in their order
 */
export async function runBatch<Answer, Result>(
	count: number,
	prepare: (index: number) => Promise<Job<Answer, Result>>,
	tools: BatchTools<Answer>,
): Promise<Array<Outcome<Result>>> {
	const outcomes = new Array<Outcome<Result>>(count).fill({ interrupted: null });
	const running: Array<Promise<void>> = [];
	const ahead = new Set<Promise<void>>();
	for await (const [index, prepared] of preparing(count, prepare, tools)) {
		if ('failure' in prepared) {
			outcomes[index] = prepared;
			continue;
		}
		const job = prepared.result;
		job.lane.toCome = count - index;
		const jobRun = new JobRun(index, job, tools);
		running.push(
			jobRun.run().then((outcome) => {
				outcomes[index] = outcome;
			}),
		);
		const { gone } = jobRun;
		if ('fetch' in job.body) {
			ahead.add(gone);
			void gone.then(() => ahead.delete(gone));
			while (ahead.size >= MOST_AHEAD) await Promise.race(ahead);
		} else if (!tools.preparesAllFirst) await gone;
	}
	await Promise.all(running);
	return outcomes;
}

type Prepared<Answer, Result> = [index: number, { result: Job<Answer, Result> } | { failure: Failure }];

/** Prepares jobs in their order until everything is stopped: each when it is asked for, or all before the first is given. */
async function* preparing<Answer, Result>(
	count: number,
	prepare: (index: number) => Promise<Job<Answer, Result>>,
	tools: BatchTools<Answer>,
): AsyncGenerator<Prepared<Answer, Result>> {
	const all: Array<Prepared<Answer, Result>> = [];
	for (let index = 0; index < count && !tools.stop.aborted; index += 1) {
		await tools.turns.next();
		const prepared = await outcomeOf(async () => await prepare(index), tools.asFailure);
		if ('failure' in prepared) tools.failed(index, prepared.failure);
		if (tools.preparesAllFirst) all.push([index, prepared]);
		else yield [index, prepared];
	}
	// What fails stops the others where nothing has begun yet.
	for (const [index, prepared] of all) {
		await tools.turns.next();
		if (!tools.stop.aborted || 'failure' in prepared) yield [index, prepared];
	}
}
