import { KlingError } from './klingError';
import { quote, repeatsSecret } from './quote';
import { retryAfterMs } from './retryAfter';
import { httpStatusMeaning, SERVICE_CODES, type Meaning } from './serviceCodes';
import { readNumber, readObject, readText, readUrl, type JsonObject } from './values';

/** An HTTP answer as it came. */
export interface RawAnswer {
	status: number;
	/** Header names in lower case. */
	headers: Readonly<Record<string, unknown>>;
	/** The body's bytes, cut at the reading limit. */
	body: Buffer;
	/** Whether the body was longer than the reading limit. */
	cut: boolean;
}

/** A good answer's content. */
export interface GoodAnswer {
	data: JsonObject;
	requestId: string | null;
	/** The whole answer, parsed. */
	raw: JsonObject;
}

/** Answers of Kling are six levels deep. */
const DEEPEST = 100;

const utf8 = new TextDecoder('utf-8', { fatal: true });

const UNPAID_REMEDY =
	'Check the provider and the base URL in the credential. The call may have been charged, so it was not sent again.';
const BASE_URL_REMEDY = 'Check the provider and the base URL in the credential.';

/**
 * Reads the answer to a call, in Kling's envelope (`code`, `message`, `request_id`, `data`) or in a gateway's (`error`).
 * HTTP status and service code decide together; where they disagree on trying again, the code decides.
 * @param secrets what must not be repeated from the provider's words
 * @returns the content of a good answer
 * @throws KlingError for every other answer, with what came instead
 */
export function readAnswer(answer: RawAnswer, secrets: readonly string[]): GoodAnswer {
	const json = parse(answer);
	const requestId = findRequestId(answer, json, secrets);
	const code = readNumber(json?.code);
	const data = readObject(json?.data);
	const accepted = answer.status >= 200 && answer.status < 300;
	if (accepted && json && data && !json.error && (code === 0 || code === null)) {
		// The deduction stands inside `data`, and in one document also beside it.
		return { data: { final_unit_deduction: json.final_unit_deduction, ...data }, requestId, raw: json };
	}
	throw failure(answer, json, requestId, secrets);
}

/**
 * The failure for a good answer that lacks what the operation needs.
 * @param expected what should have come, in words
 */
export function unexpectedAnswer(answer: RawAnswer, expected: string, secrets: readonly string[]): KlingError {
	const json = parse(answer);
	return notAnAnswer(answer, findRequestId(answer, json, secrets), `The answer contains no ${expected}`, secrets);
}

function parse({ body, cut }: RawAnswer): JsonObject | null {
	if (cut) return null;
	try {
		const json = readObject(JSON.parse(utf8.decode(body)));
		return isDeeper(json, DEEPEST) ? null : json;
	} catch {
		return null;
	}
}

/** Whether a value is nested deeper than `most` levels: neither n8n nor a copy of it would survive much of that. */
function isDeeper(value: unknown, most: number): boolean {
	if (typeof value !== 'object' || value === null) return false;
	return most === 0 || Object.values(value).some((item) => isDeeper(item, most - 1));
}

function failure(answer: RawAnswer, json: JsonObject | null, requestId: string | null, secrets: readonly string[]): KlingError {
	const gateway = readGatewayError(json);
	const code = readNumber(json?.code) ?? readNumber(gateway?.code);
	const known = code === null ? undefined : SERVICE_CODES[code];
	const accepted = answer.status >= 200 && answer.status < 300;
	if (accepted && !known && !gateway && (code === null || code === 0)) {
		return notAnAnswer(answer, requestId, describeBody(answer, json), secrets);
	}
	if (answer.status >= 300 && answer.status < 400 && !known) return redirect(answer, requestId, secrets);

	const meaning = known ?? (accepted ? unknownRefusal(code) : httpStatusMeaning(answer.status));
	// A gateway that says so with HTTP 200 may have charged the call; an invalid request stays invalid.
	const final = gateway && (accepted || gateway.code === 'invalid_request' || gateway.type === 'invalid_request');
	const words = gateway?.message ?? readText(json?.message) ?? (json ? '' : answer.body.toString('utf8'));
	return fromMeaning(final && (accepted || !known) ? { ...meaning, retry: 'never' } : meaning, {
		answer,
		code: code === 0 ? null : code,
		requestId,
		words: quote(words, secrets),
		label: gateway && code === null ? quote(gateway.code ?? gateway.type ?? '', secrets) : '',
	});
}

interface Evidence {
	answer: RawAnswer;
	code: number | null;
	requestId: string | null;
	/** The provider's own words, fit to be shown. */
	words: string;
	/** A gateway's textual error code, or an empty string. */
	label: string;
}

function fromMeaning(meaning: Meaning, { answer, code, requestId, words, label }: Evidence): KlingError {
	const said = words === '' ? '' : ` The provider said: "${words}"`;
	const labelled = label === '' ? '' : ` (error code: ${label})`;
	return new KlingError(
		meaning.message,
		{
			description: `${meaning.remedy}${said}${labelled}`,
			serviceCode: code,
			httpStatus: answer.status,
			requestId,
			attempts: 1,
			retryable: meaning.retry !== 'never',
		},
		{
			congestion: meaning.retry === 'congestion',
			notBegun: code === 1302 || code === 1303 || (code === null && answer.status === 429),
			retryAfterMs: retryAfterMs(answer.headers['retry-after'], Date.now()),
			minimumWaitMs: meaning.minimumWaitMs ?? 0,
		},
	);
}

function unknownRefusal(code: number | null): Meaning {
	const message =
		code === null ? 'The provider answered with an error' : `The provider answered with the unknown error code ${code}`;
	return { message, remedy: "Look the error up in the provider's documentation.", retry: 'never' };
}

/** HTTP 200, yet nothing that can be read as an answer. It may have been charged: it is not sent again. */
function notAnAnswer(answer: RawAnswer, requestId: string | null, message: string, secrets: readonly string[]): KlingError {
	const words = quote(answer.body.toString('utf8'), secrets);
	const came = words === '' ? '' : ` What came instead: "${words}"`;
	return new KlingError(message, {
		description: `${UNPAID_REMEDY}${came}`,
		serviceCode: null,
		httpStatus: answer.status,
		requestId,
		attempts: 1,
		retryable: false,
	});
}

function describeBody({ body, cut }: RawAnswer, json: JsonObject | null): string {
	if (cut) return 'The answer is far larger than any answer of Kling';
	if (json) return 'The answer contains no data';
	if (body.length === 0) return 'The answer is empty';
	return /^\s*</.test(body.toString('utf8', 0, 100)) ? 'The answer is a web page, not JSON' : 'The answer is not complete JSON';
}

function redirect(answer: RawAnswer, requestId: string | null, secrets: readonly string[]): KlingError {
	const host = quote(readUrl(readText(answer.headers.location) ?? '')?.host ?? '', secrets);
	const target = host === '' ? '' : ` to ${host}`;
	return new KlingError(`The provider redirects the call${target}`, {
		description: `A redirect is not followed, because it would carry the key to another place. ${BASE_URL_REMEDY}`,
		serviceCode: null,
		httpStatus: answer.status,
		requestId,
		attempts: 1,
		retryable: false,
	});
}

interface GatewayError {
	message: string | null;
	type: string | null;
	code: string | null;
}

/** `{"error": {"message", "type", "param", "code"}}`, or `{"error": "words"}`. */
function readGatewayError(json: JsonObject | null): GatewayError | null {
	if (!json?.error) return null;
	const error = readObject(json.error);
	if (!error) return { message: readText(json.error), type: null, code: null };
	return { message: readText(error.message), type: readText(error.type), code: readText(error.code) };
}

/** What is longer is no id; it could be a piece of the image. */
const LONGEST_ID = 63;

/** The request id stands in the body, inside a gateway's message, or in a header. */
function findRequestId({ headers }: RawAnswer, json: JsonObject | null, secrets: readonly string[]): string | null {
	const message = readGatewayError(json)?.message ?? readText(json?.message) ?? '';
	const id =
		readText(json?.request_id) ??
		/request[ _-]?id\s*[:=]\s*([\w.:-]{4,})/i.exec(message)?.[1] ??
		readText(headers['x-request-id']) ??
		null;
	return id === null || id.length > LONGEST_ID || repeatsSecret(id, secrets) ? null : id;
}
