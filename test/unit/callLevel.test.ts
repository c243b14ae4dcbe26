import { CallLevel } from '../../nodes/shared/engine/callLevel';

interface Tally {
	accepted: number;
	rejected: number;
	peak: number;
}

/** Calls that a rejection takes to come back: at once, or after that many others. */
type Lag = 'quick' | 'slow';

/** An account that takes `capacity()` calls at once, kept busy by a demand of `most`: calls end in the order of their start. */
function simulate(limit: CallLevel, capacity: () => number, calls: number, most = 10, lag: Lag = 'quick'): Tally {
	const tally: Tally = { accepted: 0, rejected: 0, peak: 0 };
	const flying: Array<{ most: number; taken: boolean }> = [];
	const busy = () => flying.filter(({ taken }) => taken).length;
	while (tally.accepted < calls) {
		while (flying.length < Math.min(limit.current, most)) {
			flying.push({ most: 0, taken: busy() < capacity() });
			for (const call of flying) call.most = Math.max(call.most, flying.length);
		}
		tally.peak = Math.max(tally.peak, flying.length);
		const turned = lag === 'quick' ? flying.findIndex(({ taken }) => !taken) : 0;
		const [call] = flying.splice(Math.max(turned, 0), 1);
		if (call!.taken) {
			tally.accepted += 1;
			accept(limit, call!.most);
		} else {
			tally.rejected += 1;
			reject(limit, call!.most, false);
		}
		expect(limit.current).toBeGreaterThanOrEqual(1);
	}
	return tally;
}

/** A call of a second was accepted. */
function accept(limit: CallLevel, most: number, toCome = Infinity): void {
	limit.accepted({ most, toCome, ms: 1000 });
}

/** A call was rejected, after 100 ms. @returns the wait, in milliseconds */
function reject(limit: CallLevel, most: number, isAlone = false): number {
	return limit.rejected({ most, isAlone, ms: 100 });
}

/** A limit that has found out that `level` is what the account takes. */
function learnt(level: number): CallLevel {
	const limit = new CallLevel();
	for (let call = limit.current; call > level; call -= 1) reject(limit, 10, false);
	return limit;
}

it('begins with 10', () => {
	expect(new CallLevel().current).toBe(10);
});

describe.each(['quick', 'slow'] as const)('where rejections are %s', (lag) => {
	it.each([1, 2, 3, 5, 8, 9])('the first ones show the %i of an account', (capacity) => {
		const limit = new CallLevel();
		const { rejected } = simulate(limit, () => capacity, 2 * capacity, 10, lag);
		expect(limit.current).toBe(capacity);
		expect(rejected).toBe(10 - capacity);
	});

	it.each([1, 2, 3, 5, 8, 9])('keeps to the %i of an account, and rarely goes beyond', (capacity) => {
		const limit = new CallLevel();
		simulate(limit, () => capacity, 50, 10, lag);
		const { rejected } = simulate(limit, () => capacity, 1000, 10, lag);
		expect(rejected).toBeLessThan(1000 / capacity / QUIET_ROUNDS + 2);
		expect(limit.current).toBeLessThanOrEqual(capacity + 1);
	});
});

/** Rounds between two tries that fail. */
const QUIET_ROUNDS = 5;

it('an account that takes all is never held back', () => {
	const limit = new CallLevel();
	expect(simulate(limit, () => 10, 200)).toEqual({ accepted: 200, rejected: 0, peak: 10 });
});

it('beyond 10 it doubles, each time after a tenth of a call, once a whole round was accepted', () => {
	const limit = new CallLevel();
	for (let call = 1; call < 10; call += 1) accept(limit, 10);
	expect([limit.current, limit.growsAfterMs]).toEqual([10, Infinity]);
	accept(limit, 10);
	expect([limit.current, limit.growsAfterMs]).toEqual([10, 100]);
	limit.grow();
	limit.grow();
	expect(limit.current).toBe(40);
	reject(limit, 40, false);
	expect([limit.current, limit.growsAfterMs]).toEqual([39, Infinity]);
	limit.grow();
	expect(limit.current).toBe(39);
});

describe('where nothing of ours tells when the account will take a call', () => {
	beforeEach(() => jest.spyOn(Math, 'random').mockReturnValue(0.5));
	afterEach(() => jest.restoreAllMocks());

	it('it is tried every second or two', () => {
		const limit = new CallLevel();
		expect(Array.from({ length: 3 }, () => reject(limit, 1, true))).toEqual([1500, 1500, 1500]);
	});

	it('and otherwise there is no wait', () => {
		const limit = new CallLevel();
		expect([reject(limit, 5, false), reject(limit, 5, false), reject(limit, 5, true)]).toEqual([0, 0, 1500]);
	});
});

it('calls that leave places free prove no higher level', () => {
	const limit = new CallLevel();
	for (let call = 0; call < 1000; call += 1) accept(limit, 9);
	expect([limit.current, limit.growsAfterMs]).toEqual([10, Infinity]);
});

it('each rejected call takes its place away, whatever the order', () => {
	const limit = new CallLevel();
	reject(limit, 10, false);
	accept(limit, 10);
	for (let call = 0; call < 5; call += 1) reject(limit, 10, false);
	expect(limit.current).toBe(4);
});

it('where fewer calls were in flight than allowed, a rejection shows that even these are too many', () => {
	const limit = new CallLevel();
	reject(limit, 5, false);
	reject(limit, 5, false);
	expect(limit.current).toBe(3);
});

it('is never less than 1', () => {
	const limit = new CallLevel();
	for (let call = 0; call < 20; call += 1) reject(limit, 1, false);
	expect(limit.current).toBe(1);
});

describe('once the account has rejected a call', () => {
	const untilHigher = (limit: CallLevel): [calls: number, level: number] => {
		const before = limit.current;
		let calls = 0;
		for (; limit.current === before; calls += 1) accept(limit, before);
		return [calls, limit.current];
	};

	it('a higher level is tried after five quiet rounds, also where a try failed', () => {
		const limit = learnt(4);
		expect(untilHigher(limit)).toEqual([20, 5]);
		reject(limit, 5, false);
		expect(untilHigher(limit)).toEqual([20, 5]);
	});

	it('calls that were accepted before a rejection do not count', () => {
		const limit = learnt(4);
		for (let call = 0; call < 19; call += 1) accept(limit, 4);
		reject(limit, 4, false);
		expect(untilHigher(limit)).toEqual([15, 4]);
	});

	it('as long as tries hold, they come sooner and reach further', () => {
		const limit = learnt(4);
		expect([untilHigher(limit), untilHigher(limit), untilHigher(limit)]).toEqual([
			[20, 5],
			[5, 7],
			[7, 11],
		]);
	});
});

it.each([
	[3, false],
	[19, false],
	[20, true],
	[Number.POSITIVE_INFINITY, true],
])('with %p calls still to come, 4 at once: a try is worth it %p', (toCome, higher) => {
	const limit = learnt(4);
	for (let call = 0; call < 50 && limit.current <= 4; call += 1) accept(limit, limit.current, toCome);
	expect(limit.current > 4).toBe(higher);
});

it('climbs after the account was given more, ever faster', () => {
	let capacity = 2;
	const limit = new CallLevel();
	simulate(limit, () => capacity, 100);
	expect(limit.current).toBeLessThanOrEqual(3);
	capacity = 10;
	const { rejected } = simulate(limit, () => capacity, 80);
	expect(limit.current).toBeGreaterThanOrEqual(10);
	expect(rejected).toBeLessThanOrEqual(1);
});

it('sinks when the account is given less', () => {
	let capacity = 10;
	const limit = new CallLevel();
	simulate(limit, () => capacity, 100);
	capacity = 3;
	simulate(limit, () => capacity, 20);
	expect(limit.current).toBeLessThanOrEqual(4);
});

it('leaves a place to others, for longer than two tries are apart, once the account has rejected a call', () => {
	const limit = new CallLevel();
	expect(limit.shareMs).toBe(0);
	reject(limit, 5);
	expect(limit.shareMs).toBe(2600);
});
