import { lastKnown, type LastKnown } from '../../nodes/KlingGeneration/tasks/lastKnown';
import { lookAtTask } from '../../nodes/KlingGeneration/tasks/lookAtTask';
import { questionFor } from '../../nodes/KlingGeneration/tasks/questions';
import { asKlingError } from '../../nodes/shared/kling/klingError';
import { TASK_ROUTES } from '../../nodes/shared/kling/tasks/taskRoutes';
import { fakeItem, type FakeAnswer, type FakeProvider } from './fakeItem';
import { FakeTime } from './fakeTime';

const [ROUTE] = TASK_ROUTES as [(typeof TASK_ROUTES)[number]];
const MINUTE = 60_000;
const MAX_WAIT_MS = 10 * MINUTE;
const NOTHING_KNOWN: LastKnown = { externalTaskId: null, status: 'processing', createdAt: null, updatedAt: null };

let time: FakeTime;
beforeEach(() => (time = new FakeTime()));
afterEach(() => jest.restoreAllMocks());

/** The time that was so many milliseconds ago, as this node puts it out. */
const ago = (ms: number): string => new Date(time.now - ms).toISOString();

/** What a gateway says of the task. */
const said = (data: object): FakeAnswer => ({ status: 200, body: { code: 0, data: { task_id: 't-1', ...data } } });
const running = (): FakeAnswer => said({ task_status: 'processing', created_at: time.now - MINUTE });
const DONE = said({ task_status: 'succeed', url: 'https://v.test/1' });
const EMPTY = said({ task_status: 'succeed', task_result: { videos: [] } });
const FAILED = said({ task_status: 'failed', task_status_msg: 'Failure to pass the risk control system' });
const PAGE = { status: 502, body: '<html>Bad Gateway</html>' };
const BUSY = { status: 429, body: { code: 1302, message: 'request rate too high' } };
const NOT_FOUND = { status: 400, body: { code: 1201, message: 'Task not found by id/external id' } };
const WRONG_KEY = { status: 401, body: { code: 1002, message: 'api key not found' } };
const EDGE = { status: 403, body: '<html>Attention Required</html>' };
const broken = (): never => {
	throw Object.assign(new Error('broken'), { code: 'ECONNRESET' });
};
/** No answer comes for a minute, which is what one request may take. */
const hangs = async () => {
	await time.sleep(MINUTE);
	return PAGE;
};

type Answer = FakeAnswer | (() => FakeAnswer | Promise<FakeAnswer>);

interface Setup {
	known?: Partial<LastKnown>;
	provider?: FakeProvider['name'];
	maxWaitMs?: number;
}

/** Looks at the task once, and lets three minutes pass. @param answers one after the other; the last one again and again */
async function look(answers: Answer[], { known, provider = 'deerApi', maxWaitMs = MAX_WAIT_MS }: Setup = {}) {
	const begun = time.now;
	const paths: string[] = [];
	const answer: FakeProvider['answer'] = ({ path }) => {
		const next = answers[Math.min(paths.push(path), answers.length) - 1]!;
		return typeof next === 'function' ? next() : next;
	};
	const item = fakeItem({ name: provider, answer }, { clock: time.clock, maxWaitMs });
	const task = { route: ROUTE, taskId: 't-1', externalTaskId: null, requestId: null, attempts: 1 };
	const looking = lookAtTask(item, {
		task,
		ask: questionFor(item, ROUTE, 't-1', 'together'),
		known: { ...NOTHING_KNOWN, ...known },
	}).then(
		({ result: { externalTaskId, state }, raw }) => ({ externalTaskId, state, raw, tookMs: time.now - begun }),
		(error: unknown) => ({ failure: asKlingError(error), tookMs: time.now - begun }),
	);
	await time.pass(3 * MINUTE);
	const seen = await looking;
	return { paths, ...seen };
}

/** A look that leaves with a task. */
async function stateOf(...setup: Parameters<typeof look>) {
	const seen = await look(...setup);
	if (!('state' in seen)) throw seen.failure;
	return seen;
}

/** A look that leaves with an error. */
async function failureOf(...setup: Parameters<typeof look>) {
	const seen = await look(...setup);
	if (!('failure' in seen)) throw new Error(`it is ${seen.state.status}`);
	const { message, details, raw } = seen.failure;
	return { ...seen, message, details, raw };
}

describe('a question that is answered is the only one, and takes no time', () => {
	it.each<[what: string, answer: Answer, state: object]>([
		['done', DONE, { status: 'succeeded', file: { url: 'https://v.test/1' } }],
		['running', running, { status: 'processing', file: null }],
		['created just now', said({ task_status: 'submitted' }), { status: 'submitted' }],
		['in a state that nobody knows', said({ task_status: 'pausing' }), { status: 'processing', unknownStatus: 'pausing' }],
	])('%s', async (_what, answer, state) => {
		const seen = await stateOf([answer]);
		expect(seen.state).toMatchObject({ taskId: 't-1', ...state });
		expect(seen.paths).toEqual([`${ROUTE.path}/t-1`]);
		expect(seen.tookMs).toBe(0);
	});

	it.each<[what: string, answer: Answer, message: string]>([
		['a task that failed', FAILED, "Kling's content moderation stopped the video"],
		['one that is unknown', NOT_FOUND, 'There is no Image to Video task with the ID t-1'],
		['a key that is refused', WRONG_KEY, 'Kling does not know this credential'],
	])('%s', async (_what, answer, message) => {
		const seen = await failureOf([answer]);
		expect(seen.message).toContain(message);
		expect(seen.details).toMatchObject({ taskId: 't-1', attempts: 1, retryable: false });
		expect(seen.paths).toHaveLength(1);
		expect(seen.tookMs).toBe(0);
	});

	it('where the key is refused the task may go on, and the error says how to fetch it', async () => {
		const { details } = await failureOf([WRONG_KEY]);
		expect(details.description).toContain('The task may go on at Kling.');
		expect(details.description).toContain('Get Task: task ID t-1');
	});
});

describe('a question without a clear answer is asked again', () => {
	it.each<[what: string, answer: Answer]>([
		['a page with 502', PAGE],
		['too many at once', BUSY],
		['a connection that breaks', broken],
		['a good answer that cannot be read', { status: 200, body: '{"code":0,"da' }],
		['a page of an edge', EDGE],
	])('%s, and then the task', async (_what, answer) => {
		const seen = await stateOf([answer, answer, DONE]);
		expect(seen.state.status).toBe('succeeded');
		expect(seen.paths).toHaveLength(3);
		expect(seen.tookMs).toBeLessThan(5000);
	});

	it.each<[what: string, answer: Answer]>([
		['a page with 502', PAGE],
		['too many at once', BUSY],
		['a connection that breaks', broken],
	])('%s for a minute: it is running, as far as anybody knows', async (_what, answer) => {
		// Without the chance that is in each wait.
		jest.spyOn(Math, 'random').mockReturnValue(0.5);
		const known = { externalTaskId: 'e-1', status: 'submitted', createdAt: ago(MINUTE), updatedAt: ago(MINUTE) } as const;
		const seen = await stateOf([answer], { known });
		expect(seen.state).toEqual({
			taskId: 't-1',
			externalTaskId: 'e-1',
			status: 'submitted',
			unknownStatus: null,
			reason: null,
			file: null,
			unitsDeducted: null,
			balanceDeducted: null,
			createdAt: known.createdAt,
			updatedAt: known.updatedAt,
		});
		expect(seen.externalTaskId).toBe('e-1');
		expect(seen.tookMs).toBeGreaterThanOrEqual(MINUTE);
		expect(seen.tookMs).toBeLessThan(MINUTE + 1000);
		// Each second at first, and then after a fifth of the task's age.
		expect(seen.paths).toHaveLength(20);
	});

	it('one that hangs holds the item no longer than its own time-out', async () => {
		const seen = await stateOf([hangs]);
		expect(seen.state.status).toBe('processing');
		expect(seen.paths).toHaveLength(1);
		expect(seen.tookMs).toBeLessThan(MINUTE + 1000);
	});

	it('a page of an edge that comes three times in a row is believed', async () => {
		const seen = await failureOf([EDGE]);
		expect(seen.paths).toHaveLength(3);
		expect(seen.details).toMatchObject({ httpStatus: 403, taskId: 't-1' });
	});

	it('nobody hears of a task that is older than Max Wait: no reason to call it lost, until a day has passed', async () => {
		const young = await stateOf([PAGE], { known: { createdAt: ago(23 * 60 * MINUTE) } });
		expect(young.state.status).toBe('processing');
		const seen = await failureOf([PAGE], { known: { createdAt: ago(24 * 60 * MINUTE) } });
		expect(seen.message).toBe('The video was not done within 10 minutes');
		expect(seen.details.description).toContain('The task may go on at Kling.');
		expect(seen.details.description).toContain('The last question was not answered');
		expect(seen.details.taskId).toBe('t-1');
	});

	it('and not before Max Wait, where that is longer than a day', async () => {
		const seen = await stateOf([PAGE], { known: { createdAt: ago(25 * 60 * MINUTE) }, maxWaitMs: 48 * 60 * MINUTE });
		expect(seen.state.status).toBe('processing');
	});
});

describe('a task that is still running', () => {
	it.each<[what: string, ageMs: number, isLate: boolean]>([
		['as old as Max Wait', MAX_WAIT_MS, false],
		['older', MAX_WAIT_MS + 1, true],
	])('%s', async (_what, ageMs, isLate) => {
		const createdAt = time.now - ageMs;
		const seen = await look([said({ task_status: 'processing', created_at: createdAt })]);
		expect('failure' in seen).toBe(isLate);
		expect(seen.paths).toHaveLength(1);
	});

	it('when it is too old goes on, and the error names it', async () => {
		const seen = await failureOf([said({ task_status: 'processing', created_at: time.now - 2 * MAX_WAIT_MS })]);
		expect(seen.message).toBe('The video was not done within 10 minutes');
		expect(seen.details).toMatchObject({ taskId: 't-1', attempts: 1, retryable: false });
		for (const words of ['goes on at Kling', 'Get Task: task ID t-1', 'Raise Max Wait', 'The last state was "processing"']) {
			expect(seen.details.description).toContain(words);
		}
	});

	it('of which the provider does not say when it was created: what the item says counts, and is kept', async () => {
		const silent = said({ task_status: 'processing' });
		const createdAt = ago(MINUTE);
		expect((await stateOf([silent], { known: { createdAt } })).state.createdAt).toBe(createdAt);
		const seen = await failureOf([silent], { known: { createdAt: ago(MAX_WAIT_MS + 1) } });
		expect(seen.message).toBe('The video was not done within 10 minutes');
		expect((await stateOf([silent])).state.createdAt).toBeNull();
	});

	it('what the provider says wins over the item', async () => {
		const seen = await stateOf([running], { known: { createdAt: ago(2 * MAX_WAIT_MS) } });
		expect(seen.state.status).toBe('processing');
	});

	it('a relay says when it was submitted, in seconds', async () => {
		const at = Math.floor((time.now - 2 * MAX_WAIT_MS) / 1000);
		const body = { code: 'success', data: { task_id: 't-1', status: 'IN_PROGRESS', submit_time: at } };
		expect((await failureOf([{ status: 200, body }])).message).toBe('The video was not done within 10 minutes');
	});
});

it('one that has ended is no longer too old', async () => {
	const old = { created_at: time.now - 2 * MAX_WAIT_MS };
	const done = said({ task_status: 'succeed', url: 'https://v.test/1', ...old });
	expect((await stateOf([done])).state.status).toBe('succeeded');
	const failed = said({ task_status: 'failed', ...old });
	expect((await failureOf([failed])).message).toBe('Kling could not make the video');
});

describe('a task that is called done, and has no file', () => {
	it('may get it within a minute', async () => {
		const seen = await stateOf([EMPTY, EMPTY, DONE]);
		expect(seen.state).toMatchObject({ status: 'succeeded', file: { url: 'https://v.test/1' } });
		expect(seen.paths).toHaveLength(3);
	});

	it.each<[what: string, answers: Answer[]]>([
		['and gets none', [EMPTY]],
		['and is not heard of again', [EMPTY, PAGE]],
	])('%s: the error has the answer', async (_what, answers) => {
		const seen = await failureOf(answers);
		expect(seen.message).toBe('The provider calls the video done, but sent no file');
		expect(seen.raw).toEqual(EMPTY.body);
		expect(seen.details.taskId).toBe('t-1');
		expect(seen.tookMs).toBeLessThan(MINUTE + 1000);
	});
});

it('the execution that is stopped meanwhile leaves the task', async () => {
	const stop = new AbortController();
	const item = fakeItem({ name: 'deerApi', answer: () => PAGE }, { clock: time.clock });
	const run = { ...item.run, tools: { ...item.run.tools, stop: stop.signal } };
	const task = { route: ROUTE, taskId: 't-1', externalTaskId: null, requestId: null, attempts: 1 };
	const ask = questionFor(item, ROUTE, 't-1');
	const looking = lookAtTask({ ...item, run }, { task, ask, known: NOTHING_KNOWN });
	const refused = expect(looking).rejects.toThrow('The execution was stopped while the task was running');
	await time.pass(2000);
	stop.abort();
	await time.pass(1000);
	await refused;
});

describe('with an API key at Kling', () => {
	const TOGETHER = '/tasks?task_ids=t-1';
	const OWN = `${ROUTE.path}/t-1`;
	const listed = (...rows: object[]): FakeAnswer => ({ status: 200, body: { code: 0, data: rows } });
	const kling = { provider: 'klingGlobal' } as const;

	it('one question is for many', async () => {
		const seen = await stateOf([listed({ id: 't-1', status: 'processing' })], kling);
		expect(seen.state.status).toBe('processing');
		expect(seen.paths).toEqual([TOGETHER]);
	});

	it.each<[what: string, answer: Answer]>([
		['does not tell of it', listed()],
		['is refused', { status: 400, body: { code: 1201, message: 'task_ids is invalid' } }],
		['is not to be had with this key', WRONG_KEY],
		['does not exist', { status: 404, body: { code: 1203, message: 'no such resource' } }],
	])('where that %s, the task is asked for in its own place', async (_what, answer) => {
		const seen = await stateOf([answer, DONE], kling);
		expect(seen.state.status).toBe('succeeded');
		expect(seen.paths).toEqual([TOGETHER, OWN]);
	});

	it('too many at once is asked again, and nowhere else', async () => {
		const seen = await stateOf([BUSY, listed({ id: 't-1', status: 'submitted' })], kling);
		expect(seen.paths).toEqual([TOGETHER, TOGETHER]);
	});

	it('a task that nobody knows is told in the words of Kling', async () => {
		const seen = await failureOf([listed(), NOT_FOUND, listed()], kling);
		expect(seen.message).toBe('There is no Image to Video task with the ID t-1');
		expect(seen.details).toMatchObject({ serviceCode: 1201, taskId: 't-1' });
	});

	it('a hundred tasks of one moment need six questions: the first goes at once', async () => {
		const paths: string[] = [];
		const answer: FakeProvider['answer'] = ({ path }) => {
			paths.push(path);
			const ids = path.split('=')[1]!.split(',');
			return listed(...ids.map((id) => ({ id, status: 'processing' })));
		};
		const item = fakeItem({ name: 'klingGlobal', answer }, { clock: time.clock });
		const looks = Array.from({ length: 100 }, async (_none, index) => {
			const taskId = `t-${index}`;
			const task = { route: ROUTE, taskId, externalTaskId: null, requestId: null, attempts: 1 };
			return await lookAtTask(item, {
				task,
				ask: questionFor(item, ROUTE, taskId, 'together'),
				known: NOTHING_KNOWN,
			});
		});
		await time.pass(5000);
		const states = await Promise.all(looks);
		expect(states.map(({ result: { state } }) => state.taskId)).toEqual(states.map((_state, index) => `t-${index}`));
		expect(paths).toHaveLength(6);
	});
});

describe('what an item says of its task', () => {
	const CREATED = '2026-01-01T00:00:00.000Z';
	const of = (json: Parameters<typeof lastKnown>[0]['json']) => lastKnown({ json }, 't-1');

	it('of the task that is asked for, by either of its IDs', () => {
		const json = { taskId: 't-1', externalTaskId: 'e-1', status: 'submitted', createdAt: CREATED, updatedAt: CREATED };
		const known = { externalTaskId: 'e-1', status: 'submitted', createdAt: CREATED, updatedAt: CREATED };
		expect(of(json)).toEqual(known);
		expect(lastKnown({ json }, 'e-1')).toEqual(known);
	});

	it('an ID that came as a number is one, too', () => {
		expect(lastKnown({ json: { taskId: 17, createdAt: CREATED } }, '17').createdAt).toBe(CREATED);
	});

	it.each<[what: string, json: Parameters<typeof of>[0]]>([
		['another task', { taskId: 't-2', status: 'submitted', createdAt: CREATED }],
		['a row of a table', { id: 7, status: 'submitted', createdAt: CREATED }],
		['nothing', {}],
		['times that are none', { taskId: 't-1', createdAt: 'yesterday', updatedAt: 1767225600000 }],
	])('%s says nothing', (_what, json) => {
		expect(of(json)).toEqual(NOTHING_KNOWN);
	});

	it.each(['succeeded', 'failed', 'processing', 7])(
		'a task that is asked for is not said to be %s by the item alone',
		(status) => {
			expect(of({ taskId: 't-1', status }).status).toBe('processing');
		},
	);
});
