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
				return await makeTask(item, ROUTE, BODY, begun);
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
	const work = makeTask(item, ROUTE, BODY, () => {});
	await time.pass(60_000);
	expect((await work).result).toMatchObject({ taskId: 't-1', externalTaskId: ID });
	expect(sent).toEqual([`POST ${ROUTE.path}`, `GET ${ROUTE.path}/${ID}`, `GET ${ROUTE.path}/${ID}`]);
});
