import type { FaultRow } from './row';

type BodyRow = Pick<FaultRow, 'id' | 'fault' | 'play' | 'message'> & Partial<FaultRow>;

const answer = (body: string | object, headers: Record<string, string> = {}): FaultRow['play'] => ({
	kind: 'answer',
	status: 200,
	headers: { 'content-type': 'application/json', ...headers },
	body,
});

const NOT_COMPLETE = 'The answer is not complete JSON';
const NO_DATA = 'The answer contains no data';
const FAR_TOO_LARGE = 'The answer is far larger than any answer of Kling';
const WEB_PAGE = 'The answer is a web page, not JSON';
const UNREADABLE = /may have been charged, so it was not sent again/;

/** Numbers as texts, truth values as texts and numbers: what either operation needs. */
const ODD_TYPES = {
	code: '0',
	message: 'SUCCEED',
	request_id: 4711,
	data: {
		session_id: 815,
		final_unit_deduction: 1,
		face_data: [{ face_id: 0, face_image: '', start_time: '0', end_time: '5200' }],
		task_result: {
			images: [
				{ type: 'face_seg', is_contain: 'true' },
				{ type: 'head_seg', is_contain: 0 },
			],
		},
	},
};

const { data: GOOD } = ODD_TYPES;

/** HTTP 200, and a body that is no good answer, or a good one in an odd form. */
const BODIES: readonly BodyRow[] = [
	{ id: 'html', fault: 'an HTML page with HTTP 200', play: { kind: 'html', status: 200 }, message: WEB_PAGE },
	{ id: 'empty', fault: 'an empty body with HTTP 200', play: { kind: 'empty', status: 200 }, message: 'The answer is empty' },
	{ id: 'no-content', fault: 'HTTP 204', play: { kind: 'empty', status: 204 }, message: 'The answer is empty', httpStatus: 204 },
	{ id: 'truncated', fault: 'half of the answer', play: { kind: 'truncated' }, message: NOT_COMPLETE },
	{ id: 'invalid-utf8', fault: 'a byte that is not UTF-8', play: { kind: 'invalidUtf8' }, message: NOT_COMPLETE },
	{
		id: 'bad-gzip',
		fault: 'a body that is not gzip, as its header says',
		play: answer('no gzip', { 'content-encoding': 'gzip' }),
		message: 'The connection to the provider broke before the answer was complete',
		again: 'backoff',
		httpStatus: null,
	},
	{ id: 'big', fault: 'an answer of 50 MB', play: { kind: 'big', bytes: 50 * 2 ** 20 }, message: FAR_TOO_LARGE },
	{
		id: 'big-declared',
		fault: 'an answer of 50 MB with its length',
		play: { kind: 'big', bytes: 50 * 2 ** 20, declareLength: true },
		message: FAR_TOO_LARGE,
	},
	{ id: 'endless', fault: 'an answer without end', play: { kind: 'big', bytes: 2 ** 40 }, message: FAR_TOO_LARGE },
	{ id: 'deep', fault: 'JSON nested 100,000 deep', play: { kind: 'deepJson', depth: 100_000 }, message: NOT_COMPLETE },
	{ id: 'null', fault: 'null', play: answer('null'), message: NOT_COMPLETE },
	{ id: 'number', fault: 'a number', play: answer('7'), message: NOT_COMPLETE },
	{ id: 'array', fault: 'a list', play: answer('[]'), message: NOT_COMPLETE },
	{ id: 'object', fault: 'an empty object', play: answer({}), message: NO_DATA },
	{ id: 'data-null', fault: 'code 0 and data null', play: answer({ code: 0, message: 'SUCCEED', data: null }), message: NO_DATA },
	{ id: 'data-array', fault: 'code 0 and data a list', play: answer({ code: 0, data: [] }), message: NO_DATA },
	{ id: 'two-documents', fault: 'two JSON documents', play: answer('{"code":0}{"code":0}'), message: NOT_COMPLETE },
	{
		id: 'plain-text',
		fault: 'plain text',
		play: answer('upstream is busy'),
		message: NOT_COMPLETE,
		description: /What came instead: "upstream is busy"/,
	},
	{ id: 'wrong-type', fault: 'the right answer as text/html', play: { kind: 'wrongContentType' }, message: null },
	{ id: 'odd-types', fault: 'the right answer with numbers as texts', play: answer(ODD_TYPES), message: null },
	{ id: 'code-200', fault: 'the right answer with code 200', play: answer({ code: 200, data: GOOD }), message: null },
	{ id: 'success', fault: 'the right answer with code "success"', play: answer({ code: 'success', data: GOOD }), message: null },
	{ id: 'empty-error', fault: 'the right answer with an empty error', play: answer({ error: {}, data: GOOD }), message: null },
	{
		id: 'deeper',
		fault: 'the right answer one level deeper',
		play: answer({ code: 0, data: { code: 0, data: GOOD } }),
		message: null,
	},
	{
		id: 'no-data-empty-error',
		fault: 'code 0 and an empty error, without data',
		play: answer({ code: 0, error: { code: 0, message: '' } }),
		message: NO_DATA,
	},
	{ id: 'late', fault: 'the right answer after half a second', play: { kind: 'delay', ms: 500 }, message: null },
];

export const BODY_ROWS: FaultRow[] = BODIES.map((row) => ({
	group: 'Unreadable answers',
	again: 'never',
	httpStatus: 200,
	serviceCode: null,
	...(row.message === null || row.again ? {} : { description: UNREADABLE }),
	...row,
	id: `body-${row.id}`,
}));
