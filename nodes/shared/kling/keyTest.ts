import type { RawAnswer } from './answer';
import type { Connection } from './connection';
import type { KeyTestName } from './providers';
import { quote } from './quote';
import { readNumber, readObject, readText, type JsonObject } from './values';

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
	/** Whether an answer that does not reject the key proves that it is good. */
	proves(status: number, json: JsonObject): boolean;
}

const DAY_MS = 86_400_000;

/** One row for each way to test a key. Sources: Kling's API reference, "Account information inquiry"; the gateways' model lists. */
const KEY_TESTS: Readonly<Record<KeyTestName, KeyTest>> = {
	accountCosts: {
		request: ({ origin }, nowMs) => ({
			method: 'GET',
			url: `${origin}/account/costs?start_time=${nowMs - DAY_MS}&end_time=${nowMs}`,
		}),
		// It may answer with a code other than 0, for instance about the account: the key itself is good then.
		proves: (_status, json) => readNumber(json.code) !== null,
	},
	modelList: {
		request: ({ origin }) => ({ method: 'GET', url: `${origin}/v1/models` }),
		proves: (status, json) => status === 200 && Array.isArray(json.data),
	},
	emptyCall: {
		// A custom gateway promises only the two calls; one without an image is refused, and that is free.
		request: ({ baseUrl }) => ({ method: 'POST', url: `${baseUrl}/v1/videos/image-recognize`, body: '{}' }),
		proves: (status, json) => status === 400 || status === 422 || [1200, 1201].includes(readNumber(json.code) ?? 0),
	},
};

/** The request that tests the key of `connection`. */
export function keyTestRequest(connection: Connection, nowMs: number): KeyTestRequest {
	return KEY_TESTS[connection.provider.keyTest].request(connection, nowMs);
}

/** Judges the answer to a key test. */
export function judgeKeyTest(connection: Connection, answer: RawAnswer): KeyVerdict {
	const json = parse(answer.body);
	const code = readNumber(json?.code);
	const rejected = rejection(answer.status, code, connection);
	if (rejected !== null) return { good: false, message: withWords(rejected, json, connection) };
	if (answer.status === 429) {
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

function parse(body: Buffer): JsonObject | null {
	try {
		return readObject(JSON.parse(body.toString('utf8')));
	} catch {
		return null;
	}
}

function rejection(status: number, code: number | null, { provider, authentication }: Connection): string | null {
	const pair = authentication === 'accessKey';
	if (code === 1003 || code === 1004) return 'The token is outside its time. Check the clock of the machine that runs n8n.';
	if (code === 1000 && pair) return 'The Secret Key is wrong. Copy it again from the Kling developer console.';
	if (code === 1002 && pair) return 'Kling does not know the Access Key. Copy it again from the Kling developer console.';
	if (status !== 401 && status !== 403 && !(code !== null && code >= 1000 && code <= 1002)) return null;
	if (pair) return 'Kling rejected the Access Key or the Secret Key. Copy both again from the Kling developer console.';
	return `${provider.displayName} rejected the API Key. Check that the key belongs to this provider, and copy it again.`;
}

function withWords(message: string, json: JsonObject | null, { secrets }: Connection): string {
	const words = quote(readText(readObject(json?.error)?.message) ?? readText(json?.message) ?? '', secrets);
	return words === '' ? message : `${message} The provider said: "${words}"`;
}

function wrongPlace({ status }: RawAnswer, { provider, baseUrl }: Connection): string {
	const place = provider.baseUrl === null ? 'Check the Base URL: it is what stands before /v1/videos/...' : 'Test again later.';
	return `${new URL(baseUrl).host} answered with HTTP ${status}, but not as the Kling API does. ${place}`;
}
