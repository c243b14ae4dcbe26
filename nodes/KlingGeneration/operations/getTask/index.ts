import { requiredText } from '../../../shared/kling/fields';
import { asKlingError, type KlingError } from '../../../shared/kling/klingError';
import { taskNotFound, withTask, type FailedTask } from '../../../shared/kling/tasks/taskErrors';
import { TASK_ROUTES, type TaskRoute } from '../../../shared/kling/tasks/taskRoutes';
import type { TaskFile } from '../../../shared/kling/tasks/taskState';
import { isNotFound } from '../../../shared/kling/tasks/taskVerdicts';
import type { Branch, Emission, Operation } from '../../../shared/n8n/operation';
import type { Answered } from '../../../shared/n8n/results';
import { attempt } from '../../../shared/n8n/sources';
import type { GenerationItem, GenerationOptions } from '../../options';
import { awaitTask, hasEnded, resultOf } from '../../tasks/awaitTask';
import { refuseFailed } from '../../tasks/fitness';
import { lastKnown } from '../../tasks/lastKnown';
import { lookAtTask } from '../../tasks/lookAtTask';
import { questionFor } from '../../tasks/questions';
import { questionInput } from '../../tasks/questionInput';
import { emit, MADE_BEFORE, type TaskResult } from '../../tasks/result';
import { COMMON } from '../../tasks/taskOperation';
import { readKind } from '../taskKinds';
import { BY_STATUS, fields as description } from './fields';

const DONE: Branch = { key: 'done', displayName: 'Done' };
const RUNNING: Branch = { key: 'running', displayName: 'Running' };
const FAILED: Branch = { key: 'failed', displayName: 'Failed' };

/** Get Task: what has become of a task that was created before. */
export const getTask: Operation<GenerationOptions, TaskResult> = {
	...COMMON,
	branches: { [BY_STATUS]: [DONE, RUNNING, FAILED] },
	failuresLeaveBy: [BY_STATUS],
	name: 'getTask',
	description,

	tell: async (fields) => ({ taskId: attempt(() => fields.text('taskId', '')) }),

	/** Questions take no place of the account's: as many items as there are wait side by side. */
	async read(item) {
		const { route, id } = readTask(item);
		return {
			input: questionInput(item.run.lanes.questions(item.options.wait || isLook(item))),
			send: async () => await ask(item, route, id),
			emit: (result) => emit(result, MADE_BEFORE, item.options).map((emission) => branched(emission, result)),
		};
	},
};

const isLook = ({ settings }: GenerationItem): boolean => settings.branchBy === BY_STATUS;

function branched(emission: Emission, { state }: TaskResult): Emission {
	return { ...emission, branch: (hasEnded(state) ? DONE : RUNNING).key };
}

async function ask(item: GenerationItem, route: TaskRoute, id: string): Promise<Answered<TaskResult>> {
	const task = { route, taskId: id, externalTaskId: null, requestId: null, attempts: 1 };
	const asked = { ...task };
	const question = questionFor(item, route, id, isLook(item) ? 'together' : 'alone');
	const askOnce = async () => {
		const heard = await question();
		const { taskId, externalTaskId, file } = heard.result;
		const told = { route: routeThatMade(route, file), taskId: taskId ?? id, externalTaskId, requestId: heard.requestId };
		Object.assign(asked, told);
		return heard;
	};
	if (isLook(item)) return await lookAtTask(item, { task: asked, ask: askOnce, known: lastKnown(item.fields.item, id) });
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

function readTask(item: GenerationItem): { route: TaskRoute; id: string } {
	const { fields } = item;
	// Without an ID there is nothing else to say of an item than why it failed before.
	if (attempt(() => fields.text('taskId', '')) === null) refuseFailed(item);
	const route = readKind(fields);
	return { route, id: requiredText(fields.value('taskId'), 'Task ID', 'Enter the ID of a task, as this node puts it out.') };
}
