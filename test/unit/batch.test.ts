import { runBatch, type BatchTools, type Outcome, type Task } from '../../nodes/shared/engine/batch';
import { Clock } from '../../nodes/shared/engine/clock';
import { Gate } from '../../nodes/shared/engine/gate';
import { Reuse } from '../../nodes/shared/engine/reuse';
import { readAnswer } from '../../nodes/shared/kling/answer';
import { asKlingError, refusal } from '../../nodes/shared/kling/klingError';
import { FakeTime } from './fakeTime';
import { answerOf, klingErrorOf } from './helpers';

let time: FakeTime;
let stop: AbortController;
let gate: Gate;
/** What happened, in order. */
let log: string[];

beforeEach(() => {
	time = new FakeTime();
	stop = new AbortController();
	gate = new Gate({ maxCalls: 2, maxBytes: 1000 }, new Clock(time.sleep));
	log = [];
});
afterEach(() => time.restore());

interface Script {
	/** How long the call takes, in milliseconds. */
	ms?: number;
	key?: string;
	/** Identity that is known only once the body is built. */
	bodyKey?: string;
	/** Where it fails. */
	fails?: 'prepare' | 'build' | 'send' | 'finish';
	error?: Error;
}

function task(name: string, { ms = 10, key, bodyKey, fails, error = refusal(`no ${name}`, '') }: Script): Task<string, string> {
	return {
		key: key ?? null,
		bytes: 1,
		maxAttempts: 3,
		build: async () => {
			log.push(`build ${name}`);
			if (fails === 'build') throw error;
			return { bytes: Buffer.from(name), key: bodyKey ?? null, recycle: () => log.push(`recycle ${name}`) };
		},
		send: async (body) => {
			log.push(`send ${body.toString()}`);
			await time.sleep(ms);
			if (fails === 'send') throw error;
			return `answer ${body.toString()}`;
		},
		finish: async (answer) => {
			if (fails === 'finish') throw error;
			return `${name}: ${answer}`;
		},
	};
}

async function run(scripts: Script[], { stopOnError = false, reuse = true } = {}): Promise<Array<Outcome<string> | undefined>> {
	const tools: BatchTools<string> = {
		gate,
		clock: new Clock(time.sleep),
		asFailure: asKlingError,
		stop: stop.signal,
		reuse: reuse ? new Reuse(new Map()) : null,
		failed: () => {
			if (!stopOnError) return;
			stop.abort();
			gate.close();
		},
	};
	const prepare = async (index: number) => {
		const script = scripts[index]!;
		const name = String(index);
		log.push(`prepare ${name}`);
		if (script.fails === 'prepare') throw script.error ?? refusal(`no ${name}`, '');
		return task(name, script);
	};
	const outcomes = runBatch(scripts.length, prepare, tools);
	await time.pass(1_000_000);
	return await outcomes;
}

const words = (outcomes: Array<Outcome<string> | undefined>): Array<string | undefined> =>
	outcomes.map((outcome) => outcome && ('result' in outcome ? outcome.result : outcome.failure.message));
const sent = () => log.filter((line) => line.startsWith('send'));

it('no items, no outcomes', async () => {
	expect(await run([])).toEqual([]);
});

it('the outcomes are in the order of the items, whatever the order of the answers', async () => {
	const outcomes = await run([{ ms: 300 }, { ms: 5 }, { ms: 100 }, { ms: 1 }]);
	expect(words(outcomes)).toEqual(['0: answer 0', '1: answer 1', '2: answer 2', '3: answer 3']);
});

it('an item is prepared just before its turn', async () => {
	const outcomes = run([{}, {}, {}, {}]);
	expect(log).toEqual(['prepare 0']);
	await outcomes;
	expect(log.indexOf('prepare 3')).toBeGreaterThan(log.indexOf('recycle 0'));
});

it.each(['prepare', 'build', 'send', 'finish'] as const)('an item that fails in %s leaves the others alone', async (fails) => {
	const outcomes = await run([{}, { fails }, {}]);
	expect(words(outcomes)).toEqual(['0: answer 0', 'no 1', '2: answer 2']);
});

it.each([
	['an Error', new Error('from n8n'), 'from n8n'],
	['one without words', new Error(''), 'The item could not be processed'],
])('%s of another kind becomes a typed failure', async (_name, error, message) => {
	const [outcome] = await run([{ fails: 'prepare', error }]);
	expect(outcome).toMatchObject({ failure: { name: 'KlingError', message, details: { attempts: 0, retryable: false } } });
});

describe('stop on error', () => {
	it('nothing begins after a failure; what was sent is waited for', async () => {
		const outcomes = await run([{ ms: 500 }, { ms: 10, fails: 'send' }, {}, {}], { stopOnError: true });
		expect(words(outcomes)).toEqual(['0: answer 0', 'no 1', undefined, undefined]);
		expect(sent()).toEqual(['send 0', 'send 1']);
	});

	it('an input that is refused stops the rest', async () => {
		const outcomes = await run([{}, { fails: 'prepare' }, {}], { stopOnError: true });
		expect(words(outcomes)).toEqual(['0: answer 0', 'no 1', undefined]);
		expect(log).not.toContain('prepare 2');
	});

	it('a failed call that waits for its next try fails at once', async () => {
		const error = klingErrorOf(() => readAnswer(answerOf(500, {}, { 'retry-after': '200' }), []));
		const outcomes = await run(
			[
				{ ms: 1, fails: 'send', error },
				{ ms: 50, fails: 'finish' },
			],
			{ stopOnError: true },
		);
		expect(words(outcomes)).toEqual(['The provider had an internal error', 'no 1']);
		expect(sent()).toHaveLength(2);
	});
});

describe('identical inputs', () => {
	it('with a key known before are sent once', async () => {
		const outcomes = await run([{ key: 'a', ms: 100 }, { key: 'a' }, { key: 'b' }, { key: 'a' }]);
		expect(words(outcomes)).toEqual(['0: answer 0', '1: answer 0', '2: answer 2', '3: answer 0']);
		expect(sent()).toEqual(['send 0', 'send 2']);
		expect(log).not.toContain('build 1');
	});

	it('with a key known by the body alone are sent once, and give the memory back', async () => {
		const outcomes = await run([{ bodyKey: 'a', ms: 100 }, { bodyKey: 'a' }, { bodyKey: 'a' }]);
		expect(words(outcomes)).toEqual(['0: answer 0', '1: answer 0', '2: answer 0']);
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
		expect(words(outcomes)).toEqual(['0: answer 0', '1: answer 0', '2: answer 0', '3: answer 0']);
		expect(sent()).toEqual(['send 0']);
	});

	it('share a failure', async () => {
		const outcomes = await run([{ key: 'a', fails: 'send' }, { key: 'a' }, { key: 'a' }]);
		expect(words(outcomes)).toEqual(['no 0', 'no 0', 'no 0']);
		expect(sent()).toEqual(['send 0']);
	});

	it('are tried again as one', async () => {
		const error = klingErrorOf(() => readAnswer(answerOf(500, {}, { 'retry-after': '0' }), []));
		const outcomes = await run([{ bodyKey: 'a', fails: 'send', error }, { bodyKey: 'a' }]);
		expect(words(outcomes)).toEqual(['The provider had an internal error', 'The provider had an internal error']);
		expect(sent()).toEqual(['send 0', 'send 0', 'send 0']);
	});

	it('are each sent where reuse is off', async () => {
		const outcomes = await run([{ key: 'a' }, { key: 'a' }, { bodyKey: 'a' }, { bodyKey: 'a' }], { reuse: false });
		expect(words(outcomes)).toEqual(['0: answer 0', '1: answer 1', '2: answer 2', '3: answer 3']);
	});

	it('what is finished differently stays different', async () => {
		const outcomes = await run([{ key: 'a' }, { key: 'a', fails: 'finish' }, { key: 'a' }]);
		expect(words(outcomes)).toEqual(['0: answer 0', 'no 1', '2: answer 0']);
	});
});

it('where the gate is closed, what waits is not begun', async () => {
	gate.close();
	expect(await run([{}, {}])).toEqual([undefined, undefined]);
	expect(sent()).toEqual([]);
});
