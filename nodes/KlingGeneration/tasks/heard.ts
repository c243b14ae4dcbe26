import type { TaskState } from '../../shared/kling/tasks/taskState';
import type { Answered } from '../../shared/n8n/results';

/** What an answer said of a task, and the answer itself. */
export interface Heard extends Answered<TaskState> {
	requestId: string | null;
}

/** A task of which the id is known. */
export interface HeardOfTask extends Heard {
	result: TaskState & { taskId: string };
}
