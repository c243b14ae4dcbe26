import { CallLevel } from '../../nodes/shared/engine/callLevel';
import type { Failure } from '../../nodes/shared/engine/failure';
import { Gate } from '../../nodes/shared/engine/gate';
import { Lane } from '../../nodes/shared/engine/lane';
import { Pause } from '../../nodes/shared/engine/patience';
import { Room } from '../../nodes/shared/engine/room';
import type { Slot, Verdict } from '../../nodes/shared/engine/slot';
import { TaskLevel } from '../../nodes/shared/engine/taskLevel';
import { broken, refusedHere, tooMany } from './failures';
import { FakeTime, settle } from './fakeTime';

const MB = 1_000_000;
const MINUTE_MS = 60_000;

let time: FakeTime;
let gate: Gate;
/** Who got a slot, or why not, in order. */
let entered: Array<{ name: string; slot: Slot | null; failure: Failure | null }>;
/** Slots that were not given back. */
let running: number;

beforeEach(() => {
	time = new FakeTime();
	gate = new Gate(time.clock, new CallLevel(), new Room(10 * MB));
	entered = [];
	running = 0;
});
afterEach(() => {
	jest.restoreAllMocks();
	time.restore();
});

const gateOf = (lane: Lane): Gate => (lane as unknown as { gate: Gate }).gate;
const laneOf = (maxCalls: number): Lane => new Lane(gate, new Room(maxCalls));
const names = () => entered.map(({ name }) => name);
const slotOf = (name: string): Slot => entered.findLast((one) => one.name === name)!.slot!;
const failed = () => entered.filter(({ failure }) => failure).map(({ name, failure }) => `${name}: ${failure!.message}`);

interface Wish {
	bytes?: number;
	place?: 'front' | 'back';
	patienceMs?: number;
}

function enter(lane: Lane, name: string, { bytes = 1, place = 'back', patienceMs = MINUTE_MS }: Wish = {}): void {
	void lane.enter({ bytes, patienceMs }, place).then((outcome) => {
		const slot = 'result' in outcome ? outcome.result : null;
		if (slot) running += 1;
		entered.push({ name, slot, failure: 'failure' in outcome ? outcome.failure : null });
	});
}

/** Lanes of two gates of the same account. */
function twoGates(): [Lane, Lane] {
	const pause = new Pause();
	const lane = () => new Lane(new Gate(time.clock, new CallLevel(), new Room(10 * MB), pause), new Room(1));
	return [lane(), lane()];
}

/** Several calls, one after the other. */
async function enterAll(lane: Lane, all: Iterable<string>): Promise<void> {
	for (const name of all) enter(lane, name);
	await settle();
}

async function leave(name: string, verdict: Verdict = 'accepted', failure: Failure | null = null): Promise<void> {
	slotOf(name).end(verdict, verdict === 'rejected' ? (failure ?? tooMany()) : failure);
	running -= 1;
	await settle();
}

/** Calls of another run that go now; each fails as the provider asks to wait for so many milliseconds. */
async function pause(...waits: number[]): Promise<void> {
	const lane = laneOf(waits.length);
	const slots = await Promise.all(waits.map(async () => await lane.enter({ bytes: 1, patienceMs: MINUTE_MS })));
	for (const [index, outcome] of slots.entries()) {
		(outcome as { result: Slot }).result.end('neutral', broken({ retryAfterMs: waits[index]! }));
	}
	lane.leave();
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
		enter(lane, 'again', { place: 'front' });
		await settle();
		await leave('a');
		expect(names()).toEqual(['a', 'again']);
	});

	it('a slot is given back once', async () => {
		await enterAll(laneOf(2), 'abcd');
		for (let again = 0; again < 3; again += 1) await leave('a');
		expect(names()).toEqual(['a', 'b', 'c']);
	});

	it('rejected calls lower the limit, accepted ones leave it', async () => {
		await enterAll(laneOf(4), 'abcdefgh');
		await leave('a', 'rejected');
		expect(names()).toHaveLength(4);
		await leave('b');
		expect(names()).toHaveLength(5);
		await leave('c');
		expect(names()).toHaveLength(6);
		expect(running).toBe(3);
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
		[undefined, true],
	])('with %p calls to come, and others that wait, whether the account takes more is found out: %p', async (toCome, isTried) => {
		const lane = laneOf(3);
		lane.toCome = toCome;
		await enterAll(lane, 'abc');
		await leave('c', 'rejected');
		const later = Array.from({ length: 20 }, (_, index) => `later ${index}`);
		await enterAll(lane, later);
		for (const name of ['a', 'b', ...later.slice(0, 12)]) await leave(name);
		expect(running).toBe(isTried ? 3 : 2);
	});
});

describe('what the account asks for', () => {
	it('a pause holds everything back, and the longest one counts', async () => {
		const lane = laneOf(5);
		await pause(2000, 5000, 1000);
		await enterAll(lane, 'ab');
		await time.pass(4999);
		expect(names()).toEqual([]);
		await time.pass(1);
		expect(names()).toEqual(['a', 'b']);
	});

	it('a pause of no time is none', async () => {
		const lane = laneOf(5);
		await pause(0);
		await enterAll(lane, 'a');
		expect(names()).toEqual(['a']);
	});

	it('a pause that gets longer holds back until its new end', async () => {
		const lane = laneOf(5);
		enter(lane, 'first');
		await settle();
		await pause(1000);
		await enterAll(lane, 'a');
		await leave('first', 'neutral', broken({ retryAfterMs: 3000 }));
		entered = [];
		await time.pass(2999);
		expect(names()).toEqual([]);
		await time.pass(1);
		expect(names()).toEqual(['a']);
	});

	it('a wait of a day that was believed for a minute has nothing to do with a later one of a second', async () => {
		const lane = laneOf(5);
		await pause(86_400_000);
		await enterAll(lane, 'a');
		expect(failed()).toEqual(['a: broken']);
		await time.pass(MINUTE_MS);
		await pause(1000);
		await enterAll(lane, 'b');
		await time.pass(1000);
		expect(slotOf('b')).not.toBeNull();
	});

	it('a wait that is too long for a call is believed for a minute, and no longer than the call would wait', async () => {
		const lane = laneOf(5);
		for (const [name, patienceMs] of [
			['ten seconds', 10_000],
			['an hour', 60 * MINUTE_MS],
		] as const) {
			enter(lane, 'asked', { patienceMs });
			await settle();
			await leave('asked', 'neutral', broken({ retryAfterMs: 86_400_000 }));
			enter(lane, name, { patienceMs: 86_400_000 * 2 });
			await time.pass(Math.min(patienceMs, MINUTE_MS) - 1);
			expect(names()).not.toContain(name);
			await time.pass(1);
			expect(names()).toContain(name);
		}
	});

	it('a wait as long as the call would wait is waited for in full', async () => {
		const lane = laneOf(5);
		enter(lane, 'asked', { patienceMs: 2 * MINUTE_MS });
		await settle();
		await leave('asked', 'neutral', broken({ retryAfterMs: 2 * MINUTE_MS }));
		enter(lane, 'later', { patienceMs: 2 * MINUTE_MS });
		await time.pass(2 * MINUTE_MS - 1);
		expect(names()).toEqual(['asked']);
		await time.pass(1);
		expect(slotOf('later')).not.toBeNull();
	});

	it.each([
		['as it was asked for before', [86_400_000, 1000]],
		['as it was asked for last', [1000, 86_400_000]],
	])('of several waits the longest counts, %s', async (_name, waits) => {
		await pause(...waits);
		await enterAll(laneOf(5), 'a');
		expect(failed()).toEqual(['a: broken']);
	});

	it.each([
		[65_000, []],
		[65_001, ['later: broken']],
	])(
		'calls that were sent together are asked to wait one after the other: %i ms are no longer than a minute',
		async (ms, lost) => {
			await pause(ms);
			await enterAll(laneOf(5), ['later']);
			expect(failed()).toEqual(lost);
		},
	);

	it('a pause holds other runs back, too, also those that come later', async () => {
		await pause(MINUTE_MS);
		await enterAll(laneOf(5), 'a');
		await time.pass(59_999);
		expect(names()).toEqual([]);
		await time.pass(1);
		expect(names()).toEqual(['a']);
	});

	it('no alarm outlives the last run that waits for the end of a pause', async () => {
		const lane = laneOf(5);
		await pause(MINUTE_MS);
		await enterAll(lane, 'ab');
		expect(time.sleeping).toBe(1);
		lane.leave();
		await time.pass(500);
		expect(time.sleeping).toBe(0);
	});
});

it('the slots of runs that have left keep nobody waiting', async () => {
	const lanes = Array.from({ length: 5 }, () => laneOf(1));
	for (const [index, lane] of lanes.entries()) enter(lane, `${index}`);
	const last = laneOf(1);
	await enterAll(last, ['a', 'b']);
	await time.pass(50);
	for (const [index, lane] of lanes.entries()) {
		slotOf(`${index}`).end('accepted');
		lane.leave();
	}
	await leave('a');
	expect(names().at(-1)).toBe('b');
});

describe('memory', () => {
	it('is one for all runs', async () => {
		const [one, other] = [laneOf(10), laneOf(10)];
		enter(one, 'a', { bytes: 6 * MB });
		enter(other, 'b', { bytes: 4 * MB });
		enter(one, 'c', { bytes: MB });
		enter(other, 'd', { bytes: MB });
		await settle();
		expect(names()).toEqual(['a', 'b']);
		await leave('b');
		expect(names()).toEqual(['a', 'b', 'c', 'd']);
	});

	it('a call that was taken on gives its memory back, and keeps its slot', async () => {
		const lane = laneOf(2);
		enter(lane, 'a', { bytes: 10 * MB });
		enter(lane, 'b', { bytes: 10 * MB });
		await settle();
		expect(names()).toEqual(['a']);
		slotOf('a').begun('accepted');
		slotOf('a').begun('accepted');
		await settle();
		expect(names()).toContain('b');
		expect(running).toBe(2);
		await leave('a');
		enter(lane, 'd', { bytes: 10 * MB });
		await settle();
		expect(names()).not.toContain('d');
		await leave('b');
		expect(names()).toContain('d');
	});

	it('a call of which nobody knows what it began gives its memory back as well', async () => {
		const lane = laneOf(3);
		enter(lane, 'a', { bytes: 10 * MB });
		enter(lane, 'b', { bytes: 10 * MB });
		await settle();
		slotOf('a').begun('neutral', broken());
		await settle();
		expect(names()).toEqual(['a', 'b']);
	});

	it('a large body gets it in its turn, and no smaller one of another run before', async () => {
		const [one, large, other] = [laneOf(100), laneOf(1), laneOf(1)];
		for (let index = 0; index < 100; index += 1) enter(one, `one ${index}`, { bytes: 3 * MB });
		enter(large, 'large', { bytes: 9 * MB });
		enter(other, 'other', { bytes: 3 * MB });
		enter(laneOf(1), 'needs none', { bytes: 65_536 });
		await settle();
		expect(names()).toEqual(['one 0', 'one 1', 'one 2', 'needs none']);
		for (const name of ['one 0', 'one 1', 'one 2']) await leave(name);
		expect(names().slice(4)).toEqual(['one 3']);
		await leave('one 3');
		expect(names().slice(5)).toEqual(['large']);
		await leave('large');
		expect(names().slice(6)).toEqual(['other', 'one 4', 'one 5']);
	});

	it('is handed out by turns: the second run does not wait for the hundred bodies of the first', async () => {
		const [one, other] = [laneOf(100), laneOf(1)];
		for (let index = 0; index < 100; index += 1) enter(one, `one ${index}`, { bytes: 9 * MB });
		enter(other, 'other', { bytes: 9 * MB });
		await settle();
		await leave('one 0');
		expect(names()).toEqual(['one 0', 'one 1']);
		await leave('one 1');
		expect(names()).toEqual(['one 0', 'one 1', 'other']);
	});

	it('bodies up to 64 kB need none', async () => {
		const lane = laneOf(3);
		enter(lane, 'whole', { bytes: 10 * MB });
		enter(lane, 'small', { bytes: 65_536 });
		enter(lane, 'larger', { bytes: 65_537 });
		await settle();
		expect(names()).toEqual(['whole', 'small']);
	});

	describe('of several gates', () => {
		let lanes: Lane[];

		beforeEach(() => {
			const memory = new Room(10 * MB);
			lanes = Array.from({ length: 3 }, () => new Lane(new Gate(time.clock, new CallLevel(), memory), new Room(10)));
		});

		it.each([3 * MB, 6 * MB])('goes by turns as well, beside many bodies of %i bytes', async (bytes) => {
			const [one, other, third] = lanes as [Lane, Lane, Lane];
			for (let index = 0; index < 100; index += 1) enter(one, `one ${index}`, { bytes });
			enter(other, 'other', { bytes: 10 * MB });
			enter(third, 'third', { bytes: 10 * MB });
			await settle();
			const begun = names();
			for (const name of begun) await leave(name);
			// It waited first.
			const [more] = names().slice(begun.length);
			expect(names()).toEqual([...begun, more]);
			await leave(more!);
			expect(names()).toEqual([...begun, more, 'other']);
			await leave('other');
			expect(names().at(-1)).toBe('third');
			await leave('third');
			expect(names().at(-1)).toMatch(/^one/);
		});

		it('is not kept for one whose account is full', async () => {
			const [one, other, third] = lanes as [Lane, Lane, Lane];
			enter(other, 'other', { bytes: 10 * MB });
			enter(one, 'small', { bytes: 1 });
			enter(one, 'refused', { bytes: 1 });
			enter(one, 'large', { bytes: 10 * MB });
			enter(third, 'third', { bytes: 10 * MB });
			await settle();
			slotOf('refused').end('rejected', tooMany());
			await leave('other');
			expect(names()).toEqual(['other', 'small', 'refused', 'third']);
			await leave('small');
			await leave('third');
			expect(names().at(-1)).toBe('large');
		});

		it('comes with a place that was kept, however many small bodies pass', async () => {
			const [one, other] = lanes as [Lane, Lane, Lane];
			enter(other, 'other', { bytes: 10 * MB });
			enter(one, 'large', { bytes: 10 * MB });
			const many = new Lane(gateOf(one), new Room(20));
			for (let index = 0; index < 20; index += 1) enter(many, `small ${index}`, { bytes: 1 });
			await settle();
			expect(names()).toHaveLength(10);
			await leave('other');
			expect(names().slice(10)).toEqual(['large']);
		});

		describe('through two of which one run may have one call under way', () => {
			let run: Lane[];

			beforeEach(async () => {
				const room = new Room(1);
				run = lanes.slice(0, 2).map((lane) => new Lane(gateOf(lane), room));
				enter(lanes[2]!, 'holds', { bytes: 9 * MB });
				await settle();
			});

			it('lets one go where memory is free again', async () => {
				for (const [index, lane] of run.entries()) enter(lane, `${index}`, { bytes: 3 * MB });
				await leave('holds');
				expect(names()).toEqual(['holds', '0']);
				await leave('0');
				expect(names()).toEqual(['holds', '0', '1']);
			});

			it('lets one go where another run gives up its turn', async () => {
				enter(lanes[0]!, 'refused');
				await settle();
				await leave('refused', 'rejected');
				await time.pass(2000);
				enter(lanes[0]!, 'waits', { bytes: 9 * MB });
				enter(run[0]!, 'small');
				enter(run[1]!, 'large', { bytes: MB });
				await settle();
				expect(names()).toEqual(['holds', 'refused']);
				lanes[0]!.close();
				await settle();
				expect(names()).toEqual(['holds', 'refused', 'waits', 'small']);
			});
		});

		it('goes on to the next as soon as one gives up its turn', async () => {
			const [one, other, third] = lanes as [Lane, Lane, Lane];
			enter(one, 'one', { bytes: 8 * MB });
			enter(other, 'other', { bytes: 9 * MB });
			enter(third, 'third', { bytes: MB });
			await settle();
			expect(names()).toEqual(['one']);
			other.close();
			await settle();
			expect(names()).toEqual(['one', 'other', 'third']);
		});

		it('is not kept for one that waits for something else', async () => {
			const [one, other, third] = lanes as [Lane, Lane, Lane];
			enter(one, 'one', { bytes: 10 * MB });
			enter(other, 'other', { bytes: 10 * MB });
			enter(third, 'third', { bytes: 10 * MB });
			await settle();
			other.close();
			await leave('one');
			expect(names()).toEqual(['one', 'other', 'third']);
			expect(entered[1]!.slot).toBeNull();
		});
	});

	it('nobody who leaves keeps any, whether in flight, waiting for a slot, or for memory', async () => {
		const gone = laneOf(1);
		for (const name of ['a', 'b', 'c']) enter(gone, name, { bytes: 4 * MB });
		await settle();
		gone.leave();
		enter(laneOf(1), 'whole', { bytes: 10 * MB });
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
		enter(laneOf(1), 'again', { place: 'front' });
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
		cancelled.leave();
		await settle();
		expect(names().slice(10)).toEqual(['u', 'v', 'w']);
		for (const name of 'abc') await leave(name, 'rejected');
		slotOf('d').begun('accepted');
		await enterAll(other, 'xyz');
		expect(names().slice(13)).toEqual(['x', 'y', 'z']);
	});

	it('one that is closed while it waits for memory that another holds gets none, at once', async () => {
		const [holder, lane] = [laneOf(1), laneOf(1)];
		enter(holder, 'holds', { bytes: 10 * MB });
		enter(lane, 'waits', { bytes: 10 * MB });
		await settle();
		lane.close();
		await settle();
		expect(names()).toEqual(['holds', 'waits']);
		expect(entered[1]).toMatchObject({ slot: null, failure: null });
	});

	it('what calls taught that ended just before their run left is known', async () => {
		const [gone, other] = [laneOf(10), laneOf(40)];
		await enterAll(gone, 'abcdefghij');
		await time.pass(300);
		for (const name of 'abcdefghij') slotOf(name).end('accepted');
		gone.leave();
		for (let call = 0; call < 40; call += 1) enter(other, String(call));
		await settle();
		expect(names()).toHaveLength(20);
		await time.pass(30);
		expect(names()).toHaveLength(30);
		await time.pass(30);
		expect(names()).toHaveLength(50);
	});

	it('one that left is expected to send nothing: the others risk no more for it', async () => {
		const [gone, lane] = [laneOf(3), laneOf(3)];
		gone.toCome = 1000;
		gone.leave();
		await enterAll(lane, 'abc');
		await leave('c', 'rejected');
		const later = [...'defghijklmnopq'];
		await enterAll(lane, later);
		for (const name of ['a', 'b', ...later]) if (names().includes(name)) await leave(name);
		await enterAll(lane, 'xyz');
		expect(running).toBe(2);
	});
});

describe('calls that the account rejects though nothing of ours runs', () => {
	beforeEach(() => jest.spyOn(Math, 'random').mockReturnValue(0.5));

	/** A call goes, and is rejected. */
	async function reject(lane: Lane, name: string, failure = tooMany()): Promise<void> {
		enter(lane, name, { place: 'front' });
		await settle();
		await leave(name, 'rejected', failure);
	}

	it('are followed by none for a second or two', async () => {
		const lane = laneOf(5);
		await reject(lane, 'a');
		await enterAll(lane, 'b');
		await time.pass(1499);
		expect(names()).toEqual(['a']);
		await time.pass(1);
		expect(names()).toEqual(['a', 'b']);
		await leave('b', 'rejected', tooMany({ minimumWaitMs: 5000 }));
		await enterAll(lane, 'c');
		await time.pass(4999);
		expect(names()).toEqual(['a', 'b']);
		await time.pass(1);
		expect(names()).toEqual(['a', 'b', 'c']);
	});

	it('are not alone where another runs, or was accepted meanwhile: the next goes as soon as a place is free', async () => {
		const lane = laneOf(5);
		await enterAll(lane, 'abc');
		await leave('b', 'rejected');
		await leave('a', 'accepted');
		await leave('c', 'rejected');
		await enterAll(lane, 'd');
		expect(names()).toEqual(['a', 'b', 'c', 'd']);
	});

	it('are alone where another was accepted before', async () => {
		const lane = laneOf(5);
		await enterAll(lane, 'a');
		await leave('a', 'accepted');
		await reject(lane, 'b');
		await enterAll(lane, 'c');
		expect(names()).toEqual(['a', 'b']);
	});

	it('let the runs take turns in trying', async () => {
		const [one, other] = [laneOf(1), laneOf(1)];
		await reject(one, 'a');
		await enterAll(other, ['other']);
		enter(one, 'a again', { place: 'front' });
		await time.pass(2000);
		expect(names()).toEqual(['a', 'other']);
	});

	it('cost no patience while others of ours are served', async () => {
		const lane = laneOf(5);
		const start = time.now;
		while (time.now - start < 10 * MINUTE_MS) {
			await reject(lane, 'waits');
			enter(lane, 'other', { place: 'front' });
			await time.pass(20_000);
			await leave('other', 'accepted');
		}
		expect(failed()).toEqual([]);
	});

	it('are given up within the patience, with all that waits, as soon as there is no try left in it', async () => {
		const [lane, other] = [laneOf(5), laneOf(5)];
		const start = time.now;
		for (const name of 'ab') enter(lane, name);
		enter(other, 'patient', { patienceMs: 10 * MINUTE_MS });
		for (let tries = 0; failed().length === 0 && tries < 1000; tries += 1) {
			await time.pass(100);
			const tried = entered.filter(({ slot }) => slot);
			entered = entered.filter(({ slot }) => !slot);
			for (const { name, slot } of tried) {
				slot!.end('rejected', tooMany());
				enter(name === 'patient' ? other : lane, name, {
					place: 'front',
					patienceMs: name === 'patient' ? 10 * MINUTE_MS : undefined,
				});
			}
		}
		await settle();
		expect(failed().sort()).toEqual(['a: too many', 'b: too many']);
		expect(time.now - start).toBeLessThan(1.1 * MINUTE_MS);
		expect(time.now - start).toBeGreaterThan(MINUTE_MS / 3);
	});

	it('are given up at once, with what comes, where the provider asks to wait for longer', async () => {
		const lane = laneOf(5);
		await enterAll(lane, 'a');
		const before = laneOf(1);
		enter(before, 'before');
		await settle();
		await leave('before', 'neutral', tooMany({ retryAfterMs: 24 * 60 * MINUTE_MS }));
		entered = entered.slice(0, 1);
		for (const name of 'bc') enter(lane, name);
		enter(lane, 'patient', { patienceMs: 2 * MINUTE_MS });
		enter(lane, 'very patient', { patienceMs: 25 * 60 * MINUTE_MS });
		await settle();
		expect(failed()).toEqual(['b: too many', 'c: too many', 'patient: too many']);
		await time.pass(MINUTE_MS + 1);
		expect(names()).toEqual(['a', 'b', 'c', 'patient', 'very patient']);
		await enterAll(lane, 'd');
		expect(failed()).toHaveLength(3);
	});

	it('are given up, and wait, in all gates of the account', async () => {
		const [one, other] = twoGates();
		await enterAll(one, 'a');
		await leave('a', 'neutral', broken({ retryAfterMs: MINUTE_MS / 2 }));
		await enterAll(other, 'b');
		await time.pass(MINUTE_MS / 2 - 1);
		expect(names()).toEqual(['a']);
		await time.pass(1);
		expect(names()).toEqual(['a', 'b']);
		await leave('b', 'neutral', broken({ retryAfterMs: 24 * 60 * MINUTE_MS }));
		await enterAll(one, 'c');
		expect(failed()).toEqual(['c: broken']);
	});

	it('are given up in all gates of the account where one of them is asked to wait for long', async () => {
		const [one, other] = twoGates();
		await enterAll(one, 'a');
		await enterAll(other, 'bc');
		await leave('a', 'neutral', broken({ retryAfterMs: 24 * 60 * MINUTE_MS }));
		expect(failed()).toEqual(['c: broken']);
		await leave('b');
		expect(names()).toEqual(['a', 'b', 'c']);
	});

	it('wait in a gate in which nothing was tried for long, where another one is asked to', async () => {
		const [one, other] = twoGates();
		await enterAll(one, 'a');
		await leave('a', 'neutral', broken({ retryAfterMs: 1000 }));
		await time.pass(5 * MINUTE_MS);
		await enterAll(other, 'b');
		await leave('b', 'neutral', broken({ retryAfterMs: 2000 }));
		await enterAll(one, 'c');
		expect(failed()).toEqual([]);
		await time.pass(2000);
		expect(slotOf('c')).not.toBeNull();
	});

	it('wait after a pause that another gate was asked for, where nothing was tried for long before it', async () => {
		const [one, other] = twoGates();
		await enterAll(one, 'a');
		await leave('a', 'rejected');
		await time.pass(5 * MINUTE_MS);
		await enterAll(other, 'b');
		await leave('b', 'neutral', broken({ retryAfterMs: MINUTE_MS / 2 }));
		await time.pass(MINUTE_MS / 2);
		await enterAll(one, 'c');
		await leave('c', 'neutral', broken({ retryAfterMs: 10_000 }));
		await enterAll(one, 'd');
		expect(failed()).toEqual([]);
	});

	it('find new patience after the last run has left', async () => {
		const lane = laneOf(5);
		await reject(lane, 'a');
		await time.pass(MINUTE_MS);
		await reject(lane, 'b');
		lane.leave();
		enter(laneOf(1), 'c');
		await time.pass(2000);
		expect(failed()).toEqual([]);
		expect(slotOf('c')).not.toBeNull();
	});

	it('but not before', async () => {
		const lane = laneOf(5);
		for (let tenSeconds = 0; tenSeconds <= 6; tenSeconds += 1) {
			await reject(lane, `${tenSeconds}`);
			await time.pass(10_000);
		}
		await reject(lane, 'last');
		await enterAll(lane, 'c');
		expect(failed()).toEqual(['c: too many']);
	});

	it('and after a time in which nothing was tried', async () => {
		const lane = laneOf(5);
		await reject(lane, 'a');
		await time.pass(MINUTE_MS);
		await reject(lane, 'b');
		await enterAll(lane, 'c');
		expect(failed()).toEqual([]);
	});

	it('and after an answer that refuses something else for good', async () => {
		const lane = laneOf(5);
		for (let tenSeconds = 0; tenSeconds < 20; tenSeconds += 1) {
			await reject(lane, `${tenSeconds}`);
			await time.pass(10_000);
			await enterAll(lane, ['other']);
			await leave('other', 'neutral', broken({ retryable: false }));
		}
		expect(failed()).toEqual([]);
	});

	it('but not after what was refused before it was sent', async () => {
		const lane = laneOf(5);
		for (let tenSeconds = 0; tenSeconds < 7; tenSeconds += 1) {
			await reject(lane, `${tenSeconds}`);
			await time.pass(10_000);
			await enterAll(lane, ['other']);
			await leave('other', 'neutral', refusedHere());
		}
		await reject(lane, 'last');
		await enterAll(lane, 'c');
		expect(failed()).toEqual(['c: too many']);
	});

	it('nor because another run has left', async () => {
		const lane = laneOf(5);
		for (let tenSeconds = 0; tenSeconds < 7; tenSeconds += 1) {
			await reject(lane, `${tenSeconds}`);
			laneOf(1).leave();
			await time.pass(10_000);
		}
		await reject(lane, 'last');
		await enterAll(lane, 'c');
		expect(failed()).toEqual(['c: too many']);
	});

	it('what fails without a word about waiting costs no patience', async () => {
		const lane = laneOf(5);
		for (let tenSeconds = 0; tenSeconds < 7; tenSeconds += 1) {
			await enterAll(lane, ['fails']);
			await leave('fails', 'neutral', broken());
			await time.pass(10_000);
		}
		await reject(lane, 'last');
		await enterAll(lane, 'c');
		expect(failed()).toEqual([]);
	});

	it('hold a call that would wait just so long', async () => {
		const lane = laneOf(5);
		await reject(lane, 'a');
		enter(lane, 'too long', { patienceMs: 1499 });
		enter(lane, 'just so long', { patienceMs: 1500 });
		await settle();
		expect(failed()).toEqual(['too long: too many']);
	});

	it('cost patience as well where the provider asks to wait again and again', async () => {
		const lane = laneOf(5);
		for (const name of 'abc') {
			await enterAll(lane, [name]);
			await leave(name, 'neutral', broken({ retryAfterMs: MINUTE_MS / 2 }));
			expect(failed()).toEqual([]);
			if (name !== 'c') await time.pass(MINUTE_MS / 2);
		}
		await enterAll(lane, ['last']);
		expect(failed()).toEqual(['last: broken']);
	});
});

describe('a place for others', () => {
	/** Call after call of one run at an account that takes one. @returns for how long none was in flight, each time that it was for longer than a second */
	async function gaps(minutes: number, isKnown: boolean): Promise<number[]> {
		const lane = laneOf(2);
		await enterAll(lane, isKnown ? 'ab' : 'a');
		if (isKnown) await leave('b', 'rejected');
		entered = entered.filter(({ name }) => name === 'a');
		const all: number[] = [];
		let free = time.now;
		for (const end = time.now + minutes * MINUTE_MS; time.now < end;) {
			await time.pass(500);
			for (const { slot } of entered.splice(0)) {
				if (time.now - free > 1000) all.push(time.now - free);
				free = time.now;
				slot!.end('accepted');
				enter(lane, 'next');
				await settle();
			}
		}
		return all;
	}

	it('is left every half minute for some seconds, where the account has rejected a call', async () => {
		expect(await gaps(2, true)).toEqual([2500, 2500, 2500, 2500]);
	});

	it('is not kept from a run that comes when nobody else is there', async () => {
		const lane = laneOf(2);
		await enterAll(lane, 'ab');
		await leave('b', 'rejected');
		await time.pass(26_000);
		await leave('a');
		await enterAll(lane, 'c');
		expect(names()).not.toContain('c');
		lane.leave();
		await enterAll(laneOf(1), 'd');
		expect(slotOf('d')).not.toBeNull();
	});

	it('is left as often where other runs come and go', async () => {
		const busy = laneOf(2);
		await enterAll(busy, 'ab');
		await leave('b', 'rejected');
		for (let seconds = 0; seconds < 25; seconds += 5) {
			await time.pass(5000);
			laneOf(1).leave();
		}
		await leave('a');
		await enterAll(busy, ['next']);
		expect(names()).not.toContain('next');
		await time.pass(2500);
		expect(names()).toContain('next');
	});

	it('is not where it takes all', async () => {
		expect(await gaps(2, false)).toEqual([]);
	});
});

describe('tasks, of which each has its place for long', () => {
	let lane: Lane;

	beforeEach(() => {
		jest.spyOn(Math, 'random').mockReturnValue(0.5);
		gate = new Gate(time.clock, new TaskLevel(), new Room(10 * MB));
		lane = laneOf(20);
	});

	/** Tasks are created. */
	async function create(...all: string[]): Promise<void> {
		await enterAll(lane, all);
		for (const name of all) slotOf(name).begun('accepted');
		await settle();
	}

	it('a create of which nobody knows what it began holds the others, as the provider asks', async () => {
		await enterAll(lane, 'a');
		slotOf('a').begun('neutral', broken({ retryAfterMs: 20_000 }));
		await enterAll(lane, 'b');
		await time.pass(19_999);
		expect(names()).toEqual(['a']);
		await time.pass(1);
		expect(names()).toEqual(['a', 'b']);
	});

	it('only creates that were not answered count: any number of tasks goes on', async () => {
		await create(...'abcdefghij');
		await enterAll(lane, 'klmnopqrstuvwxyz');
		expect(names()).toHaveLength(20);
		await leave('a');
		expect(names()).toHaveLength(21);
	});

	it('a create that was rejected is followed by none for a moment, and then one by one', async () => {
		await create('a');
		await enterAll(lane, 'b');
		await leave('b', 'rejected');
		await enterAll(lane, 'cde');
		await time.pass(3999);
		expect(names()).toEqual(['a', 'b']);
		await time.pass(1);
		expect(names()).toEqual(['a', 'b', 'c']);
		slotOf('c').begun('accepted');
		await settle();
		expect(names()).toEqual(['a', 'b', 'c', 'd', 'e']);
	});

	it('where one of ours has ended, one create goes at once, and tells nothing about others', async () => {
		await create('a', 'b');
		await enterAll(lane, 'c');
		await leave('c', 'rejected');
		await enterAll(lane, 'def');
		await leave('a');
		expect(names().slice(3)).toEqual(['d']);
		slotOf('d').begun('accepted');
		await settle();
		expect(names().slice(3)).toEqual(['d']);
		await leave('b');
		expect(names().slice(3)).toEqual(['d', 'e']);
		await leave('e', 'rejected');
		await time.pass(3999);
		expect(names().slice(3)).toEqual(['d', 'e']);
		await time.pass(1);
		expect(names().slice(3)).toEqual(['d', 'e', 'f']);
	});

	it('what was taken on counts once, however often that is told', async () => {
		await enterAll(lane, 'a');
		await leave('a', 'rejected');
		await time.pass(4000);
		await create('b');
		slotOf('b').begun('accepted');
		await leave('b');
		await enterAll(lane, 'cdef');
		expect(names().slice(2)).toEqual(['c', 'd']);
	});

	it('one that went because another had ended does not make more go', async () => {
		await create('a');
		await enterAll(lane, 'c');
		await leave('c', 'rejected');
		await enterAll(lane, 'defg');
		await leave('a');
		slotOf('d').begun('accepted');
		await time.pass(3999);
		expect(names().slice(2)).toEqual(['d']);
		await time.pass(1);
		expect(names().slice(2)).toEqual(['d', 'e']);
	});

	it('ends from before a rejection are no places', async () => {
		await create('a', 'b');
		await leave('a');
		await enterAll(lane, 'c');
		await leave('c', 'rejected');
		await enterAll(lane, 'd');
		expect(names()).toEqual(['a', 'b', 'c']);
	});

	it('as long as tasks of ours go on there is patience', async () => {
		await create('a');
		for (let tries = 0; tries < 50; tries += 1) {
			enter(lane, `try ${tries}`, { place: 'front' });
			await time.pass(12_000);
			await leave(`try ${tries}`, 'rejected');
		}
		expect(failed()).toEqual([]);
	});

	it('and none is left once they have ended', async () => {
		await create('a');
		slotOf('a').begun('accepted');
		await leave('a');
		await time.pass(MINUTE_MS);
		for (let tries = 0; tries < 6; tries += 1) {
			enter(lane, `try ${tries}`, { place: 'front' });
			await time.pass(12_000);
			await leave(`try ${tries}`, 'rejected');
		}
		await enterAll(lane, ['last']);
		expect(failed()).toEqual(['last: too many']);
	});

	it('one run may have so many under way, through whichever gates', async () => {
		const other = new Gate(time.clock, new TaskLevel(), new Room(10 * MB));
		const room = new Room(2);
		const [one, two] = [new Lane(gate, room), new Lane(other, room)];
		for (const name of 'ab') enter(one, name);
		for (const name of 'xy') enter(two, name);
		await settle();
		expect(names()).toEqual(['a', 'b']);
		slotOf('a').begun('accepted');
		await settle();
		expect(names()).toEqual(['a', 'b']);
		await leave('a');
		await leave('b');
		expect(names()).toEqual(['a', 'b', 'x', 'y']);
	});
});
