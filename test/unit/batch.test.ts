import { runBatch, type BatchTools } from '../../nodes/shared/engine/batch';
import { CallLevel } from '../../nodes/shared/engine/callLevel';
import type { Failure, Outcome } from '../../nodes/shared/engine/failure';
import { Gate } from '../../nodes/shared/engine/gate';
import type { Begun, Body, Job } from '../../nodes/shared/engine/job';
import { Lane } from '../../nodes/shared/engine/lane';
import { Reuse, type Answers } from '../../nodes/shared/engine/reuse';
import { Room } from '../../nodes/shared/engine/room';
import type { Verdict } from '../../nodes/shared/engine/slot';
import { Turns } from '../../nodes/shared/engine/turns';
import { asFailure, broken, refused, refusedHere, tooMany } from './failures';
import { FakeTime, settle } from './fakeTime';

const MB = 1_000_000;

let time: FakeTime;
let stop: AbortController;
let gate: Gate;
let memory: Room;
/** Room for what is fetched. */
let files: Room;
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
	memory = new Room(10 * MB);
	files = new Room(10 * MB);
	gate = new Gate(time.clock, new CallLevel(), memory);
	lane = laneOf(2);
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
	/** How long it takes to fetch what the body is made of, where something is. */
	fetchMs?: number;
	/** How long preparing takes; and building the body. */
	prepareMs?: number;
	buildMs?: number;
	bytes?: number;
	payer?: string;
	/** When the call is taken on, in milliseconds from its start, where that is told. */
	begunMs?: number;
	begunAs?: Verdict;
	isOfRun?: boolean;
	/** Where it fails. */
	fails?: 'prepare' | 'fetch' | 'build' | 'send' | 'finish';
	error?: Error;
	/** How often it fails; otherwise always. */
	times?: number;
	/** Where it waits, if not in the lane of the others. */
	lane?: Lane;
}

const laneOf = (maxCalls: number): Lane => new Lane(gate, new Room(maxCalls));

function job(name: string, script: Script): Job<string, string> {
	const { ms = 10, key, bodyKey, fetchMs, fails, error = refused(), begunMs, begunAs = 'accepted', bytes = 1 } = script;
	let failing = script.times ?? Infinity;
	const failsIn = (place: Script['fails']) => fails === place && (failing -= 1) >= 0;
	const build = async (): Promise<Body> => {
		log.push(`build ${name}`);
		if (script.buildMs) await time.sleep(script.buildMs);
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
	};
	const fetch = async () => {
		log.push(`fetch ${name}`);
		await time.sleep(fetchMs!);
		if (failsIn('fetch')) throw error;
		return { bytes, build, free: files.take(bytes).free };
	};
	return {
		key: key ?? null,
		scope: 'scope',
		payer: script.payer ?? name,
		isOfRun: script.isOfRun,
		body: fetchMs === undefined ? { bytes, build } : { fetch },
		maxAttempts: 3,
		patienceMs: 600_000,
		lane: script.lane ?? lane,
		send: async (body: Buffer, begun: Begun) => {
			const sent = body.toString('latin1').trim() || name;
			log.push(`send ${sent}`);
			if (begunMs !== undefined) {
				await time.sleep(begunMs);
				begun(begunAs);
			}
			await time.sleep(ms);
			if (failsIn('send')) throw error;
			return `answer ${sent}`;
		},
		finish: async (answer: string, reused: boolean) => {
			if (fails === 'finish') throw error;
			return `${name}: ${answer}${reused ? ', reused' : ''}`;
		},
	};
}

interface RunOptions {
	stopOnError?: boolean;
	reuse?: boolean;
	mayShare?: (failure: Failure) => boolean;
	preparesAllFirst?: boolean;
}

/** Of a run that reuses nothing, and goes on after a failure. */
const plain = (): BatchTools<string> => ({
	preparesAllFirst: false,
	turns: new Turns(time.clock),
	clock: time.clock,
	asFailure,
	stop: stop.signal,
	reuse: null,
	mayShare: () => true,
	failed: () => {},
});

const start = (
	scripts: Script[],
	{ stopOnError = false, reuse = true, mayShare = () => true, preparesAllFirst = false }: RunOptions = {},
) => {
	const tools: BatchTools<string> = {
		...plain(),
		preparesAllFirst,
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
		return job(name, script);
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
});

it('the lane is told how many calls are to come', async () => {
	const expected: number[] = [];
	Object.defineProperty(lane, 'toCome', { set: (toCome: number) => expected.push(toCome) });
	await run([{}, {}, { fails: 'prepare' }, {}]);
	expect(expected).toEqual([4, 3, 1]);
});

it('an item is prepared just before its turn', async () => {
	const outcomes = start([{}, {}, {}, {}]);
	await settle();
	expect(log).toContain('prepare 2');
	expect(log).not.toContain('prepare 3');
	await time.pass(1000);
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
		await time.pass(2000);
		expect(words(await outcomes)).toHaveLength(3);
		expect(log.filter((line) => line === 'recycle 0')).toHaveLength(1);
	});

	it('stays as it is while nobody knows whether the call was taken on', async () => {
		const outcomes = start([{ begunMs: 50, begunAs: 'neutral', ms: 1000 }]);
		await time.pass(1000);
		expect(log).not.toContain('recycle 0');
		await time.pass(1000);
		expect(log).toContain('recycle 0');
		expect(words(await outcomes)).toEqual(['0: answer 0']);
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

describe('what is fetched before its turn', () => {
	it('is fetched side by side, before a slot is taken', async () => {
		const outcomes = start([{ fetchMs: 100 }, { fetchMs: 100 }, { fetchMs: 100 }, { fetchMs: 100 }]);
		await time.pass(99);
		expect(log.filter((line) => line.startsWith('fetch'))).toHaveLength(4);
		expect(lane.mayGo).toBe(true);
		expect(log).not.toContain('build 0');
		await time.pass(1000);
		expect(words(await outcomes)).toEqual(['0: answer 0', '1: answer 1', '2: answer 2', '3: answer 3']);
	});

	it('is fetched once for all attempts', async () => {
		const outcomes = await run([{ fetchMs: 100, fails: 'send', error: broken(), times: 2 }]);
		expect(words(outcomes)).toEqual(['0: answer 0']);
		expect(sent()).toHaveLength(3);
		expect(log.filter((line) => line === 'fetch 0')).toHaveLength(1);
		expect(log.filter((line) => line === 'build 0')).toHaveLength(3);
	});

	it('where it fails takes no slot, and leaves the others alone', async () => {
		const outcomes = await run([{ fetchMs: 10 }, { fetchMs: 10, fails: 'fetch', error: refusedHere('no 1') }, {}]);
		expect(words(outcomes)).toEqual(['0: answer 0', 'no 1', '2: answer 2']);
		expect(failed).toEqual(['1: no 1']);
	});

	it('needs no memory of the account until its turn: one from a host that hangs keeps nobody from going', async () => {
		const outcomes = start([{ fetchMs: 1e6 - 100, bytes: 9 * MB }]);
		const other = job('other', { bytes: 9 * MB, lane: laneOf(1) });
		const quick = runBatch(1, async () => other, plain());
		await time.pass(100);
		expect(await quick).toEqual([{ result: 'other: answer other' }]);
		await time.pass(2e6);
		expect(words(await outcomes)).toEqual(['0: answer 0']);
	});

	it('gives its memory back, however the item ends', async () => {
		const body = { fetchMs: 1, bytes: 9 * MB };
		await run([
			body,
			{ ...body, fails: 'fetch' },
			{ ...body, fails: 'build' },
			{ ...body, fails: 'send' },
			{ ...body, fails: 'finish' },
			{ ...body, fails: 'send', error: broken() },
		]);
		expect([memory.fits(10 * MB), files.fits(10 * MB)]).toEqual([true, true]);
	});

	it('is given back once, as soon as the call was taken on, and what it began goes on', async () => {
		const outcomes = start([{ fetchMs: 10, begunMs: 50, ms: 1000, bytes: 9 * MB }]);
		await time.pass(59);
		expect(files.fits(10 * MB)).toBe(false);
		await time.pass(2);
		expect(files.fits(10 * MB)).toBe(true);
		files.take(9 * MB);
		await time.pass(2000);
		expect(words(await outcomes)).toEqual(['0: answer 0']);
		expect(files.fits(2 * MB)).toBe(false);
	});

	it('is for ten items at most that wait for a slot, of 1000', async () => {
		let most = 0;
		let now = 0;
		const take = files.take.bind(files);
		jest.spyOn(files, 'take').mockImplementation((bytes) => {
			now += 1;
			most = Math.max(most, now);
			const taken = take(bytes);
			return {
				free: () => {
					now -= 1;
					taken.free();
				},
			};
		});
		const outcomes = await run(Array<Script>(1000).fill({ fetchMs: 1, ms: 100 }));
		expect(words(outcomes).filter((word) => word.includes('answer'))).toHaveLength(1000);
		expect(now).toBe(0);
		expect(most).toBeLessThanOrEqual(12);
	});

	it('where everything stops meanwhile, nothing is sent', async () => {
		const outcomes = start([{ fetchMs: 100 }, { fetchMs: 100, fails: 'fetch' }, { fetchMs: 100 }]);
		await time.pass(50);
		halt();
		await time.pass(1000);
		expect(words(await outcomes)).toEqual(Array(3).fill('interrupted: not begun'));
		expect(sent()).toEqual([]);
		expect(failed).toEqual([]);
	});
});

describe('stop on error', () => {
	it('where everything stops while its body is built, it is not sent', async () => {
		const outcomes = start([{ buildMs: 1000 }]);
		await time.pass(500);
		halt();
		await time.pass(1000);
		expect(words(await outcomes)).toEqual(['interrupted: not begun']);
		expect(log).toEqual(['prepare 0', 'build 0', 'recycle 0']);
	});

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

	it('they wait side by side, each in its lane, and none holds up another', async () => {
		const other = new Lane(new Gate(time.clock, new CallLevel(), memory), new Room(1));
		const outcomes = start([{ ms: 100, lane: other }, { ms: 100, lane: other }, { ms: 100, lane: other }, { ms: 100 }], FIRST);
		await settle();
		expect(sent().sort()).toEqual(['send 0', 'send 3']);
		await time.pass(100);
		expect(sent().sort()).toEqual(['send 0', 'send 1', 'send 3']);
		await time.pass(1000);
		expect(words(await outcomes)).toEqual(['0: answer 0', '1: answer 1', '2: answer 2', '3: answer 3']);
	});

	it('what is fetched is fetched for ten at most', async () => {
		const outcomes = start(Array<Script>(30).fill({ fetchMs: 100 }), FIRST);
		await time.pass(99);
		expect(log.filter((line) => line.startsWith('fetch'))).toHaveLength(10);
		await time.pass(10_000);
		expect(words(await outcomes).filter((word) => word.includes('answer'))).toHaveLength(30);
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

	it('that are fetched before are sent once, too', async () => {
		const fetched = { fetchMs: 100, bytes: 2 * MB };
		const outcomes = await run([
			{ key: 'a', bodyKey: 'x', ...fetched },
			{ key: 'a', bodyKey: 'x', ...fetched },
			{ key: 'b', bodyKey: 'x', ...fetched },
		]);
		expect(words(outcomes)).toEqual(['0: answer 0', '1: answer 0, reused', '2: answer 0, reused']);
		expect(sent()).toEqual(['send 0']);
		expect(log).not.toContain('fetch 1');
		expect(bodies.now).toBe(0);
		expect([memory.fits(10 * MB), files.fits(10 * MB)]).toEqual([true, true]);
	});

	it('share a failure, where that holds for all; each is told', async () => {
		const outcomes = await run([{ key: 'a', fails: 'send' }, { key: 'a' }, { key: 'a' }]);
		expect(words(outcomes)).toEqual(['refused', 'refused', 'refused']);
		expect(sent()).toEqual(['send 0']);
		expect(failed.sort()).toEqual(['0: refused', '1: refused', '2: refused']);
	});

	it('share it with one that comes later', async () => {
		expect(
			words(
				await run([
					{ key: 'a', fails: 'send' },
					{ key: 'a', prepareMs: 1000 },
				]),
			),
		).toEqual(['refused', 'refused']);
		expect(sent()).toEqual(['send 0']);
	});

	it.each(['key', 'bodyKey'])('do not share a failure that is none of theirs (same %s)', async (kind) => {
		const same = { [kind]: 'a' };
		const outcomes = await run([{ ...same, fails: 'send', ms: 100 }, same, same], { mayShare: () => false });
		expect(words(outcomes)[0]).toBe('refused');
		expect(words(outcomes).slice(1)).toEqual(['1: answer 1', '2: answer 1, reused']);
		expect(failed).toEqual(['0: refused']);
	});

	it('do not share a refusal of our own', async () => {
		const outcomes = await run([{ key: 'a', fails: 'build', error: refusedHere() }, { key: 'a' }]);
		expect(words(outcomes)).toEqual(['refused here', '1: answer 1']);
		expect(failed).toEqual(['0: refused here']);
	});

	it('after one that was not sent, the next is tried as often as any', async () => {
		const outcomes = await run([
			{ key: 'a', fails: 'build', error: refusedHere() },
			{ key: 'a', fails: 'send', error: broken(), times: 2 },
		]);
		expect(words(outcomes)).toEqual(['refused here', '1: answer 1']);
	});

	it.each(['key', 'bodyKey'])('after a time-out one of them leads, and the others wait (same %s)', async (kind) => {
		lane = laneOf(20);
		const late = { [kind]: 'a', fails: 'send' as const, ms: 1000 };
		const outcomes = start([late, late, ...Array<Script>(10).fill({ [kind]: 'a', ms: 100 })], { mayShare: () => false });
		await time.pass(1500);
		expect(sent()).toEqual(['send 0', 'send 1']);
		await time.pass(10_000);
		const reused = Array.from({ length: 9 }, (_, index) => `${(index + 3) % 10}: answer 2, reused`);
		expect(words(await outcomes)).toEqual(['refused', 'refused', '2: answer 2', ...reused]);
		expect(sent()).toEqual(['send 0', 'send 1', 'send 2']);
	});

	it('after one was tried as often as may be without an answer, the others are tried once each', async () => {
		const late = { key: 'a', fails: 'send' as const, error: broken({ retryAfterMs: 0 }) };
		const outcomes = await run([late, late, late], { mayShare: () => false });
		expect(words(outcomes)).toEqual(['broken', 'broken', 'broken']);
		expect(sent()).toEqual(['send 0', 'send 0', 'send 0', 'send 1', 'send 2']);
	});

	it('of which the one that leads is stopped are stopped as well', async () => {
		const outcomes = start([{ key: 'a', fails: 'send', error: broken({ retryAfterMs: 10_000 }) }, { key: 'a' }]);
		await time.pass(1000);
		halt();
		await time.pass(100_000);
		expect(words(await outcomes)).toEqual(['interrupted: broken', 'interrupted: not begun']);
	});

	it.each<[string, Error]>([
		['stops', broken()],
		['loses patience', broken({ retryAfterMs: 86_400_000 })],
	])('wait each for the one before: a thousand end as quickly as they come where everything %s', async (what, error) => {
		const find = jest.spyOn(Reuse.prototype, 'find');
		const outcomes = start([{ key: 'a', ms: 1000, fails: 'send', error }, ...Array<Script>(1000).fill({ key: 'a' })], {
			mayShare: () => false,
		});
		await time.pass(500);
		if (what === 'stops') halt();
		await time.pass(10_000);
		expect(words(await outcomes).filter((word) => word.startsWith('interrupted') || word === 'broken')).toHaveLength(1001);
		expect(find.mock.calls.length).toBeLessThan(5000);
		find.mockRestore();
	});

	it('are kept by their keys, others not at all', async () => {
		await run([{}, { key: 'a' }, { bodyKey: 'b' }]);
		expect([...answers.keys()]).toEqual(['scope a', 'scope b']);
	});

	it('that hold for one run only are shared within it, and not kept', async () => {
		const script = { bodyKey: 'a', isOfRun: true };
		for (const _run of [1, 2]) expect(words(await run([script, script]))).toEqual(['0: answer 0', '1: answer 0, reused']);
		expect(sent()).toEqual(['send 0', 'send 0']);
		expect(answers.size).toBe(0);
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

	it('cost in each try of whoever took the answer first, and nothing elsewhere', async () => {
		const all = ['one', 'two', 'three', 'four'].map((payer) => ({ key: 'a', payer }));
		const first = await run(all);
		expect(words(first)).toEqual(['0: answer 0', ...[1, 2, 3].map((index) => `${index}: answer 0, reused`)]);
		expect(words(await run(all))).toEqual(words(first));
		expect(words(await run([{ key: 'a', payer: 'five' }, all[0]!]))).toEqual(['0: answer 0, reused', '1: answer 0']);
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
	const outcomes = await run([{}, {}, { fetchMs: 1 }]);
	expect(words(outcomes)).toEqual(Array(3).fill('interrupted: not begun'));
	expect(sent()).toEqual([]);
	expect(failed).toEqual([]);
});

it('a run that was cancelled leaves its places to others, even where its calls never end', async () => {
	const endless = start(Array<Script>(12).fill({ ms: 1e9 }), { preparesAllFirst: true });
	await time.pass(10);
	halt();
	lane.leave();
	void endless;
	lane = laneOf(20);
	stop = new AbortController();
	const outcomes = start(Array<Script>(10).fill({}));
	await time.pass(1000);
	expect(sent()).toHaveLength(12);
	expect(words(await outcomes).filter((word) => word.includes('answer'))).toHaveLength(10);
});

it('many items that wait for nothing let others have the event loop', async () => {
	const turns = jest.spyOn(time.clock, 'nextTurn');
	await run(Array<Script>(1000).fill({ fails: 'prepare' }));
	expect(turns.mock.calls.length).toBeGreaterThanOrEqual(4);
	turns.mockClear();
	await run(Array<Script>(1000).fill({ key: 'a' }));
	expect(turns.mock.calls.length).toBeGreaterThanOrEqual(8);
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
		const own = laneOf(10);
		const mine = { ...job(String(index), {}), maxAttempts: 1, lane: own, send };
		const [outcome] = await runBatch(1, async () => mine, plain());
		own.leave();
		return { outcome, ms: time.now - begun };
	});
	await time.pass(60_000);
	const ended = await Promise.all(runs);
	expect(ended.filter(({ outcome }) => 'result' in outcome!)).toHaveLength(60);
	expect(calls - 60).toBeLessThanOrEqual(12);
	// 15 rounds of 4 calls.
	expect(Math.max(...ended.map(({ ms }) => ms))).toBeLessThanOrEqual(15 * 500 * 1.1);
});
