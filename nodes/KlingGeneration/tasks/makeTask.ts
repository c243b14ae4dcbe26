import type { Begun } from '../../shared/engine/job';
import { externalTaskIdIn } from '../../shared/kling/tasks/externalTaskId';
import type { TaskRoute } from '../../shared/kling/tasks/taskRoutes';
import type { Answered } from '../../shared/n8n/results';
import type { GenerationItem } from '../options';
import { awaitTask, hasEnded, resultOf } from './awaitTask';
import { createTask } from './createTask';
import { createUnderKey } from './createUnderKey';
import { askForTask } from './questions';
import type { TaskResult } from './result';

/** A kind of task, and whether it is made under a Task Key. */
export interface Wanted {
	route: TaskRoute;
	isKeyed?: boolean;
}

/**
 * Creates a task, once, and waits for it where that is wanted.
 * @param body the request, which ends with the external id of the task
 * @throws KlingError with the ids of the task, where one may exist
 */
export async function makeTask(
	item: GenerationItem,
	{ route, isKeyed = false }: Wanted,
	body: Buffer,
	begun: Begun,
): Promise<Answered<TaskResult>> {
	const {
		task: created,
		taskId,
		externalTaskId,
		createdAt,
		sends,
	} = await (isKeyed ? createUnderKey : createOwn)(item, route, body, begun);
	const task = { route, taskId, externalTaskId, requestId: created.requestId, attempts: Math.max(1, sends) };
	if (!item.options.wait || hasEnded(created.result)) return resultOf(task, created, item.run.connection.secrets);
	begun('accepted');
	return await awaitTask(item, { task, createdAt, ask: async () => await askForTask(item, route, taskId) });
}

/** The task of this item alone. */
async function createOwn(...[item, route, body, begun]: Parameters<typeof createUnderKey>): ReturnType<typeof createUnderKey> {
	const externalTaskId = externalTaskIdIn(body);
	return { ...(await createTask(item, route, externalTaskId, body, begun)), externalTaskId };
}
