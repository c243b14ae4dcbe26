import { AdaptiveLimit } from '../../nodes/shared/engine/adaptiveLimit';

interface Tally {
	accepted: number;
	rejected: number;
	peak: number;
}

/** Calls that a rejection takes to come back: at once, or after that many others. */
type Lag = 'quick' | 'slow';

/** An account that takes `capacity()` calls at once, kept busy by a demand of `most`: calls end in the order of their start. */
function simulate(limit: AdaptiveLimit, capacity: () => number, calls: number, most = 10, lag: Lag = 'quick'): Tally {
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
			limit.accepted(call!.most, Infinity);
		} else {
			tally.rejected += 1;
			limit.rejected(call!.most);
		}
		expect(limit.current).toBeGreaterThanOrEqual(1);
	}
	return tally;
}

/** A limit that has found out that `level` is what the account takes. */
function learnt(level: number): AdaptiveLimit {
	const limit = new AdaptiveLimit();
	for (let call = limit.current; call > level; call -= 1) limit.rejected(10);
	return limit;
}

it('begins with 10', () => {
	expect(new AdaptiveLimit().current).toBe(10);
});

describe.each(['quick', 'slow'] as const)('where rejections are %s', (lag) => {
	it.each([1, 2, 3, 5, 8, 9])('the first ones show the %i of an account', (capacity) => {
		const limit = new AdaptiveLimit();
		const { rejected } = simulate(limit, () => capacity, 2 * capacity, 10, lag);
		expect(limit.current).toBe(capacity);
		expect(rejected).toBe(10 - capacity);
	});

	it.each([1, 2, 3, 5, 8, 9])('keeps to the %i of an account, and rarely goes beyond', (capacity) => {
		const limit = new AdaptiveLimit();
		simulate(limit, () => capacity, 50, 10, lag);
		const { rejected } = simulate(limit, () => capacity, 1000, 10, lag);
		expect(rejected).toBeLessThan(1000 / capacity / QUIET_ROUNDS + 2);
		expect(limit.current).toBeLessThanOrEqual(capacity + 1);
	});
});

/** Rounds between two tries that fail. */
const QUIET_ROUNDS = 5;

it('an account that takes all is never held back', () => {
	const limit = new AdaptiveLimit();
	expect(simulate(limit, () => 10, 200)).toEqual({ accepted: 200, rejected: 0, peak: 10 });
});

it('more than 10 are reached in steps, a whole round of accepted calls before each', () => {
	const limit = new AdaptiveLimit();
	const levels = Array.from({ length: 70 }, () => {
		limit.accepted(limit.current, 1);
		return limit.current;
	});
	expect([levels[8], levels[9], levels[28], levels[29], levels[68], levels[69]]).toEqual([10, 20, 20, 40, 40, 80]);
});

it('calls that leave places free prove no higher level', () => {
	const limit = new AdaptiveLimit();
	for (let call = 0; call < 1000; call += 1) limit.accepted(9, Infinity);
	expect(limit.current).toBe(10);
});

it('each rejected call takes its place away, whatever the order', () => {
	const limit = new AdaptiveLimit();
	limit.rejected(10);
	limit.accepted(10, Infinity);
	for (let call = 0; call < 5; call += 1) limit.rejected(10);
	expect(limit.current).toBe(4);
});

it('where fewer calls were in flight than allowed, a rejection shows that even these are too many', () => {
	const limit = new AdaptiveLimit();
	limit.rejected(5);
	limit.rejected(5);
	expect(limit.current).toBe(3);
});

it('is never less than 1', () => {
	const limit = new AdaptiveLimit();
	for (let call = 0; call < 20; call += 1) limit.rejected(1);
	expect(limit.current).toBe(1);
});

describe('once the account has rejected a call', () => {
	const untilHigher = (limit: AdaptiveLimit): [calls: number, level: number] => {
		const before = limit.current;
		let calls = 0;
		for (; limit.current === before; calls += 1) limit.accepted(before, Infinity);
		return [calls, limit.current];
	};

	it('a higher level is tried after five quiet rounds, also where a try failed', () => {
		const limit = learnt(4);
		expect(untilHigher(limit)).toEqual([20, 5]);
		limit.rejected(5);
		expect(untilHigher(limit)).toEqual([20, 5]);
	});

	it('calls that were accepted before a rejection do not count', () => {
		const limit = learnt(4);
		for (let call = 0; call < 19; call += 1) limit.accepted(4, Infinity);
		limit.rejected(4);
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
	for (let call = 0; call < 50 && limit.current <= 4; call += 1) limit.accepted(limit.current, toCome);
	expect(limit.current > 4).toBe(higher);
});

it('climbs after the account was given more, ever faster', () => {
	let capacity = 2;
	const limit = new AdaptiveLimit();
	simulate(limit, () => capacity, 100);
	expect(limit.current).toBeLessThanOrEqual(3);
	capacity = 10;
	const { rejected } = simulate(limit, () => capacity, 80);
	expect(limit.current).toBeGreaterThanOrEqual(10);
	expect(rejected).toBeLessThanOrEqual(1);
});

it('sinks when the account is given less', () => {
	let capacity = 10;
	const limit = new AdaptiveLimit();
	simulate(limit, () => capacity, 100);
	capacity = 3;
	simulate(limit, () => capacity, 20);
	expect(limit.current).toBeLessThanOrEqual(4);
});
