import { outcomeOf, type Failure } from './failure';
import type { RetryTools } from './retry';

/** Waits before the looks for a task whose create got no clear answer, in milliseconds; the last one again and again. */
const LOOK_WAITS_MS = [1000, 9000, 20_000];
/** How many looks have to be answered with "there is none": a create that was not answered may still be under way. */
const LOOKS = 3;
/** How many creates of one try may end without a clear answer, where each time it was proven that there is no task. */
const MOST_UNCLEAR = 3;

/** A task that exists, as an answer tells of it. */
export interface Known<T> {
	task: T;
	taskId: string;
}

/** The same, since when it is known, by the clock, and how many creates were sent for it. */
export interface Created<T> extends Known<T> {
	createdAt: number;
	sends: number;
}

/** A create got no clear answer: the task may exist; or it was proven that it does not, and still everything that is said of it names its external id. */
interface Doubt {
	mayExist: boolean;
	/** How many creates got none so far. */
	unclears: number;
}

/** The tasks of one account that an execution created, or may have, by their external ids. */
export type TaskMemory<T> = Map<string, Created<T> | Doubt>;

/** How one task is created and looked for. */
export interface Creation<T> {
	externalTaskId: string;
	/** How long it is looked for at most, in milliseconds. */
	maxWaitMs: number;
	/** Sends the create, once. @throws what `asFailure` makes a failure of */
	create(): Promise<Known<T>>;
	/** Looks for the task by its external id. @returns null where there is none. @throws where the provider does not say */
	find(): Promise<Known<T> | null>;
	/** Whether "there is none" is proof, and a second create with the same external id is refused by the provider. */
	isProvable: boolean;
	/** What a failed create came to: nothing was created; the task is known already; or nobody knows. */
	judge(failure: Failure): 'nothing' | 'exists' | 'unclear';
	/** Whether no further look can be answered. */
	endsLooking(failure: Failure): boolean;
	/** The failure where the task may exist, and is not found. @param doubt what the create was answered with; null: in an earlier run */
	unclear(doubt: Failure | null, sends: number): Failure;
	/** The failure where the provider says that the task exists, and it is not found. */
	missing(doubt: Failure, sends: number): Failure;
	/** The failure where the create got no clear answer, and it was proven that there is no task: it is to be sent again, when it is its turn. */
	absent(doubt: Failure, sends: number): Failure;
	/** A failure after which nothing was created, where an earlier create got no clear answer. */
	doubted(failure: Failure): Failure;
}

export interface CreationTools<T> extends RetryTools {
	memory: TaskMemory<T>;
}

/**
 * Creates a task once, whatever happens: what this execution created already is taken up; what may exist is looked for by its external id,
 * and is to be created again only where the provider proved that it does not exist, under the same external id. Once in doubt, in doubt: no
 * later refusal makes it forget that a create got no clear answer.
 * @throws Failure with the number of creates sent
 */
export async function createOnce<T>(creation: Creation<T>, tools: CreationTools<T>): Promise<Created<T>> {
	const { externalTaskId: id } = creation;
	const { memory, clock } = tools;
	const before = memory.get(id);
	if (before && 'task' in before) return before;
	const found = before?.mayExist ? await look(creation, tools, 0, () => creation.unclear(null, 0)) : null;
	const known = found ? { ...found, sends: 0 } : await create(creation, tools, before?.unclears ?? 0);
	const created = { ...known, createdAt: clock.now() };
	memory.set(id, created);
	return created;
}

/** @param before how many creates before got no clear answer */
async function create<T>(creation: Creation<T>, tools: CreationTools<T>, before: number): Promise<Omit<Created<T>, 'createdAt'>> {
	const { externalTaskId: id } = creation;
	const { memory } = tools;
	const unclears = before + 1;
	memory.set(id, { mayExist: true, unclears });
	const outcome = await outcomeOf(creation.create, tools.asFailure);
	if ('result' in outcome) return { ...outcome.result, sends: 1 };
	const { failure } = outcome;
	const { sent } = failure;
	const verdict = creation.judge(failure);
	if (verdict === 'nothing') {
		if (before > 0) memory.set(id, { mayExist: false, unclears: before });
		else memory.delete(id);
		throw before > 0 ? creation.doubted(failure) : failure;
	}
	const inDoubt = () => (verdict === 'exists' ? creation.missing(failure, sent) : creation.unclear(failure, sent));
	const found = await look(creation, tools, failure.handling.retryAfterMs ?? 0, inDoubt);
	if (found) return { ...found, sends: sent };
	memory.set(id, { mayExist: false, unclears });
	throw verdict === 'exists' || unclears % MOST_UNCLEAR === 0 ? inDoubt() : creation.absent(failure, sent);
}

/**
 * Looks for a task that may exist, until it is found, or the provider has said often enough that there is none.
 * @param firstWaitMs the wait before the first look at least
 * @returns null where it is proven that there is none
 * @throws Failure that `inDoubt` makes, where that is not proven: the provider does not say in time, or the execution was stopped
 */
async function look<T>(
	creation: Creation<T>,
	{ clock, asFailure, stop }: CreationTools<T>,
	firstWaitMs: number,
	inDoubt: () => Failure,
): Promise<Known<T> | null> {
	if (firstWaitMs > creation.maxWaitMs) throw inDoubt();
	const deadline = clock.now() + creation.maxWaitMs;
	let answers = 0;
	for (let looks = 0; answers < LOOKS; looks += 1) {
		const wait = Math.max(LOOK_WAITS_MS[Math.min(looks, LOOK_WAITS_MS.length - 1)]!, looks === 0 ? firstWaitMs : 0);
		const left = deadline - clock.now();
		await clock.wait(Math.min(wait, left), stop);
		if (stop.aborted) throw inDoubt();
		const outcome = await outcomeOf(creation.find, asFailure);
		if ('failure' in outcome && creation.endsLooking(outcome.failure)) throw inDoubt();
		if ('result' in outcome && outcome.result) return outcome.result;
		// The last look may come too early to prove anything.
		if (wait > left) throw inDoubt();
		if ('result' in outcome) answers += 1;
	}
	if (!creation.isProvable) throw inDoubt();
	return null;
}
