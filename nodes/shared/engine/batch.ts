import { outcomeOf, type Failure, type Outcome } from './failure';
import { Item, type BatchTools } from './item';
import type { Lane } from './lane';
import type { Task } from './task';

/** Items whose bodies are built ahead, and that are not in flight yet, at most. */
const MOST_AHEAD = 10;

/**
 * Runs the tasks of a batch, as many at once as the account lets in, each prepared just before its turn, or all before the first.
 * @param count how many items there are
 * @param prepare makes the task of one item; may throw what `asFailure` makes a failure of
 * @returns what became of the items, in their order
 */
export async function runBatch<Answer, Result>(
	count: number,
	prepare: (index: number) => Promise<Task<Answer, Result>>,
	tools: BatchTools<Answer>,
): Promise<Array<Outcome<Result>>> {
	const outcomes = new Array<Outcome<Result>>(count).fill({ interrupted: null });
	const running: Array<Promise<void>> = [];
	const ahead = new Set<Promise<void>>();
	const waiting = new Map<Lane, number>();
	for await (const [index, prepared] of preparing(count, prepare, tools)) {
		if ('failure' in prepared) {
			outcomes[index] = prepared;
			continue;
		}
		const task = prepared.result;
		const item = new Item(index, task, task.lane ? { ...tools, lane: task.lane } : tools);
		let end: Promise<Outcome<Result>>;
		if (task.lane) {
			end = beginBeside(item, task.lane, waiting);
		} else {
			tools.lane.expect(count - index);
			({ end } = await item.begin());
		}
		running.push(
			end.then((outcome) => {
				outcomes[index] = outcome;
			}),
		);
		if (task.isBuiltAhead) await bound(ahead, item.gone);
	}
	tools.lane.expect(0);
	await Promise.all(running);
	return outcomes;
}

type Prepared<Answer, Result> = [index: number, { result: Task<Answer, Result> } | { failure: Failure }];

/** Prepares the items in their order until everything is stopped: each when it is asked for, or all before the first is given. */
async function* preparing<Answer, Result>(
	count: number,
	prepare: (index: number) => Promise<Task<Answer, Result>>,
	tools: BatchTools<Answer>,
): AsyncGenerator<Prepared<Answer, Result>> {
	const all: Array<Prepared<Answer, Result>> = [];
	for (let index = 0; index < count && !tools.stop.aborted; index += 1) {
		const prepared = await outcomeOf(async () => await prepare(index), tools.asFailure);
		if ('failure' in prepared) tools.failed(index, prepared.failure);
		if (tools.preparesAllFirst) all.push([index, prepared]);
		else yield [index, prepared];
	}
	// What fails stops the others where nothing has begun yet.
	for (const [index, prepared] of all) if (!tools.stop.aborted || 'failure' in prepared) yield [index, prepared];
}

/** Has an item wait in a lane of its own. @param waiting how many do, by lane */
async function beginBeside<Answer, Result>(
	item: Item<Answer, Result>,
	lane: Lane,
	waiting: Map<Lane, number>,
): Promise<Outcome<Result>> {
	const count = (more: number) => {
		waiting.set(lane, (waiting.get(lane) ?? 0) + more);
		lane.expect(waiting.get(lane)!);
	};
	count(1);
	const { end } = await item.begin();
	count(-1);
	return await end;
}

/** Adds `gone` to those that are ahead, and waits until there is room for one more. */
async function bound(ahead: Set<Promise<void>>, gone: Promise<void>): Promise<void> {
	ahead.add(gone);
	void gone.then(() => ahead.delete(gone));
	while (ahead.size >= MOST_AHEAD) await Promise.race(ahead);
}
