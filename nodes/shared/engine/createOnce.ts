import type { Clock } from './clock';
import type { AsFailure, Failure } from './failure';
import type { TaskMemory } from './taskMemory';

/** Waits before the looks for a task whose create got no clear answer, in milliseconds; the last one again and again. */
const LOOK_WAITS_MS = [1000, 4000, 10_000];
/** How many looks have to be answered with "there is none": a create that was not answered may still be under way. */
const LOOKS = 3;
/** How many creates may end without a clear answer, where each time it was proven that there is no task. */
const MOST_UNCLEAR = 3;

/** A task that exists, as an answer tells of it. */
interface Known<T> {
	task: T;
	taskId: string;
}

/** A task that exists. */
export interface Created<T> extends Known<T> {
	/** When this is known since, in milliseconds since 1970. */
	createdAt: number;
}

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
	/** What a failed create came to: never begun and free to be sent again, refused for good, known already, or unclear. */
	judge(failure: Failure): 'notBegun' | 'refused' | 'exists' | 'unclear';
	/** Whether no further look can be answered. */
	endsLooking(failure: Failure): boolean;
	/** A create was never begun: waits until it may be sent again. @throws where it may not, as when the execution was stopped */
	waitForTurn(failure: Failure): Promise<void>;
	/** The failure where the task may exist, and is not found. @param doubt what the create was answered with; null: in an earlier run */
	unclear(doubt: Failure | null, sends: number): Failure;
	/** The failure where the provider says that the task exists, and it is not found. */
	missing(doubt: Failure, sends: number): Failure;
}

export interface CreationTools {
	memory: TaskMemory;
	clock: Clock;
	asFailure: AsFailure;
	/** Aborted when nothing may be sent any more. */
	stop: AbortSignal;
}

/**
 * Creates a task once, whatever happens: what may exist is looked for by its external id, and is created again only where the provider
 * proved that it does not exist, under the same external id.
 * @throws Failure with the number of creates sent
 */
export async function createOnce<T>(creation: Creation<T>, tools: CreationTools): Promise<Created<T>> {
	const { externalTaskId: id } = creation;
	const known = await findOrCreate(creation, tools);
	const createdAt = Date.now();
	tools.memory.created(id, known.taskId, createdAt);
	return { ...known, createdAt };
}

async function findOrCreate<T>(creation: Creation<T>, tools: CreationTools): Promise<Known<T>> {
	const { externalTaskId: id } = creation;
	const { memory } = tools;
	let sends = 0;
	let unclears = 0;
	if (memory.find(id) === 'unclear') {
		const found = await look(creation, tools, () => creation.unclear(null, sends));
		if (found) return found;
		if (!creation.isProvable) throw creation.unclear(null, sends);
	}
	for (;;) {
		memory.unclear(id);
		const outcome = await attempt(creation.create(), tools.asFailure);
		if ('value' in outcome) return outcome.value;

		const { failure } = outcome;
		sends += failure.sent;
		const verdict = creation.judge(failure);
		if (verdict === 'exists') {
			const found = await look(creation, tools, () => creation.missing(failure, sends));
			if (!found) throw creation.missing(failure, sends);
			return found;
		}
		if (verdict === 'unclear') {
			unclears += 1;
			const found = await look(creation, tools, () => creation.unclear(failure, sends));
			if (found) return found;
			if (!creation.isProvable || unclears >= MOST_UNCLEAR) throw creation.unclear(failure, sends);
			continue;
		}
		memory.forget(id);
		if (verdict === 'refused') throw failure.afterAttempts(sends);
		await creation.waitForTurn(failure.afterAttempts(sends));
	}
}

/**
 * Looks for a task until it is found, or the provider has said often enough that there is none.
 * @returns null where there is none
 * @throws Failure that `inDoubt` makes, where the provider does not say in time or the execution was stopped
 */
async function look<T>(
	creation: Creation<T>,
	{ clock, asFailure, stop }: CreationTools,
	inDoubt: () => Failure,
): Promise<Known<T> | null> {
	const deadline = Date.now() + creation.maxWaitMs;
	let answers = 0;
	for (let looks = 0; answers < LOOKS; looks += 1) {
		await clock.wait(LOOK_WAITS_MS[Math.min(looks, LOOK_WAITS_MS.length - 1)]!, stop);
		if (stop.aborted || Date.now() > deadline) throw inDoubt();
		const outcome = await attempt(creation.find(), asFailure);
		if ('failure' in outcome) {
			if (creation.endsLooking(outcome.failure)) throw inDoubt();
			continue;
		}
		if (outcome.value) return outcome.value;
		answers += 1;
	}
	return null;
}

async function attempt<T>(work: Promise<T>, asFailure: AsFailure): Promise<{ value: T } | { failure: Failure }> {
	try {
		return { value: await work };
	} catch (error) {
		return { failure: asFailure(error) };
	}
}
