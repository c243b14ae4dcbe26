import { connectionFailure, PROVIDER_PEER, timedOut } from '../../nodes/shared/kling/connectionFailure';
import { KlingError, refusal } from '../../nodes/shared/kling/klingError';
import { readTaskAnswer } from '../../nodes/shared/kling/tasks/taskEnvelope';
import { findTask, readTaskState, type TaskState } from '../../nodes/shared/kling/tasks/taskState';
import { judgeCreate, judgeQuery, saysNotFound } from '../../nodes/shared/kling/tasks/taskVerdicts';
import { answerOf, klingErrorOf } from './helpers';

const read = (body: unknown) => readTaskState(readTaskAnswer(answerOf(200, body), []).raw);
const NOTHING: TaskState = {
	taskId: null,
	externalTaskId: null,
	status: 'submitted',
	unknownStatus: null,
	reason: null,
	file: null,
	unitsDeducted: null,
	balanceDeducted: null,
	createdAt: null,
	updatedAt: null,
};

describe('the answer to a create', () => {
	it.each([
		[
			"in Kling's envelope",
			{
				code: 0,
				message: 'SUCCEED',
				request_id: 'r-1',
				data: { task_id: 't-1', task_status: 'submitted', task_info: { external_task_id: 'e-1' }, created_at: 1722769557708 },
			},
			{ taskId: 't-1', externalTaskId: 'e-1', createdAt: '2024-08-04T11:05:57.708Z' },
		],
		['at the top level', { task_id: 't-1', status: '' }, { taskId: 't-1' }],
		['at the top level, as id', { id: 't-1', status: '', created_at: 0 }, { taskId: 't-1' }],
		['at the top level, beside an empty error', { task_id: 't-1', status: '', error: {} }, { taskId: 't-1' }],
		['after a byte order mark', '\ufeff{"task_id":"t-1","status":""}', { taskId: 't-1' }],
		['with the code in words', { code: 'success', data: { task_id: 't-1', task_status: 'submitted' } }, { taskId: 't-1' }],
		['one level deeper', { code: 'success', data: { data: { task_id: 't-1', task_status: 'submitted' } } }, { taskId: 't-1' }],
		[
			"with a gateway's id around Kling's",
			{ code: 'success', data: { task_id: 'g-1', status: 'IN_PROGRESS', data: { task_id: 't-1', task_status: 'processing' } } },
			{ taskId: 'g-1', status: 'processing' },
		],
		['without a status', { code: 0, data: { task_id: 't-1' } }, { taskId: 't-1' }],
		['without an id', { code: 0, data: { task_status: 'processing' } }, { status: 'processing' }],
		[
			'with the external id beside the id',
			{ code: 0, data: { task_id: 't-1', external_task_id: 'e-1' } },
			{ taskId: 't-1', externalTaskId: 'e-1' },
		],
	])('%s', (_name, body, expected) => {
		expect(read(body)).toEqual({ ...NOTHING, ...expected });
	});

	it('what came is kept as it came', () => {
		const body = { id: 't-1', status: '', request_id: 'r-1' };
		expect(readTaskAnswer(answerOf(200, body), [])).toMatchObject({ raw: body, requestId: 'r-1' });
	});

	it.each([
		['data about no task', { code: 0, data: { something: 'else' } }],
		['data without anything', { code: 0, data: {} }],
		['a task deeper than any gateway puts it', { data: { data: { data: { data: { task_id: 't-1' } } } } }],
	])('%s', (_name, body) => {
		expect(read(body)).toBeNull();
	});

	it.each([
		['an error of a gateway', 400, { error: { message: 'no' }, id: 'x' }],
		['a service code', 400, { code: 1201, message: 'no', id: 'x' }],
		['a service code with HTTP 200 beside an id', 200, { code: 1201, message: 'no', id: 'x' }],
		['a list with an error status', 500, { code: 5000, data: [] }],
		['an error with HTTP 200 beside an id', 200, { error: { message: 'no' }, id: 'x' }],
		['an id beside data that is none', 200, { code: 0, id: 'x', data: null }],
		['neither data nor an id', 200, { code: 0, message: 'SUCCEED' }],
		['a web page', 200, '<html></html>'],
		['nothing', 200, ''],
	])('%s is a failure, and is kept as it came', (_name, status, body) => {
		expect(klingErrorOf(() => readTaskAnswer(answerOf(status, body), [])).raw).toEqual(body);
	});
});

describe('the answer to a question', () => {
	const video = { url: 'https://v.example/1.mp4', id: 'v-1', duration: '5.1' };
	const file = { url: 'https://v.example/1.mp4', watermarkUrl: null, id: 'v-1', duration: 5.1 };
	const good = { taskId: 't-1', status: 'succeeded', file };

	it.each([
		['videos', { code: 0, data: { task_id: 't-1', task_status: 'succeed', task_result: { videos: [video] } } }, good],
		['videos as one object', { code: 0, data: { task_id: 't-1', task_status: 'succeed', task_result: { videos: video } } }, good],
		['images', { code: 0, data: { task_id: 't-1', task_status: 'succeed', task_result: { images: [video] } } }, good],
		[
			'a file with a watermark beside the clean one',
			{
				code: 0,
				data: {
					task_id: 't-1',
					task_status: 'succeed',
					task_result: { videos: [{ ...video, watermark_url: 'https://v.example/w.mp4' }] },
				},
			},
			{ ...good, file: { ...file, watermarkUrl: 'https://v.example/w.mp4' } },
		],
		[
			'no watermark, as an empty text',
			{
				code: 0,
				data: { task_id: 't-1', task_status: 'succeed', task_result: { images: [{ ...video, watermark_url: '' }] } },
			},
			good,
		],
		['outputs', { code: 0, data: { id: 't-1', status: 'succeeded', outputs: [video] } }, good],
		[
			'one level deeper',
			{
				code: 'success',
				data: {
					task_id: 't-1',
					status: 'SUCCESS',
					data: { code: 0, data: { task_id: 'k-1', task_status: 'succeed', task_result: { videos: [video] } } },
				},
			},
			good,
		],
		[
			'a bare URL beside the id of the task',
			{ code: 0, data: { id: 't-1', status: 'succeeded', url: video.url } },
			{ ...good, file: { ...file, id: null, duration: null } },
		],
		[
			"a bare URL around Kling's own answer",
			{ code: 0, data: { task_id: 't-1', status: 'SUCCESS', url: video.url, data: { task_status: 'succeed' } } },
			{ ...good, file: { ...file, id: null, duration: null } },
		],
		[
			'a bare URL',
			{ code: 'success', data: { task_id: 't-1', status: 'succeeded', url: video.url } },
			{ ...good, file: { ...file, id: null, duration: null } },
		],
		[
			'an empty list beside outputs',
			{ code: 0, data: { task_id: 't-1', task_status: 'succeed', task_result: { videos: [] }, outputs: [video] } },
			good,
		],
		[
			'units and balance',
			{
				code: 0,
				data: {
					task_id: 't-1',
					task_status: 'succeed',
					task_result: { videos: [video] },
					final_unit_deduction: '1.5',
					final_balance_deduction: { quota: '0.21', list_price: '0.3' },
					created_at: 1722769557708,
					updated_at: '1722769557',
				},
			},
			{
				...good,
				unitsDeducted: 1.5,
				balanceDeducted: 0.21,
				createdAt: '2024-08-04T11:05:57.708Z',
				updatedAt: '2024-08-04T11:05:57.000Z',
			},
		],
		[
			'units beside the content',
			{ code: 0, final_unit_deduction: 1, data: { task_id: 't-1', task_status: 'processing' } },
			{ taskId: 't-1', status: 'processing', unitsDeducted: 1 },
		],
		[
			'a status within spaces',
			{ code: 0, data: { task_id: 't-1', task_status: ' Failed ' } },
			{ taskId: 't-1', status: 'failed' },
		],
		['still running', { code: 0, data: { task_id: 't-1', task_status: 'processing' } }, { taskId: 't-1', status: 'processing' }],
		[
			'a word that nobody knows',
			{ code: 0, data: { task_id: 't-1', task_status: 'rendering' } },
			{ taskId: 't-1', status: 'processing', unknownStatus: 'rendering' },
		],
		[
			'failed',
			{ code: 0, data: { task_id: 't-1', task_status: 'failed', task_status_msg: 'risk control' } },
			{ taskId: 't-1', status: 'failed', reason: 'risk control' },
		],
		[
			"failed, in a gateway's words",
			{ code: 'success', data: { task_id: 't-1', status: 'FAILURE', fail_reason: 'risk control' } },
			{ taskId: 't-1', status: 'failed', reason: 'risk control' },
		],
		[
			'failed at Kling, which the gateway does not know yet',
			{ code: 'success', data: { task_id: 't-1', status: 'IN_PROGRESS', data: { task_id: 'k-1', task_status: 'failed' } } },
			{ taskId: 't-1', status: 'failed' },
		],
		[
			'a time that makes no sense',
			{ code: 0, data: { task_id: 't-1', task_status: 'processing', created_at: 1e300, updated_at: 'x' } },
			{ taskId: 't-1', status: 'processing' },
		],
	])('%s', (_name, body, expected) => {
		expect(read(body)).toEqual({ ...NOTHING, ...expected });
	});

	it('a list', () => {
		const list = { code: 0, data: [{ task_id: 't-0' }, { task_id: 't-1', task_info: { external_task_id: 'e-1' } }, 'x', null] };
		const { raw } = readTaskAnswer(answerOf(200, list), []);
		expect(findTask(raw, 'e-1')?.taskId).toBe('t-1');
		expect(findTask(raw, 'e-2')).toBeNull();
		expect(findTask({}, 'e-1')).toBeNull();
	});
});

const failureOf = (status: number, body: unknown) => klingErrorOf(() => readTaskAnswer(answerOf(status, body), []));
const busy = (status: number, code: number | null) =>
	new KlingError(
		'busy',
		{ description: 'x', serviceCode: code, httpStatus: status, requestId: null, attempts: 1, retryable: true },
		{ congestion: true, notBegun: true },
	);
const connection = (code: string) => connectionFailure(code, 'x', [], PROVIDER_PEER);
const kling = (code: number, message = 'words') => ({ code, message, request_id: 'r' });
const ALREADY = 'External_task_id n8n-0123456789abcdef0123456789abcdef already exists';

describe('a failed create', () => {
	it.each([
		['one too many', busy(429, 1303), 'nothing'],
		['an overloaded gateway', busy(403, null), 'nothing'],
		['no host', connection('ENOTFOUND'), 'nothing'],
		['no port', connection('ECONNREFUSED'), 'nothing'],
		['a wrong certificate', connection('CERT_HAS_EXPIRED'), 'nothing'],
		['refused here', refusal('x', 'y'), 'nothing'],
		['the external id is known', failureOf(400, kling(1201, ALREADY)), 'exists'],
		[
			'the same in other words',
			failureOf(400, { error: { message: 'external task id a already exists', code: 'bad' } }),
			'exists',
		],
		['the same as one word', failureOf(400, kling(1201, 'externalTaskId a already exists')), 'exists'],
		['invalid', failureOf(400, kling(1201, 'image is too small')), 'nothing'],
		['invalid, with HTTP 200', failureOf(200, kling(1201)), 'nothing'],
		['content', failureOf(400, kling(1301)), 'nothing'],
		['no units', failureOf(429, kling(1102)), 'nothing'],
		['a wrong key', failureOf(401, { error: { message: 'x' } }), 'nothing'],
		['a wrong route', failureOf(404, 'Not Found'), 'nothing'],
		['a redirect', failureOf(301, ''), 'nothing'],
		['a choice of places', failureOf(300, ''), 'nothing'],
		['an internal error', failureOf(500, kling(5000)), 'unclear'],
		['an internal time-out', failureOf(504, kling(5002)), 'unclear'],
		['a bad gateway', failureOf(502, '<html>'), 'unclear'],
		['a gateway that waited', failureOf(504, ''), 'unclear'],
		['an edge', failureOf(524, ''), 'unclear'],
		['a request that took long', failureOf(408, ''), 'unclear'],
		['an unreadable answer', failureOf(200, '{"code":0,"da'), 'unclear'],
		['an empty answer', failureOf(200, ''), 'unclear'],
		['HTTP 200 with an error of a gateway', failureOf(200, { error: { message: 'upstream' } }), 'unclear'],
		['HTTP 200 with a code that nobody knows', failureOf(200, { code: 9999, data: {} }), 'unclear'],
		['a time-out', timedOut(60_000, PROVIDER_PEER), 'unclear'],
		['a broken connection', connection('ECONNRESET'), 'unclear'],
		['a connection that fell silent', connection('ETIMEDOUT'), 'unclear'],
		['a lost network', connection('EHOSTUNREACH'), 'unclear'],
	])('%s', (_name, error, verdict) => {
		expect(judgeCreate(error)).toBe(verdict);
	});
});

describe('a failed question', () => {
	it.each([
		['a wrong key', failureOf(401, kling(1002)), 'end'],
		['a wrong key at a gateway', failureOf(401, ''), 'end'],
		['refused here', refusal('x', 'y'), 'end'],
		['no balance', failureOf(402, ''), 'end'],
		['no permission', failureOf(403, ''), 'end'],
		['no money', failureOf(429, kling(1102)), 'end'],
		['an address that is not allowed', failureOf(429, kling(1304)), 'end'],
		['not found', failureOf(400, kling(1201, 'Task not found by id/external id')), 'notFound'],
		['no such resource', failureOf(404, kling(1203)), 'notFound'],
		['a bare 404', failureOf(404, ''), 'notFound'],
		['something else that is invalid', failureOf(400, kling(1201, 'bad')), 'again'],
		['too many', failureOf(429, kling(1302)), 'again'],
		['a bad gateway', failureOf(502, '<html>'), 'again'],
		['unreadable', failureOf(200, '{"co'), 'again'],
		['a time-out', timedOut(60_000, PROVIDER_PEER), 'again'],
		['a broken connection', connection('ECONNRESET'), 'again'],
		['an overloaded gateway', busy(403, null), 'again'],
	])('%s', (_name, error, verdict) => {
		expect(judgeQuery(error)).toBe(verdict);
	});

	it('only words of Kling prove that a task does not exist', () => {
		expect(saysNotFound(failureOf(400, kling(1201, 'Task not found by id/external id')))).toBe(true);
		expect(saysNotFound(failureOf(404, kling(1203)))).toBe(true);
		expect(saysNotFound(failureOf(404, ''))).toBe(false);
		expect(saysNotFound(failureOf(400, kling(1201, 'bad')))).toBe(false);
		expect(saysNotFound(failureOf(502, 'not found'))).toBe(false);
	});
});
