import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { branchByField } from '../../../shared/n8n/branchByField';
import { ofWorkflowAndTool } from '../../../shared/n8n/panel';
import { DEFAULT_KIND, kindField } from '../taskKinds';

/** The choice of Branch By that looks at a task once, and does not wait for it. */
export const BY_STATUS = 'status';

const BRANCH_BY = branchByField(
	[
		{
			name: 'Status',
			value: BY_STATUS,
			description:
				'Tasks are asked for once, without waiting, and go to Done, Running or Failed. With a Wait node, the execution waits without holding a place: see Waiting in the documentation.',
		},
	],
	'"status" has the outputs Done, Running and Failed, in this order. To wait without holding a place: Kling Generation with wait off, a Wait node of 70 seconds, Get Task with branchBy "status", and Running back to the Wait node. No expression and no IF node are needed; Failed gets error items and never stops the workflow.',
);

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
	kindField('={{ $json.operation }}', 'What it is a task of'),
];

export const fields: INodeProperties[] = updateDisplayOptions(
	{ show: { operation: ['getTask'] } },
	[...TASK.flatMap(ofWorkflowAndTool), BRANCH_BY].map((field) =>
		// A model chooses one, and has no item to take it from.
		field.name === 'taskOperation' && field.default === '' ? { ...field, default: DEFAULT_KIND } : field,
	),
);
