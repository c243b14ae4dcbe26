import { connectionFailure, PROVIDER_PEER, timedOut } from '../../nodes/shared/kling/answers/connectionFailure';
import { KlingError, refusal } from '../../nodes/shared/kling/klingError';
import { readCreated, readTaskAnswer } from '../../nodes/shared/kling/tasks/taskEnvelope';
import { listedTasks, readTaskState, type TaskState } from '../../nodes/shared/kling/tasks/taskState';
import {
	judgeCreate,
	QueryJudge,
	saysNoTask,
	type CreateVerdict,
	type QueryVerdict,
} from '../../nodes/shared/kling/tasks/taskVerdicts';
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
			'beside an id of the answer itself',
			{ id: 'req-1', code: 0, data: { task_id: 't-1', task_status: 'submitted' } },
			{ taskId: 't-1' },
		],
		['beside an id of the answer itself, as id', { id: 'req-1', data: { id: 't-1', status: 'queued' } }, { taskId: 't-1' }],
		[
			"with a gateway's id at the top level, around Kling's",
			{ task_id: 'g-1', data: { task_id: 't-1', task_status: 'submitted' } },
			{ taskId: 'g-1' },
		],
		['with an ok of the answer itself', { status: 'ok', data: { task_id: 't-1' } }, { taskId: 't-1' }],
		[
			'with an empty id beside it',
			{ task_id: '', id: 't-1', status: 'error', data: { id: 't-1', status: '' } },
			{ taskId: 't-1', status: 'failed' },
		],
		['as the bare id', { code: 'success', message: '', data: 'task_abc' }, { taskId: 'task_abc' }],
		[
			"in OpenAI's form",
			{ id: 'task_1', task_id: 'task_1', object: 'video', status: 'queued', progress: 0, created_at: 1722769557 },
			{ taskId: 'task_1', createdAt: '2024-08-04T11:05:57.000Z' },
		],
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
		['data that is words with a number', 200, { code: 'success', data: 'no task 123456' }],
		['data that is words behind a number', 200, { code: 'success', data: '123456 tasks wait' }],
		['data that is a word, and no id', 200, { code: 'success', data: 'accepted' }],
		['a web page', 200, '<html></html>'],
		['nothing', 200, ''],
	])('%s is a failure, and is kept as it came', (_name, status, body) => {
		for (const readBody of [readTaskAnswer, readCreated]) {
			expect(klingErrorOf(() => readBody(answerOf(status, body), [])).raw).toEqual(body);
		}
	});

	it.each([
		['an internal error', 500, { code: 5000, message: 'm', data: { task_id: 't-1' } }],
		['a refusal', 400, { code: 1201, message: 'm', task_id: 't-1' }],
		['an error of a gateway', 200, { error: { message: 'm' }, data: { task_id: 't-1' } }],
		['a failure around another', 502, { message: 'm', data: { code: 1, data: { task_id: 't-1' } } }],
	])('the id of a task in %s is used', (_name, status, body) => {
		expect(readTaskState(readCreated(answerOf(status, body), []).raw)?.taskId).toBe('t-1');
		expect(() => readTaskAnswer(answerOf(status, body), [])).toThrow(KlingError);
	});
});

describe('the answer to a question', () => {
	const video = { url: 'https://v.example/1.mp4', id: 'v-1', duration: '5.1' };
	const file = { url: 'https://v.example/1.mp4', watermarkUrl: null, id: 'v-1', duration: 5.1, makes: 'video' };
	const good = { taskId: 't-1', status: 'succeeded', file };
	const goodImage = { ...good, file: { ...file, makes: 'image' } };
	/** What the relay says of a task, around what its own provider says. */
	const relayed = (data: unknown, status = 'SUCCESS', more: object = {}) => ({
		code: 'success',
		message: '',
		data: { id: 123, task_id: 'task_1', status, fail_reason: '', result_url: '', progress: '100%', data, ...more },
	});

	it.each([
		['videos', { code: 0, data: { task_id: 't-1', task_status: 'succeed', task_result: { videos: [video] } } }, good],
		['videos as one object', { code: 0, data: { task_id: 't-1', task_status: 'succeed', task_result: { videos: video } } }, good],
		['images', { code: 0, data: { task_id: 't-1', task_status: 'succeed', task_result: { images: [video] } } }, goodImage],
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
			goodImage,
		],
		['outputs', { code: 0, data: { id: 't-1', status: 'succeeded', outputs: [{ type: 'video', ...video }] } }, good],
		[
			'outputs that are images',
			{ code: 0, data: { id: 't-1', status: 'succeeded', outputs: { type: 'image', ...video } } },
			goodImage,
		],
		[
			'outputs of a type that is not known',
			{ code: 0, data: { id: 't-1', status: 'succeeded', outputs: [{ type: 'mesh', ...video }] } },
			{ ...good, file: { ...file, makes: null } },
		],
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
			{ ...good, file: { ...file, id: null, duration: null, makes: null } },
		],
		[
			"a bare URL around Kling's own answer",
			{ code: 0, data: { task_id: 't-1', status: 'SUCCESS', url: video.url, data: { task_status: 'succeed' } } },
			{ ...good, file: { ...file, id: null, duration: null, makes: null } },
		],
		[
			'a bare URL',
			{ code: 'success', data: { task_id: 't-1', status: 'succeeded', url: video.url } },
			{ ...good, file: { ...file, id: null, duration: null, makes: null } },
		],
		[
			'an empty list beside outputs',
			{
				code: 0,
				data: { task_id: 't-1', task_status: 'succeed', task_result: { videos: [] }, outputs: [{ type: 'video', ...video }] },
			},
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
			'relay over relay, done',
			relayed(relayed({ code: 0, data: { task_id: 'k-1', task_status: 'succeed', task_result: { videos: [video] } } })),
			{ ...good, taskId: 'task_1' },
		],
		[
			'relay over relay, done inside and not yet outside',
			relayed(
				relayed({ code: 0, data: { task_id: 'k-1', task_status: 'succeed', task_result: { videos: [video] } } }, 'QUEUED'),
				'IN_PROGRESS',
			),
			{ ...good, taskId: 'task_1' },
		],
		[
			'relay over relay, running',
			relayed(relayed({ code: 0, data: { task_id: 'k-1', task_status: 'processing' } }, 'IN_PROGRESS'), 'NOT_START'),
			{ taskId: 'task_1', status: 'processing' },
		],
		[
			'a relay that timed out, over a task that was running',
			relayed({ code: 0, data: { task_id: 'k-1', task_status: 'processing' } }, 'FAILURE', { fail_reason: 'timed out' }),
			{ taskId: 'task_1', status: 'failed', reason: 'timed out' },
		],
		[
			'a relay that timed out, over a task that is done',
			relayed({ code: 0, data: { task_status: 'succeed', task_result: { videos: [video] } } }, 'FAILURE', { fail_reason: 'x' }),
			{ ...good, taskId: 'task_1' },
		],
		[
			'a relay that is done, over a task that failed and has no file',
			relayed({ code: 0, data: { task_status: 'failed', task_status_msg: 'risk control' } }),
			{ taskId: 'task_1', status: 'failed', reason: 'risk control' },
		],
		[
			'a relay that knows nothing',
			relayed(null, 'UNKNOWN'),
			{ taskId: 'task_1', status: 'processing', unknownStatus: 'unknown' },
		],
		[
			"a relay's own URL",
			relayed(null, 'SUCCESS', { result_url: video.url }),
			{ ...good, taskId: 'task_1', file: { ...file, id: null, duration: null, makes: null } },
		],
		[
			"a relay's own URL in the reason of a failure that was none",
			relayed(null, 'SUCCESS', { fail_reason: video.url }),
			{ ...good, taskId: 'task_1', file: { ...file, id: null, duration: null, makes: null } },
		],
		[
			'words in the place of a URL',
			relayed(null, 'SUCCESS', { fail_reason: `see ${video.url}` }),
			{ taskId: 'task_1', status: 'succeeded' },
		],
		[
			'words behind a URL',
			relayed(null, 'SUCCESS', { fail_reason: `${video.url} is gone` }),
			{ taskId: 'task_1', status: 'succeeded' },
		],
		[
			'a URL without TLS',
			relayed(null, 'SUCCESS', { result_url: 'http://v.example/1.mp4' }),
			{ ...good, taskId: 'task_1', file: { ...file, url: 'http://v.example/1.mp4', id: null, duration: null, makes: null } },
		],
		[
			'failed, with words at two levels: the inner ones',
			{ id: 't-1', status: 'failed', message: 'outer', error: { message: 'inner' } },
			{ taskId: 't-1', status: 'failed', reason: 'inner' },
		],
		[
			'a status of blanks',
			{ code: 0, data: { task_id: 't-1', task_status: '  ', status: 'processing' } },
			{ taskId: 't-1', status: 'processing' },
		],
		[
			"both fields for a status: Kling's own",
			{ code: 0, data: { task_id: 't-1', task_status: 'processing', status: 'failed' } },
			{ taskId: 't-1', status: 'processing' },
		],
		[
			"in OpenAI's form",
			{ id: 't-1', object: 'video', status: 'completed', metadata: { url: video.url } },
			{ ...good, file: { ...file, id: null, duration: null, makes: null } },
		],
		[
			"failed, in OpenAI's form",
			{ id: 't-1', object: 'video', status: 'failed', error: { code: 'x', message: 'risk control' } },
			{ taskId: 't-1', status: 'failed', reason: 'risk control' },
		],
		[
			'failed, with a code and no words',
			{ status: 'failed', error: { code: '1301' } },
			{ status: 'failed', reason: "The input violates the platform's content security policy" },
		],
		[
			'failed, beside a code',
			{ code: 1301, message: 'policy', data: { task_id: 't-1', task_status: 'failed', task_status_msg: 'risk control' } },
			{ taskId: 't-1', status: 'failed', reason: 'risk control' },
		],
		[
			'failed, beside a code, with words outside only',
			{ code: 1301, message: 'policy', data: { task_id: 't-1', task_status: 'failed', task_status_msg: '' } },
			{ taskId: 't-1', status: 'failed', reason: 'policy' },
		],
		[
			'failed, with a reason in JSON',
			relayed(null, 'FAILURE', { fail_reason: '{"code":1301,"message":"policy"}' }),
			{ taskId: 'task_1', status: 'failed', reason: '{"code":1301,"message":"policy"}' },
		],
		[
			'failed, and the words outside say that all is well',
			{ code: 0, message: 'all is well', data: { task_id: 't-1', task_status: 'failed' } },
			{ taskId: 't-1', status: 'failed' },
		],
		[
			'the word of the answer itself',
			{ status: 'success', data: { task_id: 't-1', task_status: 'processing' } },
			{ taskId: 't-1', status: 'processing' },
		],
		[
			'the word of the answer itself, beside a file',
			{ status: 'success', data: { url: video.url } },
			{ ...good, taskId: null, file: { ...file, id: null, duration: null, makes: null } },
		],
		[
			'a word that nobody knows, beside a file',
			{ code: 0, data: { task_id: 't-1', task_status: 'delivered', task_result: { videos: [video] } } },
			good,
		],
		[
			'a known word that says that it runs, beside a file',
			{ code: 0, data: { task_id: 't-1', task_status: 'processing', task_result: { videos: [video] } } },
			{ taskId: 't-1', status: 'processing', file },
		],
		[
			'no word at all, beside a file',
			{ code: 0, data: { task_id: 't-1', status: '', url: video.url } },
			{ ...good, file: { ...file, id: null, duration: null, makes: null } },
		],
		[
			'a time that makes no sense',
			{ code: 0, data: { task_id: 't-1', task_status: 'processing', created_at: 1e300, updated_at: 'x' } },
			{ taskId: 't-1', status: 'processing' },
		],
	])('%s', (_name, body, expected) => {
		expect(read(body)).toEqual({ ...NOTHING, ...expected });
	});

	it.each([
		...['fail', 'error', 'canceled', 'cancelled', 'timeout', 'expired', 'rejected', 'Failed', 'FAILURE'].map((word) => [
			word,
			'failed',
		]),
		...['done', 'complete', 'completed', 'finished', 'success', 'SUCCEED', 'succeeded'].map((word) => [word, 'succeeded']),
		...['pending', 'waiting', 'queueing', 'queued', 'NOT_START', 'submitted'].map((word) => [word, 'submitted']),
		...['starting', 'running', 'IN_PROGRESS', 'processing'].map((word) => [word, 'processing']),
	])('the word %s: %s', (word, status) => {
		expect(read({ code: 0, data: { task_id: 't-1', task_status: word } })).toMatchObject({ status, unknownStatus: null });
		expect(read({ id: 't-1', status: word })).toMatchObject({ status, unknownStatus: null });
	});

	it.each(['constructor', '__proto__', 'toString'])('the word %s is none that is known', (word) => {
		expect(read({ id: 't-1', status: word })).toMatchObject({ status: 'processing', unknownStatus: word.toLowerCase() });
	});

	it.each([
		['a failed task with HTTP 500', 500, { id: 't-1', status: 'failed', error: { message: 'no' } }],
		['a failed task with HTTP 429', 429, { code: 1301, data: { task_status: 'failed' } }],
		['a failed task with HTTP 400', 400, { code: 'x', data: { task_id: 't-1', status: 'FAILURE' } }],
		['a failed task with HTTP 200 and no id', 200, { status: 'failed', error: { code: '1301' } }],
		['a running task beside an error', 200, { error: { message: 'busy' }, task_id: 't-1', status: 'processing' }],
	])('a state comes before the code: %s', (_name, status, body) => {
		expect(readTaskAnswer(answerOf(status, body), []).raw).toEqual(body);
	});

	it.each([
		['the word of an answer that failed', 429, { status: 'error', message: 'busy' }],
		['the same with HTTP 200', 200, { status: 'error', message: 'busy' }],
		['a word without an id in an answer that failed', 503, { status: 'failed', message: 'busy' }],
		['a number', 500, { status: 500, id: 't-1', message: 'busy' }],
		['a word that nobody knows', 500, { status: 'down', id: 't-1', message: 'busy' }],
		['an id alone', 500, { id: 't-1', message: 'busy' }],
	])('no state: %s', (_name, status, body) => {
		expect(() => readTaskAnswer(answerOf(status, body), [])).toThrow(KlingError);
	});

	it('a list', () => {
		const list = { code: 0, data: [{ task_id: 't-0' }, { task_id: 't-1', task_info: { external_task_id: 'e-1' } }, 'x', null] };
		const { raw } = readTaskAnswer(answerOf(200, list), []);
		expect(listedTasks(raw).map(({ taskId, externalTaskId }) => [taskId, externalTaskId])).toEqual([
			['t-0', null],
			['t-1', 'e-1'],
		]);
		expect(listedTasks({})).toEqual([]);
	});

	it('a list of the newer form', () => {
		const row = {
			id: '9007199254740993123',
			status: 'succeeded',
			message: '',
			create_time: 1_767_000_000_000,
			update_time: 1_767_000_060_000,
			external_id: 'e-1',
			outputs: [
				{ type: 'video', id: 'v-1', url: 'https://a.example/1.mp4', watermark_url: 'https://a.example/w.mp4', duration: '5.1' },
			],
			billing: [
				{ charge_type: 'unit', amount: '1.5', list_price: '0.21', package_type: 'video' },
				{ charge_type: 'unit', amount: 0.5 },
				{ charge_type: 'cash', amount: '0.07' },
			],
		};
		const failed = { id: 't-2', status: 'failed', message: 'Failure to pass the risk control system', billing: [] };
		const { raw } = readTaskAnswer(answerOf(200, { code: 0, data: [row, failed] }), []);
		const [made, refused] = listedTasks(raw);
		expect(made).toEqual({
			taskId: '9007199254740993123',
			externalTaskId: 'e-1',
			status: 'succeeded',
			unknownStatus: null,
			reason: null,
			file: { url: 'https://a.example/1.mp4', watermarkUrl: 'https://a.example/w.mp4', id: 'v-1', duration: 5.1, makes: 'video' },
			unitsDeducted: 2,
			balanceDeducted: 0.07,
			createdAt: '2025-12-29T09:20:00.000Z',
			updatedAt: '2025-12-29T09:21:00.000Z',
		});
		expect(refused).toMatchObject({ status: 'failed', reason: failed.message, unitsDeducted: null, balanceDeducted: null });
	});

	it('the answer to a create of the newer form', () => {
		const data = { id: 't-1', status: 'submitted', create_time: 1, update_time: 1, external_id: 'e-1' };
		const { raw } = readCreated(answerOf(200, { code: 0, message: 'SUCCEED', request_id: 'r', data }), []);
		expect(readTaskState(raw)).toMatchObject({ taskId: 't-1', externalTaskId: 'e-1', status: 'submitted', file: null });
	});
});

const failureOf = (status: number, body: unknown) => klingErrorOf(() => readTaskAnswer(answerOf(status, body), []));
const connection = (code: string, isByN8n = false) => connectionFailure({ code, message: 'x', isByN8n }, [], PROVIDER_PEER);
const kling = (code: number, message = 'words') => ({ code, message, request_id: 'r' });
const OWN_ID = 'n8n-0123456789abcdef0123456789abcdef';
const ALREADY = `External_task_id ${OWN_ID} already exists`;

describe('a failed create', () => {
	it.each<readonly [what: string, failure: () => KlingError, verdict: CreateVerdict]>([
		['one too many', () => failureOf(429, kling(1303)), 'nothing'],
		[
			'one too many, in words',
			() => failureOf(400, { code: 'task_failed', message: 'parallel task over resource pack limit' }),
			'nothing',
		],
		['an overloaded gateway', () => failureOf(403, { error: { code: 'upstream_load_saturated' } }), 'nothing'],
		['no channel', () => failureOf(503, { error: { code: 'model_not_found' } }), 'nothing'],
		[
			'no channel, in the words of a distributor',
			() => failureOf(503, { message: 'No available channel for model x (distributor)' }),
			'nothing',
		],
		[
			'no channel for a second try of the relay',
			() => failureOf(500, { message: 'No available channel for model x (retry)' }),
			'unclear',
		],
		['the same in Chinese', () => failureOf(500, { message: '分组 x 下模型 y 无可用渠道（retry）' }), 'unclear'],
		[
			'a page of an edge, told by a relay',
			() => failureOf(403, { code: 'fail_to_fetch_task', message: '<html>403</html>' }),
			'unclear',
		],
		['the same with HTTP 429', () => failureOf(429, { code: 'fail_to_fetch_task', message: ' <!DOCTYPE html>' }), 'unclear'],
		['words that a relay hides', () => failureOf(403, { code: 'fail_to_fetch_task', message: '请求上游地址失败' }), 'unclear'],
		[
			'words that a relay hides, of a refusal',
			() => failureOf(400, { code: 'fail_to_fetch_task', message: '请求上游地址失败' }),
			'nothing',
		],
		['too many, in JSON', () => failureOf(429, { message: 'slow down' }), 'nothing'],
		['no host', () => connection('ENOTFOUND'), 'nothing'],
		['no port', () => connection('ECONNREFUSED'), 'nothing'],
		['a wrong certificate', () => connection('CERT_HAS_EXPIRED'), 'nothing'],
		['refused here', () => refusal('x', 'y'), 'nothing'],
		['refused by n8n', () => connection('x', true), 'nothing'],
		['the external id is known', () => failureOf(400, kling(1201, ALREADY)), 'exists'],
		...[
			'external task id a already exists',
			'externalTaskId a already exists',
			'Duplicate external_task_id',
			'external_task_id has been used',
			'external_task_id must be unique',
			'Task already exists for external_task_id n8n',
			'external_task_id 已存在',
			'External-Task-Id conflict',
			`the id ${OWN_ID} was seen before`,
			`external_task_id=${OWN_ID} already exists`,
		].flatMap((words) => [
			[words, () => failureOf(400, kling(1201, words)), 'exists'] as const,
			[`${words}, at a gateway`, () => failureOf(400, { error: { message: words, code: 'bad' } }), 'exists'] as const,
		]),
		['it exists, with HTTP 500', () => failureOf(500, { message: `external_task_id ${OWN_ID} already exists` }), 'exists'],
		['it exists, as a bare text', () => failureOf(409, `external_task_id ${OWN_ID} already exists`), 'exists'],
		['an error that names the id, and not that it exists', () => failureOf(500, { message: `failed for ${OWN_ID}` }), 'unclear'],
		['what it names is not there', () => failureOf(400, kling(1201, 'Voice id not found')), 'nothing'],
		['an internal error that speaks of tasks', () => failureOf(500, { message: 'task not found' }), 'unclear'],
		['invalid', () => failureOf(400, kling(1201, 'image is too small')), 'nothing'],
		['invalid, with HTTP 200', () => failureOf(200, kling(1201)), 'nothing'],
		['invalid, with HTTP 500', () => failureOf(500, kling(1201)), 'nothing'],
		['content', () => failureOf(400, kling(1301)), 'nothing'],
		['no units', () => failureOf(429, kling(1102)), 'nothing'],
		['no balance at a gateway', () => failureOf(403, { error: { code: 'insufficient_user_quota' } }), 'nothing'],
		...[400, 401, 402, 403, 404, 405, 413, 414, 415, 422, 429, 451].flatMap((status) => [
			[`HTTP ${status} in JSON`, () => failureOf(status, { error: { message: 'x' } }), 'nothing'] as const,
			[`HTTP ${status} as a page`, () => failureOf(status, '<html></html>'), 'unclear'] as const,
			[`HTTP ${status} and nothing`, () => failureOf(status, ''), 'unclear'] as const,
		]),
		...[301, 302, 307, 308].map((status) => [`a redirect with ${status}`, () => failureOf(status, ''), 'nothing'] as const),
		...[300, 303, 304, 408, 409, 410, 418, 425, 499, 500, 502, 503, 504, 520, 524].map(
			(status) => [`HTTP ${status} in JSON`, () => failureOf(status, { error: { message: 'x' } }), 'unclear'] as const,
		),
		['an internal error', () => failureOf(500, kling(5000)), 'unclear'],
		['an internal error with HTTP 400', () => failureOf(400, kling(5000)), 'unclear'],
		['an internal time-out', () => failureOf(504, kling(5002)), 'unclear'],
		['a bad gateway', () => failureOf(502, '<html>'), 'unclear'],
		['an unreadable answer', () => failureOf(200, '{"code":0,"da'), 'unclear'],
		['an empty answer', () => failureOf(200, ''), 'unclear'],
		['HTTP 200 with an error of a gateway', () => failureOf(200, { error: { message: 'upstream' } }), 'unclear'],
		['HTTP 200 with a code that nobody knows', () => failureOf(200, { code: 9999, data: {} }), 'unclear'],
		['a time-out', () => timedOut(60_000, PROVIDER_PEER), 'unclear'],
		['a broken connection', () => connection('ECONNRESET'), 'unclear'],
		['a connection that fell silent', () => connection('ETIMEDOUT'), 'unclear'],
		['a lost network', () => connection('EHOSTUNREACH'), 'unclear'],
	])('%s', (_name, failure, verdict) => {
		expect(judgeCreate(failure())).toBe(verdict);
	});
});

describe('a failed question', () => {
	it.each<[what: string, failure: () => KlingError, verdict: QueryVerdict]>([
		['a wrong key', () => failureOf(401, kling(1002)), 'end'],
		['a wrong key at a gateway', () => failureOf(401, { error: { message: 'x' } }), 'end'],
		['refused here', () => refusal('x', 'y'), 'end'],
		['no balance', () => failureOf(402, {}), 'end'],
		['no permission', () => failureOf(403, {}), 'end'],
		['no money', () => failureOf(429, kling(1102)), 'end'],
		['an address that is not allowed', () => failureOf(429, kling(1304)), 'end'],
		['not found', () => failureOf(400, kling(1201, 'Task not found by id/external id')), 'notFound'],
		['not found, in fewer words', () => failureOf(400, kling(1201, 'resource not found')), 'notFound'],
		['something else that is not found', () => failureOf(400, kling(1200, 'model not found')), 'again'],
		['not found, at a relay', () => failureOf(400, { code: 'task_not_exist', message: 'task_not_exist' }), 'notFound'],
		['not found, by its words', () => failureOf(400, { code: 'x', message: 'task is not exist' }), 'notFound'],
		['not found, in Chinese', () => failureOf(400, { error: { message: '任务不存在' } }), 'notFound'],
		['no such resource', () => failureOf(404, kling(1203)), 'notFound'],
		['a bare 404', () => failureOf(404, ''), 'notFound'],
		['something else that is invalid', () => failureOf(400, kling(1201, 'bad')), 'again'],
		['too many', () => failureOf(429, kling(1302)), 'again'],
		['a bad gateway', () => failureOf(502, '<html>'), 'again'],
		['a bad gateway that speaks of tasks', () => failureOf(502, 'task not found'), 'again'],
		['unreadable', () => failureOf(200, '{"co'), 'again'],
		['a time-out', () => timedOut(60_000, PROVIDER_PEER), 'again'],
		['a broken connection', () => connection('ECONNRESET'), 'again'],
		['an overloaded gateway', () => failureOf(403, { error: { code: 'upstream_load_saturated' } }), 'again'],
		['an overloaded edge', () => failureOf(403, '<html>'), 'again'],
	])('%s', (_name, failure, verdict) => {
		expect(new QueryJudge().judge(failure())).toBe(verdict);
	});

	it.each([401, 402, 403])('a page with HTTP %i is believed the third time in a row', (status) => {
		const queries = new QueryJudge();
		const page = failureOf(status, '<html></html>');
		const judged = () => queries.judge(page);
		expect([judged(), judged()]).toEqual(['again', 'again']);
		queries.heard();
		expect([judged(), judged()]).toEqual(['again', 'again']);
		expect(queries.judge(failureOf(502, ''))).toBe('again');
		expect([judged(), judged(), judged()]).toEqual(['again', 'again', 'end']);
	});

	it.each<[what: string, failure: () => KlingError, atKling: boolean, atGateway: boolean]>([
		["Kling's words", () => failureOf(400, kling(1201, 'Task not found by id/external id')), true, true],
		["Kling's code", () => failureOf(404, kling(1203)), true, true],
		['a bare 404', () => failureOf(404, ''), false, true],
		['another refusal', () => failureOf(400, kling(1201, 'bad')), false, true],
		['an answer about nothing', () => failureOf(200, {}), false, true],
		['a bad gateway', () => failureOf(502, 'not found'), false, false],
		['a wrong key', () => failureOf(401, kling(1002)), false, false],
		['a wrong key of a gateway', () => failureOf(401, { error: { message: 'x' } }), false, false],
		['a redirect', () => failureOf(303, ''), false, false],
		['a broken connection', () => connection('ECONNRESET'), false, false],
	])('whether it says that there is no task: %s', (_name, failure, atKling, atGateway) => {
		expect([saysNoTask(failure(), true), saysNoTask(failure(), false)]).toEqual([atKling, atGateway]);
	});
});
