import { Clock } from '../../nodes/shared/engine/clock';
import { Gate } from '../../nodes/shared/engine/gate';
import { withRetries, type Attempted } from '../../nodes/shared/engine/retry';
import { readAnswer } from '../../nodes/shared/kling/answer';
import { asKlingError, KlingError, refusal } from '../../nodes/shared/kling/klingError';
import { FakeTime } from './fakeTime';
import { answerOf, klingErrorOf, rejectionOf } from './helpers';

let time: FakeTime;
let stop: AbortController;
let gate: Gate;
/** When each attempt began, in milliseconds from the first. */
let begun: number[];

beforeEach(() => {
	time = new FakeTime();
	stop = new AbortController();
	gate = new Gate({ maxCalls: 10, maxBytes: 1000 }, new Clock(time.sleep));
	begun = [];
});
afterEach(() => time.restore());

const failed = (status: number, code?: number, headers: Record<string, string> = {}): KlingError =>
	klingErrorOf(() => readAnswer(answerOf(status, code === undefined ? {} : { code, message: 'no' }, headers), []));

type Step = KlingError | Error | string;

/** Works with attempts that end as told; the last step repeats. */
async function work(steps: Step[], maxAttempts: number): Promise<string> {
	const slot = await gate.enter(1);
	const start = time.now;
	const attempt = async (): Promise<Attempted<string>> => {
		begun.push(time.now - start);
		const step = steps[Math.min(begun.length, steps.length) - 1]!;
		if (step instanceof Error) throw step;
		return { sent: true, value: step };
	};
	const tools = { gate, clock: new Clock(time.sleep), stop: stop.signal, asFailure: asKlingError };
	return await withRetries({ bytes: 1, maxAttempts, attempt }, slot!, tools);
}

async function workLong(steps: Step[], maxAttempts: number): Promise<string> {
	const result = work(steps, maxAttempts);
	result.catch(() => {});
	await time.pass(1_000_000);
	return await result;
}

it('a success is not tried again', async () => {
	expect(await workLong(['good'], 5)).toBe('good');
	expect(begun).toEqual([0]);
});

it.each([1, 2, 5, 10])('a failure that may pass is tried %i times in all', async (maxAttempts) => {
	const error = await rejectionOf(workLong([failed(500)], maxAttempts));
	expect(begun).toHaveLength(maxAttempts);
	expect(error.details).toMatchObject({ httpStatus: 500, attempts: maxAttempts, retryable: true });
});

it.each([
	[1, 1],
	[2, 3],
	[5, 9],
])('with at most %i attempts, a call that is one too many is sent %i times: each costs half', async (maxAttempts, calls) => {
	const error = await rejectionOf(workLong([failed(429, 1303)], maxAttempts));
	expect(begun).toHaveLength(calls);
	expect(error.details).toMatchObject({ serviceCode: 1303, attempts: calls });
});

it('both kinds use up the same attempts', async () => {
	const steps = [failed(429, 1303), failed(429, 1303), failed(500), failed(500), 'good'];
	await rejectionOf(workLong(steps, 3));
	expect(begun).toHaveLength(4);
});

it.each([1100, 1101, 1102, 1304, 1000, 1103, 1200, 1301])('code %i is never tried again', async (code) => {
	const error = await rejectionOf(workLong([failed(429, code), 'good'], 5));
	expect(begun).toEqual([0]);
	expect(error.details).toMatchObject({ serviceCode: code, attempts: 1, retryable: false });
});

it('a failure of another kind is typed, and not tried again', async () => {
	const error = await rejectionOf(workLong([new TypeError('what is this')], 5));
	expect(begun).toEqual([0]);
	expect(error.message).toBe('what is this');
});

it('an input refused before the call counts no request', async () => {
	const error = await rejectionOf(workLong([failed(500), refusal('no', 'yes')], 5));
	expect(error.details).toMatchObject({ attempts: 1, retryable: false });
});

it('the error is that of the last attempt', async () => {
	const error = await rejectionOf(workLong([failed(500), failed(429, 1102)], 5));
	expect(error.details).toMatchObject({ serviceCode: 1102, attempts: 2, retryable: false });
});

describe('the wait', () => {
	it.each([
		['with the most luck', 0, [0, 0, 0, 0]],
		['on average', 0.5, [0, 500, 1500, 3500]],
		['with the least luck', 0.999_999, [0, 1000, 3000, 7000]],
	])('doubles, %s', async (_name, luck, expected) => {
		const random = jest.spyOn(Math, 'random').mockReturnValue(luck);
		await rejectionOf(workLong([failed(502)], 4));
		random.mockRestore();
		expect(begun.map((ms) => Math.round(ms / 10) * 10)).toEqual(expected);
	});

	it('is never longer than 30 seconds', async () => {
		const random = jest.spyOn(Math, 'random').mockReturnValue(0.999_999);
		await rejectionOf(workLong([failed(502)], 9));
		random.mockRestore();
		const waits = begun.slice(1).map((ms, index) => ms - begun[index]!);
		expect(Math.round(Math.max(...waits) / 10) * 10).toBe(30_000);
	});

	it.each([
		['a second', '1', 1000],
		['none', '0', 0],
		['a minute', '60', 60_000],
	])('is what Retry-After asks for: %s', async (_name, value, ms) => {
		expect(await workLong([failed(503, undefined, { 'retry-after': value }), 'good'], 5)).toBe('good');
		expect(begun).toEqual([0, ms]);
	});

	it('Retry-After holds the other calls back, too', async () => {
		const result = work([failed(503, undefined, { 'retry-after': '5' }), 'good'], 5);
		await time.pass(1);
		let entered = 0;
		void gate.enter(1).then((slot) => {
			entered = time.now;
			slot!.release('neutral');
		});
		await time.pass(4998);
		expect(entered).toBe(0);
		await time.pass(2);
		expect(entered).toBe(time.now - 1);
		expect(await result).toBe('good');
	});

	it.each([
		[undefined, 1000],
		['0', 1000],
		['3', 3000],
	])('after 1303 is at least a second (Retry-After %p)', async (retryAfter, least) => {
		const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
		await workLong([failed(429, 1303, headers), 'good'], 5);
		expect(begun[1]).toBeGreaterThanOrEqual(least);
		expect(begun[1]).toBeLessThanOrEqual(least + 1000);
	});
});

describe('when everything stops', () => {
	it('who waits gives up at once, with the failure so far', async () => {
		const result = work([failed(503, undefined, { 'retry-after': '300' }), 'good'], 5);
		await time.pass(10);
		stop.abort();
		gate.close();
		const error = await rejectionOf(result);
		expect(error.details).toMatchObject({ httpStatus: 503, attempts: 1 });
		expect(begun).toEqual([0]);
	});
});
