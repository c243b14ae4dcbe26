import { readAnswer, unexpectedAnswer } from '../../nodes/shared/kling/answers/answer';
import { httpStatusMeaning, OTHER_REGION, SERVICE_CODES } from '../../nodes/shared/kling/answers/serviceCodes';
import { readCreated, readTaskAnswer } from '../../nodes/shared/kling/tasks/taskEnvelope';
import { answerOf, klingErrorOf } from './helpers';

const KEY = 'sk-live-0123456789abcdef';
const failureOf = (answer: ReturnType<typeof answerOf>) => klingErrorOf(() => readAnswer(answer, [KEY]));
const kling = (code: unknown, message = 'words of Kling') => ({ code, message, request_id: 'req-1' });
const gateway = (error: object | string) => ({ error });

describe('a good answer', () => {
	it.each([
		['as Kling sends it', { code: 0, message: 'SUCCEED', request_id: 'r-1', data: { a: 1 } }, 'r-1'],
		['with the code as text', { code: '0', message: 'SUCCESS', request_id: 'r-1', data: { a: 1 } }, 'r-1'],
		['without a code', { message: 'anything', data: { a: 1 } }, null],
		['without a request id', { code: 0, data: { a: 1 } }, null],
		['with a numeric request id', { code: 0, request_id: 42, data: { a: 1 } }, '42'],
		['with an empty error', { code: 0, error: null, data: { a: 1 } }, null],
	])('%s', (_name, body, requestId) => {
		const good = readAnswer(answerOf(200, body), []);
		expect(good).toEqual({ data: { a: 1 }, requestId, raw: body });
	});

	it.each([
		['inside data', { code: 0, data: { final_unit_deduction: '1' } }],
		['beside data', { code: 0, final_unit_deduction: '1', data: {} }],
		['in both', { code: 0, final_unit_deduction: '2', data: { final_unit_deduction: '1' } }],
	])('the deduction %s', (_name, body) => {
		expect(readAnswer(answerOf(200, body), []).data).toEqual({ final_unit_deduction: '1' });
	});

	it.each([200, 201])('with HTTP %i, a wrong content type and a byte order mark', (status) => {
		const body = Buffer.from('\ufeff{"data":{"a":1}}');
		expect(readAnswer(answerOf(status, body, { 'content-type': 'text/html', 'x-request-id': 'h-1' }), [])).toMatchObject({
			data: { a: 1 },
			requestId: 'h-1',
		});
	});
});

describe("Kling's service codes", () => {
	const HTTP: Record<number, number> = {
		...Object.fromEntries([1000, 1001, 1002, 1003, 1004].map((code) => [code, 401])),
		...Object.fromEntries([1100, 1101, 1102, 1302, 1303, 1304].map((code) => [code, 429])),
		1103: 403,
		...Object.fromEntries([1200, 1201, 1300, 1301].map((code) => [code, 400])),
		1202: 404,
		1203: 404,
		5000: 500,
		5001: 503,
		5002: 504,
	};
	const codes = Object.keys(SERVICE_CODES).map(Number);
	const forms = codes.flatMap((code) => [
		{ code, status: HTTP[code]!, body: kling(code) },
		{ code, status: 200, body: kling(code) },
		{ code, status: 200, body: { ...kling(String(code)), data: {} } },
		{ code, status: 418, body: kling(code) },
		{ code, status: 302, body: kling(code) },
		{ code, status: 400, body: gateway({ message: 'words of Kling (request id: req-1)', code: String(code) }) },
	]);

	it.each(forms)('$code with HTTP $status means what the code says', ({ code, status, body }) => {
		const { message, remedy, retry, minimumWaitMs } = SERVICE_CODES[code]!;
		const error = failureOf(answerOf(status, body));
		const ofVideos = (text: string) => text.replace('resource pack', 'video resource pack');
		expect(error.message).toBe(ofVideos(message));
		expect(error.details).toEqual({
			description: expect.stringMatching(/^[A-Z].*The provider said: "words of Kling/),
			serviceCode: code,
			httpStatus: status,
			requestId: 'req-1',
			attempts: 1,
			retryable: retry !== 'never',
		});
		expect(error.details.description).toContain(ofVideos(remedy));
		const answered = retry === 'never' || retry === 'notBegun' ? 'refused' : 'unclear';
		expect(error.handling).toEqual({
			effect: code === 1203 ? 'notFound' : answered,
			said: expect.stringContaining('words of Kling'),
			showsRaw: false,
			congestion: retry === 'fewer' || retry === 'notBegun',
			notBegun: retry === 'notBegun',
			retryable: retry !== 'never',
			retryAfterMs: null,
			minimumWaitMs: minimumWaitMs ?? 0,
		});
	});

	it.each([
		['a status that is retried', 503, 1102, false],
		['another such status', 429, 1201, false],
		['a status that is not', 400, 5000, true],
		['a refused key', 401, 1303, true],
	])('where %s (%i) and the code (%i) disagree, the code decides', (_name, status, code, retryable) => {
		expect(failureOf(answerOf(status, kling(code))).details.retryable).toBe(retryable);
	});

	it('an unknown code with an error status leaves it to the status, and is still reported', () => {
		expect(failureOf(answerOf(503, kling(1999))).details).toMatchObject({ serviceCode: 1999, retryable: true });
		expect(failureOf(answerOf(400, kling(1999))).details).toMatchObject({ serviceCode: 1999, retryable: false });
	});

	it('an unknown code with HTTP 200 is a failure that is not tried again', () => {
		const error = failureOf(answerOf(200, { ...kling(1999), data: { a: 1 } }));
		expect(error.message).toBe('The provider answered with the unknown error code 1999');
		expect(error.details).toMatchObject({ serviceCode: 1999, retryable: false });
		expect(error.details.description).toBe(
			'Look the error up in the provider\'s documentation. The provider said: "words of Kling"',
		);
	});

	it.each([101, 300, 304, 399, 400])('HTTP %i is a failure, whatever came with it', (status) => {
		expect(failureOf(answerOf(status, { code: 0, data: { a: 1 } })).details).toMatchObject({
			serviceCode: null,
			httpStatus: status,
		});
	});

	it('code 0 with an error status is a failure without a code', () => {
		expect(failureOf(answerOf(500, { ...kling(0), data: {} })).details).toMatchObject({ serviceCode: null, httpStatus: 500 });
	});
});

describe("the gateways' own failures", () => {
	it.each([
		[429, true, true],
		[500, true, false],
		[503, true, true],
		[524, true, false],
		[400, false, false],
		[401, false, false],
		[403, false, false],
	])('HTTP %i: again %p, fewer at once %p', (status, retryable, congestion) => {
		const error = failureOf(
			answerOf(
				status,
				gateway({ message: 'no luck (request id: 2026010203)', type: 'new_api_error', param: '', code: 'unlucky' }),
			),
		);
		expect(error.details).toEqual({
			description: expect.stringMatching(/The provider said: "no luck \(request id: 2026010203\)" \(error code: unlucky\)$/),
			serviceCode: null,
			httpStatus: status,
			requestId: '2026010203',
			attempts: 1,
			retryable,
		});
		expect(error.handling.congestion).toBe(congestion);
	});

	it.each([
		['its code', { message: 'm', code: 'invalid_request' }],
		['its type', { message: 'm', type: 'invalid_request' }],
	])('a 500 that %s calls an invalid request is not tried again', (_name, error) => {
		expect(failureOf(answerOf(500, gateway(error))).details).toMatchObject({ httpStatus: 500, retryable: false });
	});

	it('a numeric code of the invalid kind still decides by itself', () => {
		expect(failureOf(answerOf(500, gateway({ message: 'm', type: 'invalid_request', code: '5000' }))).details.retryable).toBe(
			true,
		);
	});

	it('one that says nothing is described by its status alone', () => {
		const remedy = httpStatusMeaning(502).remedy;
		expect(failureOf(answerOf(502, '')).details.description).toBe(remedy);
		expect(failureOf(answerOf(502, {})).details.description).toBe(remedy);
	});

	it('an error of plain words', () => {
		const error = failureOf(answerOf(502, gateway('upstream is gone')));
		expect(error.details.description).toContain('The provider said: "upstream is gone"');
		expect(error.details.retryable).toBe(true);
	});

	it.each([
		['an object', { message: 'something broke', code: 'broken' }],
		['words', 'something broke'],
	])('HTTP 200 with an error of %s is a failure that is not tried again', (_name, error) => {
		const failure = failureOf(answerOf(200, { error, data: { a: 1 } }));
		expect(failure.message).toBe('The provider answered with an error');
		expect(failure.details).toMatchObject({ httpStatus: 200, retryable: false });
		expect(failure.details.description).toContain('something broke');
	});
});

describe('the request id', () => {
	it.each([
		['the body', { ...kling(1201, 'm (request id: in-message)') }, { 'x-request-id': 'in-header' }, 'req-1'],
		["a gateway's message", gateway({ message: 'm (request id: in-message)' }), { 'x-request-id': 'in-header' }, 'in-message'],
		['a message with another spelling', gateway({ message: 'Request_ID=in-message.' }), {}, 'in-message.'],
		['a message with yet another spelling', gateway({ message: 'RequestId: in-message' }), {}, 'in-message'],
		['the inner one of two messages', { message: 'no id here', ...gateway({ message: 'request id: inside' }) }, {}, 'inside'],
		["Kling's message", { code: 1201, message: 'm (request id: in-message)' }, {}, 'in-message'],
		['the header', gateway({ message: 'no id here' }), { 'x-request-id': 'in-header' }, 'in-header'],
		['nowhere', gateway({ message: 'm' }), {}, null],
		[
			'nowhere, though the message has the words',
			gateway({ message: 'a request id missing or request identifier: wrong' }),
			{},
			null,
		],
	])('from %s', (_name, body, headers, expected) => {
		expect(failureOf(answerOf(400, body, headers)).details.requestId).toBe(expected);
	});

	it.each([
		['as long as an id may be', 'x'.repeat(63), 'x'.repeat(63)],
		['longer than any id', 'x'.repeat(64), null],
		['the key', KEY, null],
		['the first part of the key', `id-${KEY.slice(0, 10)}`, null],
		['a token', 'eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln', null],
	])('%s', (_name, request_id, expected) => {
		expect(failureOf(answerOf(400, { ...kling(1201), request_id })).details.requestId).toBe(expected);
	});
});

describe('answers that are none', () => {
	const half = Buffer.from('{"code":0,"data":{"task_res');
	it.each([
		['nothing', Buffer.alloc(0), 'The answer is empty'],
		['a web page', '<!doctype html><title>Welcome</title>', 'The answer is a web page, not JSON'],
		['a web page after empty lines', '\n \n<html></html>', 'The answer is a web page, not JSON'],
		['half an answer with a tag in it', '{"code":0,"message":"<b>"', 'The answer is not complete JSON'],
		['half an answer', half, 'The answer is not complete JSON'],
		[
			'bytes that are no UTF-8',
			Buffer.concat([half, Buffer.from([0xff]), Buffer.from('"}}')]),
			'The answer is not complete JSON',
		],
		['a list', [], 'The answer is not complete JSON'],
		['no data', { code: 0, message: 'SUCCEED' }, 'The answer contains no data'],
		['data that is a list', { code: 0, data: [] }, 'The answer contains no data'],
		['data that is null', { code: 0, data: null }, 'The answer contains no data'],
	])('HTTP 200 with %s may have been charged: not tried again', (_name, body, message) => {
		const error = failureOf(answerOf(200, body));
		expect(error.message).toBe(message);
		expect(error.details).toMatchObject({ serviceCode: null, httpStatus: 200, attempts: 1, retryable: false });
		expect(error.details.description).toContain('may have been charged');
	});

	it('an empty one is described without a word of it', () => {
		expect(failureOf(answerOf(200, '')).details.description).toBe(
			'Check the provider and the base URL in the credential. The call may have been charged, so it was not sent again.',
		);
	});

	it('an answer beyond the reading limit, also where its part could be read', () => {
		const error = failureOf({ ...answerOf(200, '{"data":{}}  '), cut: true });
		expect(error.message).toBe('The answer is far larger than any answer of Kling');
		expect(error.details.retryable).toBe(false);
	});

	it.each([
		[502, '<html><h1>502 Bad Gateway</h1></html>', true, '502 Bad Gateway'],
		[524, '', true, ''],
		[403, '<html>Attention Required</html>', false, 'Attention Required'],
		[404, 'not here', false, 'not here'],
	])('HTTP %i without JSON', (status, body, retryable, words) => {
		const error = failureOf(answerOf(status, body));
		expect(error.details).toMatchObject({ serviceCode: null, httpStatus: status, retryable });
		expect(error.details.description).toContain(words);
		expect(error.details.description).not.toContain('<');
	});

	it.each([
		['another host', 'https://other.example.com/a?b=c', 'The provider redirects the call to other.example.com'],
		['a path', '/login', 'The provider redirects the call'],
		['nowhere', undefined, 'The provider redirects the call'],
	])('a redirect to %s', (_name, location, message) => {
		const error = failureOf(answerOf(301, '', location === undefined ? {} : { location }));
		expect(error.message).toBe(message);
		expect(error.details).toMatchObject({ httpStatus: 301, retryable: false });
		expect(error.details.description).toBe(
			'A redirect is not followed, because it would carry the key to another place. Check the provider and the base URL in the credential.',
		);
	});

	it.each([300, 399])('HTTP %i is a redirect, too', (status) => {
		expect(failureOf(answerOf(status, '')).message).toBe('The provider redirects the call');
	});
});

describe('what must not be repeated', () => {
	const IMAGE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk';
	it.each([
		['the key in an error', 401, gateway({ message: `Invalid key ${KEY} for you` })],
		['the key in the code', 401, gateway({ message: 'Invalid key', code: KEY })],
		['the key in the type', 401, gateway({ message: 'Invalid key', type: KEY })],
		["the key in Kling's message", 400, kling(1201, `Invalid key ${KEY}`)],
		['the key in a page', 502, `<p>Invalid key ${KEY}</p>`],
		['the key in a broken good answer', 200, `Invalid key {"code":0,"key":"${KEY}"`],
		['the image', 400, kling(1201, `Invalid key ${IMAGE}`)],
		['the image in an unreadable answer', 200, `Invalid key ${IMAGE}`],
	])('%s is cut, the words before it stay', (_name, status, body) => {
		const text = JSON.stringify([failureOf(answerOf(status, body)).message, failureOf(answerOf(status, body)).details]);
		expect(text).not.toContain(KEY.slice(0, 12));
		expect(text).not.toContain(IMAGE.slice(0, 20));
		expect(text).toContain('Invalid key');
	});
});

describe('what a code means besides', () => {
	it.each([
		[1002, 'The current API does not support AK/SK', 'Kling does this with an API key only', 'Create an API key'],
		[1002, 'api key not found', 'Kling does not know this credential', OTHER_REGION],
		[1201, 'Voice id not found', 'Kling does not know this voice', 'Choose a voice from the list'],
		[1201, 'image is too small', 'Kling refused the input', 'Check the input of this item'],
	])('%i, where it says "%s"', (code, words, message, remedy) => {
		const error = failureOf(answerOf(400, kling(code, words)));
		expect(error.message).toBe(message);
		expect(error.details.description).toContain(remedy);
		expect(error.details.description).toContain(`The provider said: "${words}"`);
	});

	it.each(['video', 'image'] as const)('1102 says that it is the %s pack', (pack) => {
		const error = klingErrorOf(() => readAnswer(answerOf(429, kling(1102)), [KEY], { pack }));
		expect(error.message).toBe(`The ${pack} resource pack of the Kling account is used up or has expired`);
		expect(error.details.description).toContain(`Buy or renew a ${pack} resource pack`);
		expect(klingErrorOf(() => readTaskAnswer(answerOf(429, kling(1102)), [KEY], pack)).message).toBe(error.message);
		expect(klingErrorOf(() => readCreated(answerOf(429, kling(1102)), [KEY], pack)).message).toBe(error.message);
	});
});

it.each([
	['in JSON', {}, 'notBegun'],
	['as a page', '<html>', 'fewer'],
] as const)('HTTP 429 %s', (_name, body, retry) => {
	const { handling } = failureOf(answerOf(429, body));
	expect(handling).toMatchObject({ congestion: true, notBegun: retry === 'notBegun', retryable: true });
});

it('a redirect without a goal names none', () => {
	expect(failureOf(answerOf(301, '')).message).toBe('The provider redirects the call');
});

it('an answer that is none says what came, and that nobody knows', () => {
	const { handling } = failureOf(answerOf(200, 'some words'));
	expect(handling).toMatchObject({ effect: 'unclear', said: 'some words' });
	expect(failureOf(answerOf(301, '')).handling.said).toBe('');
});

it('a Retry-After is read from any failure', () => {
	expect(failureOf(answerOf(503, '', { 'retry-after': '7' })).handling.retryAfterMs).toBe(7000);
	expect(failureOf(answerOf(429, kling(1303), { 'retry-after': '7' })).handling).toEqual({
		congestion: true,
		notBegun: true,
		retryable: true,
		retryAfterMs: 7000,
		minimumWaitMs: 1000,
		effect: 'refused',
		said: 'words of Kling',
		showsRaw: false,
	});
});

it('a good answer without what the operation needs', () => {
	const error = unexpectedAnswer(answerOf(200, { request_id: 'r-1', data: { other: true } }), 'recognition result', [KEY]);
	expect(error.message).toBe('The answer contains no recognition result');
	expect(error.details).toMatchObject({ requestId: 'r-1', httpStatus: 200, attempts: 1, retryable: false });
	expect(error.details.description).toContain('{"request_id":"r-1","data":{"other":true}}');
});
