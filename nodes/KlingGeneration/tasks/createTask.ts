import { createOnce } from '../../shared/engine/createOnce';
import { PerExecution } from '../../shared/engine/perExecution';
import { TaskMemory, type Created } from '../../shared/engine/taskMemory';
import { asKlingError, KlingError } from '../../shared/kling/klingError';
import { taskDoubted, taskMissing, taskUnclear, type FailedTask } from '../../shared/kling/tasks/taskErrors';
import type { TaskRoute } from '../../shared/kling/tasks/taskRoutes';
import { judgeCreate, QueryJudge } from '../../shared/kling/tasks/taskVerdicts';
import type { GenerationItem } from '../options';
import { findCreated, sendCreate, type HeardOfTask } from './questions';

/** What was created in each execution, or may have been: n8n's Retry On Fail takes it up again. */
const memories = new PerExecution<TaskMemory<HeardOfTask>>(() => new TaskMemory());

/** Creates a task once, whatever happens. @throws KlingError: never begun, refused, or unclear */
export async function createTask(
	item: GenerationItem,
	route: TaskRoute,
	externalTaskId: string,
	body: Buffer,
): Promise<Created<HeardOfTask>> {
	const { context, connection, clock, calls } = item.run;
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
			create: async () => known(await sendCreate(item, route, body)),
			find: async () => {
				const found = await findCreated(item, route, externalTaskId);
				judge.heard();
				return found && known(found);
			},
			isProvable: connection.isKling && route.externalIdInPath,
			judge: (failure) => judgeCreate(asKlingError(failure)),
			endsLooking: (failure) => judge.judge(asKlingError(failure)) === 'end',
			unclear: (doubt, sends) => taskUnclear(failed(sends), doubt ? asKlingError(doubt) : EARLIER),
			missing: (doubt, sends) => taskMissing(failed(sends), asKlingError(doubt)),
			doubted: (failure) => taskDoubted(failed(failure.sent), asKlingError(failure)),
		},
		{
			memory: memories.of(context.getExecutionCancelSignal(), connection.account),
			clock,
			asFailure: asKlingError,
			stop: calls.stop,
		},
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
