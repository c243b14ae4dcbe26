import { AdaptiveLimit } from '../../nodes/shared/engine/adaptiveLimit';

interface Tally {
	accepted: number;
	rejected: number;
	peak: number;
}

/** An account that takes `capacity()` calls at once, kept as busy as the limit allows: calls end in the order of their start. */
function simulate(limit: AdaptiveLimit, capacity: () => number, calls: number): Tally {
	const tally: Tally = { accepted: 0, rejected: 0, peak: 0 };
	const flying: Array<{ wave: number; taken: boolean }> = [];
	const busy = () => flying.filter(({ taken }) => taken).length;
	while (tally.accepted < calls) {
		while (flying.length < limit.current) flying.push({ wave: limit.start(), taken: busy() < capacity() });
		tally.peak = Math.max(tally.peak, flying.length);
		// A rejection comes back at once, a served call later.
		const turned = flying.findIndex(({ taken }) => !taken);
		const [call] = flying.splice(Math.max(turned, 0), 1);
		if (call!.taken) {
			tally.accepted += 1;
			limit.accepted();
		} else {
			tally.rejected += 1;
			limit.rejected(call!.wave, flying.length);
		}
		expect(limit.current).toBeGreaterThanOrEqual(1);
	}
	return tally;
}

it.each([
	[1, 1],
	[5, 5],
	[10, 10],
	[11, 10],
	[100, 10],
])('with at most %i it begins with %i', (maximum, first) => {
	expect(new AdaptiveLimit(maximum).current).toBe(first);
});

it('finds the 8 of an account from 10', () => {
	const limit = new AdaptiveLimit(10);
	const first = simulate(limit, () => 8, 40);
	expect(first.rejected).toBeLessThanOrEqual(4);
	expect(limit.current).toBeGreaterThanOrEqual(7);
	const later = simulate(limit, () => 8, 1000);
	expect(later.rejected).toBeLessThan(60);
	expect(later.peak).toBeLessThanOrEqual(10);
});

it.each([1, 2, 3, 5, 9])('finds the %i of an account, and rarely goes beyond', (capacity) => {
	const limit = new AdaptiveLimit(10);
	simulate(limit, () => capacity, 50);
	const { rejected } = simulate(limit, () => capacity, 1000);
	expect(rejected).toBeLessThan(1000 / capacity / 2 + 1);
	expect(limit.current).toBeLessThanOrEqual(capacity + 1);
});

it('an account that takes all is never held back', () => {
	const limit = new AdaptiveLimit(10);
	expect(simulate(limit, () => 10, 200)).toEqual({ accepted: 200, rejected: 0, peak: 10 });
	expect(limit.current).toBe(10);
});

it('a maximum above 10 is reached step by step', () => {
	const limit = new AdaptiveLimit(40);
	const levels: number[] = [];
	for (let call = 0; call < 35; call += 1) {
		limit.accepted();
		levels.push(limit.current);
	}
	expect(levels.slice(0, 3)).toEqual([11, 12, 13]);
	expect(Math.max(...levels)).toBe(40);
});

it('all rejections of one wave shrink it once, those of the next once more', () => {
	const limit = new AdaptiveLimit(10);
	const wave = limit.start();
	limit.rejected(wave, 9);
	expect(limit.current).toBe(5);
	for (const inFlight of [8, 7]) limit.rejected(wave, inFlight);
	expect(limit.current).toBe(5);
	limit.rejected(limit.start(), 6);
	expect(limit.current).toBe(2);
});

it('goes back at once to the level that was seen to work', () => {
	const limit = new AdaptiveLimit(10);
	limit.rejected(limit.start(), 8);
	const levels = Array.from({ length: 5 }, () => {
		limit.accepted();
		return limit.current;
	});
	expect(levels).toEqual([6, 7, 8, 8, 8]);
});

it('is never less than 1', () => {
	const limit = new AdaptiveLimit(10);
	for (let call = 0; call < 20; call += 1) limit.rejected(limit.start(), 0);
	expect(limit.current).toBe(1);
});

it('tries a higher level after two quiet rounds, and more rarely after a try that failed', () => {
	const limit = new AdaptiveLimit(10);
	for (let call = 0; call < 3; call += 1) limit.rejected(limit.start(), 4);
	const untilHigher = (level: number): number => {
		let calls = 0;
		while (limit.current <= level) {
			limit.accepted();
			calls += 1;
		}
		return calls;
	};
	while (limit.current < 4) limit.accepted();
	const first = untilHigher(4);
	limit.rejected(limit.start(), 4);
	while (limit.current < 4) limit.accepted();
	const second = untilHigher(4);
	expect(first).toBe(8);
	expect(second).toBe(16);
});

it.each([
	[3, false],
	[19, false],
	[20, true],
	[Number.POSITIVE_INFINITY, true],
])('with %p calls still to come, 4 at once: a try is worth it %p', (toCome, higher) => {
	const limit = new AdaptiveLimit(10);
	for (let call = 0; call < 3; call += 1) limit.rejected(limit.start(), 4);
	for (let call = 0; call < 50 && limit.current <= 4; call += 1) limit.accepted(toCome);
	expect(limit.current > 4).toBe(higher);
});

it('climbs after the account was given more, ever faster', () => {
	let capacity = 2;
	const limit = new AdaptiveLimit(10);
	simulate(limit, () => capacity, 100);
	expect(limit.current).toBeLessThanOrEqual(3);
	capacity = 10;
	const { rejected } = simulate(limit, () => capacity, 80);
	expect(limit.current).toBe(10);
	expect(rejected).toBeLessThanOrEqual(1);
});

it('sinks when the account is given less', () => {
	let capacity = 10;
	const limit = new AdaptiveLimit(10);
	simulate(limit, () => capacity, 100);
	capacity = 3;
	simulate(limit, () => capacity, 20);
	expect(limit.current).toBeLessThanOrEqual(4);
});
