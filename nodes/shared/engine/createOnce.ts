import type { Clock } from './clock';
import { outcomeOf, type AsFailure, type Failure } from './failure';
import type { Created, Doubt, TaskMemory } from './taskMemory';

/** Waits before the looks for a task whose create got no clear answer, in milliseconds; the last one again and again. */
const LOOK_WAITS_MS = [1000, 9000, 20_000];
/** How many looks have to be answered with "there is none": a create that was not answered may still be under way. */
const LOOKS = 3;
/** How many creates may end without a clear answer, where each time it was proven that there is no task. */
const MOST_UNCLEAR = 3;

/** A task that exists, as an answer tells of it. */
type Known<T> = Pick<Created<T>, 'task' | 'taskId'>;

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
	/** A failure after which nothing was created, where an earlier create got no clear answer. */
	doubted(failure: Failure): Failure;
}

export interface CreationTools<T> {
	memory: TaskMemory<T>;
	clock: Clock;
	asFailure: AsFailure;
	/** Aborted when nothing may be sent any more. */
	stop: AbortSignal;
}

/**
 * Creates a task once, whatever happens: what this execution created already is taken up; what may exist is looked for by its external id,
 * and is created again only where the provider proved that it does not exist, under the same external id. Once in doubt, in doubt: no later
 * refusal makes it forget that a create got no clear answer.
 * @throws Failure with the number of creates sent
 */
export async function createOnce<T>(creation: Creation<T>, tools: CreationTools<T>): Promise<Created<T>> {
	const { externalTaskId: id } = creation;
	const before = tools.memory.find(id);
	if (typeof before === 'object') return before;
	const counted = { sends: 0 };
	const known = await findOrCreate(creation, tools, counted, before);
	const created = { ...known, createdAt: tools.clock.now(), sends: counted.sends };
	tools.memory.created(id, created);
	return created;
}

async function findOrCreate<T>(
	creation: Creation<T>,
	tools: CreationTools<T>,
	counted: { sends: number },
	before: Doubt | undefined,
): Promise<Known<T>> {
	const { externalTaskId: id } = creation;
	if (before === 'unclear') {
		const found = await lookAgain(creation, tools, () => creation.unclear(null, 0));
		if (found) return found;
	}
	let isDoubted = before !== undefined;
	for (let unclears = 1; ; unclears += 1) {
		tools.memory.doubt(id, 'unclear');
		const outcome = await outcomeOf(creation.create, tools.asFailure);
		if ('result' in outcome) {
			counted.sends += 1;
			return outcome.result;
		}
		const { failure } = outcome;
		counted.sends += failure.sent;
		const { sends } = counted;
		const verdict = creation.judge(failure);
		if (verdict === 'nothing') {
			if (isDoubted) tools.memory.doubt(id, 'absent');
			else tools.memory.forget(id);
			throw isDoubted ? creation.doubted(failure.afterAttempts(sends)) : failure.afterAttempts(sends);
		}
		isDoubted = true;
		const inDoubt = () => (verdict === 'exists' ? creation.missing(failure, sends) : creation.unclear(failure, sends));
		const found = await lookAgain(creation, tools, inDoubt);
		if (found) return found;
		if (verdict === 'exists' || unclears >= MOST_UNCLEAR) throw inDoubt();
	}
}

/**
 * Looks for a task that may exist.
 * @returns null where it is proven that there is none
 * @throws Failure that `inDoubt` makes, where that is not proven
 */
async function lookAgain<T>(creation: Creation<T>, tools: CreationTools<T>, inDoubt: () => Failure): Promise<Known<T> | null> {
	const found = await look(creation, tools, inDoubt);
	if (found) return found;
	if (!creation.isProvable) throw inDoubt();
	tools.memory.doubt(creation.externalTaskId, 'absent');
	return null;
}

/**
 * Looks for a task until it is found, or the provider has said often enough that there is none.
 * @returns null where there is none
 * @throws Failure that `inDoubt` makes, where the provider does not say in time or the execution was stopped
 */
async function look<T>(
	creation: Creation<T>,
	{ clock, asFailure, stop }: CreationTools<T>,
	inDoubt: () => Failure,
): Promise<Known<T> | null> {
	const deadline = clock.now() + creation.maxWaitMs;
	let answers = 0;
	for (let looks = 0; answers < LOOKS; looks += 1) {
		await clock.wait(LOOK_WAITS_MS[Math.min(looks, LOOK_WAITS_MS.length - 1)]!, stop);
		if (stop.aborted || clock.now() > deadline) throw inDoubt();
		const outcome = await outcomeOf(creation.find, asFailure);
		if ('failure' in outcome) {
			if (creation.endsLooking(outcome.failure)) throw inDoubt();
			continue;
		}
		if (outcome.result) return outcome.result;
		answers += 1;
	}
	return null;
}
