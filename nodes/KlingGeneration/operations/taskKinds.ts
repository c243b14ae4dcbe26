import type { INodeProperties } from 'n8n-workflow';

import { requiredText } from '../../shared/kling/fields';
import { refusal } from '../../shared/kling/klingError';
import { TASK_ROUTES, type TaskOperation, type TaskRoute } from '../../shared/kling/tasks/taskRoutes';
import type { Fields } from '../../shared/n8n/fields';

/** The kind of tasks that is chosen where nothing else says which. */
export const DEFAULT_KIND: TaskOperation = 'imageToVideo';

/** The field for a kind of tasks. @param preset what is chosen when the node is new */
export function kindField(preset: string, description: string): INodeProperties {
	return {
		displayName: 'Task Operation',
		name: 'taskOperation',
		type: 'options',
		options: TASK_ROUTES.map(({ label, operation }) => ({ name: label, value: operation })),
		default: preset,
		description,
	};
}

/** The kind of an item. @throws KlingError where there is none, or it is none that makes tasks */
export function readKind(fields: Fields): TaskRoute {
	const operation = requiredText(fields.value('taskOperation'), 'Task Operation', 'Choose what it is a task of.');
	const route = TASK_ROUTES.find((known) => known.operation === operation);
	if (route) return route;
	const known = TASK_ROUTES.map((task) => task.operation).join(', ');
	throw refusal(`"${operation}" is not an operation with tasks`, `Choose Task Operation, or give one of ${known}.`);
}
