/** What is remembered of a task by its external id: its own id, or that a create was sent whose outcome nobody knows. */
export type Remembered = { taskId: string; createdAt: number } | 'unclear';

/** The tasks of one account that were created in an execution, or may have been. */
export class TaskMemory {
	private readonly tasks = new Map<string, Remembered>();

	find(externalTaskId: string): Remembered | undefined {
		return this.tasks.get(externalTaskId);
	}

	/** A create is about to be sent, or its outcome is not known. */
	unclear(externalTaskId: string): void {
		this.tasks.set(externalTaskId, 'unclear');
	}

	/** @param createdAt milliseconds since 1970 */
	created(externalTaskId: string, taskId: string, createdAt: number): void {
		this.tasks.set(externalTaskId, { taskId, createdAt });
	}

	/** The provider said that nothing was created. */
	forget(externalTaskId: string): void {
		this.tasks.delete(externalTaskId);
	}
}

const executions = new WeakMap<AbortSignal, Map<string, TaskMemory>>();

/**
 * The memory of an execution, shared by all its nodes and runs.
 * @param execution what lives as long as the execution; none: nothing is remembered beyond the call
 * @param account whose tasks they are; of another one they would be unknown
 */
export function taskMemoryOf(execution: AbortSignal | undefined, account: string): TaskMemory {
	if (!execution) return new TaskMemory();
	const accounts = executions.get(execution) ?? new Map<string, TaskMemory>();
	const memory = accounts.get(account) ?? new TaskMemory();
	executions.set(execution, accounts.set(account, memory));
	return memory;
}
