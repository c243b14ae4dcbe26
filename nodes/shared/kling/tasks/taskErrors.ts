import { quote, withoutSecrets } from '../answers/quote';
import { KlingError, type FailureDetails, type FailureHandling } from '../klingError';
import type { TaskRoute } from './taskRoutes';
import type { TaskState } from './taskState';

/** What is known of a task, for the people who look for it. */
export interface TaskIds {
	taskId: string | null;
	/** Null where the task was not created here. */
	externalTaskId: string | null;
}

/** The task whose failure is described. */
export interface FailedTask extends TaskIds {
	route: TaskRoute;
	/** The id of the create's request. */
	requestId: string | null;
	/** How many creates were sent. */
	attempts: number;
}

/** A failure, with the ids of the task that it is about. */
export function withTask(error: KlingError, { taskId, externalTaskId }: TaskIds): KlingError {
	return error.with({ ...(taskId === null ? {} : { taskId }), ...(externalTaskId === null ? {} : { externalTaskId }) });
}

/**
 * The task failed at Kling. It is not retried: the same would fail again.
 * @param raw the answer that said so
 */
export function taskFailed(task: FailedTask, state: TaskState, raw: unknown, secrets: readonly string[]): KlingError {
	const reason = quote(state.reason ?? '', secrets);
	const moderated = MODERATION.test(reason);
	const message = moderated
		? `Kling's content moderation stopped the ${task.route.makes}`
		: `Kling could not make the ${task.route.makes}`;
	const remedy = moderated
		? 'Use another input or prompt.'
		: 'Check the input of this item against the limits in the documentation, then run it again.';
	const said = reason === '' ? 'Kling gave no reason.' : `Kling said: "${reason}"`;
	return about(task, message, `${remedy} ${said} (task ID ${idOf(task)})`, () => withoutSecrets(raw, secrets));
}

/** Source: texts of `task_status_msg` that others report, such as "Failure to pass the risk control system". */
const MODERATION = /risk control|moderation|sensitive|content polic|content security|violat|inappropriate|nsfw|审核|敏感|违规/i;

/**
 * The task was not done within the time that the node waits.
 * @param last the latest state that was heard of
 * @param lastFailure why the latest question was not answered, where it was not
 */
export function taskLate(
	task: FailedTask,
	{ waitedMs, last, lastFailure }: { waitedMs: number; last: TaskState | null; lastFailure: Error | null },
	secrets: readonly string[],
): KlingError {
	const minutes = waitedMs / 60_000;
	const duration = minutes === 1 ? '1 minute' : `${Number(minutes.toFixed(2))} minutes`;
	return about(task, `The ${task.route.makes} was not done within ${duration}`, [
		last === null ? MAY_GO_ON : 'The task goes on at Kling, and is charged when it is done.',
		fetchIt(task),
		'Raise Max Wait in the options to wait longer.',
		last?.unknownStatus
			? `The last state was "${quote(last.unknownStatus, secrets)}", which this node does not know.`
			: last && `The last state was "${last.status}".`,
		lastFailure ? `The last question was not answered: ${lastFailure.message}.` : '',
	]);
}

const MAY_GO_ON = 'The task may go on at Kling.';

/**
 * The provider says that the task is done, and no file comes: it was paid for, and only the provider knows what became of it.
 * @param raw the last answer, which people get to see
 */
export function taskEmpty(task: FailedTask, raw: unknown, secrets: readonly string[]): KlingError {
	const description = [
		'The task is done, and may have been charged.',
		`Look for the ${task.route.makes} in the provider's console, or ask its support: the last answer stands under details.raw.`,
		`(task ID ${idOf(task)})`,
	];
	return about(
		task,
		`The provider calls the ${task.route.makes} done, but sent no file`,
		description,
		() => withoutSecrets(raw, secrets),
		{
			showsRaw: true,
		},
	);
}

/** The execution was stopped while the task was running. */
export function taskLeft(task: FailedTask): KlingError {
	return about(task, 'The execution was stopped while the task was running', [
		'The task goes on at Kling, and is charged when it is done: stopping n8n does not cancel it.',
		fetchIt(task),
	]);
}

/** No further question about the task will be answered: the account or the key is refused, or there is no such task. */
export function taskOutOfReach(task: FailedTask, error: KlingError): KlingError {
	const description = `${error.details.description} ${MAY_GO_ON} ${fetchIt(task)}`;
	return withTask(error.with({ attempts: task.attempts, retryable: false, description }), task);
}

/** There is no task with the id that was asked for. */
export function taskNotFound(task: FailedTask, error: KlingError): KlingError {
	const description = `Check Task ID and Task Operation, and that the credential is of the account that made the task: it was looked for among the tasks of ${task.route.label}. ${error.details.description}`;
	return withTask(
		error.with({ description, retryable: false }, `There is no ${task.route.label} task with the ID ${idOf(task)}`),
		task,
	);
}

/**
 * A create got no clear answer, and the task was not found: it may exist, so it is not sent again.
 * @param error what the create was answered with
 */
export function taskUnclear(task: FailedTask, error: KlingError): KlingError {
	const description = [
		`${error.message}.`,
		error.handling.said === '' ? '' : `The provider said: "${error.handling.said}".`,
		'It was not sent again, so that it is not paid for twice.',
		`Look in the provider's list of tasks for the external task ID ${task.externalTaskId},`,
		`or ask for it with the operation Get Task. Run the item again in a new execution only where it is not there.`,
	]
		.filter(Boolean)
		.join(' ');
	const message = `The ${task.route.label} task may have been created, but the provider gave no clear answer`;
	return inDoubt(task, error, message, description);
}

/** A create got no clear answer, and the task was proven not to exist: it is created when it is its turn again. */
export function taskAbsent(task: FailedTask, error: KlingError): KlingError {
	const { message, details, handling } = taskUnclear(task, error);
	return new KlingError(
		message,
		{ ...details, retryable: true },
		{ ...handling, notBegun: true, congestion: false, retryAfterMs: null },
	);
}

/** A create was refused, and one before it got no clear answer: a task of that one was not found, and is named all the same. */
export function taskDoubted(task: FailedTask, error: KlingError): KlingError {
	const description = `${error.details.description} An earlier try of this item got no clear answer, and no task of it was found: before you run the item again in a new execution, look in the provider's list of tasks for the external task ID ${task.externalTaskId}.`;
	return withTask(error.with({ description }), task);
}

/** The provider says that a task with the external id exists, yet it is not to be found. */
export function taskMissing(task: FailedTask, error: KlingError): KlingError {
	const description = [
		`The provider says that a task with the external task ID ${task.externalTaskId} exists already, so none was created anew.`,
		"Look for it in the provider's list of tasks, and fetch it by its task ID with the operation Get Task.",
	].join(' ');
	return inDoubt(task, error, `The ${task.route.label} task was created before, but cannot be found`, description);
}

/**
 * It was not to be found out whether there is a task under a Task Key, so none was created.
 * @param error why the latest question was not answered; null: the execution was stopped before it could be
 */
export function taskUnknown(task: FailedTask, error: KlingError | null): KlingError {
	const message = `No ${task.route.label} task was created: whether there is one under the Task Key could not be found out`;
	const why = error === null ? 'The execution was stopped.' : `${error.message}. ${error.details.description}`;
	const description = `${why} Run the item again later: the same Task Key meets the same task (external task ID ${task.externalTaskId}).`;
	if (error === null) return about(task, message, description);
	return inDoubt(task, error, message, description);
}

/** All tasks that are looked for under a Task Key failed, or are too old. @param count how many these are */
export function tasksSpent(task: FailedTask, count: number): KlingError {
	const message = `No ${task.route.label} task was created: ${count} under this Task Key have failed, or are too old`;
	return about(task, message, "Look in the provider's list of tasks for why, then run the item again with another Task Key.");
}

/** A task under a Task Key cannot be had: how another one can be. */
export function underTaskKey(error: KlingError): KlingError {
	const description = `${error.details.description} Where it is of no use, another Task Key makes a new one.`;
	return error.with({ description });
}

function inDoubt(task: FailedTask, error: KlingError, message: string, description: string): KlingError {
	return withTask(error.with({ attempts: task.attempts, retryable: false, description }, message), task);
}

function idOf({ taskId, externalTaskId }: TaskIds): string {
	return taskId ?? externalTaskId ?? 'unknown';
}

function fetchIt(task: FailedTask): string {
	return `Fetch the result later with the operation Get Task: task ID ${idOf(task)}, a task of ${task.route.label}.`;
}

function about(
	task: FailedTask,
	message: string,
	description: string | Array<string | null>,
	readRaw?: () => unknown,
	handling: Partial<FailureHandling> = {},
): KlingError {
	const details: FailureDetails = {
		description: [description].flat().filter(Boolean).join(' '),
		serviceCode: null,
		httpStatus: null,
		requestId: task.requestId,
		attempts: task.attempts,
		retryable: false,
	};
	return withTask(new KlingError(message, details, handling, readRaw), task);
}
