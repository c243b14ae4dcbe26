import type { RawAnswer } from '../../nodes/shared/kling/answers/answer';
import { KlingError } from '../../nodes/shared/kling/klingError';

/** An HTTP answer; an object becomes JSON. */
export function answerOf(status: number, body: unknown, headers: Record<string, string> = {}): RawAnswer {
	const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
	return { status, headers, body: bytes, cut: false };
}

/** The KlingError that `action` throws. @throws Error where it throws none */
export function klingErrorOf(action: () => unknown): KlingError {
	try {
		action();
	} catch (error) {
		if (error instanceof KlingError) return error;
		throw error;
	}
	throw new Error('nothing was thrown');
}

/** The KlingError that `work` is rejected with. @throws Error where it is not */
export async function rejectionOf(work: Promise<unknown>): Promise<KlingError> {
	const error: unknown = await work.then(
		() => new Error('nothing was thrown'),
		(reason: unknown) => reason,
	);
	if (error instanceof KlingError) return error;
	throw error;
}

/** The details of an input that is refused before anything is sent. */
export const REFUSED_HERE = { serviceCode: null, httpStatus: null, requestId: null, attempts: 0, retryable: false };
