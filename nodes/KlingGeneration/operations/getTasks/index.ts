import type { IDataObject } from 'n8n-workflow';

import { quote } from '../../../shared/kling/answers/quote';
import { flag, numberIn } from '../../../shared/kling/fields';
import { refusal } from '../../../shared/kling/klingError';
import type { ListedTask } from '../../../shared/kling/tasks/listPage';
import type { TaskRoute } from '../../../shared/kling/tasks/taskRoutes';
import type { Fields } from '../../../shared/n8n/fields';
import type { Emission, Operation } from '../../../shared/n8n/operation';
import { attempt } from '../../../shared/n8n/sources';
import type { GenerationItem, GenerationOptions } from '../../options';
import { questionInput } from '../../tasks/questionInput';
import { emit, MADE_BEFORE } from '../../tasks/result';
import { listReader, type TaskList } from '../../tasks/taskList';
import { COMMON } from '../../tasks/taskOperation';
import { readKind } from '../taskKinds';
import { fields as description } from './fields';

const DEFAULT_LIMIT = 50;

/** Get Many Tasks: what the account has made lately. Free, and no place of the account's is taken. */
export const getTasks: Operation<GenerationOptions, TaskList> = {
	...COMMON,
	name: 'getTasks',
	description,
	lists: true,

	tell: async (fields) => ({ taskOperation: attempt(() => fields.text('taskOperation', '')) }),

	async read(item) {
		refuseAtGateway(item);
		const route = readKind(item.fields);
		const most = readMost(item.fields);
		return {
			input: questionInput(item.run.lanes.questions(false)),
			send: listReader(item, route),
			emit: ({ tasks, isCut }) => {
				const hint = isCut ? cutHint(route, tasks.length) : undefined;
				return tasks.slice(0, most).map((task) => ({ ...emissionOf(item, route, task), hint }));
			},
		};
	},
};

/** @throws KlingError, with which nothing was sent */
function refuseAtGateway({ run: { connection } }: GenerationItem): void {
	if (connection.isKling) return;
	throw refusal(
		`Get Many Tasks works at Kling itself only, not at ${connection.provider.displayName}`,
		'A gateway serves many customers with accounts of its own: how it lists tasks, and whose, is not known. Look for the task in its console, or fetch it by its ID with the operation Get Task.',
	);
}

/** How many tasks are wanted at most. @throws KlingError where that makes no sense */
function readMost(fields: Fields): number {
	if (flag(fields.value('returnAll'), false, 'Return All')) return Infinity;
	return Math.floor(numberIn(fields.value('limit'), 'Limit', [1, Infinity], 'of at least 1') ?? DEFAULT_LIMIT);
}

/** The item of a task, as Get Task puts it out; of one that failed, with the reason. Nothing is downloaded. */
function emissionOf({ run, options }: GenerationItem, route: TaskRoute, { taskId, state, row, requestId }: ListedTask): Emission {
	const result = { route, taskId, externalTaskId: state.externalTaskId, requestId, state };
	const [{ branch, json }] = emit(result, MADE_BEFORE, options);
	const { operation, status, ...more } = json;
	const reason = status === 'failed' ? { reason: quote(state.reason ?? '', run.connection.secrets) || null } : {};
	return { branch, json: { operation, status, ...reason, ...more }, sources: [], files: [], raw: row as IDataObject };
}

function cutHint({ label }: TaskRoute, count: number): string {
	return `The account's list of ${label} tasks is longer than the ${count} that were read. Its order is not documented: newer tasks may be missing.`;
}
