import type { Fault } from './types';

/** A failure that people ask for by name. */
export interface NamedFault {
	name: string;
	/** What happens, in words. */
	note: string;
	fault: Fault;
}

const on =
	(route: NonNullable<Fault['route']>) =>
	(name: string, note: string, fault: Fault): NamedFault => ({ name: `${route}-${name}`, note, fault: { ...fault, route } });

const onRecognize = on('recognize');
const onIdentify = on('identify');
const onCreate = on('create');
const onQuery = on('query');
const onDownload = on('download');

const parallelLimit: Fault = { kind: 'code', status: 429, code: 1303, message: 'parallel task over resource pack limit' };
const overloaded: Fault = {
	kind: 'gatewayError',
	status: 403,
	error: { message: 'The upstream is saturated', type: 'new_api_error', param: '', code: 'upstream_load_saturated' },
};
const noChannel: Fault = {
	kind: 'gatewayError',
	status: 503,
	error: {
		message: 'No available channel for model kling-v2-6 under group default (distributor)',
		type: 'new_api_error',
		param: '',
		code: 'model_not_found',
	},
};
const noChannelInChinese: Fault = {
	...noChannel,
	error: {
		message: '当前分组 default 下对于模型 kling-v2-6 无可用渠道 (distributor)',
		type: 'new_api_error',
		param: '',
		code: '',
	},
};
const taken: Fault = { kind: 'code', status: 400, code: 1201, message: 'external_task_id 已存在' };
const withWords: Fault = {
	kind: 'gatewayError',
	status: 500,
	error: { message: 'upstream closed the connection', type: 'new_api_error', param: '', code: 'do_request_failed' },
	done: true,
};
const withoutFile: Fault = {
	kind: 'answer',
	status: 200,
	body: { code: 0, message: 'SUCCEED', data: { task_status: 'succeed', task_result: { videos: [] } } },
};
const unknownAtRelay: Fault = {
	kind: 'answer',
	status: 400,
	body: { code: 'task_not_exist', message: 'task_not_exist', data: null },
};
const nobody: Fault = {
	kind: 'gatewayError',
	status: 400,
	error: { message: 'there is no human in the video', type: 'new_api_error', param: '', code: 'task_failed' },
};

/** Every failure with a name, one row each. */
export const NAMED_FAULTS: NamedFault[] = [
	onRecognize('502', 'HTTP 502', { kind: 'html', status: 502 }),
	onRecognize('cut', 'the connection breaks', { kind: 'resetBefore' }),
	onRecognize('1303', 'HTTP 429 with code 1303: too many calls at once', parallelLimit),
	onRecognize('1102', 'HTTP 429 with code 1102: the account is empty', { kind: 'code', status: 429, code: 1102 }),
	onIdentify('502', 'HTTP 502', { kind: 'html', status: 502 }),
	onIdentify('1303', 'HTTP 429 with code 1303: too many calls at once', parallelLimit),
	onIdentify('nobody', 'HTTP 400 that says that there is no human in the video', nobody),
	onCreate('cut-before', 'the connection breaks; no task was made', { kind: 'resetBefore' }),
	onCreate('cut-after', 'the connection breaks; a task was made', { kind: 'resetBefore', done: true }),
	onCreate('silent-before', 'no answer comes; no task was made', { kind: 'hang' }),
	onCreate('silent-after', 'no answer comes; a task was made', { kind: 'hang', done: true }),
	onCreate('500-after', 'HTTP 500 with code 5000; a task was made', { kind: 'code', status: 500, code: 5000, done: true }),
	onCreate('502-before', 'HTTP 502; no task was made', { kind: 'html', status: 502 }),
	onCreate('502-after', 'HTTP 502; a task was made', { kind: 'html', status: 502, done: true }),
	onCreate('504-after', 'HTTP 504; a task was made', { kind: 'html', status: 504, done: true }),
	onCreate('500-words-after', 'HTTP 500 with words of a gateway; a task was made', withWords),
	onCreate('403-page-after', 'HTTP 403 with a page of an edge; a task was made', { kind: 'html', status: 403, done: true }),
	onCreate('429-page-after', 'HTTP 429 with a page of an edge; a task was made', { kind: 'html', status: 429, done: true }),
	...[409, 425, 499].map((status) =>
		onCreate(`${status}-after`, `HTTP ${status}; a task was made`, {
			kind: 'answer',
			status,
			body: { message: 'the request was closed' },
			done: true,
		}),
	),
	onCreate('exists', 'HTTP 400 that calls the external ID taken, in Chinese; a task was made before', { ...taken, done: true }),
	onCreate('unreadable-after', 'HTTP 200 with half of its JSON; a task was made', { kind: 'truncated' }),
	onCreate('html-after', 'HTTP 200 with a page; a task was made', { kind: 'html', status: 200, done: true }),
	onCreate('1303', 'HTTP 429 with code 1303: too many tasks at once', parallelLimit),
	onCreate('1302', 'HTTP 429 with code 1302: too many requests', { kind: 'code', status: 429, code: 1302 }),
	onCreate('429', 'HTTP 429 in JSON', { kind: 'answer', status: 429, body: {} }),
	onCreate('retry-after', 'HTTP 429 with Retry-After: 2', {
		kind: 'answer',
		status: 429,
		headers: { 'retry-after': '2' },
		body: {},
	}),
	onCreate('overloaded', "HTTP 403 with a gateway's upstream_load_saturated", overloaded),
	onCreate('no-channel', 'HTTP 503 of a gateway without a channel', noChannel),
	onCreate('no-channel-zh', 'the same in Chinese', noChannelInChinese),
	onCreate('1102', 'HTTP 429 with code 1102: the account is empty', { kind: 'code', status: 429, code: 1102 }),
	onCreate('1301', 'HTTP 400 with code 1301: content moderation', { kind: 'code', status: 400, code: 1301 }),
	onQuery('cut', 'the connection breaks', { kind: 'resetBefore' }),
	onQuery('silent', 'no answer comes', { kind: 'hang' }),
	onQuery('502', 'HTTP 502', { kind: 'html', status: 502 }),
	onQuery('429', 'HTTP 429 without a body', { kind: 'empty', status: 429 }),
	onQuery('unreadable', 'HTTP 200 with half of its JSON', { kind: 'truncated' }),
	onQuery('unknown-state', 'a word that is no known state', { kind: 'state', word: 'pausing' }),
	onQuery('missing', 'HTTP 400 with code 1201: not found', {
		kind: 'code',
		status: 400,
		code: 1201,
		message: 'Task not found by id/external id',
	}),
	onQuery('missing-relay', "HTTP 400 with a relay's task_not_exist", unknownAtRelay),
	onQuery('no-file', 'the task is done, without a file', withoutFile),
	onQuery('403-page', 'HTTP 403 with a page of an edge', { kind: 'html', status: 403 }),
	onQuery('401', 'HTTP 401 with code 1002: the key is not known', { kind: 'code', status: 401, code: 1002 }),
	onQuery('1103', 'HTTP 403 with code 1103: no permission', { kind: 'code', status: 403, code: 1103 }),
	onDownload('404', 'HTTP 404', { kind: 'html', status: 404 }),
	onDownload('cut', 'the connection breaks halfway', { kind: 'resetDuring' }),
	onDownload('slow', 'a byte every 10 ms', { kind: 'drip', bytesEveryMs: 10 }),
];

/**
 * The fault that goes by a name.
 * @param text the name, or `name:times`; without a number it is played for ever
 * @throws RangeError where there is no such fault, or the number is none
 */
export function namedFault(text: string): Fault {
	const [name = '', times] = text.split(':');
	const found = NAMED_FAULTS.find((row) => row.name === name);
	if (!found) throw new RangeError(`There is no fault "${name}".`);
	if (times === undefined) return { ...found.fault };
	if (!/^[1-9]\d*$/.test(times)) throw new RangeError(`"${times}" is no number of times.`);
	return { ...found.fault, times: Number(times) };
}
