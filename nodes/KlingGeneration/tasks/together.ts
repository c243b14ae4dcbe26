import type { Account } from '../../shared/engine/account';
import { Together } from '../../shared/engine/together';
import { KlingError } from '../../shared/kling/klingError';
import { readTaskAnswer } from '../../shared/kling/tasks/taskEnvelope';
import { MOST_TOGETHER, togetherPath } from '../../shared/kling/tasks/taskRoutes';
import { listedTasks } from '../../shared/kling/tasks/taskState';
import { callProvider } from '../../shared/n8n/call';
import type { GenerationItem } from '../options';
import type { Heard } from './heard';

/** Which of their ids tasks are asked for by. */
export type IdKind = 'task_ids' | 'external_task_ids';

/** What is asked for together: of each account, in each place, by each kind of id. */
const questions = new WeakMap<Account, Map<string, Together<Heard>>>();

/**
 * Asks how far a task is, in one question with the others of its account that are asked for now.
 * @param place where tasks of its form are asked for
 * @throws KlingError where no good answer came; by `isNotFound` where it says nothing of the task
 */
export async function askTogether(item: GenerationItem, place: string, by: IdKind, id: string): Promise<Heard> {
	const { account, tools } = item.run;
	const ofAccount = questions.get(account) ?? new Map<string, Together<Heard>>();
	questions.set(account, ofAccount);
	const key = `${place} ${by}`;
	const together = ofAccount.get(key) ?? new Together<Heard>(tools.clock, MOST_TOGETHER);
	ofAccount.set(key, together);
	const heard = await together.ask(id, async (ids) => await askAll(item, place, by, ids));
	if (!heard) throw NOT_THERE;
	return heard;
}

async function askAll({ run, options }: GenerationItem, place: string, by: IdKind, ids: string[]): Promise<Map<string, Heard>> {
	const { result, raw } = await callProvider(run, {
		method: 'GET',
		path: togetherPath(place, by, ids),
		timeoutMs: options.timeoutMs,
		open: readTaskAnswer,
		read: ({ raw: answer, requestId }) => (Array.isArray(answer.data) ? { rows: answer.data, requestId } : null),
		expected: 'list of tasks',
	});
	const { rows, requestId } = result;
	const heard = rows.flatMap((row) => {
		const own = { ...raw, data: [row] } as Heard['raw'];
		return listedTasks(own).map((state): Heard => ({ result: state, requestId, raw: own }));
	});
	const idOf = ({ result: state }: Heard) => (by === 'task_ids' ? state.taskId : state.externalTaskId);
	return new Map(heard.map((one) => [idOf(one) ?? '', one]));
}

/** An id that is not known is missing from the list. Source: Kling's API reference, the newer form, and answers that were seen. */
export const NOT_THERE = new KlingError(
	'The provider knows no such task',
	{
		description: 'Its list of the tasks that were asked for does not have it.',
		serviceCode: null,
		httpStatus: 200,
		requestId: null,
		attempts: 1,
		retryable: false,
	},
	{ effect: 'notFound' },
);
