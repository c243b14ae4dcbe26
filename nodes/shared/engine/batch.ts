import type { AsFailure, Failure } from './failure';
import type { Gate, Slot } from './gate';
import { withRetries, type RetryTools } from './retry';
import type { Reuse } from './reuse';

/** A request body, built. */
export interface Body {
	bytes: Buffer;
	/** Identity of the content, where it was not known before. */
	key: string | null;
	/** Gives the memory back: the request was answered. */
	recycle(): void;
}

/** The input of one item, ready to become a request body. */
export interface ReadyInput {
	/** Identity where it is known without reading the bytes. */
	key: string | null;
	/** Size of the request body, in bytes. */
	bytes: number;
	build(): Promise<Body>;
}

/** An input that has to be fetched before a slot is taken; its size is assumed until then. */
export interface InputToLoad {
	key: string | null;
	bytes: number;
	load(): Promise<ReadyInput>;
}

export type Input = ReadyInput | InputToLoad;

/** One item's work: what is sent, and what becomes of the answer. */
export type Task<Answer, Result> = Input & {
	maxAttempts: number;
	send(body: Buffer, bodyIsDone: () => void): Promise<Answer>;
	finish(answer: Answer, reused: boolean): Promise<Result>;
};

export type Outcome<Result> = { result: Result } | { failure: Failure } | { interrupted: Failure | null };

export interface BatchTools<Answer> extends RetryTools {
	gate: Gate;
	/** Absent where identical inputs are sent each. */
	reuse: Reuse<Answer> | null;
	/** Called when an item failed, once or twice; may stop the batch. */
	failed(index: number, failure: Failure): void;
}

/**
 * Runs the tasks of a batch, as many at once as the gate lets in, each prepared just before its turn.
 * @param count how many items there are
 * @param prepare makes the task of one item; may throw what `asFailure` makes a failure of
 * @returns the outcomes in the order of the items; undefined where an item was not begun because the batch was stopped
 */
export async function runBatch<Answer, Result>(
	count: number,
	prepare: (index: number) => Promise<Task<Answer, Result>>,
	tools: BatchTools<Answer>,
): Promise<Array<Outcome<Result>>> {
	const outcomes = new Array<Outcome<Result>>(count).fill({ interrupted: null });
	const running: Array<Promise<void>> = [];
	const settle = async (index: number, work: Promise<Result>) => {
		outcomes[index] = await outcomeOf(work, tools.asFailure);
		if ('failure' in outcomes[index]) tools.failed(index, outcomes[index].failure);
	};

	for (let index = 0; index < count && !tools.stop.aborted; index += 1) {
		const task = await outcomeOf(prepare(index), tools.asFailure);
		if (!('result' in task)) {
			await settle(index, Promise.reject((task as { failure: Failure }).failure));
			continue;
		}
		const known = find(task.result.key, tools);
		if (known) {
			running.push(
				settle(
					index,
					known.then((answer) => task.result.finish(answer, true)),
				),
			);
			continue;
		}
		const ready = await outcomeOf('load' in task.result ? task.result.load() : Promise.resolve(task.result), tools.asFailure);
		if (!('result' in ready)) {
			await settle(index, Promise.reject((ready as { failure: Failure }).failure));
			continue;
		}
		tools.gate.expect(count - index);
		const slot = await tools.gate.enter(ready.result.bytes);
		if (slot)
			running.push(
				settle(
					index,
					lead({ ...task.result, ...ready.result }, slot, tools).then((answer) => task.result.finish(answer, false)),
				),
			);
	}
	await Promise.all(running);
	return outcomes;
}

async function outcomeOf<T>(work: Promise<T>, asFailure: AsFailure): Promise<Outcome<T>> {
	try {
		return { result: await work };
	} catch (error) {
		return { failure: asFailure(error) };
	}
}

function find<Answer>(key: string | null, { reuse }: BatchTools<Answer>): Promise<Answer> | undefined {
	return key === null ? undefined : reuse?.find(key);
}

/** Sends a task's request, and lets identical ones share its answer. */
function lead<Answer, Result>(task: Task<Answer, Result> & ReadyInput, slot: Slot, tools: BatchTools<Answer>): Promise<Answer> {
	const keys = new Set<string>();
	const share = (key: string | null) => {
		if (key === null || keys.has(key)) return;
		keys.add(key);
		tools.reuse?.lead(key, answer);
	};
	const attempt = async () => {
		const body = await task.build();
		const known = body.key !== null && keys.has(body.key) ? undefined : find(body.key, tools);
		if (known) {
			body.recycle();
			return { sent: false, value: known };
		}
		share(body.key);
		const value = await task.send(body.bytes, () => {});
		body.recycle();
		return { sent: true, value };
	};
	const { bytes, maxAttempts } = task;
	const answer = withRetries({ bytes, maxAttempts, attempt }, slot, tools);
	share(task.key);
	return answer;
}
