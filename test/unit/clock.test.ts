import { getEventListeners } from 'node:events';

import { Clock } from '../../nodes/shared/engine/clock';
import { FakeTime, settle } from './fakeTime';

let time: FakeTime;
let clock: Clock;
let rung: string[];
const ring = (name: string) => () => rung.push(name);

beforeEach(() => {
	time = new FakeTime();
	clock = time.clock;
	rung = [];
});
afterEach(() => time.restore());

it('rings once, when the time has come and not before', async () => {
	clock.after(1200, ring('a'));
	await time.pass(1199);
	expect(rung).toEqual([]);
	await time.pass(1);
	expect(rung).toEqual(['a']);
	await time.pass(5000);
	expect(rung).toEqual(['a']);
});

it('rings in the order of the times, not of the calls', async () => {
	clock.after(3000, ring('c'));
	clock.after(1000, ring('a'));
	clock.after(2000, ring('b'));
	await time.pass(10_000);
	expect(rung).toEqual(['a', 'b', 'c']);
});

it.each([0, 1, 100, 499, 500, 501])('an alarm of %i ms rings in time, also while another is far away', async (ms) => {
	clock.after(60_000, ring('far'));
	await time.pass(130);
	clock.after(ms, ring('near'));
	await time.pass(ms);
	expect(rung).toEqual(['near']);
});

it('an alarm that was called off does not ring', async () => {
	const callOff = clock.after(1000, ring('a'));
	clock.after(1000, ring('b'));
	callOff();
	callOff();
	await time.pass(2000);
	expect(rung).toEqual(['b']);
});

it('an alarm may set another one', async () => {
	clock.after(100, () => clock.after(100, ring('second')));
	await time.pass(200);
	expect(rung).toEqual(['second']);
});

it('no sleep outlives the last alarm by more than half a second', async () => {
	clock.after(60_000, ring('a'))();
	clock.after(100, ring('b'))();
	expect(time.sleeping).toBeGreaterThan(0);
	await time.pass(500);
	expect(time.sleeping).toBe(0);
	clock.after(700, ring('c'));
	await time.pass(700);
	expect(rung).toEqual(['c']);
});

it.each([
	['back', -3_600_000],
	['forward', 3_600_000],
])("an alarm keeps its time where the system's clock is set %s by an hour", async (_name, jump) => {
	let passed = 0;
	const sleepers: Array<() => void> = [];
	jest.spyOn(performance, 'now').mockImplementation(() => passed);
	new Clock(async () => await new Promise<void>((wake) => sleepers.push(wake))).after(1000, ring('a'));
	jest.spyOn(Date, 'now').mockReturnValue(time.now + jump);
	for (passed = 500; passed <= 1000; passed += 500) {
		expect(rung).toEqual([]);
		sleepers.pop()!();
		await settle();
	}
	expect(rung).toEqual(['a']);
	expect(sleepers).toEqual([]);
	jest.mocked(performance.now).mockRestore();
});

describe('wait', () => {
	const state = (promise: Promise<void>) => {
		const seen = { done: false };
		void promise.then(() => {
			seen.done = true;
		});
		return seen;
	};

	it('ends after its time', async () => {
		const seen = state(clock.wait(1500, new AbortController().signal));
		await time.pass(1499);
		expect(seen.done).toBe(false);
		await time.pass(1);
		expect(seen.done).toBe(true);
	});

	it('ends at once when the signal is aborted', async () => {
		const stop = new AbortController();
		const seen = state(clock.wait(300_000, stop.signal));
		await time.pass(10);
		expect(seen.done).toBe(false);
		stop.abort();
		await settle();
		expect(seen.done).toBe(true);
	});

	it.each([false, true])('leaves nothing at the signal (aborted: %p)', async (isAborted) => {
		const stop = new AbortController();
		const wait = clock.wait(1000, stop.signal);
		if (isAborted) stop.abort();
		await time.pass(1000);
		await wait;
		expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
	});

	it('does not begin where the signal is aborted already', async () => {
		await clock.wait(300_000, AbortSignal.abort());
		expect(time.sleeping).toBe(0);
	});
});
