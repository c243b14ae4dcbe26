import { asKlingError, refusal, type KlingError } from '../../../shared/kling/klingError';
import { taskNotFound, withTask, type FailedTask } from '../../../shared/kling/tasks/taskErrors';
import { readRequired } from '../../../shared/kling/tasks/taskFields';
import { TASK_ROUTES, type TaskRoute } from '../../../shared/kling/tasks/taskRoutes';
import { judgeQuery } from '../../../shared/kling/tasks/taskVerdicts';
import type { Operation } from '../../../shared/n8n/operation';
import { readText } from '../../../shared/n8n/parameters';
import type { GenerationItem, GenerationOptions } from '../../options';
import { awaitTask, resultOf } from '../../tasks/awaitTask';
import { askByAnyId } from '../../tasks/questions';
import type { TaskResult } from '../../tasks/result';
import { COMMON } from '../../tasks/taskOperation';
import { fields } from './fields';

const NOTHING = Buffer.alloc(0);

/** Get Task: what has become of a task that was created before. */
export const getTask: Operation<GenerationOptions, TaskResult> = {
	...COMMON,
	name: 'getTask',
	description: fields,

	/** Questions take no place of the account's: as many items as there are wait side by side. */
	async readInput(item) {
		readTask(item);
		const build = async () => ({ bytes: NOTHING, key: null, recycle: () => {} });
		return { key: null, bytes: 0, lane: item.run.lane('questions', Infinity), build };
	},

	async call(item, _body, begun) {
		const { route, id } = readTask(item);
		begun();
		const task = { route, taskId: id, externalTaskId: null, requestId: null, attempts: 1 };
		const asked = { ...task };
		const ask = async () => {
			const heard = await askByAnyId(item, route, id);
			const { taskId, externalTaskId } = heard.result;
			Object.assign(asked, { taskId: taskId ?? id, externalTaskId, requestId: heard.requestId });
			return heard;
		};
		if (item.options.wait) return await awaitTask(item, { task: asked, ask, createdAt: null });
		const heard = await ask().catch((error: unknown) => {
			throw described(task, asKlingError(error));
		});
		return resultOf(asked, heard, item.run.connection.secrets);
	},
};

function described(task: FailedTask, failure: KlingError): KlingError {
	return judgeQuery(failure) === 'notFound' ? taskNotFound(task, failure) : withTask(failure, task);
}

function readTask(item: GenerationItem): { route: TaskRoute; id: string } {
	const operation = readText(item, 'taskOperation');
	const route = TASK_ROUTES.find((known) => known.operation === operation);
	if (!route) {
		const known = TASK_ROUTES.map((task) => task.operation).join(', ');
		throw refusal(`"${operation}" is not an operation with tasks`, `Choose Task Operation, or give one of ${known}.`);
	}
	return { route, id: readRequired(readText(item, 'taskId'), 'Task ID', 'Enter the ID of a task, as this node puts it out.') };
}
