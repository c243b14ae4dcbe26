import { readTaskAnswer } from '../../shared/kling/tasks/taskEnvelope';
import { lookUpTask, type KnownTask } from '../../shared/kling/tasks/taskLookUp';
import { listPath, queryPath, type TaskRoute } from '../../shared/kling/tasks/taskRoutes';
import { findTask, readTaskState, type TaskState } from '../../shared/kling/tasks/taskState';
import { judgeQuery } from '../../shared/kling/tasks/taskVerdicts';
import { asKlingError } from '../../shared/kling/klingError';
import { callProvider, type Call } from '../../shared/n8n/call';
import type { Answered } from '../../shared/n8n/operation';
import type { GenerationItem } from '../options';

/** What an answer said of a task, and the answer itself. */
export interface Heard extends Answered<TaskState> {
	requestId: string | null;
}

/** A task of which the id is known. */
export interface HeardOfTask extends Heard {
	result: KnownTask;
}

/** Sends the create of a task, once. @throws KlingError where no answer with a task id came */
export async function sendCreate(item: GenerationItem, route: TaskRoute, body: Buffer): Promise<HeardOfTask> {
	return (await call(
		item,
		{ method: 'POST', path: route.path, body },
		'task ID',
		(state) => state.taskId !== null,
	)) as HeardOfTask;
}

/** Asks how far a task is. @param id its task id, or an external id where its route takes one */
export async function askForTask(item: GenerationItem, route: TaskRoute, id: string): Promise<Heard> {
	return await call(item, { method: 'GET', path: queryPath(route, id) }, 'task', () => true);
}

/** Asks for a task by either of its ids, wherever its route tells of them. @throws KlingError where there is none */
export async function askByAnyId(item: GenerationItem, route: TaskRoute, id: string): Promise<Heard> {
	return await askForTask(item, route, id).catch(async (error: unknown) => {
		const inList =
			route.externalIdInPath || judgeQuery(asKlingError(error)) !== 'notFound' ? null : await askList(item, route, id);
		if (!inList) throw asKlingError(error);
		return inList;
	});
}

async function askList(item: GenerationItem, route: TaskRoute, externalTaskId: string): Promise<Heard | null> {
	const { raw, requestId } = await answerAt(item, listPath(route));
	const result = findTask(raw, externalTaskId);
	return result && { result, requestId, raw };
}

/** Looks for a task by its external id. @returns null where there is none. @throws KlingError where the provider does not say */
export async function findCreated(item: GenerationItem, route: TaskRoute, externalTaskId: string): Promise<HeardOfTask | null> {
	let raw: Heard['raw'] = {};
	const result = await lookUpTask(route, externalTaskId, item.run.connection.isKling, async (path) => {
		({ raw } = await answerAt(item, path));
		return raw;
	});
	return result && { result, raw, requestId: null };
}

async function answerAt(item: GenerationItem, path: string): Promise<Pick<Heard, 'raw' | 'requestId'>> {
	const { raw, result } = await callProvider(item.run, {
		method: 'GET',
		path,
		timeoutMs: item.options.timeoutMs,
		open: readTaskAnswer,
		read: (answer) => answer,
		expected: 'task',
	});
	return { raw, requestId: result.requestId };
}

async function call(
	{ run, options }: GenerationItem,
	request: Pick<Call<unknown>, 'method' | 'path' | 'body'>,
	expected: string,
	isExpected: (state: TaskState) => boolean,
): Promise<Heard> {
	const { result, raw } = await callProvider(run, {
		...request,
		timeoutMs: options.timeoutMs,
		open: readTaskAnswer,
		read: ({ raw: answer, requestId }) => {
			const state = readTaskState(answer);
			return state && isExpected(state) ? { state, requestId } : null;
		},
		expected,
	});
	return { result: result.state, requestId: result.requestId, raw };
}
