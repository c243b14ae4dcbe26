import { createOnce, type Created, type TaskMemory } from '../../shared/engine/createOnce';
import type { Begun } from '../../shared/engine/job';
import { asKlingError, KlingError } from '../../shared/kling/klingError';
import { taskAbsent, taskDoubted, taskMissing, taskUnclear, type FailedTask } from '../../shared/kling/tasks/taskErrors';
import type { TaskRoute } from '../../shared/kling/tasks/taskRoutes';
import { judgeCreate, QueryJudge } from '../../shared/kling/tasks/taskVerdicts';
import { PerExecution } from '../../shared/n8n/perExecution';
import type { GenerationItem } from '../options';
import type { HeardOfTask } from './heard';
import { findCreated, sendCreate } from './questions';

/** What was created in each execution, or may have been: n8n's Retry On Fail takes it up again. */
const memories = new PerExecution<TaskMemory<HeardOfTask>>(() => new Map());

/** The external ids that stand in n8n's log, of each execution. */
const logged = new PerExecution<Set<string>>(() => new Set());

/** What is created stands in n8n's log, once: should n8n be killed, it is found by that. */
function log({ run: { context, execution, connection } }: GenerationItem, { label }: TaskRoute, externalTaskId: string): void {
	const ids = logged.of(execution, connection.account);
	if (ids.has(externalTaskId)) return;
	ids.add(externalTaskId);
	context.logger.info(`${context.getNode().name}: creates a task of ${label} with the external task ID ${externalTaskId}`);
}

/** Creates a task once, whatever happens. @throws KlingError: never begun, refused, or unclear */
export async function createTask(
	item: GenerationItem,
	route: TaskRoute,
	externalTaskId: string,
	body: Buffer,
	begun: Begun,
): Promise<Created<HeardOfTask>> {
	const { execution, connection, tools } = item.run;
	const failed = (sends: number): FailedTask => ({
		route,
		taskId: null,
		externalTaskId,
		requestId: null,
		attempts: Math.max(1, sends),
	});
	const known = (task: HeardOfTask) => ({ task, taskId: task.result.taskId });
	const judge = new QueryJudge();
	return await createOnce(
		{
			externalTaskId,
			maxWaitMs: item.options.maxWaitMs,
			create: async () => {
				log(item, route, externalTaskId);
				return known(await sendCreate(item, route, body));
			},
			find: async () => {
				const found = await findCreated(item, route, externalTaskId);
				judge.heard();
				return found && known(found);
			},
			isProvable: connection.isKling && route.findsByExternalId,
			judge: (failure) => {
				const verdict = judgeCreate(asKlingError(failure));
				// What may exist is looked for in its place among the tasks; the other creates go on meanwhile.
				if (verdict !== 'nothing') begun(failure.handling.congestion ? 'rejected' : 'neutral', failure);
				return verdict;
			},
			endsLooking: (failure) => judge.judge(asKlingError(failure)) === 'end',
			unclear: (doubt, sends) => taskUnclear(failed(sends), doubt ? asKlingError(doubt) : EARLIER),
			missing: (doubt, sends) => taskMissing(failed(sends), asKlingError(doubt)),
			absent: (doubt, sends) => taskAbsent(failed(sends), asKlingError(doubt)),
			doubted: (failure) => taskDoubted(failed(failure.sent), asKlingError(failure)),
		},
		{ ...tools, memory: memories.of(execution, connection.account) },
	);
}

const EARLIER = new KlingError('An earlier try in this execution got no clear answer', {
	description: '',
	serviceCode: null,
	httpStatus: null,
	requestId: null,
	attempts: 1,
	retryable: false,
});
