import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { TASK_ROUTES } from '../../../shared/kling/tasks/taskRoutes';
import { ofWorkflowAndTool } from '../../../shared/n8n/panel';

const KINDS = TASK_ROUTES.map(({ label, operation }) => ({ name: label, value: operation }));

/** What Get Task asks for: an item of a task fills it as it is. */
const TASK: INodeProperties[] = [
	{
		displayName: 'Task ID',
		name: 'taskId',
		type: 'string',
		default: '={{ $json.taskId }}',
		required: true,
		placeholder: 'e.g. 827297867148050499',
		description:
			'The ID of the task, as this node or its error puts it out. At Kling an external task ID works as well, but for Lip-Sync.',
	},
	{
		displayName: 'Task Operation',
		name: 'taskOperation',
		type: 'options',
		options: KINDS,
		default: '={{ $json.operation }}',
		description: 'What it is a task of',
	},
];

export const fields: INodeProperties[] = updateDisplayOptions(
	{ show: { operation: ['getTask'] } },
	TASK.flatMap(ofWorkflowAndTool).map((field) =>
		// A model chooses one, and has no item to take it from.
		field.name === 'taskOperation' && field.default === '' ? { ...field, default: 'imageToVideo' } : field,
	),
);
