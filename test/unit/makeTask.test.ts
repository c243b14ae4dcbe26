import { makeTask } from '../../nodes/KlingGeneration/tasks/makeTask';
import type { Begun } from '../../nodes/shared/engine/job';
import { Lane } from '../../nodes/shared/engine/lane';
import { withRetries } from '../../nodes/shared/engine/retry';
import { Room } from '../../nodes/shared/engine/room';
import { asKlingError } from '../../nodes/shared/kling/klingError';
import { TASK_ROUTES } from '../../nodes/shared/kling/tasks/taskRoutes';
import { fakeItem, type FakeAnswer, type FakeProvider } from './fakeItem';
import { FakeTime } from './fakeTime';

const ID = 'n8n-0123456789abcdef0123456789abcdef';
const BODY = Buffer.from(JSON.stringify({ image: 'x', external_task_id: ID }));
const [ROUTE] = TASK_ROUTES as [(typeof TASK_ROUTES)[number]];

const NOT_FOUND: FakeAnswer = { status: 400, body: { code: 1201, message: 'Task not found by id/external id' } };
const WRONG_KEY: FakeAnswer = { status: 401, body: { code: 1002, message: 'api key not found' } };
const MADE: FakeAnswer = {
	status: 200,
	body: { code: 0, data: { task_id: 't-1', task_status: 'succeed', url: 'https://v.test/1' } },
};
const broken = (): never => {
	throw Object.assign(new Error('broken'), { code: 'ECONNRESET' });
};

let time: FakeTime;
beforeEach(() => (time = new FakeTime()));
afterEach(() => time.restore());

/** Makes a task, and lets time pass. @returns what came of it, and what was sent */
async function make(creates: Array<() => FakeAnswer>, execution = new AbortController().signal) {
	const sent = { creates: 0, looks: 0 };
	const answer: FakeProvider['answer'] = ({ method }) => {
		if (method === 'GET') {
			sent.looks += 1;
			return NOT_FOUND;
		}
		return creates[sent.creates++]!();
	};
	const item = fakeItem({ name: 'klingGlobal', answer }, { clock: time.clock, execution });
	const lane = new Lane(item.run.account.tasks('model'), new Room(1));
	const work = withRetries(
		{
			lane,
			bytes: 0,
			maxAttempts: 5,
			patienceMs: 600_000,
			attempt: async (slot) => {
				const begun: Begun = (verdict, failure) => slot.begun(verdict, failure);
				return await makeTask(item, { route: ROUTE }, BODY, begun);
			},
		},
		item.run.tools,
	);
	await time.pass(120_000);
	const outcome = await work;
	lane.leave();
	if ('result' in outcome) return { outcome: outcome.result.result.taskId, sent };
	const { message, details } = asKlingError('failure' in outcome ? outcome.failure : outcome.interrupted);
	return { outcome: { message, details }, sent };
}

it('a create that is refused after an unclear one: the error names the external id, also in the next try', async () => {
	const execution = new AbortController().signal;
	const first = await make([broken, () => WRONG_KEY], execution);
	expect(first.sent).toEqual({ creates: 2, looks: 3 });
	expect(first.outcome).toMatchObject({
		message: 'Kling does not know this credential',
		details: { externalTaskId: ID, attempts: 2, serviceCode: 1002 },
	});
	const next = await make([() => WRONG_KEY], execution);
	expect(next.sent).toEqual({ creates: 1, looks: 0 });
	expect(next.outcome).toMatchObject({ details: { externalTaskId: ID, attempts: 1 } });
	const last = await make([() => MADE], execution);
	expect(last).toEqual({ outcome: 't-1', sent: { creates: 1, looks: 0 } });
});

it('a create that is refused at once names no task', async () => {
	const { outcome, sent } = await make([() => WRONG_KEY]);
	expect(sent).toEqual({ creates: 1, looks: 0 });
	expect(outcome).toMatchObject({ message: 'Kling does not know this credential' });
	expect(JSON.stringify(outcome)).not.toContain(ID);
});

it('a task that an unclear create made is taken up, once it can be found', async () => {
	const answers = [NOT_FOUND, MADE];
	const sent: string[] = [];
	const answer: FakeProvider['answer'] = ({ method, path }) => {
		sent.push(`${method} ${path}`);
		return method === 'POST' ? broken() : answers.shift()!;
	};
	const item = fakeItem({ name: 'klingGlobal', answer }, { clock: time.clock });
	const work = makeTask(item, { route: ROUTE }, BODY, () => {});
	await time.pass(60_000);
	expect((await work).result).toMatchObject({ taskId: 't-1', externalTaskId: ID });
	expect(sent).toEqual([`POST ${ROUTE.path}`, `GET ${ROUTE.path}/${ID}`, `GET ${ROUTE.path}/${ID}`]);
});

it('what is created is logged once, by its external id, whatever becomes of it', async () => {
	const log: string[] = [];
	const answers = [{ status: 429, body: { code: 1303, message: 'busy' } }, MADE];
	const execution = new AbortController().signal;
	const item = fakeItem({ name: 'klingGlobal', answer: () => answers.shift()! }, { clock: time.clock, execution, log });
	await expect(makeTask(item, { route: ROUTE }, BODY, () => {})).rejects.toMatchObject({ message: expect.any(String) });
	await makeTask(item, { route: ROUTE }, BODY, () => {});
	expect(answers).toEqual([]);
	expect(log).toEqual([`Kling: creates a task of Image to Video with the external task ID ${ID}`]);
});

describe('under a Task Key', () => {
	const keyed = { route: ROUTE, isKeyed: true };
	const body = () => Buffer.from(BODY);
	const at = (created_at: number, task_status: string) => ({
		status: 200,
		body: { code: 0, data: { task_id: 't-0', task_status, created_at, task_result: { videos: [{ url: 'https://v.test/0' }] } } },
	});

	/** Makes one, where the first task is this. @returns the external ids that were looked for, and created */
	async function after(first: FakeAnswer, stop?: AbortController) {
		const looks: string[] = [];
		const creates: string[] = [];
		const answer: FakeProvider['answer'] = ({ method, path, body: sent }) => {
			if (method === 'POST') {
				creates.push((JSON.parse(sent) as { external_task_id: string }).external_task_id);
				return MADE;
			}
			looks.push(path.slice(path.lastIndexOf('/') + 1));
			return looks.length === 1 ? first : NOT_FOUND;
		};
		const item = fakeItem({ name: 'klingGlobal', answer }, { clock: time.clock, maxWaitMs: 5000 });
		if (stop) Object.assign(item.run.tools, { stop: stop.signal });
		const work = makeTask(item, keyed, body(), () => {}).then(
			({ result }) => result.externalTaskId,
			(error: unknown) => asKlingError(error),
		);
		await time.pass(60_000);
		return { outcome: await work, looks, creates };
	}

	it('a task of the last 30 days is met', async () => {
		for (const age of [0, 30 * 86_400_000]) {
			const { outcome, looks, creates } = await after(at(time.now - age, 'succeed'));
			expect([outcome, looks, creates]).toEqual([ID, [ID], []]);
		}
	});

	it.each([
		['succeed', 30 * 86_400_000 + 1],
		['failed', 0],
	])('one that %s and is %i ms old is followed by the next', async (status, age) => {
		const { outcome, looks, creates } = await after(at(time.now - age, status));
		const [, next] = looks;
		expect(next).not.toBe(ID);
		expect([outcome, looks, creates]).toEqual([next, [ID, next], [next]]);
	});

	it('a page that says 404 is no proof: nothing is created', async () => {
		const { outcome, creates } = await after({ status: 404, body: '<html>' });
		expect(outcome).toMatchObject({
			message: 'No Image to Video task was created: whether there is one under the Task Key could not be found out',
			details: { httpStatus: 404, externalTaskId: ID, retryable: false },
		});
		expect(creates).toEqual([]);
	});

	it('nothing is looked for or created where everything is stopped', async () => {
		const stop = new AbortController();
		stop.abort();
		const { outcome, looks, creates } = await after(NOT_FOUND, stop);
		expect(outcome).toMatchObject({ details: { externalTaskId: ID, description: expect.stringContaining('was stopped') } });
		expect([looks, creates]).toEqual([[], []]);
	});

	it('a hundred that failed are enough', async () => {
		let looks = 0;
		const answer: FakeProvider['answer'] = () => {
			looks += 1;
			return at(time.now, 'failed');
		};
		const item = fakeItem({ name: 'klingGlobal', answer }, { clock: time.clock });
		await expect(makeTask(item, keyed, body(), () => {})).rejects.toMatchObject({
			message: 'No Image to Video task was created: 100 under this Task Key have failed, or are too old',
		});
		expect(looks).toBe(100);
	});

	it('who waits for another execution to create the same is stopped with nothing created', async () => {
		const stop = new AbortController();
		const answer: FakeProvider['answer'] = async () => {
			await time.sleep(10_000);
			return at(time.now, 'succeed');
		};
		const items = [0, 1].map(() => fakeItem({ name: 'klingGlobal', answer }, { clock: time.clock }));
		Object.assign(items[1]!.run, { account: items[0]!.run.account });
		Object.assign(items[1]!.run.tools, { stop: stop.signal });
		const works = items.map(async (item) => await makeTask(item, keyed, body(), () => {}).catch(asKlingError));
		await time.pass(1000);
		stop.abort();
		expect(await works[1]).toMatchObject({
			details: { externalTaskId: ID, description: expect.stringContaining('was stopped') },
		});
		await time.pass(10_000);
		expect(await works[0]).toMatchObject({ result: { taskId: 't-0' } });
	});
});
