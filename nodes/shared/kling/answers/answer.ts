import type { KlingError } from '../klingError';
import type { JsonObject } from '../values';
import { failure, notAnAnswer } from './answerFailure';
import { read, type Pack, type RawAnswer } from './reading';

export type { RawAnswer } from './reading';

/** How an answer is read. */
export interface Reader {
	/** What the call draws on; absent: the video pack. */
	pack?: Pack;
	/** Whether an answer without an object as its `data` is content itself. */
	isContent?(json: JsonObject): boolean;
}

/** A good answer's content. */
export interface GoodAnswer {
	/** The innermost `data`, with what the call cost. */
	data: JsonObject;
	requestId: string | null;
	/** The whole answer, parsed. */
	raw: JsonObject;
}

/**
 * Reads the answer to a call, in every form that `readEnvelope` knows. HTTP status and service code decide together; where
 * they disagree on trying again, the code decides.
 * @param secrets what must not be repeated from the provider's words
 * @returns the content of a good answer
 * @throws KlingError for every other answer, with what came instead
 */
export function readAnswer(answer: RawAnswer, secrets: readonly string[], reader: Reader = {}): GoodAnswer {
	const reading = read(answer, secrets, reader.pack);
	const { json, envelope, requestId } = reading;
	const data = envelope.data ?? (json && reader.isContent?.(json) ? json : null);
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
