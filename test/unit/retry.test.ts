import { CallLevel } from '../../nodes/shared/engine/callLevel';
import type { Outcome } from '../../nodes/shared/engine/failure';
import { Gate } from '../../nodes/shared/engine/gate';
import { Lane } from '../../nodes/shared/engine/lane';
import { withRetries, type Work } from '../../nodes/shared/engine/retry';
import { Room } from '../../nodes/shared/engine/room';
import type { Slot } from '../../nodes/shared/engine/slot';
import { asFailure, broken, refused, refusedHere, tooMany } from './failures';
import { FakeTime, settle } from './fakeTime';

let time: FakeTime;
let stop: AbortController;
let gate: Gate;
let lane: Lane;
/** When each attempt began, in milliseconds from the first. */
let begun: number[];
let failures: string[];

beforeEach(() => {
	time = new FakeTime();
	stop = new AbortController();
	gate = new Gate(time.clock, new CallLevel(), new Room(1));
	lane = laneOf(10);
	begun = [];
	failures = [];
});
afterEach(() => time.restore());

const laneOf = (maxCalls: number): Lane => new Lane(gate, new Room(maxCalls));
const CALL = { bytes: 1, patienceMs: 60_000 };

/** Waits for a slot in a lane. */
async function enter(where: Lane): Promise<Slot> {
	const outcome = await where.enter(CALL);
	return (outcome as { result: Slot }).result;
}

type Step = Error | string;

/** Works with attempts that end as told; the last step repeats. */
async function work(
	steps: Step[],
	{ maxAttempts = 5, patienceMs = 60_000 }: Partial<Work<string>> = {},
): Promise<Outcome<string>> {
	const start = time.now;
	const attempt = async (): Promise<string> => {
		begun.push(time.now - start);
		const step = steps[Math.min(begun.length, steps.length) - 1]!;
		if (step instanceof Error) throw step;
		return step;
	};
	const failed = ({ message, sent }: { message: string; sent: number }) => failures.push(`${message} after ${sent}`);
	return await withRetries({ lane, bytes: 1, maxAttempts, patienceMs, attempt, failed }, tools());
}

const tools = () => ({ clock: time.clock, stop: stop.signal, asFailure });

async function workLong(steps: Step[], maxAttempts?: number, patienceMs?: number): Promise<Outcome<string>> {
	const outcome = work(steps, { maxAttempts, patienceMs });
	await time.pass(1_000_000);
	return await outcome;
}

/** How many of the calls that another run wants go at once. */
async function room(): Promise<number> {
	let count = 0;
	const other = laneOf(20);
	for (let call = 0; call < 20; call += 1) void other.enter(CALL).then((outcome) => (count += 'result' in outcome ? 1 : 0));
	await settle();
	other.leave();
	return count;
}

const good = { result: 'good' };
const failedAfter = (message: string, sent: number) => ({ failure: expect.objectContaining({ message, sent }) as Error });

/** Another call of the account, by another run, that is in flight. */
async function another(): Promise<Slot> {
	return await enter(laneOf(1));
}

it('a success is not tried again', async () => {
	expect(await workLong(['good'], 5)).toEqual(good);
	expect(begun).toEqual([0]);
	expect(await room()).toBe(10);
});

it.each([1, 2, 5, 10])('a failure that may pass is tried %i times in all', async (maxAttempts) => {
	expect(await workLong([broken()], maxAttempts)).toEqual(failedAfter('broken', maxAttempts));
	expect(begun).toHaveLength(maxAttempts);
	expect(failures).toEqual([`broken after ${maxAttempts}`]);
	expect(await room()).toBe(10);
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
	const one = laneOf(1);
	const order: string[] = [];
	const attempt = async () => {
		await time.sleep(10);
		throw refused();
	};
	const done = withRetries({ ...CALL, lane: one, maxAttempts: 1, attempt, failed: () => order.push('told') }, tools());
	void one.enter(CALL).then(() => order.push('next'));
	await time.pass(10);
	await done;
	expect(order).toEqual(['told', 'next']);
});

describe('a call that was never begun', () => {
	it.each([1, 2, 5])('is no attempt (of %i)', async (maxAttempts) => {
		const steps = [...Array<Error>(4).fill(tooMany()), ...Array<Error>(maxAttempts - 1).fill(broken()), 'good'];
		expect(await workLong(steps, maxAttempts)).toEqual(good);
		expect(begun).toHaveLength(4 + maxAttempts);
	});

	it.each([
		[60_000, 'a minute'],
		[1_800_000, 'half an hour'],
	])('is sent again for %i ms, as long as the account takes nothing of ours', async (patienceMs) => {
		const outcome = work([tooMany()], { maxAttempts: 1, patienceMs });
		await time.pass(patienceMs * 2);
		expect(await outcome).toEqual(failedAfter('too many', begun.length));
		expect(begun.at(-1)).toBeLessThanOrEqual(patienceMs);
		expect(begun.at(-1)).toBeGreaterThan(patienceMs / 3);
		expect(failures).toEqual([`too many after ${begun.length}`]);
		expect(begun.length).toBeLessThan(10 + patienceMs / 1000);
	});

	it('a hundred items are given up as soon as one is', async () => {
		const all = Promise.all(Array.from({ length: 100 }, async () => await work([tooMany()])));
		await time.pass(61_000);
		const outcomes = await all;
		expect(outcomes.every((outcome) => 'failure' in outcome && outcome.failure.message === 'too many')).toBe(true);
		expect(failures).toHaveLength(100);
	});

	it('one that was not sent counts no request', async () => {
		(await another()).end('neutral', tooMany({ retryAfterMs: 86_400_000 }));
		expect(await work(['good'])).toEqual(failedAfter('too many', 0));
	});

	it('goes as soon as another of ours ends', async () => {
		const other = await another();
		const outcome = work([tooMany(), 'good'], { maxAttempts: 1 });
		await time.pass(40);
		expect(begun).toEqual([0]);
		other.end('accepted');
		await settle();
		expect(begun).toEqual([0, 40]);
		expect(await outcome).toEqual(good);
	});

	it('goes at once where another of ours ended while it was away', async () => {
		const other = await another();
		let sent = 0;
		const attempt = async () => {
			sent += 1;
			if (sent > 1) return 'good';
			await time.sleep(100);
			throw tooMany();
		};
		const outcome = withRetries({ ...CALL, lane, maxAttempts: 1, attempt }, tools());
		await time.pass(20);
		other.end('accepted');
		await time.pass(80);
		expect(sent).toBe(2);
		expect(await outcome).toEqual(good);
	});

	it('never fails as long as others of ours are served', async () => {
		const keepServing = async () => {
			for (let round = 0; round < 120; round += 1) {
				const other = await another();
				await time.sleep(500);
				other.end('accepted');
			}
		};
		void keepServing();
		await settle();
		const outcome = work([...Array<Error>(50).fill(tooMany()), 'good'], { maxAttempts: 1 });
		await time.pass(3_600_000);
		expect(await outcome).toEqual(good);
		expect(begun).toHaveLength(51);
	});

	it.each([0, -5])('a wait of %i ms that the provider asks for is no reason to be quicker', async (retryAfterMs) => {
		const luck = jest.spyOn(Math, 'random').mockReturnValue(0.5);
		await workLong([tooMany({ retryAfterMs }), tooMany({ retryAfterMs }), 'good']);
		luck.mockRestore();
		expect(begun).toEqual([0, 1500, 3000]);
	});

	it('waits for as long as the provider asks', async () => {
		await workLong([tooMany({ retryAfterMs: 30_000 }), 'good']);
		expect(begun).toEqual([0, 30_000]);
	});

	it('does not wait for what is longer than the patience', async () => {
		expect(await workLong([tooMany({ retryAfterMs: 60_001 })])).toEqual(failedAfter('too many', 1));
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
		await workLong([tooMany(), tooMany(), broken(), 'good']);
		random.mockRestore();
		expect(begun[3]! - begun[2]!).toBe(500);
	});

	it('that was asked for is never shorter than what the failure needs', async () => {
		jest.spyOn(Math, 'random').mockReturnValueOnce(0);
		await workLong([broken({ retryAfterMs: 1000, minimumWaitMs: 5000 }), 'good']);
		expect(begun).toEqual([0, 5000]);
	});

	it('over, a call goes before those that were not sent yet', async () => {
		lane = laneOf(1);
		const outcome = work([broken({ retryAfterMs: 1000 }), 'good']);
		const order: string[] = [];
		for (const name of ['second', 'third']) {
			void enter(lane).then(async (slot) => {
				order.push(`${name} after ${begun.length}`);
				await time.sleep(2000);
				slot.end('accepted');
			});
		}
		await time.pass(60_000);
		expect(await outcome).toEqual(good);
		expect(order).toEqual(['second after 1', 'third after 2']);
	});

	it.each([
		['a second', 1000, 1000],
		['none', 0, 500],
		['a minute', 60_000, 60_000],
	])('is no shorter than what was asked for: %s', async (_name, retryAfterMs, ms) => {
		const luck = jest.spyOn(Math, 'random').mockReturnValue(0.5);
		expect(await workLong([broken({ retryAfterMs }), 'good'])).toEqual(good);
		luck.mockRestore();
		expect(begun).toEqual([0, ms]);
	});

	it('that was asked for, and is longer than the patience, ends it at once, and all that waits', async () => {
		const other = laneOf(5).enter(CALL);
		const first = await other;
		lane = laneOf(1);
		const outcome = work([broken({ retryAfterMs: 86_400_000 })]);
		const waits = lane.enter(CALL);
		expect(await outcome).toEqual(failedAfter('broken', 1));
		expect(await waits).toEqual({ failure: expect.objectContaining({ message: 'broken' }) as Error });
		expect('result' in first).toBe(true);
	});

	it('is not begun where another call was asked to wait for longer than the patience', async () => {
		const other = await another();
		const attempt = async () => {
			other.end('neutral', broken({ retryAfterMs: 86_400_000 }));
			throw broken();
		};
		let outcome: Outcome<string> | null = null;
		void withRetries<string>({ ...CALL, lane, maxAttempts: 5, attempt }, tools()).then((ended) => (outcome = ended));
		await settle();
		expect(outcome).toEqual(failedAfter('broken', 1));
	});

	it('that was asked for holds the other calls of the account back, too', async () => {
		const outcome = work([broken({ retryAfterMs: 5000 }), 'good']);
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

	it('that was asked for with a failure that cannot pass holds nobody back', async () => {
		await work([refused({ retryAfterMs: 60_000 })]);
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
		await workLong([tooMany({ retryAfterMs }), 'good']);
		expect(begun[1]).toBeGreaterThanOrEqual(least);
		expect(begun[1]).toBeLessThanOrEqual(least + 1000);
	});
});

describe('when everything stops', () => {
	it.each([
		['a wait that was asked for', broken({ retryAfterMs: 30_000 })],
		['a growing wait', broken({ minimumWaitMs: 30_000 })],
		['a wait for the account', tooMany({ minimumWaitMs: 30_000 })],
	])('%s ends at once, as interrupted and with the failure so far', async (_name, failure) => {
		const outcome = work([failure, 'good']);
		await time.pass(10);
		stop.abort();
		lane.close();
		expect(await outcome).toEqual({ interrupted: expect.objectContaining({ message: failure.message, sent: 1 }) as Error });
		expect(begun).toEqual([0]);
		expect(failures).toEqual([]);
	});

	it('what fails for good then has failed', async () => {
		const attempt = async () => {
			stop.abort();
			lane.close();
			throw refused();
		};
		expect(await withRetries({ ...CALL, lane, maxAttempts: 5, attempt }, tools())).toEqual(failedAfter('refused', 1));
	});

	it('what was not begun is not', async () => {
		lane.close();
		expect(await work(['good'])).toEqual({ interrupted: null });
	});
});
