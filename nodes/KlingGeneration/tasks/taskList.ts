import { refusal } from '../../shared/kling/klingError';
import { newestFirst, readListPage, type ListedTask, type ListPage } from '../../shared/kling/tasks/listPage';
import { readTaskAnswer } from '../../shared/kling/tasks/taskEnvelope';
import { listPath, type TaskRoute } from '../../shared/kling/tasks/taskRoutes';
import { callProvider } from '../../shared/n8n/call';
import type { Answered } from '../../shared/n8n/results';
import type { GenerationItem } from '../options';

/** A page has up to 500 tasks, each with long URLs. */
export const MOST_PAGE_BYTES = 8_388_608;
/** So many pages are read at most. */
const MOST_PAGES = 20;

/** The tasks of a kind. */
export interface TaskList {
	/** The newest first. */
	tasks: ListedTask[];
	/** Whether the list goes on behind what was read. */
	isCut: boolean;
}

/**
 * Reads the list of a kind, page by page.
 * @returns a function that reads it; after a failure it goes on with the page that is missing
 * @throws KlingError where a page does not come
 */
export function listReader(item: GenerationItem, route: TaskRoute): () => Promise<Answered<TaskList>> {
	const pages: ListPage[] = [];
	return async () => {
		while (pages.at(-1)?.isFull !== false && pages.length < MOST_PAGES) {
			if (item.run.tools.stop.aborted) throw STOPPED;
			pages.push(await askPage(item, route, pages.length + 1));
		}
		// Of each task its own row is what the provider said.
		return { result: { tasks: newestFirst(pages), isCut: pages.at(-1)!.isFull }, raw: {} };
	};
}

const STOPPED = refusal('The list was not read to its end, because the execution was stopped', 'Run the workflow again.');

async function askPage({ run, options }: GenerationItem, route: TaskRoute, page: number): Promise<ListPage> {
	const { result } = await callProvider(run, {
		method: 'GET',
		path: listPath(route, page),
		timeoutMs: options.timeoutMs,
		maxBytes: MOST_PAGE_BYTES,
		open: (answer, secrets) => readTaskAnswer(answer, secrets, route.makes),
		read: readListPage,
		expected: 'list of tasks',
	});
	return result;
}
