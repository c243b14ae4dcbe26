import { asKlingError, KlingError } from '../../shared/kling/klingError';
import { readCreated, readTaskAnswer } from '../../shared/kling/tasks/taskEnvelope';
import { listPath, queryPath, type TaskRoute } from '../../shared/kling/tasks/taskRoutes';
import { findTask, readTaskState, type TaskState } from '../../shared/kling/tasks/taskState';
import { isNotFound, saysNoTask } from '../../shared/kling/tasks/taskVerdicts';
import type { JsonObject } from '../../shared/kling/values';
import { callProvider, type Call } from '../../shared/n8n/call';
import type { Answered } from '../../shared/n8n/results';
import type { GenerationItem } from '../options';

/** What an answer said of a task, and the answer itself. */
export interface Heard extends Answered<TaskState> {
	requestId: string | null;
}

/** A task of which the id is known. */
export interface HeardOfTask extends Heard {
	result: TaskState & { taskId: string };
}

/** Sends the create of a task, once. @throws KlingError where no answer with a task id came */
export async function sendCreate(item: GenerationItem, route: TaskRoute, body: Buffer): Promise<HeardOfTask> {
	return await call(item, { method: 'POST', path: route.path, body, open: readCreated, expected: 'task ID' }, route, known);
}

/** Asks how far a task is. @param id its task id, or an external id where its route takes one */
export async function askForTask(item: GenerationItem, route: TaskRoute, id: string): Promise<Heard> {
	return await call(item, { ...QUESTION, path: queryPath(route, id) }, route, readTaskState);
}

/**
 * Asks for a task by either of its ids, wherever its route tells of them.
 * @throws KlingError, by `isNotFound`, where nobody knows it
 */
export async function lookUpTask(item: GenerationItem, route: TaskRoute, id: string): Promise<Heard> {
	try {
		return await askForTask(item, route, id);
	} catch (error) {
		const failure = asKlingError(error);
		if (route.externalIdInPath || !isNotFound(failure)) throw failure;
		return await askList(item, route, id, failure);
	}
}

/** Looks for a task by its external id among the latest of its kind. @throws KlingError `notFound` where it is not there */
async function askList(item: GenerationItem, route: TaskRoute, externalTaskId: string, notFound: KlingError): Promise<Heard> {
	return await call(item, { ...QUESTION, path: listPath(route) }, route, (raw) => {
		const found = findTask(raw, externalTaskId);
		if (!found) throw notFound;
		return found;
	});
}

/**
 * Looks for a task that was created, or may have been.
 * @returns null where there is none, by `saysNoTask`
 * @throws KlingError where the provider does not say
 */
export async function findCreated(item: GenerationItem, route: TaskRoute, externalTaskId: string): Promise<HeardOfTask | null> {
	try {
		const heard = await lookUpTask(item, route, externalTaskId);
		const { taskId } = heard.result;
		if (taskId === null) throw NO_TASK;
		return { ...heard, result: { ...heard.result, taskId }, requestId: null };
	} catch (error) {
		const failure = asKlingError(error);
		if (saysNoTask(failure, item.run.connection.isKling)) return null;
		throw failure;
	}
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

const QUESTION = { method: 'GET', open: readTaskAnswer, expected: 'task' } as const;

/** The state of a new task; null where the answer has no id. */
function known(answer: JsonObject): HeardOfTask['result'] | null {
	const state = readTaskState(answer);
	return state?.taskId ? { ...state, taskId: state.taskId } : null;
}

interface TaskCall extends Pick<Call<unknown>, 'method' | 'path' | 'body' | 'expected'> {
	open: typeof readTaskAnswer;
}

async function call<State extends TaskState>(
	{ run, options }: GenerationItem,
	{ open, ...request }: TaskCall,
	{ makes }: TaskRoute,
	readState: (answer: JsonObject) => State | null,
): Promise<Heard & { result: State }> {
	const { result, raw } = await callProvider(run, {
		...request,
		timeoutMs: options.timeoutMs,
		open: (answer, secrets) => open(answer, secrets, makes),
		read: ({ raw: answer, requestId }) => {
			const state = readState(answer);
			return state && { state, requestId };
		},
	});
	return { result: result.state, requestId: result.requestId, raw };
}
