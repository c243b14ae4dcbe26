import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { TASK_ROUTES } from '../../../shared/kling/tasks/taskRoutes';

/** What Get Task asks for. */
export const fields: INodeProperties[] = updateDisplayOptions({ show: { operation: ['getTask'] } }, [
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
		options: TASK_ROUTES.map(({ label, operation }) => ({ name: label, value: operation })),
		default: 'imageToVideo',
		description: 'What it is a task of',
	},
]);
