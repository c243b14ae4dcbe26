import type { Begun } from '../../shared/engine/job';
import { externalTaskIdIn } from '../../shared/kling/tasks/externalTaskId';
import type { TaskRoute } from '../../shared/kling/tasks/taskRoutes';
import type { Answered } from '../../shared/n8n/results';
import type { GenerationItem } from '../options';
import { awaitTask, hasEnded, resultOf } from './awaitTask';
import { createTask } from './createTask';
import { askForTask } from './questions';
import type { TaskResult } from './result';

/**
 * Creates a task, once, and waits for it where that is wanted.
 * @param body the request, which ends with the external id of the task
 * @throws KlingError with the ids of the task, where one may exist
 */
export async function makeTask(
	item: GenerationItem,
	route: TaskRoute,
	body: Buffer,
	begun: Begun,
): Promise<Answered<TaskResult>> {
	const externalTaskId = externalTaskIdIn(body);
	const { task: created, taskId, createdAt, sends } = await createTask(item, route, externalTaskId, body, begun);
	const task = { route, taskId, externalTaskId, requestId: created.requestId, attempts: Math.max(1, sends) };
	if (!item.options.wait || hasEnded(created.result)) return resultOf(task, created, item.run.connection.secrets);
	begun('accepted');
	return await awaitTask(item, { task, createdAt, ask: async () => await askForTask(item, route, taskId) });
}
