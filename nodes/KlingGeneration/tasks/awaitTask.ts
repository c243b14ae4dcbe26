import { asKlingError } from '../../shared/kling/klingError';
import {
	taskFailed,
	taskLate,
	taskLeft,
	taskNotFound,
	taskOutOfReach,
	type FailedTask,
} from '../../shared/kling/tasks/taskErrors';
import type { TaskState } from '../../shared/kling/tasks/taskState';
import { judgeQuery } from '../../shared/kling/tasks/taskVerdicts';
import type { Answered } from '../../shared/n8n/operation';
import type { GenerationItem } from '../options';
import type { Heard } from './questions';
import type { TaskResult } from './result';

/** A task that is said not to exist may have been created just now: for so long, in milliseconds, that is no reason to give it up. */
const NOT_FOUND_YET_MS = 60_000;

/** Whether nothing more will be heard of a task. */
export function hasEnded({ status, file }: TaskState): boolean {
	return status === 'failed' || (status === 'succeeded' && file !== null);
}

/** How one task is waited for. */
export interface Wait {
	task: FailedTask & { taskId: string };
	/** Asks for it once. */
	ask(): Promise<Heard>;
	/** When it was created, by the clock; null: before this execution, so that it may have ended. */
	createdAt: number | null;
}

/** Waits until a task has ended. @throws KlingError where it failed, or is given up */
export async function awaitTask({ run, options }: GenerationItem, { task, ask, createdAt }: Wait): Promise<Answered<TaskResult>> {
	const since = createdAt ?? run.clock.now();
	let latest: TaskState | null = null;
	const mayStillCome = () => createdAt !== null && run.clock.now() - since < NOT_FOUND_YET_MS;
	const ending = await run.watch.until({
		since,
		isAskedAtOnce: createdAt === null,
		deadline: since + options.maxWaitMs,
		ask: async () => {
			const heard = await ask();
			latest = heard.result;
			return hasEnded(latest) ? heard : null;
		},
		ends: (failure) => {
			const verdict = judgeQuery(asKlingError(failure));
			return verdict === 'end' || (verdict === 'notFound' && !mayStillCome());
		},
	});
	if ('result' in ending) return resultOf(task, ending.result, run.connection.secrets);
	if ('failure' in ending) throw unanswered(task, createdAt, asKlingError(ending.failure));
	if ('stopped' in ending) throw taskLeft(task);
	throw taskLate(task, { waitedMs: options.maxWaitMs, last: latest, lastFailure: ending.late }, run.connection.secrets);
}

function unanswered(task: FailedTask, createdAt: number | null, failure: ReturnType<typeof asKlingError>) {
	const isUnknown = createdAt === null && judgeQuery(failure) === 'notFound';
	return isUnknown ? taskNotFound(task, failure) : taskOutOfReach(task, failure);
}

/** What was heard of a task, as a result. @throws KlingError where it failed */
export function resultOf(task: Wait['task'], { result: state, raw }: Heard, secrets: readonly string[]): Answered<TaskResult> {
	if (state.status === 'failed') throw taskFailed(task, state, raw, secrets);
	return { result: { ...task, state }, raw };
}
