import type { GoodAnswer } from '../answers/answer';
import { readObject, type JsonObject } from '../values';
import { PAGE_SIZE } from './taskRoutes';
import { readTaskState, type TaskState } from './taskState';

/** A task as a list tells of it. */
export interface ListedTask {
	taskId: string;
	state: TaskState;
	/** All that the list says of it. */
	row: JsonObject;
	/** The id of the request that it was told by. */
	requestId: string | null;
}

/** One page of a list. */
export interface ListPage {
	tasks: ListedTask[];
	/** Whether there may be a further one. */
	isFull: boolean;
}

/** Reads a page; what names no task is left out. @returns null where the answer is no list */
export function readListPage({ raw, requestId }: GoodAnswer): ListPage | null {
	const { data } = raw;
	if (!Array.isArray(data)) return null;
	const rows = data.map((entry) => readObject(entry) ?? {});
	const tasks = rows.flatMap((row): ListedTask[] => {
		const state = readTaskState(row);
		return state?.taskId ? [{ taskId: state.taskId, state, row, requestId }] : [];
	});
	return { tasks, isFull: data.length >= PAGE_SIZE };
}

/**
 * The tasks of all pages, the newest first, and behind them those of which nobody says when they were created. A task that was created
 * meanwhile moves others on to the next page: what two pages tell of is there once, as the later one has it.
 */
export function newestFirst(pages: readonly ListPage[]): ListedTask[] {
	const tasks = new Map(pages.flatMap((page) => page.tasks.map((task) => [task.taskId, task])));
	return [...tasks.values()].sort((one, other) => createdAt(other) - createdAt(one));
}

const createdAt = ({ state }: ListedTask): number => (state.createdAt === null ? 0 : Date.parse(state.createdAt));
