import { outcomeOf, type Outcome } from './failure';
import { Item, type BatchTools } from './item';
import type { Task } from './task';

/** Items whose bodies are built ahead, and that are not in flight yet, at most. */
const MOST_AHEAD = 10;

/**
 * Runs the tasks of a batch, as many at once as the account lets in, each prepared just before its turn.
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
	for (let index = 0; index < count && !tools.stop.aborted; index += 1) {
		const prepared = await outcomeOf(async () => await prepare(index), tools.asFailure);
		if ('failure' in prepared) {
			tools.failed(index, prepared.failure);
			outcomes[index] = prepared;
			continue;
		}
		const item = new Item(index, prepared.result, tools);
		tools.lane.expect(count - index);
		const { end } = await item.begin();
		running.push(
			end.then((outcome) => {
				outcomes[index] = outcome;
			}),
		);
		if (prepared.result.isBuiltAhead) await bound(ahead, item.gone);
	}
	tools.lane.expect(0);
	await Promise.all(running);
	return outcomes;
}

/** Adds `gone` to those that are ahead, and waits until there is room for one more. */
async function bound(ahead: Set<Promise<void>>, gone: Promise<void>): Promise<void> {
	ahead.add(gone);
	void gone.then(() => ahead.delete(gone));
	while (ahead.size >= MOST_AHEAD) await Promise.race(ahead);
}
