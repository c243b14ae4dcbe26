import type { INodeProperties } from 'n8n-workflow';

import { externalTaskIdIn } from '../../shared/kling/tasks/externalTaskId';
import { TASK_ROUTES, type TaskOperation, type TaskRoute } from '../../shared/kling/tasks/taskRoutes';
import type { Answered, Operation } from '../../shared/n8n/operation';
import type { GenerationItem, GenerationOptions } from '../options';
import { awaitTask, hasEnded, resultOf } from './awaitTask';
import { createTask } from './createTask';
import { askForTask } from './questions';
import { emit, type TaskResult } from './result';
import { taskInput, type TaskRequest } from './taskInput';

/** What all operations of this node have in common. */
export const COMMON = {
	expiryHint: 'Kling deletes results after 30 days. Turn on the option Download Result to keep them.',
	outputs: ['task'],
	branches: {},
	readView: ({ options }: GenerationItem) => ({ emit: (result: TaskResult) => emit(result, options) }),
};

/** The kind of task with this name. @throws Error where there is none */
function routeOf(operation: TaskOperation): TaskRoute {
	return TASK_ROUTES.find((route) => route.operation === operation)!;
}

/**
 * An operation that creates a task.
 * @param readRequest reads what an item wants. @throws KlingError where it would be refused
 */
export function taskOperation(
	name: TaskOperation,
	description: INodeProperties[],
	readRequest: (item: GenerationItem) => Promise<TaskRequest>,
): Operation<GenerationOptions, TaskResult> {
	const route = routeOf(name);
	return {
		...COMMON,
		name,
		description,
		readInput: async (item) => taskInput(item, route, await readRequest(item)),
		call: async (item, body, begun) => await make(item, route, body, begun),
	};
}

/** Creates a task, once, and waits for it where that is wanted. */
async function make(item: GenerationItem, route: TaskRoute, body: Buffer, begun: () => void): Promise<Answered<TaskResult>> {
	const externalTaskId = externalTaskIdIn(body);
	const { task: created, taskId, createdAt, sends } = await createTask(item, route, externalTaskId, body);
	const task = { route, taskId, externalTaskId, requestId: created.requestId, attempts: Math.max(1, sends) };
	if (!item.options.wait || hasEnded(created.result)) return resultOf(task, created, item.run.connection.secrets);
	begun();
	return await awaitTask(item, { task, createdAt, ask: async () => await askForTask(item, route, taskId) });
}
