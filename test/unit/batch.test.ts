import { Account } from '../../nodes/shared/engine/account';
import { runBatch } from '../../nodes/shared/engine/batch';
import type { Failure, Outcome } from '../../nodes/shared/engine/failure';
import type { BatchTools } from '../../nodes/shared/engine/item';
import type { Lane } from '../../nodes/shared/engine/lane';
import { Reuse, type Answers } from '../../nodes/shared/engine/reuse';
import type { Task } from '../../nodes/shared/engine/task';
import { asFailure, broken, refused, refusedHere, tooMany } from './failures';
import { FakeTime, settle } from './fakeTime';

const MB = 1_000_000;

let time: FakeTime;
let stop: AbortController;
let account: Account;
let lane: Lane;
let answers: Answers<string>;
/** What happened, in order. */
let log: string[];
/** Items that failed, as told. */
let failed: string[];
/** Bodies in memory now, and the most at any time. */
let bodies: { now: number; most: number };

beforeEach(() => {
	time = new FakeTime();
	stop = new AbortController();
	account = new Account(time.clock, { maxBytes: 10 * MB });
	lane = account.join({ maxCalls: 2 });
	answers = new Map();
	log = [];
	failed = [];
	bodies = { now: 0, most: 0 };
});
afterEach(() => time.restore());

interface Script {
	/** How long the call takes, in milliseconds. */
	ms?: number;
	key?: string;
	/** Identity that is known only once the body is built. */
	bodyKey?: string;
	/** How long building the body takes, where that is done ahead. */
	aheadMs?: number;
	/** How long preparing takes. */
	prepareMs?: number;
	/** Assumed size of the body, and its size. */
	assumed?: number;
	bytes?: number;
	/** When the call is taken on, in milliseconds from its start, where that is told. */
	begunMs?: number;
	/** Where it fails. */
	fails?: 'prepare' | 'build' | 'send' | 'finish';
	error?: Error;
	/** How often it fails; otherwise always. */
	times?: number;
	/** Where it waits, beside the lane of the batch. */
	lane?: Lane;
}

function task(name: string, script: Script): Task<string, string> {
	const { ms = 10, key, bodyKey, aheadMs, fails, error = refused(), begunMs, bytes = 1 } = script;
	let failing = script.times ?? Infinity;
	const failsIn = (place: Script['fails']) => fails === place && (failing -= 1) >= 0;
	return {
		key: key ?? null,
		bytes: script.assumed ?? bytes,
		maxAttempts: 3,
		isBuiltAhead: aheadMs !== undefined,
		lane: script.lane,
		build: async () => {
			log.push(`build ${name}`);
			if (aheadMs !== undefined) await time.sleep(aheadMs);
			if (failsIn('build')) throw error;
			bodies.now += 1;
			bodies.most = Math.max(bodies.most, bodies.now);
			const recycle = () => {
				bodies.now -= 1;
				log.push(`recycle ${name}`);
			};
			const content = Buffer.alloc(bytes, ' ');
			content.write(name);
			return { bytes: content, key: bodyKey ?? null, recycle };
		},
		send: async (body, begun) => {
			const sent = body.toString('latin1').trim() || name;
			log.push(`send ${sent}`);
			if (begunMs !== undefined) {
				await time.sleep(begunMs);
				begun();
			}
			await time.sleep(ms);
			if (failsIn('send')) throw error;
			return `answer ${sent}`;
		},
		finish: async (answer, reused) => {
			if (fails === 'finish') throw error;
			return `${name}: ${answer}${reused ? ', reused' : ''}`;
		},
	};
}

interface RunOptions {
	stopOnError?: boolean;
	reuse?: boolean;
	mayShare?: (failure: Failure) => boolean;
	/** Absent: each item just before its turn. */
	preparesAllFirst?: boolean;
}

const start = (
	scripts: Script[],
	{ stopOnError = false, reuse = true, mayShare = () => true, preparesAllFirst }: RunOptions = {},
) => {
	const tools: BatchTools<string> = {
		preparesAllFirst,
		lane,
		clock: time.clock,
		asFailure,
		stop: stop.signal,
		reuse: reuse ? new Reuse(answers) : null,
		mayShare,
		failed: (index, failure) => {
			failed.push(`${index}: ${failure.message}`);
			if (stopOnError) halt();
		},
	};
	const prepare = async (index: number) => {
		const script = scripts[index]!;
		const name = String(index % 10);
		log.push(`prepare ${name}`);
		if (script.prepareMs !== undefined) await time.sleep(script.prepareMs);
		if (script.fails === 'prepare') throw script.error ?? refusedHere();
		return task(name, script);
	};
	return runBatch(scripts.length, prepare, tools);
};

function halt(): void {
	stop.abort();
	lane.close();
}

async function run(scripts: Script[], options: RunOptions = {}): Promise<Array<Outcome<string>>> {
	const outcomes = start(scripts, options);
	await time.pass(1_000_000);
	return await outcomes;
}

const words = (outcomes: Array<Outcome<string>>): string[] =>
	outcomes.map((outcome) => {
		if ('result' in outcome) return outcome.result;
		return 'failure' in outcome
			? outcome.failure.message
			: `interrupted: ${outcome.interrupted === null ? 'not begun' : outcome.interrupted.message}`;
	});
const sent = () => log.filter((line) => line.startsWith('send'));

it('no items, no outcomes', async () => {
	expect(await run([])).toEqual([]);
});

it('the outcomes are in the order of the items, whatever the order of the answers', async () => {
	const outcomes = await run([{ ms: 300 }, { ms: 5 }, { ms: 100 }, { ms: 1 }]);
	expect(words(outcomes)).toEqual(['0: answer 0', '1: answer 1', '2: answer 2', '3: answer 3']);
	expect(account.served).toBe(4);
});

it('the account is told how many calls are to come', async () => {
	const expected = jest.spyOn(lane, 'expect');
	await run([{}, {}, { fails: 'prepare' }, {}]);
	expect(expected.mock.calls.flat()).toEqual([4, 3, 1, 0]);
});

it('an item is prepared just before its turn', async () => {
	const outcomes = run([{}, {}, {}, {}]);
	expect(log).toEqual(['prepare 0']);
	await outcomes;
	expect(log.indexOf('prepare 3')).toBeGreaterThan(log.indexOf('recycle 0'));
});

it.each(['prepare', 'build', 'send', 'finish'] as const)(
	'an item that fails in %s leaves the others alone, and is told once',
	async (fails) => {
		const outcomes = await run([{}, { fails, error: refusedHere('no 1') }, {}]);
		expect(words(outcomes)).toEqual(['0: answer 0', 'no 1', '2: answer 2']);
		expect(failed).toEqual(['1: no 1']);
	},
);

it.each([
	['an Error', new Error('from n8n'), 'from n8n'],
	['one without words', new Error(''), 'unknown'],
])('%s of another kind becomes a failure', async (_name, error, message) => {
	expect(words(await run([{ fails: 'prepare', error }]))).toEqual([message]);
});

describe('a body', () => {
	it('is given back once, as soon as the call was taken on, and the slot stays', async () => {
		const outcomes = start([{ begunMs: 50, ms: 1000, bytes: 8 * MB }, { bytes: 8 * MB }, {}]);
		await time.pass(49);
		expect(sent()).toEqual(['send 0']);
		await time.pass(2);
		expect(log.filter((line) => line === 'recycle 0')).toHaveLength(1);
		expect(sent()).toEqual(['send 0', 'send 1']);
		expect(account.running).toBe(2);
		await time.pass(2000);
		expect(words(await outcomes)).toHaveLength(3);
		expect(log.filter((line) => line === 'recycle 0')).toHaveLength(1);
	});

	it.each([
		['without an answer may be on its way still: its buffer is not used again', broken(), 1],
		['that was never begun was answered: its buffer is', tooMany(), 2],
	])('of a call %s', async (_name, error, recycled) => {
		const outcomes = await run([{ fails: 'send', error, times: 1 }]);
		expect(words(outcomes)).toEqual(['0: answer 0']);
		expect(log.filter((line) => line === 'recycle 0')).toHaveLength(recycled);
	});
});

describe('bodies that are built ahead', () => {
	it('are built side by side, before a slot is taken', async () => {
		const outcomes = start([{ aheadMs: 100 }, { aheadMs: 100 }, { aheadMs: 100 }, { aheadMs: 100 }]);
		await time.pass(99);
		expect(log.filter((line) => line.startsWith('build'))).toHaveLength(4);
		expect(account.running).toBe(0);
		await time.pass(1000);
		expect(words(await outcomes)).toEqual(['0: answer 0', '1: answer 1', '2: answer 2', '3: answer 3']);
	});

	it('are built once for all attempts', async () => {
		const outcomes = await run([{ aheadMs: 100, fails: 'send', error: broken(), times: 2 }]);
		expect(words(outcomes)).toEqual(['0: answer 0']);
		expect(sent()).toHaveLength(3);
		expect(log.filter((line) => line === 'build 0')).toHaveLength(1);
	});

	it.each([
		['without an answer', broken(), []],
		['that was never begun', tooMany(), ['recycle 0']],
	])('after a try %s are kept for the next', async (_name, error, recycled) => {
		await run([{ aheadMs: 100, fails: 'send', error, times: 1 }]);
		expect(log.slice(2)).toEqual(['send 0', 'send 0', ...recycled]);
	});

	it('that fail take no slot, and leave the others alone', async () => {
		const outcomes = await run([{ aheadMs: 10 }, { aheadMs: 10, fails: 'build', error: refusedHere('no 1') }, {}]);
		expect(words(outcomes)).toEqual(['0: answer 0', 'no 1', '2: answer 2']);
		expect(failed).toEqual(['1: no 1']);
	});

	it('book what is assumed until they are there, and then what they have', async () => {
		const outcomes = start([
			{ aheadMs: 100, assumed: 6 * MB, bytes: MB, ms: 1000 },
			{ aheadMs: 100, assumed: 6 * MB, bytes: 2 * MB, ms: 1000 },
			{ aheadMs: 100, assumed: 8 * MB, bytes: 8 * MB, ms: 1000 },
		]);
		const built = () => log.filter((line) => line.startsWith('build'));
		await time.pass(50);
		expect(built()).toEqual(['build 0']);
		await time.pass(100);
		expect(built()).toEqual(['build 0', 'build 1']);
		await time.pass(200);
		expect(built()).toEqual(['build 0', 'build 1']);
		await time.pass(10_000);
		expect(built()).toEqual(['build 0', 'build 1', 'build 2']);
		expect(words(await outcomes)).toHaveLength(3);
	});

	it('give their memory back, however the item ends', async () => {
		const body = { aheadMs: 1, bytes: 9 * MB };
		await run([
			body,
			{ ...body, fails: 'build' },
			{ ...body, fails: 'send' },
			{ ...body, fails: 'finish' },
			{ ...body, fails: 'send', error: broken() },
		]);
		const whole = await account.memory.book(10 * MB, {});
		expect(whole).not.toBeNull();
	});

	it('are ten at most that wait for a slot, of 1000 items', async () => {
		const outcomes = await run(Array<Script>(1000).fill({ aheadMs: 1, ms: 100 }));
		expect(words(outcomes).filter((word) => word.includes('answer'))).toHaveLength(1000);
		expect(bodies.now).toBe(0);
		expect(bodies.most).toBeLessThanOrEqual(12);
	});

	it('where everything stops meanwhile, are not begun', async () => {
		const outcomes = start([{ aheadMs: 100 }, { aheadMs: 100, fails: 'build' }, { aheadMs: 100 }]);
		await time.pass(50);
		halt();
		await time.pass(1000);
		expect(words(await outcomes)).toEqual(Array(3).fill('interrupted: not begun'));
		expect(sent()).toEqual([]);
		expect(failed).toEqual([]);
	});
});

describe('stop on error', () => {
	it('nothing begins after a failure; what was sent is waited for', async () => {
		const outcomes = await run([{ ms: 500 }, { ms: 10, fails: 'send' }, {}, {}], { stopOnError: true });
		expect(words(outcomes)).toEqual(['0: answer 0', 'refused', 'interrupted: not begun', 'interrupted: not begun']);
		expect(sent()).toEqual(['send 0', 'send 1']);
	});

	it('an input that is refused stops the rest', async () => {
		const outcomes = await run([{}, { fails: 'prepare' }, {}], { stopOnError: true });
		expect(words(outcomes)).toEqual(['0: answer 0', 'refused here', 'interrupted: not begun']);
		expect(log).not.toContain('prepare 2');
	});

	it.each([
		['its next try', broken({ retryAfterMs: 200_000 })],
		['a place', tooMany({ minimumWaitMs: 200_000 })],
	])('a call that waits for %s is interrupted: only what stopped the batch failed', async (_name, error) => {
		const outcomes = await run(
			[
				{ ms: 10, fails: 'send', error },
				{ ms: 50, fails: 'send' },
			],
			{ stopOnError: true },
		);
		expect(words(outcomes)).toEqual([`interrupted: ${error.message}`, 'refused']);
		expect(failed).toEqual(['1: refused']);
		expect(sent()).toHaveLength(2);
	});
});

describe('where all are prepared before the first begins', () => {
	const FIRST = { preparesAllFirst: true };
	const PREPARED = ['prepare 0', 'prepare 1', 'prepare 2', 'prepare 3'];

	it('they are, in their order, and then begin in their order', async () => {
		const outcomes = await run([{ prepareMs: 50 }, { prepareMs: 10 }, {}, { prepareMs: 1 }], FIRST);
		expect(log.slice(0, 4)).toEqual(PREPARED);
		expect(sent()).toEqual(['send 0', 'send 1', 'send 2', 'send 3']);
		expect(words(outcomes)).toEqual(['0: answer 0', '1: answer 1', '2: answer 2', '3: answer 3']);
	});

	it('one that is refused is told as soon as it is, the others begin after all were prepared', async () => {
		const outcomes = start([{}, { fails: 'prepare' }, { prepareMs: 100 }, {}], FIRST);
		await time.pass(50);
		expect(failed).toEqual(['1: refused here']);
		expect(log).toEqual(PREPARED.slice(0, 3));
		await time.pass(1000);
		expect(log.slice(0, 4)).toEqual(PREPARED);
		expect(sent()).toEqual(['send 0', 'send 2', 'send 3']);
		expect(words(await outcomes)).toEqual(['0: answer 0', 'refused here', '2: answer 2', '3: answer 3']);
		expect(failed).toEqual(['1: refused here']);
	});

	it.each([0, 1, 3])('one that is refused (%i) and stops all: nothing begins, and nothing more is prepared', async (at) => {
		const scripts = Array<Script>(4).fill({});
		scripts[at] = { fails: 'prepare' };
		const outcomes = await run(scripts, { ...FIRST, stopOnError: true });
		const expected = Array<string>(4).fill('interrupted: not begun');
		expected[at] = 'refused here';
		expect(words(outcomes)).toEqual(expected);
		expect(log).toEqual(PREPARED.slice(0, at + 1));
		expect(failed).toEqual([`${at}: refused here`]);
	});

	it('nothing begins where everything stops meanwhile', async () => {
		const outcomes = start([{}, { prepareMs: 100 }, {}, {}], FIRST);
		await time.pass(50);
		halt();
		await time.pass(1000);
		expect(words(await outcomes)).toEqual(Array(4).fill('interrupted: not begun'));
		expect(log).toEqual(['prepare 0', 'prepare 1']);
		expect(failed).toEqual([]);
	});

	it('one that fails later stops those that have not begun, and what was refused before stays told', async () => {
		const outcomes = await run([{ ms: 10, fails: 'send' }, { ms: 500 }, {}, {}], { ...FIRST, stopOnError: true });
		expect(words(outcomes)).toEqual(['refused', '1: answer 1', 'interrupted: not begun', 'interrupted: not begun']);
		expect(log.slice(0, 4)).toEqual(PREPARED);
		expect(sent()).toEqual(['send 0', 'send 1']);
	});

	it('none begins in a lane of its own either, where one that was refused stops all', async () => {
		const other = new Account(time.clock).join({ maxCalls: 1 });
		const outcomes = await run([{ lane: other }, { lane: other, fails: 'prepare' }], { ...FIRST, stopOnError: true });
		expect(words(outcomes)).toEqual(['interrupted: not begun', 'refused here']);
		expect(log).toEqual(['prepare 0', 'prepare 1']);
	});

	it('those with lanes of their own wait, too', async () => {
		const other = new Account(time.clock).join({ maxCalls: 1 });
		const expected = jest.spyOn(other, 'expect');
		const outcomes = start([{ lane: other }, { lane: other, prepareMs: 100 }, { lane: other }], FIRST);
		await time.pass(99);
		expect(sent()).toEqual([]);
		expect(expected).not.toHaveBeenCalled();
		await time.pass(1000);
		expect(words(await outcomes)).toEqual(['0: answer 0', '1: answer 1', '2: answer 2']);
	});
});

describe('identical inputs', () => {
	it('with a key known before are sent once', async () => {
		const outcomes = await run([{ key: 'a', ms: 100 }, { key: 'a' }, { key: 'b' }, { key: 'a' }]);
		expect(words(outcomes)).toEqual(['0: answer 0', '1: answer 0, reused', '2: answer 2', '3: answer 0, reused']);
		expect(sent()).toEqual(['send 0', 'send 2']);
		expect(log).not.toContain('build 1');
	});

	it('with a key known by the body alone are sent once, and give the memory back', async () => {
		const outcomes = await run([{ bodyKey: 'a', ms: 100 }, { bodyKey: 'a' }, { bodyKey: 'a' }]);
		expect(words(outcomes)).toEqual(['0: answer 0', '1: answer 0, reused', '2: answer 0, reused']);
		expect(sent()).toEqual(['send 0']);
		expect(log.filter((line) => line.startsWith('recycle')).sort()).toEqual(['recycle 0', 'recycle 1', 'recycle 2']);
		expect(account.served).toBe(1);
	});

	it('of which one has a key before and the other by its body', async () => {
		const outcomes = await run([
			{ key: 'id-1', bodyKey: 'a', ms: 100 },
			{ bodyKey: 'a' },
			{ key: 'id-1' },
			{ key: 'id-2', bodyKey: 'a' },
		]);
		expect(words(outcomes).map((word) => word.slice(3))).toEqual(['answer 0', ...Array<string>(3).fill('answer 0, reused')]);
		expect(sent()).toEqual(['send 0']);
	});

	it('that are built ahead are sent once, too', async () => {
		const ahead = { aheadMs: 100, bytes: 2 * MB };
		const outcomes = await run([
			{ key: 'a', bodyKey: 'x', ...ahead },
			{ key: 'a', bodyKey: 'x', ...ahead },
			{ key: 'b', bodyKey: 'x', ...ahead },
		]);
		expect(words(outcomes)).toEqual(['0: answer 0', '1: answer 0, reused', '2: answer 0, reused']);
		expect(sent()).toEqual(['send 0']);
		expect(log).not.toContain('build 1');
		expect(bodies.now).toBe(0);
		expect(await account.memory.book(10 * MB, {})).not.toBeNull();
	});

	it('share a failure, where that holds for all; each is told', async () => {
		const outcomes = await run([{ key: 'a', fails: 'send' }, { key: 'a' }, { key: 'a' }]);
		expect(words(outcomes)).toEqual(['refused', 'refused', 'refused']);
		expect(sent()).toEqual(['send 0']);
		expect(failed.sort()).toEqual(['0: refused', '1: refused', '2: refused']);
	});

	it.each(['key', 'bodyKey'])('do not share a failure that is none of theirs (same %s)', async (kind) => {
		const same = { [kind]: 'a' };
		const outcomes = await run([{ ...same, fails: 'send', ms: 100 }, same, same], { mayShare: () => false });
		expect(words(outcomes)[0]).toBe('refused');
		expect(words(outcomes).slice(1).sort()).toEqual(['1: answer 1', '2: answer 2']);
		expect(failed).toEqual(['0: refused']);
		expect(account.running).toBe(0);
	});

	it('do not share a refusal of our own', async () => {
		const outcomes = await run([{ key: 'a', fails: 'build', error: refusedHere() }, { key: 'a' }]);
		expect(words(outcomes)).toEqual(['refused here', '1: answer 1']);
		expect(failed).toEqual(['0: refused here']);
	});

	it('that do their own work take an answer that is there by then', async () => {
		lane = account.join({ maxCalls: 1 });
		const outcomes = await run([{ key: 'a', fails: 'send' }, { key: 'a' }, { key: 'a' }, { key: 'a', aheadMs: 1 }], {
			mayShare: () => false,
		});
		expect(words(outcomes)).toEqual(['refused', '1: answer 1', '2: answer 1, reused', '3: answer 1, reused']);
		expect(sent()).toEqual(['send 0', 'send 1']);
		expect(account.served).toBe(1);
	});

	it('are kept by their keys, others not at all', async () => {
		await run([{}, { key: 'a' }, { bodyKey: 'b' }]);
		expect([...answers.keys()]).toEqual(['a', 'b']);
	});

	it('are tried again as one', async () => {
		const outcomes = await run([{ bodyKey: 'a', fails: 'send', error: broken({ retryAfterMs: 0 }) }, { bodyKey: 'a' }]);
		expect(words(outcomes)).toEqual(['broken', 'broken']);
		expect(sent()).toEqual(['send 0', 'send 0', 'send 0']);
	});

	it('are each sent where reuse is off', async () => {
		const outcomes = await run([{ key: 'a' }, { key: 'a' }, { bodyKey: 'a' }, { bodyKey: 'a' }], { reuse: false });
		expect(words(outcomes)).toEqual(['0: answer 0', '1: answer 1', '2: answer 2', '3: answer 3']);
	});

	it('what is finished differently stays different', async () => {
		const outcomes = await run([{ key: 'a' }, { key: 'a', fails: 'finish' }, { key: 'a' }]);
		expect(words(outcomes)).toEqual(['0: answer 0', 'refused', '2: answer 0, reused']);
	});

	it('of a run whose items nobody saw count in full, once', async () => {
		await run([{ key: 'a' }, { key: 'b' }]);
		const again = await run([{ key: 'a' }, { key: 'a' }, { key: 'b' }, { key: 'c' }]);
		expect(words(again)).toEqual(['0: answer 0', '1: answer 0, reused', '2: answer 1', '3: answer 3']);
	});

	it('hold no slot while they wait for each other', async () => {
		const outcomes = start([{ bodyKey: 'a', ms: 1000 }, { bodyKey: 'a' }, { bodyKey: 'a' }, { ms: 10 }]);
		await time.pass(100);
		expect(sent()).toEqual(['send 0', 'send 3']);
		await time.pass(2000);
		await outcomes;
	});
});

it('where the lane is closed, what waits is not begun', async () => {
	lane.close();
	const outcomes = await run([{}, {}, { aheadMs: 1 }]);
	expect(words(outcomes)).toEqual(Array(3).fill('interrupted: not begun'));
	expect(sent()).toEqual([]);
	expect(failed).toEqual([]);
});

it('a run that was cancelled leaves its places to others, even where its calls never end', async () => {
	const endless = start([{ ms: 1e9 }, { ms: 1e9 }, {}]);
	await time.pass(10);
	expect(account.running).toBe(2);
	halt();
	lane.leave();
	expect(account.running).toBe(0);
	void endless;
	lane = account.join({ maxCalls: 2 });
	stop = new AbortController();
	expect(words(await run([{}, {}]))).toEqual(['0: answer 0', '1: answer 1']);
});

it('at a limited account many runs of one item each all succeed, most of them without a rejection', async () => {
	lane.leave();
	let busy = 0;
	let calls = 0;
	const send = async () => {
		calls += 1;
		if (busy >= 4) {
			await time.sleep(20);
			throw tooMany();
		}
		busy += 1;
		await time.sleep(500);
		busy -= 1;
		return 'answer';
	};
	const begun = time.now;
	const runs = Array.from({ length: 60 }, async (_, index) => {
		const own = account.join({ maxCalls: 10 });
		const tools: BatchTools<string> = {
			lane: own,
			clock: time.clock,
			asFailure,
			stop: stop.signal,
			reuse: null,
			mayShare: () => true,
			failed: () => {},
		};
		const [outcome] = await runBatch(1, async () => ({ ...task(String(index), {}), maxAttempts: 1, send }), tools);
		own.leave();
		return { outcome, ms: time.now - begun };
	});
	await time.pass(60_000);
	const ended = await Promise.all(runs);
	expect(ended.filter(({ outcome }) => 'result' in outcome!)).toHaveLength(60);
	expect(calls - 60).toBeLessThanOrEqual(12);
	// 15 rounds of 4 calls.
	expect(Math.max(...ended.map(({ ms }) => ms))).toBeLessThanOrEqual(15 * 500 * 1.1);
	await settle();
	expect(account.inUse).toBe(false);
});

describe('items with a lane of their own', () => {
	it('wait there for their turn, and hold up nobody behind them', async () => {
		const other = new Account(time.clock).join({ maxCalls: 1 });
		const outcomes = start([{ ms: 100, lane: other }, { ms: 100, lane: other }, { ms: 100, lane: other }, { ms: 100 }]);
		await settle();
		expect(sent().sort()).toEqual(['send 0', 'send 3']);
		await time.pass(100);
		expect(sent().sort()).toEqual(['send 0', 'send 1', 'send 3']);
		await time.pass(1000);
		expect(words(await outcomes)).toEqual(['0: answer 0', '1: answer 1', '2: answer 2', '3: answer 3']);
	});

	it('hold up nobody, however many they are, and each account is told how many wait for it', async () => {
		const other = new Account(time.clock).join({ maxCalls: 1 });
		const expected = jest.spyOn(other, 'expect');
		const outcomes = start([...Array<Script>(20).fill({ lane: other }), {}]);
		await settle();
		expect(log).toContain('prepare 0');
		expect(sent()).toHaveLength(2);
		expect(expected).toHaveBeenLastCalledWith(19);
		await time.pass(1000);
		expect(words(await outcomes)).toHaveLength(21);
		expect(expected).toHaveBeenLastCalledWith(0);
	});

	it('are not begun once that lane is closed', async () => {
		const other = new Account(time.clock).join({ maxCalls: 1 });
		const outcomes = start([
			{ ms: 100, lane: other },
			{ ms: 100, lane: other },
		]);
		await settle();
		halt();
		other.close();
		await time.pass(1000);
		expect(words(await outcomes)).toEqual(['0: answer 0', 'interrupted: not begun']);
		expect(failed).toEqual([]);
	});
});
