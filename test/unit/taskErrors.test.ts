import { KlingError } from '../../nodes/shared/kling/klingError';
import * as errors from '../../nodes/shared/kling/tasks/taskErrors';
import { findCreated } from '../../nodes/KlingGeneration/tasks/questions';
import { routeOf, type TaskRoute } from '../../nodes/shared/kling/tasks/taskRoutes';
import { readTaskState } from '../../nodes/shared/kling/tasks/taskState';
import { fakeItem, type FakeAnswer } from './fakeItem';
import { FakeTime } from './fakeTime';

const task = { route: routeOf('lipSync'), taskId: 't-1', externalTaskId: 'n8n-1', requestId: 'r-1', attempts: 1 };
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

	it('a state that nobody knows does not repeat a key', () => {
		const last = state('waiting for sk-live-0123456789');
		const error = errors.taskLate(task, { waitedMs: 60_000, last, lastFailure: null }, ['sk-live-0123456789']);
		expect(error.details.description).toContain('The last state was "waiting for');
		expect(JSON.stringify(error.details)).not.toContain('sk-live');
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

	const FETCH = 'Fetch the result later with the operation Get Task: task ID t-1, a task of Lip-Sync.';
	const LATE = `The task goes on at Kling, and is charged when it is done. ${FETCH} Raise Max Wait in the options to wait longer.`;

	it.each([
		['while it was running', state('processing'), null, ' The last state was "processing".'],
		['and had not begun', state('submitted'), null, ' The last state was "submitted".'],
		['in a state that nobody knows', state('rendering'), null, ' The last state was "rendering", which this node does not know.'],
		[
			'and the last question was not answered',
			state('processing'),
			timeOut,
			' The last state was "processing". The last question was not answered: The provider did not answer within 60 seconds.',
		],
	])('not done in time, %s', (_name, last, lastFailure, more) => {
		const error = errors.taskLate(task, { waitedMs: 90_000, last, lastFailure }, []);
		expect(error.message).toBe('The video was not done within 1.5 minutes');
		expect(error.details).toMatchObject({ taskId: 't-1', externalTaskId: 'n8n-1', description: LATE + more });
	});

	it('not done in time, and nothing was heard of it: nobody knows whether it goes on', () => {
		const error = errors.taskLate(task, { waitedMs: 90_000, last: null, lastFailure: timeOut }, []);
		expect(error.details.description).toBe(
			`The task may go on at Kling. ${FETCH} Raise Max Wait in the options to wait longer. The last question was not answered: The provider did not answer within 60 seconds.`,
		);
	});

	it('done without a file: people see the answer, and nothing claims that it goes on', () => {
		const error = errors.taskEmpty(task, { data: 'sk-live-0123456789' }, ['sk-live-0123456789']);
		expect(error.message).toBe('The provider calls the video done, but sent no file');
		expect(error.details).toMatchObject({ taskId: 't-1', externalTaskId: 'n8n-1', retryable: false });
		expect(error.details.description).toBe(
			"The task is done, and may have been charged. Look for the video in the provider's console, or ask its support: the last answer stands under details.raw. (task ID t-1)",
		);
		expect([error.handling.showsRaw, error.raw]).toEqual([true, { data: '[cut]' }]);
	});

	it('a refusal after a doubt names the task, and goes on being what it is', () => {
		const error = errors.taskDoubted({ ...task, taskId: null }, timeOut);
		expect(error.message).toBe(timeOut.message);
		expect(error.details).toStrictEqual({
			...timeOut.details,
			description: `x An earlier try of this item got no clear answer, and no task of it was found: before you run the item again in a new execution, look in the provider's list of tasks for the external task ID n8n-1.`,
			externalTaskId: 'n8n-1',
		});
	});

	it('unclear: the words of the provider are kept', () => {
		const said = new KlingError('Kling had an internal error', timeOut.details, { said: 'upstream said no' });
		expect(errors.taskUnclear(task, said).details.description).toMatch(
			/^Kling had an internal error\. The provider said: "upstream said no"\. It was not sent again/,
		);
	});

	it.each([
		[60_000, '1 minute'],
		[600_000, '10 minutes'],
		[20_000, '0.33 minutes'],
	])('a wait of %i ms is called %s', (waitedMs, words) => {
		expect(errors.taskLate(task, { waitedMs, last: null, lastFailure: null }, []).message).toBe(
			`The video was not done within ${words}`,
		);
	});

	it('stopped', () => {
		const error = errors.taskLeft({ ...task, route: routeOf('virtualTryOn') });
		expect(error.message).toBe('The execution was stopped while the task was running');
		expect(error.details.description).toBe(
			'The task goes on at Kling, and is charged when it is done: stopping n8n does not cancel it. Fetch the result later with the operation Get Task: task ID t-1, a task of Virtual Try-On.',
		);
	});

	it.each([
		['the task ID', 't-1', 'n8n-1', 'task ID t-1,'],
		['the external task ID, where no other is known', null, 'n8n-1', 'task ID n8n-1,'],
		['neither', null, null, 'task ID unknown,'],
	])('a task is named by %s', (_name, taskId, externalTaskId, words) => {
		expect(errors.taskLeft({ ...task, taskId, externalTaskId }).details.description).toContain(words);
	});

	it('out of reach: the failure stays, and is not tried again', () => {
		const error = errors.taskOutOfReach({ ...task, attempts: 2 }, timeOut);
		expect(error.message).toBe(timeOut.message);
		expect(error.details).toEqual({
			...timeOut.details,
			description: `x The task may go on at Kling. ${FETCH}`,
			attempts: 2,
			retryable: false,
			taskId: 't-1',
			externalTaskId: 'n8n-1',
		});
	});

	it('no such task: says where it was looked for, and makes up no external id', () => {
		const error = errors.taskNotFound({ ...task, externalTaskId: null }, timeOut);
		expect(error.message).toBe('There is no Lip-Sync task with the ID t-1');
		expect(error.details).toStrictEqual({
			...timeOut.details,
			description:
				'Check Task ID and Task Operation, and that the credential is of the account that made the task: it was looked for among the tasks of Lip-Sync. x',
			retryable: false,
			taskId: 't-1',
		});
	});

	it.each([
		[
			'unclear',
			errors.taskUnclear,
			'The Lip-Sync task may have been created, but the provider gave no clear answer',
			"The provider did not answer within 60 seconds. It was not sent again, so that it is not paid for twice. Look in the provider's list of tasks for the external task ID n8n-1, or ask for it with the operation Get Task. Run the item again in a new execution only where it is not there.",
		],
		[
			'missing',
			errors.taskMissing,
			'The Lip-Sync task was created before, but cannot be found',
			"The provider says that a task with the external task ID n8n-1 exists already, so none was created anew. Look for it in the provider's list of tasks, and fetch it by its task ID with the operation Get Task.",
		],
	])('%s: the external id is named, no task id is made up', (_name, make, message, description) => {
		const error = make({ ...task, taskId: null, attempts: 3 }, timeOut);
		expect(error.message).toBe(message);
		expect(error.details).toStrictEqual({
			...timeOut.details,
			description,
			attempts: 3,
			retryable: false,
			externalTaskId: 'n8n-1',
		});
	});
});

describe('a look for a task by its external id', () => {
	const NOT_FOUND = { status: 400, body: { code: 1201, message: 'Task not found by id/external id' } };
	const FOUND = { status: 200, body: { code: 0, data: { task_id: 't-1', task_status: 'submitted' } } };
	const listOf = (...ids: string[]) => ({
		status: 200,
		body: { code: 0, data: ids.map((id) => ({ task_id: `t-${id}`, task_info: { external_task_id: id } })) },
	});
	const look = async (of: TaskRoute, isKling: boolean, ...answers: FakeAnswer[]) => {
		const time = new FakeTime();
		const asked: string[] = [];
		const answer = ({ path }: { path: string }) => answers[asked.push(path) - 1]!;
		const item = fakeItem({ name: isKling ? 'klingGlobal' : 'deerApi', answer }, { clock: time.clock });
		const looking = findCreated(item, of, 'e').then(
			(found) => found?.result.taskId ?? null,
			(error: KlingError) => error.message,
		);
		let isDone = false;
		void looking.finally(() => (isDone = true));
		while (!isDone) await time.pass(1);
		const result = await looking;
		time.restore();
		return { asked: asked.length, result };
	};
	const BAD_GATEWAY = { status: 502, body: '' };
	const COULD_NOT_REACH = 'The provider could not reach Kling';

	it.each([
		['of the newer form', 'imageToVideo', true, [listOf('e')], 't-e', 1, 'kling-3.0'],
		['of the newer form that is not there', 'imageToVideo', true, [listOf()], null, 1, 'kling-3.0'],
		['of the newer form, refused', 'imageToVideo', true, [NOT_FOUND], null, 1, 'kling-3.0'],
		[
			'of the newer form, an answer without a list',
			'textToVideo',
			true,
			[FOUND],
			'The answer contains no list of tasks',
			1,
			'kling-3.0',
		],
		['found by its path', 'avatar', true, [FOUND], 't-1', 1],
		['proven not there', 'avatar', true, [NOT_FOUND], null, 1],
		['a bare 404 proves nothing', 'avatar', true, [{ status: 404, body: '' }], 'The provider does not know this route', 1],
		[
			'an answer about nothing proves nothing',
			'avatar',
			true,
			[{ status: 200, body: { data: {} } }],
			'The answer contains no task',
			1,
		],
		[
			'an answer without the id of the task proves nothing',
			'avatar',
			true,
			[{ status: 200, body: { data: { task_status: 'processing' } } }],
			'The answer names no task',
			1,
		],
		['but at a gateway has to do', 'avatar', false, [{ status: 200, body: { data: {} } }], null, 1],
		['a bare 404 at a gateway has to do', 'avatar', false, [{ status: 404, body: '' }], null, 1],
		['no answer at a gateway says nothing', 'avatar', false, [BAD_GATEWAY], COULD_NOT_REACH, 1],
		['a redirect says nothing', 'avatar', false, [{ status: 303, body: '' }], 'The provider redirects the call', 1],
		['a refused key says nothing', 'avatar', false, [{ status: 401, body: '' }], 'The provider rejected the key', 1],
		['a lip-sync by its path', 'lipSync', true, [FOUND], 't-1', 1],
		['a lip-sync in the list', 'lipSync', true, [NOT_FOUND, listOf('a', 'e')], 't-e', 2],
		['a lip-sync in the list, where the path is refused', 'lipSync', true, [{ status: 404, body: '' }, listOf('e')], 't-e', 2],
		['a lip-sync that is not in the list', 'lipSync', true, [NOT_FOUND, listOf('a'), listOf()], null, 3],
		['a lip-sync among all tasks', 'lipSync', true, [NOT_FOUND, { status: 404, body: '' }, listOf('e')], 't-e', 3],
		['a lip-sync without a list', 'lipSync', true, [NOT_FOUND, BAD_GATEWAY], COULD_NOT_REACH, 2],
		['a lip-sync that nobody lists', 'lipSync', true, [NOT_FOUND, { status: 404, body: '' }, BAD_GATEWAY], COULD_NOT_REACH, 3],
		['a gateway without a list', 'lipSync', false, [NOT_FOUND, { status: 404, body: '' }], null, 2],
		['a path that is not answered', 'lipSync', true, [BAD_GATEWAY], COULD_NOT_REACH, 1],
	] as const)('%s', async (_name, operation, isKling, answers, result, asked, model: string = '') => {
		expect(await look(routeOf(operation, model), isKling, ...answers)).toEqual({ asked, result });
	});
});
