import type { IDataObject } from 'n8n-workflow';

import { readAnswer, unexpectedAnswer, type GoodAnswer, type RawAnswer } from '../kling/answers/answer';
import { withoutSecrets } from '../kling/answers/quote';
import { KlingError } from '../kling/klingError';
import type { Answered } from './results';
import type { Run } from './run';
import { sendSigned } from './transport';

/** Answers of Kling are a few kilobytes long; what is longer is none. */
const MOST_ANSWER_BYTES = 2_097_152;

/** One call to the provider, and how its answer is read. */
export interface Call<Result> {
	method: 'GET' | 'POST';
	/** Where it goes, after the base URL. */
	path: string;
	body?: Buffer;
	timeoutMs: number;
	/** A longer answer is none; absent: as long as those of Kling are. */
	maxBytes?: number;
	/** What of its body must not be repeated in a text or an answer, beside the credential's secrets. */
	secrets?: readonly string[];
	/** Reads an answer's envelope, where it is another one than usual. */
	open?(answer: RawAnswer, secrets: readonly string[]): GoodAnswer;
	/** Reads what a good answer says; null where the expected is missing. */
	read(answer: GoodAnswer): Result | null;
	/** What a good answer contains, in words. */
	expected: string;
}

/** Sends one signed call, once. @throws KlingError where no good answer came */
export async function callProvider<Result>(run: Run, call: Call<Result>): Promise<Answered<Result>> {
	const { baseUrl } = run.connection;
	const secrets = call.secrets ? [...run.connection.secrets, ...call.secrets] : run.connection.secrets;
	const request = {
		method: call.method,
		url: baseUrl + call.path,
		headers: { Accept: 'application/json', ...(call.body ? { 'Content-Type': 'application/json' } : {}) },
		body: call.body,
	};
	const bounds = { timeoutMs: call.timeoutMs, maxBytes: call.maxBytes ?? MOST_ANSWER_BYTES, secrets };
	const answer = await sendSigned(run.context, request, run.tools.clock, bounds);
	return readReply(call, answer, secrets);
}

/** What an answer says. It came, and may have been paid for: whatever goes wrong here does not say that nothing was sent. */
function readReply<Result>(call: Call<Result>, answer: RawAnswer, secrets: readonly string[]): Answered<Result> {
	try {
		const good = call.open ? call.open(answer, secrets) : readAnswer(answer, secrets);
		const result = call.read(good);
		if (result === null) throw unexpectedAnswer(answer, call.expected, secrets);
		return { result, raw: (call.secrets ? withoutSecrets(good.raw, secrets) : good.raw) as IDataObject };
	} catch (error) {
		throw error instanceof KlingError ? error : unreadable(answer);
	}
}

function unreadable({ status }: RawAnswer): KlingError {
	return new KlingError('The answer could not be read', {
		description: 'The call may have been charged, so it was not sent again. This is a fault of this node: please report it.',
		serviceCode: null,
		httpStatus: status,
		requestId: null,
		attempts: 1,
		retryable: false,
	});
}
