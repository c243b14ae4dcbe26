import type { Effect } from '../klingError';
import type { Reading } from './reading';
import { saysExists, saysNotFound } from './saidErrors';
import type { Meaning } from './serviceCodes';

/** With a JSON body these say that nothing was begun. What else says 4xx may come from an edge, after the call was passed on. */
const REFUSALS = [400, 401, 402, 403, 404, 405, 413, 414, 415, 422, 429, 451];
/** These may come from an edge also where a relay tells of them in JSON: then it has the page in its words, or hides them. */
const EDGE_STATUSES = [403, 429];
const FROM_AN_EDGE = /^\s*<(!doctype|html)|请求上游地址失败/i;
/** A client is to send the same again elsewhere: nothing was done here. */
const MOVED = [301, 302, 307, 308];

/**
 * What a failed call came to, from the provider's raw words. Source: the relay's public source, and what edges in front of such relays answer.
 * @param known what its code or words are known to mean
 */
export function effectOf(reading: Reading, known: Meaning | undefined): Effect {
	const { answer, json, envelope } = reading;
	const { status } = answer;
	const said = json ? envelope.said : answer.body.toString('utf8');
	const isNamedMissing = envelope.code === 1203 || (envelope.code === 1201 && /not found/i.test(said));
	if (status < 500 && (isNamedMissing || saysNotFound(said))) return 'notFound';
	const isRefusal = known
		? known.isRefusal === true || known.retry === 'never' || known.retry === 'notBegun'
		: MOVED.includes(status) || (REFUSALS.includes(status) && !isFromEdge(reading));
	if (saysExists(said, isRefusal)) return 'exists';
	return isRefusal ? 'refused' : 'unclear';
}

/** Whether an answer may come from an edge in front of the provider, after the call was passed on. */
export function isFromEdge({ answer: { status }, json, envelope }: Reading): boolean {
	return json === null || (EDGE_STATUSES.includes(status) && FROM_AN_EDGE.test(envelope.words));
}
