import { Account } from '../../nodes/shared/engine/account';
import type { Outcome } from '../../nodes/shared/engine/failure';
import type { Lane } from '../../nodes/shared/engine/lane';
import { withRetries, type Attempted, type Work } from '../../nodes/shared/engine/retry';
import type { Slot } from '../../nodes/shared/engine/slot';
import { asFailure, broken, refused, refusedHere, tooMany } from './failures';
import { FakeTime, settle } from './fakeTime';

let time: FakeTime;
let stop: AbortController;
let account: Account;
let lane: Lane;
/** When each attempt began, in milliseconds from the first. */
let begun: number[];
let failures: string[];

beforeEach(() => {
	time = new FakeTime();
	stop = new AbortController();
	account = new Account(time.clock);
	lane = account.join({ maxCalls: 10 });
	begun = [];
	failures = [];
});
afterEach(() => time.restore());

type Step = Error | string;

/** Works with attempts that end as told; the last step repeats. */
async function work(steps: Step[], bounds: Pick<Work<string>, 'maxAttempts' | 'maxWaitMs'>): Promise<Outcome<string>> {
	const slot = await lane.enter(1);
	const start = time.now;
	const attempt = async (): Promise<Attempted<string>> => {
		begun.push(time.now - start);
		const step = steps[Math.min(begun.length, steps.length) - 1]!;
		if (step instanceof Error) throw step;
		return { sent: true, value: step };
	};
	const failed = ({ message, sent }: { message: string; sent: number }) => failures.push(`${message} after ${sent}`);
	const tools = { lane, clock: time.clock, stop: stop.signal, asFailure };
	return await withRetries({ bytes: 1, ...bounds, attempt, failed }, slot!, tools);
}

async function workLong(steps: Step[], maxAttempts: number, maxWaitMs?: number): Promise<Outcome<string>> {
	const outcome = work(steps, { maxAttempts, maxWaitMs });
	await time.pass(1_000_000);
	return await outcome;
}

const good = { result: 'good' };
const failedAfter = (message: string, sent: number) => ({ failure: expect.objectContaining({ message, sent }) as Error });

/** Another call of the account, by another run, that is in flight. */
async function another(): Promise<Slot> {
	const slot = await account.join({ maxCalls: 1 }).enter(1);
	return slot!;
}

it('a success is not tried again', async () => {
	expect(await workLong(['good'], 5)).toEqual(good);
	expect(begun).toEqual([0]);
	expect(account.served).toBe(1);
	expect(account.running).toBe(0);
});

it.each([1, 2, 5, 10])('a failure that may pass is tried %i times in all', async (maxAttempts) => {
	expect(await workLong([broken()], maxAttempts)).toEqual(failedAfter('broken', maxAttempts));
	expect(begun).toHaveLength(maxAttempts);
	expect(failures).toEqual([`broken after ${maxAttempts}`]);
	expect(account.running).toBe(0);
});

it('too many at once that may have been begun count whole', async () => {
	expect(await workLong([broken({ congestion: true })], 3)).toEqual(failedAfter('broken', 3));
	expect(begun).toHaveLength(3);
});

it('a failure that cannot pass is not tried again', async () => {
	expect(await workLong([refused(), 'good'], 5)).toEqual(failedAfter('refused', 1));
	expect(begun).toEqual([0]);
});

it('one of another kind is made one that is known', async () => {
	expect(await workLong([new TypeError('what is this')], 5)).toEqual(failedAfter('what is this', 0));
	expect(begun).toEqual([0]);
});

it('an input refused before the call counts no request', async () => {
	expect(await workLong([broken(), refusedHere()], 5)).toEqual(failedAfter('refused here', 1));
});

it('the failure is that of the last attempt', async () => {
	expect(await workLong([broken(), refused()], 5)).toEqual(failedAfter('refused', 2));
	expect(failures).toEqual(['refused after 2']);
});

it('it is told before the slot is free for others', async () => {
	const one = account.join({ maxCalls: 1 });
	const slot = await one.enter(1);
	const order: string[] = [];
	void one.enter(1).then(() => order.push('next'));
	const attempt = async () => {
		throw refused();
	};
	const tools = { lane: one, clock: time.clock, stop: stop.signal, asFailure };
	await withRetries({ bytes: 1, maxAttempts: 1, attempt, failed: () => order.push('told') }, slot!, tools);
	await settle();
	expect(order).toEqual(['told', 'next']);
});

describe('a call that was never begun', () => {
	it.each([
		[1, 1],
		[2, 3],
		[5, 9],
	])('with at most %i attempts is sent %i times: each costs half', async (maxAttempts, calls) => {
		expect(await workLong([tooMany()], maxAttempts)).toEqual(failedAfter('too many', calls));
		expect(begun).toHaveLength(calls);
	});

	it('and others use up the same attempts', async () => {
		await workLong([tooMany(), tooMany(), broken(), broken(), 'good'], 3);
		expect(begun).toHaveLength(4);
	});

	it('costs nothing while another of ours is in flight, and goes as soon as that ends', async () => {
		const other = await another();
		const outcome = work([tooMany(), 'good'], { maxAttempts: 1 });
		await time.pass(40);
		expect(begun).toEqual([0]);
		other.release('accepted');
		await settle();
		expect(begun).toEqual([0, 40]);
		expect(await outcome).toEqual(good);
	});

	it('goes at once where another of ours ended while it was away', async () => {
		const other = await another();
		const slot = await lane.enter(1);
		let sent = 0;
		const attempt = async () => {
			sent += 1;
			if (sent > 1) return { sent: true, value: 'good' };
			await time.sleep(100);
			throw tooMany();
		};
		const tools = { lane, clock: time.clock, stop: stop.signal, asFailure };
		const outcome = withRetries({ bytes: 1, maxAttempts: 1, attempt }, slot!, tools);
		await time.pass(20);
		other.release('accepted');
		await time.pass(80);
		expect(sent).toBe(2);
		expect(await outcome).toEqual(good);
	});

	it('never fails as long as others of ours are served', async () => {
		const keepServing = async () => {
			for (let round = 0; round < 120; round += 1) {
				const other = await another();
				await time.sleep(500);
				other.release('accepted');
			}
		};
		void keepServing();
		await settle();
		const outcome = work([...Array<Error>(50).fill(tooMany()), 'good'], { maxAttempts: 1 });
		await time.pass(3_600_000);
		expect(await outcome).toEqual(good);
		expect(begun).toHaveLength(51);
	});

	it('where nothing of ours runs, the other items wait as well', async () => {
		const outcome = work([tooMany(), 'good'], { maxAttempts: 5 });
		await time.pass(1);
		let entered = 0;
		void lane.enter(1).then((slot) => {
			entered = time.now;
			slot!.release('accepted');
		});
		const start = time.now;
		await time.pass(3000);
		expect(entered - start).toBeGreaterThanOrEqual(999);
		expect(await outcome).toEqual(good);
	});

	it('where nothing of ours runs, the items take turns in trying', async () => {
		const first = work([tooMany()], { maxAttempts: 5 });
		await time.pass(1);
		const order: string[] = [];
		void lane.enter(1).then((slot) => {
			order.push(`other after ${begun.length}`);
			slot!.release('accepted');
		});
		await time.pass(1_000_000);
		await first;
		expect(order).toEqual(['other after 2']);
	});

	it.each([
		[10_000, 5],
		[100_000, 11],
	])('with a bound of %i ms is sent again for so long, and counts no attempt', async (maxWaitMs, calls) => {
		const luck = jest.spyOn(Math, 'random').mockReturnValue(0.5);
		expect(await workLong([tooMany()], 1, maxWaitMs)).toEqual(failedAfter('too many', calls));
		luck.mockRestore();
		expect(begun.at(-2)).toBeLessThan(maxWaitMs);
		expect(begun.at(-1)).toBeGreaterThanOrEqual(maxWaitMs);
	});

	it.each([10_000, 20_000])('with a bound of 10 s does not wait for what comes after %i ms', async (retryAfterMs) => {
		expect(await workLong([tooMany({ retryAfterMs })], 1, 10_000)).toEqual(failedAfter('too many', 1));
		expect(begun).toEqual([0]);
	});
});

describe('the wait', () => {
	it.each([
		['with the most luck', 0, [0, 0, 0, 0]],
		['on average', 0.5, [0, 500, 1500, 3500]],
		['with the least luck', 0.999_999, [0, 1000, 3000, 7000]],
	])('doubles, %s', async (_name, luck, expected) => {
		const random = jest.spyOn(Math, 'random').mockReturnValue(luck);
		await workLong([broken()], 4);
		random.mockRestore();
		expect(begun.map((ms) => Math.round(ms / 10) * 10)).toEqual(expected);
	});

	it('is never longer than 30 seconds', async () => {
		const random = jest.spyOn(Math, 'random').mockReturnValue(0.999_999);
		await workLong([broken()], 9);
		random.mockRestore();
		const waits = begun.slice(1).map((ms, index) => ms - begun[index]!);
		expect(Math.round(Math.max(...waits) / 10) * 10).toBe(30_000);
	});

	it('does not grow by calls that were never begun', async () => {
		const random = jest.spyOn(Math, 'random').mockReturnValue(0.5);
		await workLong([tooMany(), tooMany(), broken(), 'good'], 5);
		random.mockRestore();
		expect(begun[3]! - begun[2]!).toBe(500);
	});

	it('that was asked for is never shorter than what the failure needs', async () => {
		await workLong([broken({ retryAfterMs: 1000, minimumWaitMs: 5000 }), 'good'], 5);
		expect(begun).toEqual([0, 5000]);
	});

	it('over, a call goes before those that were not sent yet', async () => {
		lane = account.join({ maxCalls: 1 });
		const outcome = work([broken({ retryAfterMs: 1000 }), 'good'], { maxAttempts: 5 });
		const order: string[] = [];
		for (const name of ['second', 'third']) {
			void lane.enter(1).then(async (slot) => {
				order.push(`${name} after ${begun.length}`);
				await time.sleep(2000);
				slot!.release('accepted');
			});
		}
		await time.pass(60_000);
		expect(await outcome).toEqual(good);
		expect(order).toEqual(['second after 1', 'third after 2']);
	});

	it.each([
		['a second', 1000],
		['none', 0],
		['a minute', 60_000],
	])('is what was asked for: %s', async (_name, retryAfterMs) => {
		expect(await workLong([broken({ retryAfterMs }), 'good'], 5)).toEqual(good);
		expect(begun).toEqual([0, retryAfterMs]);
	});

	it('that was asked for holds the other calls of the account back, too', async () => {
		const outcome = work([broken({ retryAfterMs: 5000 }), 'good'], { maxAttempts: 5 });
		await time.pass(1);
		let entered = 0;
		void another().then(() => {
			entered = time.now;
		});
		await time.pass(4998);
		expect(entered).toBe(0);
		await time.pass(2);
		expect(entered).toBe(time.now - 1);
		expect(await outcome).toEqual(good);
	});

	it.each([
		['cannot pass', () => refused({ retryAfterMs: 60_000 }), 5],
		['was the last', () => broken({ retryAfterMs: 60_000 }), 1],
	])('that was asked for with a failure that %s holds nobody back', async (_name, failure, maxAttempts) => {
		await work([failure()], { maxAttempts });
		let entered = false;
		void another().then(() => {
			entered = true;
		});
		await settle();
		expect(entered).toBe(true);
	});

	it.each([
		[null, 1000],
		[0, 1000],
		[3000, 3000],
	])('after one too many is at least a second (asked for: %p)', async (retryAfterMs, least) => {
		await workLong([tooMany({ retryAfterMs }), 'good'], 5);
		expect(begun[1]).toBeGreaterThanOrEqual(least);
		expect(begun[1]).toBeLessThanOrEqual(least + 1000);
	});
});

describe('when everything stops', () => {
	it.each([
		['a wait that was asked for', broken({ retryAfterMs: 300_000 })],
		['a growing wait', broken({ minimumWaitMs: 300_000 })],
		['a blind wait', tooMany({ minimumWaitMs: 300_000 })],
	])('%s ends at once, as interrupted and with the failure so far', async (_name, failure) => {
		const outcome = work([failure, 'good'], { maxAttempts: 5 });
		await time.pass(10);
		stop.abort();
		lane.close();
		expect(await outcome).toEqual({ interrupted: expect.objectContaining({ message: failure.message, sent: 1 }) as Error });
		expect(begun).toEqual([0]);
		expect(failures).toEqual([]);
	});

	it('what fails for good then has failed', async () => {
		stop.abort();
		lane.close();
		const one = await another();
		const tools = { lane, clock: time.clock, stop: stop.signal, asFailure };
		const attempt = async () => {
			throw refused();
		};
		expect(await withRetries({ bytes: 1, maxAttempts: 5, attempt }, one, tools)).toEqual(failedAfter('refused', 1));
	});
});
