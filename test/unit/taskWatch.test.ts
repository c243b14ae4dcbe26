import { TaskWatch, type Ending, type Question } from '../../nodes/shared/engine/taskWatch';
import { asKlingError, KlingError, refusal } from '../../nodes/shared/kling/klingError';
import { FakeTime } from './fakeTime';

let time: FakeTime;
let stop: AbortController;

beforeEach(() => {
	time = new FakeTime();
	stop = new AbortController();
	jest.spyOn(Math, 'random').mockReturnValue(0.5);
});

afterEach(() => {
	time.restore();
	jest.restoreAllMocks();
});

const watchOf = () => new TaskWatch(time.clock, asKlingError);

const brief = { description: 'x', serviceCode: null, requestId: null, attempts: 1, retryable: true };
const badGateway = new KlingError('bad gateway', { ...brief, httpStatus: 502 });
const tooMany = (retryAfterMs: number | null) => new KlingError('too many', { ...brief, httpStatus: 429 }, { retryAfterMs });

/** A task that is done after `seconds`, or never; the seconds at which it was asked for are noted. */
function task(seconds: number | null, more: Partial<Question<string>> = {}) {
	const start = time.now;
	const asked: number[] = [];
	let ending: Ending<string> | undefined;
	const question: Question<string> = {
		ask: async () => {
			asked.push((time.now - start) / 1000);
			return seconds !== null && time.now - start >= seconds * 1000 ? 'done' : null;
		},
		ends: () => false,
		since: start,
		deadline: start + 60_000,
		stop: stop.signal,
		...more,
	};
	return {
		asked,
		watch: (watch: TaskWatch) => void watch.until(question).then((value) => (ending = value)),
		ending: () => ending,
	};
}

it('is asked for after some seconds, then less and less often, until it is done', async () => {
	const one = task(40);
	one.watch(watchOf());
	await time.pass(60_000);
	expect(one.ending()).toEqual({ result: 'done' });
	expect(one.asked[0]).toBeGreaterThanOrEqual(3);
	expect(one.asked[0]).toBeLessThan(3.5);
	const waits = one.asked.slice(1).map((at, index) => at - one.asked[index]!);
	expect(waits.every((wait, index) => index === 0 || wait >= waits[index - 1]! - 0.3)).toBe(true);
	expect(Math.max(...waits)).toBeLessThanOrEqual(8.5);
	expect(one.asked.length).toBeLessThanOrEqual(20);
	expect(time.sleeping).toBe(0);
});

it('is never asked for more than every 15 seconds or so, and once more at the deadline', async () => {
	const start = time.now;
	const one = task(null, { deadline: start + 300_000 });
	one.watch(watchOf());
	await time.pass(400_000);
	expect(one.ending()).toEqual({ late: null });
	expect(one.asked.filter((at) => at >= 300)).toEqual([300]);
	expect(one.asked.length).toBeLessThan(45);
});

it('three tasks of seven seconds are known to be done before nine have passed', async () => {
	for (const random of [0, 0.5, 1]) {
		jest.spyOn(Math, 'random').mockReturnValue(random);
		const watch = watchOf();
		const tasks = [task(7), task(7), task(7)];
		for (const one of tasks) one.watch(watch);
		await time.pass(9000);
		expect(tasks.map((one) => one.ending())).toEqual(tasks.map(() => ({ result: 'done' })));
	}
});

it('one that may have ended is asked for at once', async () => {
	const one = task(0, { isAskedAtOnce: true });
	one.watch(watchOf());
	await time.pass(0);
	expect(one.ending()).toEqual({ result: 'done' });
});

it('what is done at the deadline is done', async () => {
	const one = task(60);
	one.watch(watchOf());
	await time.pass(70_000);
	expect(one.ending()).toEqual({ result: 'done' });
});

it('waits are spread', async () => {
	const first = async (random: number) => {
		jest.spyOn(Math, 'random').mockReturnValue(random);
		const one = task(null);
		one.watch(watchOf());
		await time.pass(5000);
		return one.asked[0]!;
	};
	expect((await first(1)) - (await first(0))).toBeGreaterThanOrEqual(0.5);
});

it('failures cost nothing but time', async () => {
	const failures = [badGateway, tooMany(null), badGateway, new Error('broken'), badGateway];
	let asked = 0;
	const one = task(null, {
		deadline: time.now + 600_000,
		ask: async () => {
			asked += 1;
			const failure = failures.shift();
			if (failure) throw failure;
			return 'done';
		},
	});
	one.watch(watchOf());
	await time.pass(120_000);
	expect(one.ending()).toEqual({ result: 'done' });
	expect(asked).toBe(6);
});

it('a failure that no question survives ends it', async () => {
	const wrongKey = refusal('wrong key', 'x');
	const one = task(null, { ask: async () => await Promise.reject(wrongKey), ends: (failure) => failure.message === 'wrong key' });
	one.watch(watchOf());
	await time.pass(5000);
	expect(one.ending()).toEqual({ failure: wrongKey });
});

it('at the deadline, the latest failure is told', async () => {
	const one = task(null, { ask: async () => await Promise.reject(badGateway) });
	one.watch(watchOf());
	await time.pass(70_000);
	expect(one.ending()).toEqual({ late: badGateway });
});

it('a wait that the provider asks for holds for all tasks, but not beyond a minute', async () => {
	const watch = watchOf();
	let first = true;
	const busy = task(null, {
		ask: async () => {
			if (!first) return 'done';
			first = false;
			throw tooMany(3_600_000);
		},
		deadline: time.now + 600_000,
	});
	const other = task(null, { since: time.now + 1000, deadline: time.now + 600_000 });
	busy.watch(watch);
	other.watch(watch);
	await time.pass(60_000);
	expect(other.asked).toEqual([]);
	await time.pass(10_000);
	expect(other.asked[0]).toBeGreaterThanOrEqual(60);
	expect(busy.ending()).toEqual({ result: 'done' });
});

it('many tasks are asked for one after the other, each in its turn', async () => {
	const start = time.now;
	const all: number[] = [];
	const watch = watchOf();
	const tasks = Array.from({ length: 40 }, () => {
		const one = task(null, { deadline: start + 600_000 });
		one.asked.push = (at: number) => all.push(at);
		return one;
	});
	for (const one of tasks) one.watch(watch);
	await time.pass(60_000);
	const busiest = Math.max(...all.map((from) => all.filter((at) => at >= from && at < from + 1).length));
	expect(busiest).toBeLessThanOrEqual(4);
	expect(all.length).toBeGreaterThan(150);
	expect(time.sleeping).toBe(1);
});

it('the one that has been due for longest is asked for first', async () => {
	const watch = watchOf();
	const order: string[] = [];
	const ask = (name: string, since: number) => {
		const answer = async () => {
			order.push(name);
			return 'done';
		};
		task(null, { isAskedAtOnce: true, since: time.now + since, ask: answer }).watch(watch);
	};
	ask('at once', 0);
	const sinces = { late: 0, first: -900, 'as long': -900, second: -500 };
	for (const [name, since] of Object.entries(sinces)) ask(name, since);
	await time.pass(3000);
	expect(order).toEqual(['at once', 'first', 'as long', 'second', 'late']);
});

it('others can be watched after all have ended', async () => {
	const watch = watchOf();
	for (const one of [task(5), task(5)]) {
		one.watch(watch);
		await time.pass(20_000);
		expect(one.ending()).toEqual({ result: 'done' });
	}
});

it('so many are asked for at once that none is late by more than the longest wait', async () => {
	const start = time.now;
	const watch = watchOf();
	const tasks = Array.from({ length: 300 }, () => task(null, { deadline: start + 120_000 }));
	for (const one of tasks) one.watch(watch);
	await time.pass(150_000);
	expect(tasks.map((one) => one.ending())).toEqual(tasks.map(() => ({ late: null })));
	const latest = Math.max(...tasks.map(({ asked }) => asked.at(-1)!));
	expect(latest).toBeLessThan(136);
	const waits = tasks.flatMap(({ asked }) => asked.map((at, index) => at - (asked[index - 1] ?? 0)));
	expect(Math.max(...waits)).toBeLessThan(35);
});

it.each([
	[30_000, 1, 20],
	[5000, Infinity, 400],
])(
	'after a pause of %i ms, asked for %p times, they are asked for one after the other, and in the end all',
	async (ms, pauses, most) => {
		const start = time.now;
		const watch = watchOf();
		const asked = new Map<number, number>();
		let left = pauses;
		const ask = async () => {
			asked.set(time.now, (asked.get(time.now) ?? 0) + 1);
			if (time.now - start < 20_000 || left === 0) return null;
			left -= 1;
			throw tooMany(ms);
		};
		const tasks = Array.from({ length: 500 }, () => task(null, { deadline: start + 180_000, ask }));
		for (const one of tasks) one.watch(watch);
		await time.pass(180_000 + 76_000);
		expect(Math.max(...asked.values())).toBeLessThan(most);
		expect(tasks.filter((one) => one.ending()).length).toBe(500);
	},
);

it('runs share it: the many tasks of one keep those of another from nothing', async () => {
	const watch = watchOf();
	for (let index = 0; index < 100; index += 1) task(null, { deadline: time.now + 600_000 }).watch(watch);
	await time.pass(100_000);
	const other = task(10, { stop: new AbortController().signal });
	other.watch(watch);
	await time.pass(40_000);
	expect(other.ending()).toEqual({ result: 'done' });
	expect(other.asked[0]).toBeLessThan(19);
});

it('only the tasks of the run that stops are given up', async () => {
	const watch = watchOf();
	const own = task(20);
	const other = task(20, { stop: new AbortController().signal });
	own.watch(watch);
	other.watch(watch);
	await time.pass(5000);
	stop.abort();
	await time.pass(30_000);
	expect([own.ending(), other.ending()]).toEqual([{ stopped: true }, { result: 'done' }]);
});

it('a question that hangs does not hold up others', async () => {
	const watch = watchOf();
	const hanging = task(null, { ask: async () => await new Promise<never>(() => {}) });
	const other = task(5);
	hanging.watch(watch);
	other.watch(watch);
	await time.pass(30_000);
	expect(other.ending()).toEqual({ result: 'done' });
	expect(hanging.ending()).toBeUndefined();
});

it('stops at once', async () => {
	const watch = watchOf();
	const one = task(null);
	const two = task(null);
	one.watch(watch);
	two.watch(watch);
	await time.pass(10_000);
	stop.abort();
	await time.pass(250);
	expect([one.ending(), two.ending()]).toEqual([{ stopped: true }, { stopped: true }]);
	const { length } = one.asked;
	await time.pass(60_000);
	expect(one.asked).toHaveLength(length);
	expect(time.sleeping).toBe(0);
});

it('is not begun where it was stopped before, or while a question was under way', async () => {
	let answer = (_value: null) => {};
	const watch = watchOf();
	const hanging = task(null, { ask: async () => await new Promise<null>((resolve) => (answer = resolve)) });
	hanging.watch(watch);
	await time.pass(5000);
	stop.abort();
	const late = task(null);
	late.watch(watch);
	await time.pass(250);
	expect(late.ending()).toEqual({ stopped: true });
	expect(hanging.ending()).toEqual({ stopped: true });
	answer(null);
	await time.pass(5000);
	expect(late.asked).toEqual([]);
});

describe('tasks that are asked for in one question', () => {
	const group = { name: '/tasks', most: 20 };

	/** So many of them are watched for a minute. @returns how many were asked for in each beat */
	async function beats(count: number, more: Partial<Question<string>>): Promise<number[]> {
		const asked = new Map<number, number>();
		const watch = watchOf();
		const ask = async () => {
			asked.set(time.now, (asked.get(time.now) ?? 0) + 1);
			return await Promise.resolve(null);
		};
		for (let index = 0; index < count; index += 1) task(null, { ask, ...more }).watch(watch);
		await time.pass(60_000);
		return [...asked.values()];
	}

	it('go with the first that is due: twenty need no more questions than one', async () => {
		const one = await beats(1, { group });
		const twenty = await beats(20, { group });
		expect(twenty).toEqual(one.map((count) => 20 * count));
		expect((await beats(20, {})).length).toBeGreaterThan(5 * twenty.length);
	});

	it('of more than twenty as many go as fill the questions', async () => {
		const all = await beats(50, { group });
		expect(Math.max(...all)).toBeLessThanOrEqual(40);
		expect(all.filter((count) => count % 20 !== 0 && count !== 50 % 20).length).toBeLessThan(all.length);
	});

	it('of more than there are places for, those that are due next go with them', async () => {
		const watch = watchOf();
		const pair = { name: '/tasks', most: 2 };
		const all = [0, 2000, 1000].map((later) => task(null, { group: pair, since: time.now + later }));
		for (const one of all) one.watch(watch);
		await time.pass(3500);
		expect(all.map(({ asked }) => asked.length)).toEqual([1, 0, 1]);
	});

	it('one that is being asked for does not go again', async () => {
		const watch = watchOf();
		let asked = 0;
		const ask = async () => {
			asked += 1;
			return await new Promise<null>(() => {});
		};
		task(null, { ask, group }).watch(watch);
		task(null, { group }).watch(watch);
		await time.pass(20_000);
		expect(asked).toBe(1);
	});

	it('others do not go with them', async () => {
		const watch = watchOf();
		const together = [task(null, { group }), task(null, { group })];
		const other = task(null, { group: { name: '/solutions', most: 20 }, since: time.now + 2000 });
		const alone = task(null, { since: time.now + 2000 });
		for (const one of [...together, other, alone]) one.watch(watch);
		await time.pass(3500);
		expect([...together, other, alone].map(({ asked }) => asked.length)).toEqual([1, 1, 0, 0]);
	});
});
