import { Account } from '../../nodes/shared/engine/account';
import type { Lane } from '../../nodes/shared/engine/lane';
import type { Slot, Verdict } from '../../nodes/shared/engine/slot';
import { FakeTime, settle } from './fakeTime';

const MB = 1_000_000;

let time: FakeTime;
let account: Account;
/** Who got a slot, or null where there is none to be had, in order. */
let entered: Array<{ name: string; slot: Slot | null }>;

beforeEach(() => {
	time = new FakeTime();
	account = new Account(time.clock, { maxBytes: 10 * MB });
	entered = [];
});
afterEach(() => time.restore());

const laneOf = (maxCalls: number): Lane => account.join({ maxCalls });
const names = () => entered.map(({ name }) => name);
const slotOf = (name: string): Slot => entered.findLast((one) => one.name === name)!.slot!;

function enter(lane: Lane, name: string, bytes = 1, place: 'front' | 'back' = 'back'): void {
	void lane.enter(bytes, place).then((slot) => entered.push({ name, slot }));
}

/** Several calls, one after the other. */
async function enterAll(lane: Lane, all: Iterable<string>): Promise<void> {
	for (const name of all) enter(lane, name);
	await settle();
}

async function leave(name: string, verdict: Verdict = 'accepted'): Promise<void> {
	slotOf(name).release(verdict);
	await settle();
}

describe('one run', () => {
	it('has as many calls in flight as it may, the others one by one, in their order', async () => {
		await enterAll(laneOf(2), 'abcd');
		expect(names()).toEqual(['a', 'b']);
		await leave('b');
		expect(names()).toEqual(['a', 'b', 'c']);
		await leave('a');
		await leave('c');
		expect(names()).toEqual(['a', 'b', 'c', 'd']);
	});

	it('gets the slots of long calls that end together one in a turn, and still all that it may', async () => {
		await enterAll(laneOf(3), 'abcdef');
		await time.pass(50);
		for (const name of 'abc') await leave(name);
		expect(names()).toEqual(['a', 'b', 'c', 'd']);
		await time.pass(0);
		expect(names()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
	});

	it.each<[string, number, Verdict]>([
		['quick calls', 49, 'accepted'],
		['long calls that were not taken on', 300, 'neutral'],
	])('gets the slots of %s at once', async (_name, ms, verdict) => {
		await enterAll(laneOf(3), 'abcdef');
		await time.pass(ms);
		for (const name of 'abc') await leave(name, verdict);
		expect(names()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
	});

	it('a call that was sent before goes to the front', async () => {
		const lane = laneOf(1);
		await enterAll(lane, 'ab');
		enter(lane, 'again', 1, 'front');
		await settle();
		await leave('a');
		expect(names()).toEqual(['a', 'again']);
	});

	it('a slot is given back once', async () => {
		await enterAll(laneOf(2), 'abcd');
		for (let again = 0; again < 3; again += 1) await leave('a');
		expect(names()).toEqual(['a', 'b', 'c']);
		expect(account.running).toBe(2);
	});

	it('rejected calls lower the limit, accepted ones leave it', async () => {
		await enterAll(laneOf(4), 'abcdefgh');
		await leave('a', 'rejected');
		expect(names()).toHaveLength(4);
		await leave('b');
		expect(names()).toHaveLength(5);
		await leave('c');
		expect(names()).toHaveLength(6);
		expect(account.running).toBe(3);
	});

	it('a neutral end says nothing about the limit', async () => {
		await enterAll(laneOf(2), 'abcd');
		await leave('a', 'neutral');
		await leave('b', 'neutral');
		expect(names()).toEqual(['a', 'b', 'c', 'd']);
	});

	it.each([
		[3, false],
		[1000, true],
	])('with %i calls to come, whether the account takes more is found out: %p', async (toCome, isTried) => {
		const lane = laneOf(3);
		lane.expect(toCome);
		await enterAll(lane, 'abc');
		await leave('c', 'rejected');
		const later = [...'defghijklmnopq'];
		await enterAll(lane, later);
		for (const name of ['a', 'b', ...later]) if (names().includes(name)) await leave(name);
		for (const name of 'xyz') enter(lane, name);
		await settle();
		expect(account.running).toBe(isTried ? 3 : 2);
	});
});

describe('what the account asks for', () => {
	it('a pause holds everything back, and the longest one counts', async () => {
		const lane = laneOf(5);
		for (const ms of [2000, 5000, 1000]) lane.pause(ms);
		await enterAll(lane, 'ab');
		await time.pass(4999);
		expect(names()).toEqual([]);
		await time.pass(1);
		expect(names()).toEqual(['a', 'b']);
	});

	it('a pause of no time is none', async () => {
		const lane = laneOf(5);
		lane.pause(0);
		await enterAll(lane, 'a');
		expect(names()).toEqual(['a']);
	});

	it('a pause that gets longer holds back until its new end', async () => {
		const lane = laneOf(5);
		lane.pause(1000);
		await enterAll(lane, 'a');
		lane.pause(3000);
		await time.pass(2999);
		expect(names()).toEqual([]);
		await time.pass(1);
		expect(names()).toEqual(['a']);
	});

	it('a pause holds other runs back, too, also those that come later', async () => {
		const first = laneOf(5);
		first.pause(60_000);
		first.leave();
		await enterAll(laneOf(5), 'a');
		await time.pass(59_999);
		expect(names()).toEqual([]);
		await time.pass(1);
		expect(names()).toEqual(['a']);
	});

	it('no alarm outlives the last run that waits for the end of a pause', async () => {
		const lane = laneOf(5);
		lane.pause(3_600_000);
		await enterAll(lane, 'ab');
		expect(time.sleeping).toBe(1);
		lane.leave();
		await time.pass(500);
		expect(time.sleeping).toBe(0);
	});

	it('blind waits grow from a second to half a minute, at random, and begin anew after a success', async () => {
		const luck = jest.spyOn(Math, 'random').mockReturnValue(0.999_999);
		const lane = laneOf(5);
		const waits: number[] = [];
		const wait = async () => {
			const start = time.now;
			lane.backOff(1000);
			enter(lane, 'a');
			for (const before = entered.length; entered.length === before;) await time.pass(100);
			waits.push(Math.round((time.now - start) / 1000));
		};
		for (let round = 0; round < 7; round += 1) {
			await wait();
			await leave('a', 'rejected');
		}
		await wait();
		await leave('a', 'accepted');
		await time.pass(0);
		await wait();
		luck.mockRestore();
		expect(waits).toEqual([2, 3, 5, 9, 17, 31, 31, 31, 2]);
	});
});

describe('memory', () => {
	it('is enough for four of the largest images', async () => {
		account = new Account(time.clock);
		const lane = laneOf(10);
		for (const name of 'abcde') enter(lane, name, 16 * MB);
		await settle();
		expect(names()).toEqual(['a', 'b', 'c', 'd']);
	});

	it('is one for all runs', async () => {
		const [one, other] = [laneOf(10), laneOf(10)];
		enter(one, 'a', 6 * MB);
		enter(other, 'b', 4 * MB);
		enter(one, 'c', MB);
		enter(other, 'd', MB);
		await settle();
		expect(names()).toEqual(['a', 'b']);
		await leave('b');
		expect(names()).toEqual(['a', 'b', 'c', 'd']);
	});

	it('a call that was taken on gives its memory back, and keeps its slot', async () => {
		const lane = laneOf(2);
		enter(lane, 'a', 10 * MB);
		enter(lane, 'b', 10 * MB);
		enter(lane, 'c', 1);
		await settle();
		expect(names().sort()).toEqual(['a', 'c']);
		await leave('c');
		expect(names()).not.toContain('b');
		slotOf('a').begun();
		slotOf('a').begun();
		await settle();
		expect(names()).toContain('b');
		expect(account.running).toBe(2);
		await leave('a');
		expect(account.running).toBe(1);
		expect(account.served).toBe(2);
		enter(lane, 'd', 10 * MB);
		await settle();
		expect(names()).not.toContain('d');
	});

	it('one that is closed just when it got its memory gives it back, and sends nothing', async () => {
		const lane = laneOf(1);
		enter(lane, 'a', 10 * MB);
		lane.close();
		expect(await lane.book(10 * MB)).toBeNull();
		enter(laneOf(1), 'whole', 10 * MB);
		await settle();
		expect(names()).toEqual(['a', 'whole']);
		expect(entered[0]!.slot).toBeNull();
	});

	it('nobody who leaves keeps any, whether in flight, waiting for a slot, or for memory', async () => {
		const gone = laneOf(1);
		for (const name of ['a', 'b', 'c']) enter(gone, name, 4 * MB);
		await settle();
		gone.leave();
		enter(laneOf(1), 'whole', 10 * MB);
		await settle();
		expect(slotOf('whole')).not.toBeNull();
		expect(names()).toEqual(['a', 'b', 'c', 'whole']);
	});
});

describe('runs side by side', () => {
	it('share one limit: what one learnt, the others know', async () => {
		const [one, other] = [laneOf(10), laneOf(10)];
		await enterAll(one, 'abcde');
		await leave('d', 'rejected');
		await leave('e', 'rejected');
		await enterAll(other, 'xyz');
		expect(names()).toEqual(['a', 'b', 'c', 'd', 'e']);
		await leave('a');
		expect(names()).toEqual(['a', 'b', 'c', 'd', 'e', 'x']);
	});

	it('what was learnt outlasts the run', async () => {
		const one = laneOf(10);
		await enterAll(one, 'abcd');
		for (const name of 'abc') await leave(name, 'rejected');
		await leave('d');
		one.leave();
		await enterAll(laneOf(10), 'xyz');
		expect(names().slice(4)).toEqual(['x']);
	});

	it('take turns: nobody waits behind the thousand items of another', async () => {
		const [busy, small] = [laneOf(10), laneOf(10)];
		await enterAll(
			busy,
			Array.from({ length: 1000 }, (_, index) => `busy ${index}`),
		);
		await enterAll(small, ['small 1', 'small 2']);
		await leave('busy 0', 'neutral');
		await leave('busy 1', 'neutral');
		await leave('busy 2', 'neutral');
		await leave('busy 3', 'neutral');
		expect(names().slice(10)).toEqual(['busy 10', 'small 1', 'busy 11', 'small 2']);
	});

	it('a call that was sent before goes before those of other runs', async () => {
		await enterAll(laneOf(10), 'abcdefghij');
		await enterAll(laneOf(1), 'x');
		enter(laneOf(1), 'again', 1, 'front');
		await settle();
		await leave('a', 'neutral');
		await leave('b', 'neutral');
		expect(names().slice(10)).toEqual(['again', 'x']);
	});

	it('each is bounded by its own maximum, and holds nobody else up', async () => {
		const [one, other] = [laneOf(1), laneOf(3)];
		await enterAll(one, 'abc');
		await enterAll(other, 'uvwxyz');
		expect(names()).toEqual(['a', 'u', 'v', 'w']);
	});

	it('a run that is closed sends nothing more: neither what waits nor what comes', async () => {
		const lane = laneOf(1);
		await enterAll(lane, 'ab');
		lane.close();
		await enterAll(lane, 'c');
		expect(entered.filter(({ slot }) => slot !== null).map(({ name }) => name)).toEqual(['a']);
		expect(names().sort()).toEqual(['a', 'b', 'c']);
		await leave('a');
		expect(entered).toHaveLength(3);
	});

	it('one that is closed takes nothing from others, and its calls in flight still count', async () => {
		const [cancelled, other] = [laneOf(8), laneOf(10)];
		await enterAll(cancelled, 'abcdefgh');
		await enterAll(other, 'xyz');
		cancelled.close();
		await settle();
		expect(names().slice(8)).toEqual(['x', 'y']);
		await leave('a');
		expect(names().slice(10)).toEqual(['z']);
	});

	it('one that left holds no slot, not even of calls that never end, and a late end changes nothing', async () => {
		const [cancelled, other] = [laneOf(10), laneOf(10)];
		await enterAll(cancelled, 'abcdefghij');
		await enterAll(other, 'uvw');
		expect(account.running).toBe(10);
		cancelled.leave();
		await settle();
		expect(names().slice(10)).toEqual(['u', 'v', 'w']);
		for (const name of 'abc') await leave(name, 'rejected');
		slotOf('d').begun();
		expect(account.served).toBe(0);
		expect(account.running).toBe(3);
		await enterAll(other, 'xyz');
		expect(account.running).toBe(6);
	});

	it('one that is closed while it waits for memory that another holds gets none, at once', async () => {
		const [holder, lane] = [laneOf(1), laneOf(1)];
		enter(holder, 'holds', 10 * MB);
		await settle();
		enter(lane, 'waits', 10 * MB);
		const booking = lane.book(10 * MB);
		await settle();
		lane.close();
		expect(await booking).toBeNull();
		await settle();
		expect(names()).toEqual(['holds', 'waits']);
		expect(entered[1]!.slot).toBeNull();
	});

	it('calls that ended just before their run left are counted once', async () => {
		const [gone, other] = [laneOf(10), laneOf(20)];
		await enterAll(gone, 'abcdefghij');
		await time.pass(300);
		for (const name of 'abcdefghij') slotOf(name).release('accepted');
		gone.leave();
		await time.pass(1000);
		await enterAll(other, 'klmnopqrstuvwxyz');
		expect(account.running).toBe(10);
		expect(account.served).toBe(0);
	});

	it('one that left is expected to send nothing: the others risk no more for it', async () => {
		const [gone, lane] = [laneOf(3), laneOf(3)];
		gone.expect(1000);
		gone.leave();
		gone.expect(1000);
		await enterAll(lane, 'abc');
		await leave('c', 'rejected');
		const later = [...'defghijklmnopq'];
		await enterAll(lane, later);
		for (const name of ['a', 'b', ...later]) if (names().includes(name)) await leave(name);
		await enterAll(lane, 'xyz');
		expect(account.running).toBe(2);
	});
});

describe('a call knows whether it is alone', () => {
	it('where another runs, it is not', async () => {
		await enterAll(laneOf(2), 'ab');
		expect(slotOf('a').isAlone).toBe(false);
		await leave('b', 'neutral');
		expect(slotOf('a').isAlone).toBe(true);
	});

	it('where another was served meanwhile, it is not', async () => {
		await enterAll(laneOf(2), 'ab');
		await leave('b', 'accepted');
		expect(slotOf('a').isAlone).toBe(false);
	});

	it('where another was served before, it is', async () => {
		const lane = laneOf(1);
		await enterAll(lane, 'a');
		await leave('a', 'accepted');
		await enterAll(lane, 'b');
		expect(slotOf('b').isAlone).toBe(true);
	});
});
