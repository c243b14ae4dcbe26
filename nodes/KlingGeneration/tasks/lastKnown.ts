import type { INodeExecutionData } from 'n8n-workflow';

import type { TaskState } from '../../shared/kling/tasks/taskState';
import { readText } from '../../shared/kling/values';

/** What an item says of its task, from an earlier answer: what there is to say of it where no new one comes. */
export type LastKnown = Pick<TaskState, 'externalTaskId' | 'status' | 'createdAt' | 'updatedAt'>;

/**
 * Reads what an item says of a task. The fields of an item that is about something else, such as the `createdAt` of a row of a table, say
 * nothing of it.
 * @param id the id that the task is asked for by
 */
export function lastKnown({ json }: INodeExecutionData, id: string): LastKnown {
	const ids = [json.taskId, json.externalTaskId].map(readText);
	const { externalTaskId, status, createdAt, updatedAt } = ids.includes(id) ? json : {};
	return {
		externalTaskId: readText(externalTaskId),
		status: status === 'submitted' ? status : 'processing',
		createdAt: readIso(createdAt),
		updatedAt: readIso(updatedAt),
	};
}

/** A time as this node puts it out, or null. */
function readIso(value: unknown): string | null {
	return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : null;
}
