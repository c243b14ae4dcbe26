import { readEnvelope, type Envelope } from './envelope';
import { parseObject } from './json';
import { KlingError } from './klingError';
import { quote, repeatsSecret, withoutSecrets } from './quote';
import { retryAfterMs } from './retryAfter';
import { handlingOf, httpStatusMeaning, SERVICE_CODES, type Meaning } from './serviceCodes';
import { readText, readUrl, type JsonObject } from './values';

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
	/** The innermost `data`, with what the call cost. */
	data: JsonObject;
	requestId: string | null;
	/** The whole answer, parsed. */
	raw: JsonObject;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

const UNPAID_REMEDY =
	'Check the provider and the base URL in the credential. The call may have been charged, so it was not sent again.';
const BASE_URL_REMEDY = 'Check the provider and the base URL in the credential.';

/**
 * Reads the answer to a call, in every form that `readEnvelope` knows. HTTP status and service code decide together; where
 * they disagree on trying again, the code decides.
 * @param secrets what must not be repeated from the provider's words
 * @param isContent whether an answer without an object as its `data` is content itself
 * @returns the content of a good answer
 * @throws KlingError for every other answer, with what came instead
 */
export function readAnswer(
	answer: RawAnswer,
	secrets: readonly string[],
	isContent: (json: JsonObject) => boolean = () => false,
): GoodAnswer {
	const reading = read(answer, secrets);
	const { json, envelope, requestId } = reading;
	const data = envelope.data ?? (json && isContent(json) ? json : null);
	if (reading.accepted && json && data && !envelope.failed && envelope.code === null) return { data, requestId, raw: json };
	throw failure(reading);
}

/**
 * The failure for a good answer that lacks what the operation needs.
 * @param expected what should have come, in words
 */
export function unexpectedAnswer(answer: RawAnswer, expected: string, secrets: readonly string[]): KlingError {
	return notAnAnswer(read(answer, secrets), `The answer contains no ${expected}`);
}

/** An answer, and what was read of it. */
interface Reading {
	answer: RawAnswer;
	/** Whether the HTTP status says that the call went well. */
	accepted: boolean;
	json: JsonObject | null;
	envelope: Envelope;
	requestId: string | null;
	secrets: readonly string[];
}

function read(answer: RawAnswer, secrets: readonly string[]): Reading {
	const json = parse(answer);
	const envelope = readEnvelope(json ?? {});
	const accepted = answer.status >= 200 && answer.status < 300;
	return { answer, accepted, json, envelope, requestId: findRequestId(answer, envelope, secrets), secrets };
}

function parse({ body, cut }: RawAnswer): JsonObject | null {
	if (cut) return null;
	try {
		return parseObject(utf8.decode(body));
	} catch {
		return null;
	}
}

/** What is longer is no id; it could be a piece of the image. */
const LONGEST_ID = 63;

function findRequestId({ headers }: RawAnswer, envelope: Envelope, secrets: readonly string[]): string | null {
	const id = envelope.requestId ?? readText(headers['x-request-id']);
	return id === null || id.length > LONGEST_ID || repeatsSecret(id, secrets) ? null : id;
}

function failure(reading: Reading): KlingError {
	const { answer, accepted, json, envelope, secrets } = reading;
	const { code, label } = envelope;
	const known = code === null ? undefined : SERVICE_CODES[code];
	if (accepted && code === null && label === '' && !envelope.failed) return notAnAnswer(reading, describeBody(answer, json));
	if (answer.status >= 300 && answer.status < 400 && !known) return redirect(reading);

	const meaning = known ?? envelope.gatewayError?.meaning ?? (accepted ? unknownRefusal(code) : httpStatusMeaning(answer.status));
	const words = quote(json ? envelope.words : answer.body.toString('utf8'), secrets);
	const said = words === '' ? '' : ` The provider said: "${words}"`;
	const labelled = label === '' || code !== null ? '' : ` (error code: ${quote(label, secrets)})`;
	const retry = isFinal(reading, known !== undefined) ? 'never' : meaning.retry;
	return typed(reading, meaning.message, `${meaning.remedy}${said}${labelled}`, { ...meaning, retry });
}

/**
 * A gateway that tells of an error with HTTP 200 may have charged the call. A request that it calls invalid stays invalid,
 * but only 400 and 500 are about the request: an overloaded gateway calls everything invalid.
 */
function isFinal({ answer, accepted, envelope }: Reading, known: boolean): boolean {
	if (accepted) return envelope.failed || !known;
	return !known && envelope.invalid && [400, 500].includes(answer.status);
}

function unknownRefusal(code: number | null): Meaning {
	const message =
		code === null ? 'The provider answered with an error' : `The provider answered with the unknown error code ${code}`;
	return { message, remedy: "Look the error up in the provider's documentation.", retry: 'never' };
}

/** HTTP 200, yet nothing that can be read as an answer. It may have been charged: it is not sent again. */
function notAnAnswer(reading: Reading, message: string): KlingError {
	const words = quote(reading.answer.body.toString('utf8'), reading.secrets);
	const came = words === '' ? '' : ` What came instead: "${words}"`;
	return typed(reading, message, `${UNPAID_REMEDY}${came}`);
}

function describeBody({ body, cut }: RawAnswer, json: JsonObject | null): string {
	if (cut) return 'The answer is far larger than any answer of Kling';
	if (json) return 'The answer contains no data';
	if (body.length === 0) return 'The answer is empty';
	return /^\s*</.test(body.toString('utf8', 0, 100)) ? 'The answer is a web page, not JSON' : 'The answer is not complete JSON';
}

function redirect(reading: Reading): KlingError {
	const host = quote(readUrl(readText(reading.answer.headers.location) ?? '')?.host ?? '', reading.secrets);
	const target = host === '' ? '' : ` to ${host}`;
	const why = 'A redirect is not followed, because it would carry the key to another place.';
	return typed(reading, `The provider redirects the call${target}`, `${why} ${BASE_URL_REMEDY}`);
}

function typed(
	{ answer, json, envelope, requestId, secrets }: Reading,
	message: string,
	description: string,
	handling: Pick<Meaning, 'retry' | 'minimumWaitMs'> = { retry: 'never' },
): KlingError {
	const { status, headers, body } = answer;
	const retryable = handling.retry !== 'never';
	return new KlingError(
		message,
		{ description, serviceCode: envelope.code, httpStatus: status, requestId, attempts: 1, retryable },
		{ ...handlingOf(handling), retryAfterMs: retryAfterMs(headers['retry-after'], Date.now()) },
		() => withoutSecrets(json ?? body.toString('utf8'), secrets),
	);
}
