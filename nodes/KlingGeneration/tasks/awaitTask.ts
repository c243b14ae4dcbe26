import { asKlingError, type KlingError } from '../../shared/kling/klingError';
import {
	taskEmpty,
	taskFailed,
	taskLate,
	taskLeft,
	taskNotFound,
	taskOutOfReach,
	type FailedTask,
} from '../../shared/kling/tasks/taskErrors';
import { MOST_TOGETHER, type TaskRoute } from '../../shared/kling/tasks/taskRoutes';
import type { TaskState } from '../../shared/kling/tasks/taskState';
import { isNotFound, QueryJudge } from '../../shared/kling/tasks/taskVerdicts';
import type { Answered } from '../../shared/n8n/results';
import type { GenerationItem } from '../options';
import type { Heard } from './heard';
import type { TaskResult } from './result';

/** A task that is said not to exist may have been created just now: for so long, in milliseconds, that is no reason to give it up. */
const NOT_FOUND_YET_MS = 60_000;
/** A task that is said to be done may get its file a little later: for so long, in milliseconds. */
const NO_FILE_YET_MS = 60_000;

/** Whether nothing more will be heard of a task. */
export function hasEnded({ status, file }: TaskState): boolean {
	return status === 'failed' || (status === 'succeeded' && file !== null);
}

/** Whether a task is called done, and has no file. */
export function isEmpty({ status, file }: TaskState): boolean {
	return status === 'succeeded' && file === null;
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
	const {
		connection,
		account,
		tools: { clock, stop },
	} = run;
	const since = createdAt ?? clock.now();
	const judge = new QueryJudge();
	let latest: Heard | null = null;
	let emptySince: number | null = null;
	const mayStillCome = () => createdAt !== null && clock.now() - since < NOT_FOUND_YET_MS;
	const ending = await account.watch.until({
		stop,
		group: group(task.route),
		since,
		isAskedAtOnce: createdAt === null,
		deadline: clock.now() + options.maxWaitMs,
		ask: async () => {
			latest = await ask();
			judge.heard();
			if (hasEnded(latest.result)) return latest;
			emptySince = latest.result.status === 'succeeded' ? (emptySince ?? clock.now()) : null;
			return emptySince !== null && clock.now() - emptySince >= NO_FILE_YET_MS ? latest : null;
		},
		ends: (failure) => {
			const verdict = judge.judge(asKlingError(failure));
			return verdict === 'end' || (verdict === 'notFound' && !mayStillCome());
		},
	});
	if ('failure' in ending) throw unanswered(task, createdAt, asKlingError(ending.failure));
	if ('stopped' in ending) throw taskLeft(task);
	const last = latest as Heard | null;
	if (last && isEmpty(last.result)) throw taskEmpty(task, last.raw, connection.secrets);
	if ('result' in ending) return resultOf(task, ending.result, connection.secrets);
	throw taskLate(task, { waitedMs: options.maxWaitMs, last: last?.result ?? null, lastFailure: ending.late }, connection.secrets);
}

/** Tasks of a form that is asked for together share their questions. */
const group = ({ together }: TaskRoute) => (together === null ? undefined : { name: together, most: MOST_TOGETHER });

function unanswered(task: FailedTask, createdAt: number | null, failure: KlingError) {
	return createdAt === null && isNotFound(failure) ? taskNotFound(task, failure) : taskOutOfReach(task, failure);
}

/** What was heard of a task, as a result. @throws KlingError where it failed */
export function resultOf(task: Wait['task'], { result: state, raw }: Heard, secrets: readonly string[]): Answered<TaskResult> {
	if (state.status === 'failed') throw taskFailed(task, state, raw, secrets);
	return { result: { ...task, state }, raw };
}
