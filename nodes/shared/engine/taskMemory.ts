/** A task that exists. */
export interface Created<T> {
	task: T;
	taskId: string;
	/** When this is known since, by the clock. */
	createdAt: number;
	/** How many creates were sent for it. */
	sends: number;
}

/** The tasks of one account that were created in an execution, or may have been, by their external ids. */
export class TaskMemory<T> {
	private readonly tasks = new Map<string, Created<T> | 'unclear'>();

	/** The task, or that a create was sent whose outcome nobody knows. */
	find(externalTaskId: string): Created<T> | 'unclear' | undefined {
		return this.tasks.get(externalTaskId);
	}

	/** A create is about to be sent, or its outcome is not known. */
	unclear(externalTaskId: string): void {
		this.tasks.set(externalTaskId, 'unclear');
	}

	created(externalTaskId: string, task: Created<T>): void {
		this.tasks.set(externalTaskId, task);
	}

	/** The provider said that nothing was created. */
	forget(externalTaskId: string): void {
		this.tasks.delete(externalTaskId);
	}
}
