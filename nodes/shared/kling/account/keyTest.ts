import type { RawAnswer } from '../answers/answer';
import { readEnvelope, type Envelope } from '../answers/envelope';
import { quote } from '../answers/quote';
import { httpStatusMeaning, OTHER_REGION, SERVICE_CODES, type Meaning } from '../answers/serviceCodes';
import { parseObject } from '../json';
import { readNumber, readObject, type JsonObject } from '../values';
import type { Connection } from './connection';
import type { KeyTestName } from './providers';

/** The request that proves a key without spending units. */
export interface KeyTestRequest {
	method: 'GET' | 'POST';
	url: string;
	body?: string;
}

/** A key is good, or a sentence says what is wrong and what to do. */
export type KeyVerdict = { good: true } | { good: false; message: string };

interface KeyTest {
	request(connection: Connection, nowMs: number): KeyTestRequest;
	/** Whether only an accepted key gets this answer. It rejects no key, and speaks of no account. */
	proves(status: number, json: JsonObject): boolean;
}

const DAY_MS = 86_400_000;
/** The service codes for bad parameters, and the statuses that some gateways repeat as a code. */
const REFUSED = [1200, 1201, 400, 422];

/** One row for each way to test a key. Sources: Kling's API reference, "Account information inquiry"; the gateways' model lists. */
const KEY_TESTS: Readonly<Record<KeyTestName, KeyTest>> = {
	accountCosts: {
		request: ({ origin }, nowMs) => ({
			method: 'GET',
			url: `${origin}/account/costs?start_time=${nowMs - DAY_MS}&end_time=${nowMs}`,
		}),
		proves: (status, json) => status === 200 && readNumber(json.code) === 0,
	},
	modelList: {
		request: ({ origin }) => ({ method: 'GET', url: `${origin}/v1/models` }),
		proves: (status, json) => status === 200 && Array.isArray(json.data),
	},
	emptyCall: {
		// A custom gateway promises only the two calls; one without an image is refused, and that is free.
		request: ({ baseUrl }) => ({ method: 'POST', url: `${baseUrl}/v1/videos/image-recognize`, body: '{}' }),
		proves: (status, json) => {
			const code = readNumber(readObject(json.error)?.code) ?? readNumber(json.code);
			const refused = status === 400 || status === 422;
			return code === null ? refused : REFUSED.includes(code) && (refused || status === 200);
		},
	},
};

/** The request that tests the key of `connection`. */
export function keyTestRequest(connection: Connection, nowMs: number): KeyTestRequest {
	return KEY_TESTS[connection.provider.keyTest].request(connection, nowMs);
}

/** Judges the answer to a key test. What its code or words say comes first, then its status. */
export function judgeKeyTest(connection: Connection, answer: RawAnswer): KeyVerdict {
	const json = parseObject(answer.body.toString('utf8'));
	const envelope = readEnvelope(json ?? {});
	const meaning = meaningOf(answer.status, envelope);
	const problem = accountProblem(meaning) ?? rejection(answer.status, envelope, connection);
	if (problem !== null) return { good: false, message: withWords(problem, envelope, connection) };
	if (meaning.retry === 'notBegun') {
		return {
			good: false,
			message: 'The provider receives too many requests at the moment. Wait a few seconds, then test again.',
		};
	}
	if (answer.status >= 500) {
		return { good: false, message: `The provider is not available at the moment (HTTP ${answer.status}). Test again later.` };
	}
	if (json && KEY_TESTS[connection.provider.keyTest].proves(answer.status, json)) return { good: true };
	return { good: false, message: wrongPlace(answer, connection) };
}

function meaningOf(status: number, { code, saidError }: Envelope): Meaning {
	return (code === null ? undefined : SERVICE_CODES[code]) ?? saidError?.meaning ?? httpStatusMeaning(status);
}

/** The provider knows the key, but the account cannot be used. */
function accountProblem(meaning: Meaning): string | null {
	if (!meaning.keyAccepted) return null;
	return `The key is accepted, but ${meaning.message.replace(/^The /, 'the ')}. ${meaning.remedy}`;
}

function rejection(status: number, envelope: Envelope, { provider, authentication, isKling }: Connection): string | null {
	const { code, saidError } = envelope;
	const pair = authentication === 'accessKey';
	if (code === 1003 || code === 1004) return 'The token is outside its time. Check the clock of the machine that runs n8n.';
	if (code === 1000 && pair) return 'The Secret Key is wrong. Copy it again from the Kling developer console.';
	if (code === 1002 && pair) {
		return `Kling does not know the Access Key. Copy it again from the Kling developer console. ${OTHER_REGION}`;
	}
	const speaksOfKey = status === 401 || (code !== null && code >= 1000 && code <= 1002) || aboutTheKey(status, envelope);
	if (!speaksOfKey && (status !== 403 || saidError)) return null;
	if (pair) return 'Kling rejected the Access Key or the Secret Key. Copy both again from the Kling developer console.';
	const region = isKling && code === 1002 ? ` ${OTHER_REGION}` : '';
	return `${provider.displayName} rejected the API Key. Check that the key belongs to this provider, and copy it again.${region}`;
}

/** Some gateways reject a key as a bad request, and say so in words only. */
function aboutTheKey(status: number, { label, words }: Envelope): boolean {
	return (
		status >= 400 &&
		status < 500 &&
		/\b(api[ _-]?key|access[ _-]?token|invalid[ _-]token|unauthori[sz]ed)\b/i.test(`${label} ${words}`)
	);
}

function withWords(message: string, { words }: Envelope, { secrets }: Connection): string {
	const said = quote(words, secrets);
	return said === '' ? message : `${message} The provider said: "${said}"`;
}

function wrongPlace({ status }: RawAnswer, { provider, baseUrl }: Connection): string {
	const place = provider.baseUrl === null ? 'Check the Base URL: it is what stands before /v1/videos/...' : 'Test again later.';
	return `${new URL(baseUrl).host} answered with HTTP ${status}, but not as the Kling API does. ${place}`;
}
