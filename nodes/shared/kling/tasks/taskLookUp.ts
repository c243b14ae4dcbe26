import { asKlingError, KlingError } from '../klingError';
import type { JsonObject } from '../values';
import { listPath, queryPath, type TaskRoute } from './taskRoutes';
import { findTask, readTaskState, type TaskState } from './taskState';
import { judgeQuery, saysNotFound } from './taskVerdicts';

/** A task of which the id is known. */
export type KnownTask = TaskState & { taskId: string };

/**
 * Looks for a task by its external id: under its path, and in the list where the path is not documented to take one.
 * @param isKling whether it is Kling itself: there only its own words prove that there is no such task, elsewhere any refusal has to do
 * @param ask gets what is at a path after the base URL, and gives the whole answer as it came
 * @returns null where there is none
 * @throws KlingError where the provider does not say
 */
export async function lookUpTask(
	route: TaskRoute,
	externalTaskId: string,
	isKling: boolean,
	ask: (path: string) => Promise<JsonObject>,
): Promise<KnownTask | null> {
	const isThere = async (path: string, read: (answer: JsonObject) => TaskState | null, isProof: boolean) =>
		await ask(path).then(
			(answer) => known(read(answer)),
			(error: unknown) => nothingOr(asKlingError(error), isKling && isProof),
		);
	const readOne = (answer: JsonObject) => {
		const state = readTaskState(answer);
		if (isKling && !state?.taskId) throw NO_TASK;
		return state;
	};
	const found = await isThere(queryPath(route, externalTaskId), readOne, route.externalIdInPath);
	if (found || route.externalIdInPath) return found;
	return await isThere(listPath(route), (answer) => findTask(answer, externalTaskId), true);
}

/** A good answer about nothing proves nothing. */
const NO_TASK = new KlingError('The answer names no task', {
	description: 'The provider answered, but about no task.',
	serviceCode: null,
	httpStatus: 200,
	requestId: null,
	attempts: 1,
	retryable: true,
});

function known(state: TaskState | null): KnownTask | null {
	return state?.taskId ? { ...state, taskId: state.taskId } : null;
}

/** Null where a failure says that there is no such task. @throws KlingError, the failure, where it does not */
function nothingOr(failure: KlingError, isProofNeeded: boolean): null {
	const isRefusal = !failure.details.retryable && (failure.details.httpStatus ?? 0) >= 400;
	if (isProofNeeded ? saysNotFound(failure) : isRefusal && judgeQuery(failure) !== 'end') return null;
	throw failure;
}
