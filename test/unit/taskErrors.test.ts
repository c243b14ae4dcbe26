import { KlingError } from '../../nodes/shared/kling/klingError';
import * as errors from '../../nodes/shared/kling/tasks/taskErrors';
import { lookUpTask } from '../../nodes/shared/kling/tasks/taskLookUp';
import { TASK_ROUTES, type TaskOperation } from '../../nodes/shared/kling/tasks/taskRoutes';
import { readTaskState } from '../../nodes/shared/kling/tasks/taskState';
import { readTaskAnswer } from '../../nodes/shared/kling/tasks/taskEnvelope';
import { answerOf } from './helpers';

const route = (operation: TaskOperation) => TASK_ROUTES.find((row) => row.operation === operation)!;
const task = { route: route('lipSync'), taskId: 't-1', externalTaskId: 'n8n-1', requestId: 'r-1', attempts: 1 };
const state = (status: string, more: object = {}) => readTaskState({ task_id: 't-1', task_status: status, ...more })!;
const timeOut = new KlingError('The provider did not answer within 60 seconds', {
	description: 'x',
	serviceCode: null,
	httpStatus: 504,
	requestId: 'r-2',
	attempts: 1,
	retryable: true,
});

describe('errors after a create', () => {
	it.each([
		['Failure to pass the risk control system', "Kling's content moderation stopped the video", 'Use another input or prompt.'],
		['image cannot be decoded', 'Kling could not make the video', 'Check the input'],
		[null, 'Kling could not make the video', 'Kling gave no reason.'],
	])('the task failed: %s', (reason, message, words) => {
		const error = errors.taskFailed(task, state('failed', { task_status_msg: reason }), { said: reason }, []);
		expect(error.raw).toEqual({ said: reason });
		expect(error.message).toBe(message);
		expect(error.details).toMatchObject({
			taskId: 't-1',
			externalTaskId: 'n8n-1',
			requestId: 'r-1',
			retryable: false,
			attempts: 1,
		});
		expect(error.details.description).toContain(words);
		expect(error.details.description).toContain(reason ?? 'task ID t-1');
	});

	it("Kling's reason does not repeat a key", () => {
		const error = errors.taskFailed(
			task,
			state('failed', { task_status_msg: 'bad key sk-live-0123456789' }),
			{ said: 'sk-live-0123456789' },
			['sk-live-0123456789'],
		);
		expect(JSON.stringify([error.details, error.raw])).not.toContain('sk-live');
	});

	it('not done in time', () => {
		const error = errors.taskLate(task, 90_000, state('rendering'), timeOut);
		expect(error.message).toBe('The video was not done within 1.5 minutes');
		expect(error.details).toMatchObject({ taskId: 't-1', externalTaskId: 'n8n-1' });
		expect(error.details.description).toContain('operation Get Task: task ID t-1, a task of Lip-Sync.');
		expect(error.details.description).toContain('"rendering"');
		expect(error.details.description).toContain('did not answer within 60 seconds');
	});

	it('stopped', () => {
		const error = errors.taskLeft({ ...task, route: route('virtualTryOn') });
		expect(error.details.description).toContain('goes on at Kling');
		expect(error.details.description).toContain('task ID t-1, a task of Virtual Try-On');
	});

	it('out of reach', () => {
		const error = errors.taskOutOfReach(task, timeOut);
		expect(error.message).toBe(timeOut.message);
		expect(error.details).toMatchObject({ taskId: 't-1', httpStatus: 504 });
		expect(error.details.description).toContain('Get Task');
	});

	it.each([
		['unclear', errors.taskUnclear, 'may have been created'],
		['missing', errors.taskMissing, 'was created before'],
	])('%s: the external id is named, no task id is made up', (_name, make, words) => {
		const error = make({ ...task, taskId: null }, timeOut);
		expect(error.message).toContain(words);
		expect(error.details.description).toContain('n8n-1');
		expect(error.details).toMatchObject({ externalTaskId: 'n8n-1', retryable: false, httpStatus: 504 });
		expect(error.details).not.toHaveProperty('taskId');
	});
});

describe('a look for a task by its external id', () => {
	const NOT_FOUND = { status: 400, body: { code: 1201, message: 'Task not found by id/external id' } };
	const FOUND = { status: 200, body: { code: 0, data: { task_id: 't-1', task_status: 'submitted' } } };
	const listOf = (...ids: string[]) => ({
		status: 200,
		body: { code: 0, data: ids.map((id) => ({ task_id: `t-${id}`, task_info: { external_task_id: id } })) },
	});
	const look = async (operation: TaskOperation, isKling: boolean, ...answers: Array<{ status: number; body: unknown }>) => {
		const asked: string[] = [];
		const result = await lookUpTask(route(operation), 'e', isKling, async (path) => {
			asked.push(path);
			const { status, body } = answers[asked.length - 1]!;
			return readTaskAnswer(answerOf(status, body), []).raw;
		}).then(
			(found) => found?.taskId ?? null,
			(error: KlingError) => error.message,
		);
		return { asked: asked.length, result };
	};
	const BAD_GATEWAY = { status: 502, body: '' };

	it.each([
		['found by its path', 'avatar', true, [FOUND], 't-1', 1],
		['proven not there', 'avatar', true, [NOT_FOUND], null, 1],
		['a bare 404 proves nothing', 'avatar', true, [{ status: 404, body: '' }], 'The provider does not know this route', 1],
		[
			'an answer about nothing proves nothing',
			'avatar',
			true,
			[{ status: 200, body: { data: {} } }],
			'The answer names no task',
			1,
		],
		['but at a gateway has to do', 'avatar', false, [{ status: 200, body: { data: {} } }], null, 1],
		['a bare 404 at a gateway has to do', 'avatar', false, [{ status: 404, body: '' }], null, 1],
		['no answer at a gateway says nothing', 'avatar', false, [BAD_GATEWAY], 'The provider could not reach Kling', 1],
		['a refused key says nothing', 'avatar', false, [{ status: 401, body: '' }], 'The provider rejected the key', 1],
		['a lip-sync by its path', 'lipSync', true, [FOUND], 't-1', 1],
		['a lip-sync in the list', 'lipSync', true, [NOT_FOUND, listOf('a', 'e')], 't-e', 2],
		['a lip-sync in the list, where the path is refused', 'lipSync', true, [{ status: 404, body: '' }, listOf('e')], 't-e', 2],
		['a lip-sync that is not in the list', 'lipSync', true, [NOT_FOUND, listOf('a')], null, 2],
		['a lip-sync without a list', 'lipSync', true, [NOT_FOUND, BAD_GATEWAY], 'The provider could not reach Kling', 2],
		['a gateway without a list', 'lipSync', false, [NOT_FOUND, { status: 404, body: '' }], null, 2],
		['a path that is not answered', 'lipSync', true, [BAD_GATEWAY], 'The provider could not reach Kling', 1],
	] as const)('%s', async (_name, operation, isKling, answers, result, asked) => {
		expect(await look(operation, isKling, ...answers)).toEqual({ asked, result });
	});
});
