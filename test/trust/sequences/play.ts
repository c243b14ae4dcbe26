import { makeTask } from '../../../nodes/KlingGeneration/tasks/makeTask';
import { Clock } from '../../../nodes/shared/engine/clock';
import { Lane } from '../../../nodes/shared/engine/lane';
import { withRetries } from '../../../nodes/shared/engine/retry';
import { Room } from '../../../nodes/shared/engine/room';
import type { Slot } from '../../../nodes/shared/engine/slot';
import { asKlingError } from '../../../nodes/shared/kling/klingError';
import { routeOf } from '../../../nodes/shared/kling/tasks/taskRoutes';
import { VirtualTime } from '../../bench/simulator/virtualTime';
import { fakeItem } from '../../unit/fakeItem';
import { seeded } from '../chaos/random';
import { ChanceProvider, type Behaviour } from './provider';

/** What became of the sequences of one configuration. */
export interface Tally {
	sequences: number;
	/** Those in which more than one task was made for the item; under a Task Key, where the one before had not failed. */
	paidTwice: number;
	/** Those in which a task was made, and from then on a try ended with neither a result nor an error that names it; of tries in other processes, all. */
	lost: number;
	/** Those that ended with a result. */
	finished: number;
}

/** How often n8n tries an item again, each time within the same execution. */
const MOST_TRIES = 4;

/** A provider; whether some tries are made in another process, which knows nothing of those before; and whether they are made under a Task Key. */
export type Tried = Behaviour & { forgets?: boolean; isKeyed?: boolean };

/** Plays random sequences of answers, faults and tries, side by side on a clock of their own. */
export async function play(behaviour: Tried, count: number, seed: number): Promise<Tally> {
	const time = new VirtualTime();
	const random = jest.spyOn(Math, 'random').mockImplementation(seeded(seed));
	const numbers = seeded(seed + 1);
	const played = Promise.all(
		Array.from({ length: count }, async (_none, index) => await sequence(behaviour, time, numbers, index)),
	);
	await time.until(played);
	random.mockRestore();
	const seen = await played;
	const sum = (one: keyof (typeof seen)[number]) => seen.filter((each) => each[one]).length;
	return { sequences: count, paidTwice: sum('paidTwice'), lost: sum('lost'), finished: sum('finished') };
}

async function sequence(behaviour: Tried, time: VirtualTime, random: () => number, index: number) {
	const provider = new ChanceProvider(behaviour, time, random, 0.2 + random() * 0.7);
	const externalId = `n8n-${index.toString(16).padStart(32, '0')}`;
	const tries = 1 + Math.floor(random() * MOST_TRIES);
	let execution = new AbortController();
	const seen: Array<{ names: string[]; isResult: boolean }> = [];
	for (; provider.tries < tries && !seen.at(-1)?.isResult; provider.tries += 1) {
		if (behaviour.forgets && random() < 0.5) execution = new AbortController();
		seen.push(await tryOnce(provider, behaviour, { time, execution: execution.signal, externalId }));
	}
	// What arrives late has arrived.
	await time.sleep(behaviour.lateMs);
	const ids = [externalId, ...provider.tasks.map(({ id }) => id)];
	const since = seen.slice(Math.min(...provider.tasks.map(({ madeBy }) => madeBy)));
	const named = since.filter(({ names }) => names.some((name) => ids.includes(name)));
	// A process whose creates are all refused has no sign of a task that another one made, and named.
	const fewest = behaviour.forgets ? 1 : since.length;
	return {
		paidTwice: provider.tasks.some((task, index) => index > 0 && !mayFollow(task, provider.tasks[index - 1]!, behaviour)),
		lost: provider.tasks.length > 0 && named.length < fewest,
		finished: seen.at(-1)!.isResult,
	};
}

type Made = ChanceProvider['tasks'][number];

/** Whether a task may be made after another one: only under a Task Key, where that one failed. */
const mayFollow = ({ madeAt }: Made, { fails, endsAt }: Made, { isKeyed }: Tried): boolean =>
	isKeyed === true && fails && endsAt <= madeAt;

interface Try {
	time: VirtualTime;
	execution: AbortSignal;
	externalId: string;
}

/** One try of an item, as the engine makes it. @returns the ids that its result or its error names */
async function tryOnce(
	provider: ChanceProvider,
	{ route: operation, model, isKeyed }: Tried,
	{ time, execution, externalId }: Try,
) {
	const clock = new Clock(time.sleep, () => time.now);
	const item = fakeItem(provider, { clock, execution, maxWaitMs: 300_000 });
	const route = routeOf(operation, model);
	const body = Buffer.from(JSON.stringify({ image: 'x', external_task_id: externalId }));
	const { run, options } = item;
	const lane = new Lane(run.account.tasks('video'), new Room(5));
	const outcome = await withRetries(
		{
			lane,
			bytes: 0,
			maxAttempts: options.maxAttempts,
			patienceMs: options.maxWaitMs,
			attempt: async (slot: Slot) => await makeTask(item, { route, isKeyed }, body, (verdict) => slot.begun(verdict)),
		},
		run.tools,
	);
	lane.leave();
	if ('result' in outcome) return { names: [outcome.result.result.taskId], isResult: true };
	const { taskId, externalTaskId } = asKlingError('failure' in outcome ? outcome.failure : outcome.interrupted).details;
	return { names: [taskId, externalTaskId].filter((id) => id !== undefined), isResult: false };
}
