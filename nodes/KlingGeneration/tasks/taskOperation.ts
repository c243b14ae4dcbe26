import type { IDataObject, INodeProperties } from 'n8n-workflow';

import type { TaskOperation } from '../../shared/kling/tasks/taskRoutes';
import type { Fields } from '../../shared/n8n/fields';
import type { Operation } from '../../shared/n8n/operation';
import type { GenerationItem, GenerationOptions } from '../options';
import { refuseFailed } from './fitness';
import { makeTask } from './makeTask';
import { emit, type TaskResult } from './result';
import { taskInput, type TaskRequest } from './taskInput';
import { readTaskKey } from './taskKey';

/** What all operations of this node have in common. */
export const COMMON = { outputs: ['task'], branches: {} };

/** What an operation that creates a task has of its own. */
interface TaskKind {
	name: TaskOperation;
	description: INodeProperties[];
	/** See `Operation`. */
	tell(fields: Fields): Promise<IDataObject>;
	/** Reads what an item wants, and checks it. @throws KlingError where it would be refused */
	read(item: GenerationItem): Promise<TaskRequest>;
}

/** An operation that creates a task. */
export function taskOperation({ name, description, tell, read }: TaskKind): Operation<GenerationOptions, TaskResult> {
	return {
		...COMMON,
		name,
		description,
		tell,
		async read(item) {
			refuseFailed(item);
			const taskKey = readTaskKey(item, name);
			const request = await read(item);
			return {
				input: taskInput(item, request, taskKey),
				send: async (body, begun) => await makeTask(item, { route: request.route, isKeyed: taskKey !== null }, body, begun),
				emit: (result) => emit(result, request, item.options),
			};
		},
	};
}
