import type { Created, Known } from './createOnce';
import { outcomeOf, type Failure } from './failure';
import type { RetryTools } from './retry';

/** The wait before a question is asked again, in milliseconds: each twice the one before, up to the longest. */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;
/** So many tasks under one key are looked at. */
const MOST_TASKS = 100;

/** How the task of a key is found, or else created. */
export interface KeyedCreation<T> {
	/** The external id of the first task under the key. */
	firstId: string;
	/** That of the one that follows this one. */
	nextId(id: string): string;
	/** How long each is asked for at most, in milliseconds. */
	maxWaitMs: number;
	/** Looks for a task. @returns null where the provider says that there is none. @throws where it does not say */
	find(id: string): Promise<Known<T> | null>;
	/** Whether no further question can be answered. */
	endsLooking(failure: Failure): boolean;
	/** Whether a task that was found is of no use any more, so that the next one counts. */
	isSpent(task: T): boolean;
	/** Creates a task once. @throws as `createOnce` */
	create(id: string): Promise<Created<T>>;
	/** The failure where it is not known whether there is a task. @param failure of the latest question; null: none was answered before everything was stopped */
	unknown(id: string, failure: Failure | null): Failure;
	/** The failure where all tasks that were looked at are of no use. @param id the last one's */
	allSpent(id: string, count: number): Failure;
}

/** A task under a key. */
export interface Keyed<T> extends Created<T> {
	externalTaskId: string;
}

/**
 * The task of a key: the first one that is of use; where there is none, it is created. A question costs nothing and a task does, so nothing is
 * created before the provider has said that there is none.
 * @throws Failure that `creation` makes
 */
export async function createKeyed<T>(creation: KeyedCreation<T>, tools: RetryTools): Promise<Keyed<T>> {
	let externalTaskId = creation.firstId;
	for (let tasks = 1; ; tasks += 1) {
		const found = await find(creation, externalTaskId, tools);
		if (!found) return { ...(await creation.create(externalTaskId)), externalTaskId };
		if (!creation.isSpent(found.task)) return { ...found, createdAt: tools.clock.now(), sends: 0, externalTaskId };
		if (tasks === MOST_TASKS) throw creation.allSpent(externalTaskId, tasks);
		externalTaskId = creation.nextId(externalTaskId);
	}
}

/** Asks until the provider says whether there is such a task. */
async function find<T>(creation: KeyedCreation<T>, id: string, { clock, asFailure, stop }: RetryTools): Promise<Known<T> | null> {
	const deadline = clock.now() + creation.maxWaitMs;
	let last: Failure | null = null;
	for (let wait = FIRST_WAIT_MS; !stop.aborted; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
		const outcome = await outcomeOf(async () => await creation.find(id), asFailure);
		if ('result' in outcome) return outcome.result;
		last = outcome.failure;
		const next = Math.max(wait, last.handling.retryAfterMs ?? 0);
		if (creation.endsLooking(last) || clock.now() + next > deadline) break;
		await clock.wait(next, stop);
	}
	throw creation.unknown(id, last);
}
