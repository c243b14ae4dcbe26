import { KlingError, type Effect } from '../klingError';
import { readText, readUrl, type JsonObject } from '../values';
import { effectOf, isFromEdge } from './effect';
import { quote, withoutSecrets } from './quote';
import type { RawAnswer, Reading } from './reading';
import { retryAfterMs, saidWait } from './retryAfter';
import { handlingOf, httpStatusMeaning, SERVICE_CODES, type Meaning } from './serviceCodes';

const UNPAID_REMEDY =
	'Check the provider and the base URL in the credential. The call may have been charged, so it was not sent again.';
const BASE_URL_REMEDY = 'Check the provider and the base URL in the credential.';

/** The failure that an answer tells of, with what came. */
export function failure(reading: Reading): KlingError {
	const { answer, accepted, json, envelope, secrets } = reading;
	const { code, label } = envelope;
	const known = (code === null ? undefined : SERVICE_CODES[code]) ?? envelope.saidError?.meaning;
	if (accepted && code === null && label === '' && !envelope.failed) return notAnAnswer(reading, describeBody(answer, json));
	if (isRedirect(answer) && !known) return redirect(reading);

	const meaning = known ?? (accepted ? unknownRefusal(code) : statusMeaning(reading));
	const { message, remedy } = meaning.where?.find(({ says }) => says.test(envelope.said)) ?? meaning;
	const words = quote(json ? envelope.words : answer.body.toString('utf8'), secrets);
	const said = words === '' ? '' : ` The provider said: "${words}"`;
	const labelled = label === '' || code !== null ? '' : ` (error code: ${quote(label, secrets)})`;
	const retry = isFinal(reading) ? 'never' : meaning.retry;
	const effect = effectOf(reading, known);
	return typed(reading, inPack(message, reading), `${inPack(remedy, reading)}${said}${labelled}`, {
		...meaning,
		retry,
		effect,
		said: words,
	});
}

/** Says which kind of resource pack it is about. */
function inPack(text: string, { pack }: Reading): string {
	return text.replaceAll('resource pack', `${pack} resource pack`);
}

/** Only a 429 that comes from behind the edge says that the call was never begun. */
function statusMeaning(reading: Reading): Meaning {
	const { status } = reading.answer;
	const meaning = httpStatusMeaning(status);
	return status === 429 && isFromEdge(reading) ? { ...meaning, retry: 'fewer' } : meaning;
}

const isRedirect = ({ status }: RawAnswer): boolean => status >= 300 && status < 400;

/**
 * A gateway that tells of an error with HTTP 200 may have charged the call. A request that it calls invalid stays invalid,
 * but only 400 and 500 are about the request: an overloaded gateway calls everything invalid.
 */
function isFinal({ answer, accepted, envelope }: Reading): boolean {
	const known = envelope.code !== null && envelope.code in SERVICE_CODES;
	if (accepted) return envelope.failed || !known;
	return !known && envelope.invalid && [400, 500].includes(answer.status);
}

function unknownRefusal(code: number | null): Meaning {
	const message =
		code === null ? 'The provider answered with an error' : `The provider answered with the unknown error code ${code}`;
	return { message, remedy: "Look the error up in the provider's documentation.", retry: 'never' };
}

/** HTTP 200, yet nothing that can be read as an answer. It may have been charged: it is not sent again. */
export function notAnAnswer(reading: Reading, message: string): KlingError {
	const words = quote(reading.answer.body.toString('utf8'), reading.secrets);
	const came = words === '' ? '' : ` What came instead: "${words}"`;
	return typed(reading, message, `${UNPAID_REMEDY}${came}`, { retry: 'never', effect: 'unclear', said: words });
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
	const effect = effectOf(reading, undefined);
	return typed(reading, `The provider redirects the call${target}`, `${why} ${BASE_URL_REMEDY}`, { retry: 'never', effect });
}

/** What a failure says about what comes next. */
interface Verdict extends Pick<Meaning, 'retry' | 'minimumWaitMs'> {
	effect: Effect;
	said?: string;
}

function typed(
	{ answer, json, envelope, requestId, secrets }: Reading,
	message: string,
	description: string,
	{ retry, minimumWaitMs, effect, said = '' }: Verdict,
): KlingError {
	const { status, headers, body } = answer;
	const retryable = retry !== 'never';
	const askedMs = retryAfterMs(headers['retry-after'], Date.now());
	const wait = retryable ? saidWait(askedMs) : '';
	return new KlingError(
		message,
		{
			description: `${description} ${wait}`.trim(),
			serviceCode: envelope.code,
			httpStatus: status,
			requestId,
			attempts: 1,
			retryable,
		},
		{
			...handlingOf({ retry, minimumWaitMs }),
			effect,
			said,
			retryAfterMs: askedMs,
		},
		() => withoutSecrets(json ?? body.toString('utf8'), secrets),
	);
}
