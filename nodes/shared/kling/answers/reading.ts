import { parseObject } from '../json';
import { readText, type JsonObject } from '../values';
import { readEnvelope, type Envelope } from './envelope';
import { repeatsSecret } from './quote';

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

/** What a call draws on: units of a video pack and of an image pack are not the same currency. */
export type Pack = 'video' | 'image';

/** An answer, and what was read of it. */
export interface Reading {
	answer: RawAnswer;
	/** Whether the HTTP status says that the call went well. */
	accepted: boolean;
	/** Null where the body is none. */
	json: JsonObject | null;
	envelope: Envelope;
	requestId: string | null;
	secrets: readonly string[];
	pack: Pack;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads an answer's envelope. @param secrets what must not be repeated from the provider's words */
export function read(answer: RawAnswer, secrets: readonly string[], pack: Pack = 'video'): Reading {
	const json = parse(answer);
	const envelope = readEnvelope(json ?? {});
	const accepted = answer.status >= 200 && answer.status < 300;
	return { answer, accepted, json, envelope, requestId: findRequestId(answer, envelope, secrets), secrets, pack };
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
