import { asKlingError, KlingError } from '../../shared/kling/klingError';
import { readCreated, readTaskAnswer } from '../../shared/kling/tasks/taskEnvelope';
import { listPath, MOST_TOGETHER, queryPath, TOGETHER_PLACES, type TaskRoute } from '../../shared/kling/tasks/taskRoutes';
import { listedTasks, readTaskState, type TaskState } from '../../shared/kling/tasks/taskState';
import { isNotFound, saysNoTask } from '../../shared/kling/tasks/taskVerdicts';
import type { JsonObject } from '../../shared/kling/values';
import { callProvider, type Call } from '../../shared/n8n/call';
import type { GenerationItem } from '../options';
import type { Heard, HeardOfTask } from './heard';
import { MOST_PAGE_BYTES } from './taskList';
import { maybeMissing } from './missing';
import { askTogether, NOT_THERE } from './together';

/** Sends the create of a task, once. @throws KlingError where no answer with a task id came */
export async function sendCreate(item: GenerationItem, route: TaskRoute, body: Buffer): Promise<HeardOfTask> {
	try {
		return await call(item, { method: 'POST', path: route.path, body, open: readCreated, expected: 'task ID' }, route, known);
	} catch (error) {
		throw route.together === null ? asKlingError(error) : maybeMissing(error, item, `models of Kling's newer form`);
	}
}

/** Asks how far a task is. @param id its task id, or an external id where its route takes one in its path */
export async function askForTask(item: GenerationItem, route: TaskRoute, id: string): Promise<Heard> {
	if (route.together !== null) return await askTogether(item, route.together, 'task_ids', id);
	return await call(item, { ...QUESTION, path: queryPath(route, id) }, route, readTaskState);
}

/** A way to ask for a task. */
type Way = () => Promise<Heard>;

/**
 * Asks for a task by either of its ids, wherever it may be told of: in its kind's own place and, with an API key at Kling, where that tells of the tasks
 * of its newer form, and of all others. The way that knew it is asked again.
 * @param first where it is asked for first: in its own place; or `together` with others, where that can be
 * @returns a function that asks once. @throws KlingError, by `isNotFound`, where nobody knows it
 */
export function questionFor(item: GenerationItem, route: TaskRoute, id: string, first: 'alone' | 'together' = 'alone'): Way {
	const own = legacyWays(item, route, id);
	if (!tellsTogether(item)) return firstThatKnows(own);
	const [byTaskId, ...others] = TOGETHER_PLACES.flatMap((place): Way[] => [
		async () => await askTogether(item, place, 'task_ids', id),
		async () => await askTogether(item, place, 'external_task_ids', id),
	]);
	return firstThatKnows(first === 'together' ? [unlessRefused(byTaskId!), ...own, ...others] : [...own, byTaskId!, ...others]);
}

/** With which others a task goes that is asked for `together` first; undefined where each is asked for alone. */
export function togetherGroup(item: GenerationItem): { name: string; most: number } | undefined {
	return tellsTogether(item) ? { name: TOGETHER_PLACES[0]!, most: MOST_TOGETHER } : undefined;
}

/** A question for many may be refused where the one for each is not: because of another one's id, or because tasks of its form are not told of there. */
function unlessRefused(way: Way): Way {
	return async () => {
		try {
			return await way();
		} catch (error) {
			const failure = asKlingError(error);
			throw failure.handling.effect === 'refused' && !failure.handling.retryable ? NOT_THERE : failure;
		}
	};
}

function legacyWays(item: GenerationItem, route: TaskRoute, id: string): Way[] {
	const inList: Way[] = route.findsByExternalId ? [] : [async () => await askList(item, route, id)];
	return [async () => await askForTask(item, route, id), ...inList];
}

const tellsTogether = ({ run: { connection } }: GenerationItem) => connection.isKling && connection.authentication === 'apiKey';

/** Tries one way after the other until one knows the task, and then that one only. */
function firstThatKnows(all: readonly Way[]): Way {
	let ways = all;
	return async () => {
		let unknown: KlingError | null = null;
		for (const way of ways) {
			try {
				const heard = await way();
				ways = [way];
				return heard;
			} catch (error) {
				const failure = asKlingError(error);
				if (!isNotFound(failure)) throw failure;
				// What the provider says is told rather than what it leaves out.
				if (unknown === null || unknown === NOT_THERE) unknown = failure;
			}
		}
		throw unknown!;
	};
}

/** Looks for a task by its external id among the latest of its kind. @throws KlingError where it is not there */
async function askList(item: GenerationItem, route: TaskRoute, externalTaskId: string): Promise<Heard> {
	return await call(item, { ...QUESTION, path: listPath(route), maxBytes: MOST_PAGE_BYTES }, route, (raw) => {
		const found = listedTasks(raw).find((state) => state.externalTaskId === externalTaskId);
		if (!found) throw NOT_THERE;
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
		const heard = await firstThatKnows(waysByExternalId(item, route, externalTaskId))();
		const { taskId } = heard.result;
		if (taskId === null) throw NO_TASK;
		return { ...heard, result: { ...heard.result, taskId }, requestId: null };
	} catch (error) {
		const failure = asKlingError(error);
		if (saysNoTask(failure, item.run.connection.isKling)) return null;
		throw failure;
	}
}

function waysByExternalId(item: GenerationItem, route: TaskRoute, id: string): Way[] {
	const place = route.together ?? (!route.findsByExternalId && tellsTogether(item) ? TOGETHER_PLACES[0]! : null);
	const together: Way[] = place === null ? [] : [async () => await askTogether(item, place, 'external_task_ids', id)];
	return [...(route.together === null ? legacyWays(item, route, id) : []), ...together];
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

interface TaskCall extends Pick<Call<unknown>, 'method' | 'path' | 'body' | 'expected' | 'maxBytes'> {
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
