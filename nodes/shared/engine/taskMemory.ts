/** A task that exists. */
export interface Created<T> {
	task: T;
	taskId: string;
	/** When this is known since, by the clock. */
	createdAt: number;
	/** How many creates were sent for it. */
	sends: number;
}

/**
 * What is known of a create without a clear answer: a task may exist; or it was proven that there is none, so that it may be created, and still
 * everything that is said of it names its external id.
 */
export type Doubt = 'unclear' | 'absent';

/** The tasks of one account that were created in an execution, or may have been, by their external ids. */
export class TaskMemory<T> {
	private readonly tasks = new Map<string, Created<T> | Doubt>();

	/** The task, or the doubt about it. */
	find(externalTaskId: string): Created<T> | Doubt | undefined {
		return this.tasks.get(externalTaskId);
	}

	/** A create is about to be sent, or its outcome is not known; or it was proven that there is no task. */
	doubt(externalTaskId: string, doubt: Doubt): void {
		this.tasks.set(externalTaskId, doubt);
	}

	created(externalTaskId: string, task: Created<T>): void {
		this.tasks.set(externalTaskId, task);
	}

	/** The provider said that nothing was created, and there never was a doubt. */
	forget(externalTaskId: string): void {
		this.tasks.delete(externalTaskId);
	}
}
