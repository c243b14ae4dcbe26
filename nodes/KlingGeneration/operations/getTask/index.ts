import { requiredText } from '../../../shared/kling/fields';
import { asKlingError, refusal, type KlingError } from '../../../shared/kling/klingError';
import { taskNotFound, withTask, type FailedTask } from '../../../shared/kling/tasks/taskErrors';
import { TASK_ROUTES, type TaskRoute } from '../../../shared/kling/tasks/taskRoutes';
import type { TaskFile } from '../../../shared/kling/tasks/taskState';
import { isNotFound } from '../../../shared/kling/tasks/taskVerdicts';
import type { Fields } from '../../../shared/n8n/fields';
import type { Operation } from '../../../shared/n8n/operation';
import type { Answered } from '../../../shared/n8n/results';
import { attempt } from '../../../shared/n8n/sources';
import type { GenerationItem, GenerationOptions } from '../../options';
import { awaitTask, resultOf } from '../../tasks/awaitTask';
import { questionFor } from '../../tasks/questions';
import { emit, type TaskResult } from '../../tasks/result';
import { COMMON } from '../../tasks/taskOperation';
import { fields as description } from './fields';

const NOTHING = Buffer.alloc(0);
/** What a task is made of is not known any more. */
const MADE_BEFORE = { imageUrl: null, fileName: null };

/** Get Task: what has become of a task that was created before. */
export const getTask: Operation<GenerationOptions, TaskResult> = {
	...COMMON,
	name: 'getTask',
	description,

	tell: async (fields) => ({ taskId: attempt(() => fields.text('taskId', '')) }),

	/** Questions take no place of the account's: as many items as there are wait side by side. */
	async read(item) {
		const { route, id } = readTask(item.fields);
		const build = async () => ({ bytes: NOTHING, key: null, recycle: () => {} });
		return {
			input: { key: null, body: { bytes: 0, build }, lane: item.run.lanes.questions(item.options.wait) },
			send: async () => await ask(item, route, id),
			emit: (result) => emit(result, MADE_BEFORE, item.options),
		};
	},
};

async function ask(item: GenerationItem, route: TaskRoute, id: string): Promise<Answered<TaskResult>> {
	const task = { route, taskId: id, externalTaskId: null, requestId: null, attempts: 1 };
	const asked = { ...task };
	const question = questionFor(item, route, id);
	const askOnce = async () => {
		const heard = await question();
		const { taskId, externalTaskId, file } = heard.result;
		const told = { route: routeThatMade(route, file), taskId: taskId ?? id, externalTaskId, requestId: heard.requestId };
		Object.assign(asked, told);
		return heard;
	};
	if (item.options.wait) return await awaitTask(item, { task: asked, ask: askOnce, createdAt: null });
	const heard = await askOnce().catch((error: unknown) => {
		throw described(task, asKlingError(error));
	});
	return resultOf(asked, heard, item.run.connection.secrets);
}

/** What a task was found to make may be of another kind than it was taken for. */
function routeThatMade(asked: TaskRoute, file: TaskFile | null): TaskRoute {
	const makes = file?.makes ?? asked.makes;
	return makes === asked.makes ? asked : TASK_ROUTES.find((route) => route.makes === makes)!;
}

function described(task: FailedTask, failure: KlingError): KlingError {
	return isNotFound(failure) ? taskNotFound(task, failure) : withTask(failure, task);
}

function readTask(fields: Fields): { route: TaskRoute; id: string } {
	const operation = requiredText(fields.value('taskOperation'), 'Task Operation', 'Choose what it is a task of.');
	const route = TASK_ROUTES.find((known) => known.operation === operation);
	if (!route) {
		const known = TASK_ROUTES.map((task) => task.operation).join(', ');
		throw refusal(`"${operation}" is not an operation with tasks`, `Choose Task Operation, or give one of ${known}.`);
	}
	return { route, id: requiredText(fields.value('taskId'), 'Task ID', 'Enter the ID of a task, as this node puts it out.') };
}
