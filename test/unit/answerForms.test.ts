import { readAnswer } from '../../nodes/shared/kling/answers/answer';
import { readEnvelope } from '../../nodes/shared/kling/answers/envelope';
import { readFaceIdentification } from '../../nodes/shared/kling/recognition/faces';
import { readRecognition } from '../../nodes/shared/kling/recognition/recognition';
import { answerOf, klingErrorOf } from './helpers';

/** Each form of answer that was seen or documented by others, in place of Kling's own, for both operations. */

const SESSION = '987654321098765432109';
const FACES = [{ face_id: '0', face_image: 'https://r/0', start_time: 0, end_time: 5200 }];

interface Operation {
	/** A good answer's `data`. */
	data: Record<string, unknown>;
	read(body: unknown): unknown;
	/** What is read of it. */
	result: Record<string, unknown>;
}

const recognizeImage: Operation = {
	data: { task_result: { images: [{ type: 'face_seg', is_contain: true, url: 'https://r/f' }] } },
	read: (body) => {
		const { data, requestId } = readAnswer(answerOf(200, body), []);
		return readRecognition(data, requestId);
	},
	result: { detected: ['face'], hasFace: true },
};

const identifyFace: Operation = {
	data: { session_id: SESSION, face_data: FACES },
	read: (body) => {
		const { data, requestId } = readAnswer(answerOf(200, body), []);
		return readFaceIdentification(data, requestId);
	},
	result: { sessionId: SESSION, faceCount: 1, hasFace: true },
};

describe.each([
	['Recognize Image', recognizeImage],
	['Identify Face', identifyFace],
])('%s, a good answer', (_operation, { data, read, result }) => {
	type Row = [form: string, body: unknown, more?: Record<string, unknown>];
	const rows: Row[] = [
		['code 200', { code: 200, message: 'ok', data }],
		['code 200 as text', { code: '200', data }],
		['code "success"', { code: 'success', message: '', data }],
		['code "SUCCEED"', { code: 'SUCCEED', data }],
		['an empty error object', { code: 0, error: {}, data }],
		['an error of code 0 and no message', { code: 0, error: { code: 0, message: '' }, data }],
		['an error of code 200 and "success"', { code: 200, error: { code: '200', message: 'success', type: '' }, data }],
		['an error of empty fields', { code: 0, error: { message: '', type: '', param: '', code: null }, data }],
		['an error of false', { code: 0, error: false, data }],
		['an error of an empty text', { code: 0, error: '', data }],
		['an error of an empty list', { code: 0, error: [], data }],
		['an error of " ok "', { code: 0, error: ' ok ', data }],
		['an error of "succeed"', { code: 0, error: 'succeed', data }],
		['data one level deeper', { code: 0, data: { code: 0, message: 'SUCCEED', data } }],
		[
			'data two levels deeper',
			{ code: 'success', data: { task_id: 't', data: { code: 0, request_id: 'r', data } } },
			{ requestId: 'r' },
		],
		['a deduction beside the outer data', { code: 0, final_unit_deduction: '1', data: { code: 0, data } }, { unitsDeducted: 1 }],
		[
			'a deduction inside',
			{ code: 0, data: { ...data, final_unit_deduction: '0.5' } },
			{ unitsDeducted: 0.5, balanceDeducted: null },
		],
		[
			'a cash account',
			{ code: 0, data: { ...data, final_balance_deduction: { quota: '0.014', list_price: '0.02' } } },
			{ unitsDeducted: null, balanceDeducted: 0.014 },
		],
		[
			'a cash account, beside data',
			{ code: 0, final_balance_deduction: { quota: 3 }, data },
			{ unitsDeducted: null, balanceDeducted: 3 },
		],
		[
			'units and cash',
			{ code: 0, final_unit_deduction: 2, data: { ...data, final_balance_deduction: { quota: '0' } } },
			{ unitsDeducted: 2, balanceDeducted: 0 },
		],
		['a deduction without a quota', { code: 0, data: { ...data, final_balance_deduction: {} } }, { balanceDeducted: null }],
		[
			'a request id in quotes in the message',
			{ code: 0, message: 'done (request id: "r-12345")', data },
			{ requestId: 'r-12345' },
		],
		['a request id inside data', { code: 0, data: { ...data, request_id: 'r-12345' } }, { requestId: 'r-12345' }],
		['a request id of many digits', `{"request_id":${SESSION},"data":${JSON.stringify(data)}}`, { requestId: SESSION }],
		['a message that is braces, but no JSON', { code: 0, message: 'done {really}', data }],
		['a name that comes twice', `{"code":0,"code":0,"message":"a","message":"b","data":${JSON.stringify(data)}}`],
	];

	it.each(rows)('%s', (_form, body, more = {}) => {
		expect(read(body)).toMatchObject({ ...result, ...more });
	});
});

describe('Identify Face, the list of faces', () => {
	it.each([
		['face_list beside an empty face_data', { face_data: [], face_list: FACES }],
		['faces beside an empty face_data', { face_data: [], faces: FACES }],
		['faces beside two empty ones', { face_data: [], face_list: [], faces: FACES }],
		['faces alone', { faces: FACES }],
		['face_list beside a face_data that is null', { face_data: null, face_list: FACES }],
		['face_data beside an empty face_list', { face_data: FACES, face_list: [] }],
	])('%s', (_form, lists) => {
		expect(identifyFace.read({ code: 0, data: { session_id: 's', ...lists } })).toMatchObject({
			faceCount: 1,
			faces: [{ faceId: '0', faceImageUrl: 'https://r/0' }],
		});
	});

	it.each([
		['three empty lists', { face_data: [], face_list: [], faces: [] }],
		['none at all', {}],
	])('%s: no face', (_form, lists) => {
		expect(identifyFace.read({ code: 0, data: { session_id: 's', ...lists } })).toMatchObject({ faceCount: 0, faces: [] });
	});

	it.each([SESSION, '12345678901234567', '9007199254740993', '-9007199254740993', '815'])(
		'session and face %s as bare numbers keep all digits',
		(digits) => {
			const body = `{"code":0,"data":{"session_id":${digits},"face_data":[{"face_id": ${digits} ,"start_time":0,"end_time":5.2e3}]}}`;
			expect(identifyFace.read(body)).toMatchObject({ sessionId: digits, faces: [{ faceId: digits, endTime: 5200 }] });
		},
	);

	it('the whole answer keeps the digits, too', () => {
		expect(readAnswer(answerOf(200, `{"data":{"session_id":${SESSION},"n":12}}`), []).raw).toEqual({
			data: { session_id: SESSION, n: 12 },
		});
	});
});

describe('a failure', () => {
	const RESERVED = '{"code":1102,"message":"resource pack exhausted","request_id":"r-inner"}';
	const PARALLEL = 'parallel task over resource pack limit';
	const EMPTY = 'The video resource pack of the Kling account is used up or has expired';
	const TOO_MANY = "More requests at once than the account's video resource pack allows";
	const NO_BALANCE = 'The account has no balance left';
	const SATURATED = 'The gateway has no room at Kling at the moment';
	const NO_CHANNEL = 'The gateway has no channel for this model';
	type Again = 'never' | 'again' | 'notBegun';

	const rows: Array<[form: string, status: number, body: unknown, message: string, code: number | null, again: Again]> = [
		['1102 as text in a message', 429, { code: 'fail_to_fetch_task', message: RESERVED }, EMPTY, 1102, 'never'],
		['1102 as text behind words', 429, { code: 'fail_to_fetch_task', message: `upstream: ${RESERVED}.` }, EMPTY, 1102, 'never'],
		['1102 as text in a gateway error', 500, { error: { code: 'bad_response', message: RESERVED } }, EMPTY, 1102, 'never'],
		['1102 as text in text', 429, { message: JSON.stringify({ code: 429, message: RESERVED }) }, EMPTY, 1102, 'never'],
		['1102 as the text of the error', 429, { error: RESERVED }, EMPTY, 1102, 'never'],
		['1102 inside data', 429, { code: 'fail', data: { code: 1102, message: 'resource pack exhausted' } }, EMPTY, 1102, 'never'],
		['1102 inside data with HTTP 200', 200, { code: 'success', data: { code: 1102, message: 'm' } }, EMPTY, 1102, 'never'],
		['1102 within a 1201', 400, { code: 1201, message: RESERVED }, EMPTY, 1102, 'never'],
		['1303 in an error with HTTP 200', 200, { error: { code: '1303', message: 'm' } }, TOO_MANY, 1303, 'never'],
		['1303 with HTTP 200', 200, { code: 1303, message: 'm' }, TOO_MANY, 1303, 'notBegun'],
		['1303 in words', 400, { code: 'task_failed', message: PARALLEL }, TOO_MANY, 1303, 'notBegun'],
		[
			'1303 in the words of a gateway error',
			500,
			{ error: { message: PARALLEL, code: 'task_failed' } },
			TOO_MANY,
			1303,
			'notBegun',
		],
		['saturated', 403, { error: { code: 'upstream_load_saturated', message: 'm' } }, SATURATED, null, 'notBegun'],
		['saturated, without an error object', 403, { code: 'upstream_load_saturated', message: 'm' }, SATURATED, null, 'notBegun'],
		[
			'saturated by its type, beside a code that nobody knows',
			403,
			{ error: { code: '4711', type: 'upstream_load_saturated' } },
			SATURATED,
			4711,
			'notBegun',
		],
		['no quota', 403, { error: { code: 'insufficient_user_quota', message: 'm' } }, NO_BALANCE, null, 'never'],
		['no quota with HTTP 429', 429, { code: 'insufficient_user_quota', message: 'm' }, NO_BALANCE, null, 'never'],
		['no channel', 503, { error: { code: 'model_not_found', message: 'No available channel for x' } }, NO_CHANNEL, null, 'again'],
		[
			'no channel, in Chinese',
			503,
			{ code: 'x', message: '当前分组 default 下对于模型 kling-v2-6 无可用渠道' },
			NO_CHANNEL,
			null,
			'again',
		],
		['no channel, by its code alone', 503, { error: { code: 'model_not_found' } }, NO_CHANNEL, null, 'again'],
		['no channel, which cost nothing yet may have with 200', 200, { error: { code: 'no_channel' } }, NO_CHANNEL, null, 'never'],
		['429 that says nothing', 429, '', 'The provider receives too many requests', null, 'again'],
		['429 of an edge', 429, '<html>', 'The provider receives too many requests', null, 'again'],
		[
			'429 of an edge, told by a relay',
			429,
			{ code: 'fail_to_fetch_task', message: '<html>429</html>' },
			'The provider receives too many requests',
			null,
			'again',
		],
		['429 in JSON', 429, {}, 'The provider receives too many requests', null, 'notBegun'],
		['429 of an unknown code', 429, { code: 4711 }, 'The provider receives too many requests', 4711, 'notBegun'],
		[
			'429 of an unknown code in an error',
			429,
			{ error: { code: 4711 } },
			'The provider receives too many requests',
			4711,
			'notBegun',
		],
		['503 that says nothing', 503, '', 'The provider is not available', null, 'again'],
		[
			'an unknown textual code with HTTP 200',
			200,
			{ code: 'fail', message: 'm' },
			'The provider answered with an error',
			null,
			'never',
		],
		['code 0, an empty error and no data', 200, { code: 0, error: {} }, 'The answer contains no data', null, 'never'],
		[
			'code 0, an empty error and HTTP 500',
			500,
			{ code: 0, error: { code: 0 } },
			'The provider had an internal error',
			null,
			'again',
		],
		[
			'code 0 and an error with HTTP 200',
			200,
			{ code: 0, error: { code: 0, message: 'm' } },
			'The provider answered with an error',
			null,
			'never',
		],
		[
			'an error that only begins as success does',
			200,
			{ error: 'success? no', data: {} },
			'The provider answered with an error',
			null,
			'never',
		],
		[
			'an error that only ends as success does',
			200,
			{ error: 'no success', data: {} },
			'The provider answered with an error',
			null,
			'never',
		],
		['code 200 and no data', 200, { code: 200, message: 'success' }, 'The answer contains no data', null, 'never'],
		[
			'data beside an error that says something',
			200,
			{ code: 0, error: { code: 0, message: 'bad' }, data: { a: 1 } },
			'The provider answered with an error',
			null,
			'never',
		],
	];

	it.each(rows)('%s (HTTP %i)', (_form, status, body, message, serviceCode, again) => {
		const error = klingErrorOf(() => readAnswer(answerOf(status, body), []));
		expect(error.message).toBe(message);
		expect(error.details).toMatchObject({ serviceCode, httpStatus: status, retryable: again !== 'never' });
		expect(error.handling.notBegun).toBe(again === 'notBegun');
	});

	it.each([400, 500])('HTTP %i that is called an invalid request is final', (status) => {
		for (const error of [{ code: 'invalid_request' }, { type: 'invalid_request' }]) {
			expect(klingErrorOf(() => readAnswer(answerOf(status, { error }), [])).details.retryable).toBe(false);
		}
	});

	it.each([408, 429, 502, 503, 504, 520, 521, 522, 523, 524])('HTTP %i is tried again, whatever the body says', (status) => {
		for (const body of [
			{ error: { code: 'invalid_request' } },
			{ error: { type: 'invalid_request', message: 'm' } },
			'<html>',
			'{"a',
			{},
		]) {
			expect(klingErrorOf(() => readAnswer(answerOf(status, body), [])).details.retryable).toBe(true);
		}
		const inside = { error: { code: 'invalid_request', message: '{"code":1201}' } };
		expect(klingErrorOf(() => readAnswer(answerOf(status, inside), [])).details.retryable).toBe(false);
	});

	it('the innermost words are shown, and its request id is found', () => {
		const { details } = klingErrorOf(() => readAnswer(answerOf(429, { code: 'fail_to_fetch_task', message: RESERVED }), []));
		expect(details.description).toMatch(/The provider said: "resource pack exhausted"$/);
		expect(details.requestId).toBe('r-inner');
	});

	it.each<[form: string, body: object, said: string]>([
		['beside an inner message that is empty', { message: 'no luck', data: { message: '' } }, 'The provider said: "no luck"'],
		['beside an inner message of success', { message: 'no luck', data: { msg: 'OK' } }, 'The provider said: "no luck"'],
		['with the type of an error without a code', { error: { message: 'no luck', type: 'bad' } }, '"no luck" (error code: bad)'],
		[
			'with the code around a message without one',
			{ code: 'fail', message: '{"msg":"no luck"}' },
			'"no luck" (error code: fail)',
		],
	])('the words %s', (_form, body, said) => {
		const { description } = klingErrorOf(() => readAnswer(answerOf(400, body), [])).details;
		expect(description.endsWith(said)).toBe(true);
	});

	it("a gateway's words count only where no service code says more", () => {
		const words = 'insufficient_user_quota';
		expect(readEnvelope({ code: 4711, message: words }).saidError).not.toBeNull();
		expect(readEnvelope({ code: 1301, message: words }).saidError).toBeNull();
	});

	it.each([
		['in quotes', 'failed (request id: "abc-123")'],
		['in escaped quotes', 'failed: \\"request_id\\":\\"abc-123\\" x'],
		['in broken JSON', 'failed: {"request_id":"abc-123","code'],
	])('a request id %s', (_form, message) => {
		expect(klingErrorOf(() => readAnswer(answerOf(400, { error: { message } }), [])).details.requestId).toBe('abc-123');
	});

	it('1002 also names the wrong region', () => {
		const error = klingErrorOf(() => readAnswer(answerOf(401, { code: 1002, message: 'api key not found' }), []));
		expect(error.details.description).toContain('Kling (Global) does not work with Kling (China)');
	});

	it.each([
		[7, 1102],
		[8, 1102],
		[50, 1102],
	])('an error %i levels deep: its code is %p', (levels, serviceCode) => {
		const nested = (depth: number): object => (depth === 0 ? { code: 1102 } : { error: nested(depth - 1) });
		expect(klingErrorOf(() => readAnswer(answerOf(429, nested(levels)), [])).details).toMatchObject({
			httpStatus: 429,
			serviceCode,
		});
	});
});

describe('an answer that cannot be used is kept', () => {
	const KEY = 'sk-live-0123456789abcdef';
	const IMAGE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk';
	const RESULT = `https://r.example.com/${'a1B2'.repeat(30)}/face.png?sign=${'9f'.repeat(40)}`;
	const rawOf = (status: number, body: unknown) => klingErrorOf(() => readAnswer(answerOf(status, body), [KEY])).raw;

	it.each<[string, number, unknown, unknown]>([
		['parsed', 200, { code: 0, images: [{ url: RESULT }] }, { code: 0, images: [{ url: RESULT }] }],
		['half an answer as text', 200, `{"code":0,"url":"${RESULT}"`, `{"code":0,"url":"${RESULT}"`],
		['a refusal', 400, { code: 1201, message: 'no' }, { code: 1201, message: 'no' }],
		['an empty one', 502, '', ''],
		['without the key', 401, { error: { message: `bad ${KEY}!`, [KEY]: 1 } }, { error: { message: 'bad [cut]!', '[cut]': 1 } }],
		['without the image', 200, { list: [`image ${IMAGE} is bad`] }, { list: ['image [cut] is bad'] }],
		['without a token', 401, 'Bearer abc0123456789def, eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln.', '[cut], [cut]'],
	])('%s', (_form, status, body, raw) => {
		expect(rawOf(status, body)).toEqual(raw);
	});

	it('also where the operation finds nothing in it, and after more attempts', () => {
		const error = klingErrorOf(() => readAnswer(answerOf(429, { code: 1303 }), [KEY])).afterAttempts(3);
		expect(error.raw).toEqual({ code: 1303 });
	});
});
