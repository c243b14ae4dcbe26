import type { Account } from '../../shared/engine/account';
import { createKeyed, type Keyed } from '../../shared/engine/createKeyed';
import type { Begun } from '../../shared/engine/job';
import { OneByOne } from '../../shared/engine/oneByOne';
import { asKlingError } from '../../shared/kling/klingError';
import { externalTaskIdIn, nextTaskId, withExternalTaskId } from '../../shared/kling/tasks/externalTaskId';
import { tasksSpent, taskUnknown, underTaskKey } from '../../shared/kling/tasks/taskErrors';
import type { TaskRoute } from '../../shared/kling/tasks/taskRoutes';
import { isSpent, QueryJudge } from '../../shared/kling/tasks/taskVerdicts';
import type { GenerationItem } from '../options';
import { createTask } from './createTask';
import type { HeardOfTask } from './heard';
import { findCreated } from './questions';

/** What is looked for and created under keys of each account, in all executions of this process. */
const creations = new WeakMap<Account, OneByOne<Keyed<HeardOfTask>>>();

/**
 * The task of a Task Key: one that is there already, or else a new one.
 * @param body the request, with the first external id under the key
 * @throws KlingError as `createTask`; or where the provider does not say whether there is such a task: then nothing is created
 */
export async function createUnderKey(
	item: GenerationItem,
	route: TaskRoute,
	body: Buffer,
	begun: Begun,
): Promise<Keyed<HeardOfTask>> {
	const { account, tools } = item.run;
	const ofAccount = creations.get(account) ?? new OneByOne<Keyed<HeardOfTask>>(tools.asFailure);
	creations.set(account, ofAccount);
	const firstId = externalTaskIdIn(body);
	const outcome = await ofAccount.do(firstId, async () => await findOrCreate(item, route, body, begun), tools.stop);
	if ('result' in outcome) return outcome.result;
	throw 'failure' in outcome ? outcome.failure : taskUnknown(failed(route, firstId), null);
}

async function findOrCreate(item: GenerationItem, route: TaskRoute, body: Buffer, begun: Begun): Promise<Keyed<HeardOfTask>> {
	const judge = new QueryJudge();
	return await createKeyed(
		{
			firstId: externalTaskIdIn(body),
			nextId: nextTaskId,
			maxWaitMs: item.options.maxWaitMs,
			find: async (id) => {
				const task = await findCreated(item, route, id);
				return task && { task, taskId: task.result.taskId };
			},
			// A page that says 404 proves nothing, and will say so again.
			endsLooking: (failure) => judge.judge(asKlingError(failure)) !== 'again',
			isSpent: ({ result }) => isSpent(result, Date.now()),
			create: async (id) => {
				try {
					return await createTask(item, route, id, withExternalTaskId(body, id), begun);
				} catch (error) {
					const failure = asKlingError(error);
					throw failure.handling.effect === 'exists' ? underTaskKey(failure) : failure;
				}
			},
			unknown: (id, failure) => taskUnknown(failed(route, id), failure && asKlingError(failure)),
			allSpent: (id, count) => tasksSpent(failed(route, id), count),
		},
		item.run.tools,
	);
}

const failed = (route: TaskRoute, externalTaskId: string) => ({
	route,
	taskId: null,
	externalTaskId,
	requestId: null,
	attempts: 1,
});
