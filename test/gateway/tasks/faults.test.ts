import type { Reply } from '../client';
import { NAMED_FAULTS, namedFault } from '../index';
import { GOOD, startStand, type Stand } from './stand';

let stand: Stand;

beforeAll(async () => {
	stand = await startStand();
});
beforeEach(() => stand.gateway.reset());
afterAll(() => stand.close());

const body = { ...GOOD.imageToVideo, external_task_id: 'mine' };
const create = (signal?: AbortSignal) => stand.create('imageToVideo', body, 'klingGlobal', undefined, signal);
const soon = (): AbortSignal => AbortSignal.timeout(1500);
/** Where no answer comes, one gives up soon; elsewhere not, however busy the machine is. */
const patience = (fault: string): AbortSignal | undefined => (/silent|slow/.test(fault) ? soon() : undefined);

const outcome = (reply: Promise<Reply>): Promise<string> =>
	reply.then(
		({ status, text }) => `${status} ${/"code":(\w+)/.exec(text)?.[1] ?? ''}`.trim(),
		(error: Error) => (error.name === 'TimeoutError' ? 'nothing' : 'broken'),
	);

describe('on a create', () => {
	test.each([
		['cut-before', 'broken', 0],
		['cut-after', 'broken', 1],
		['silent-before', 'nothing', 0],
		['silent-after', 'nothing', 1],
		['500-after', '500 5000', 1],
		['502-before', '502', 0],
		['502-after', '502', 1],
		['504-after', '504', 1],
		['unreadable-after', '200 0', 1],
		['html-after', '200', 1],
		['1303', '429 1303', 0],
		['1302', '429 1302', 0],
		['429', '429', 0],
		['retry-after', '429', 0],
		['overloaded', '403', 0],
		['no-channel', '503', 0],
		['1102', '429 1102', 0],
		['1301', '400 1301', 0],
	])('%s: %s, tasks made: %d', async (name, expected, tasks) => {
		stand.gateway.control({ faults: [namedFault(`create-${name}:1`)] });
		expect(await outcome(create(patience(name)))).toBe(expected);
		expect(stand.gateway.account('klingGlobal')).toMatchObject({ creates: 1, tasks, units: tasks * 1.5 });
		// Whoever asks for it by the external id, or creates it again, learns the truth.
		expect((await stand.ask('imageToVideo', 'mine')).json().code).toBe(tasks === 1 ? 0 : 1201);
		expect((await create()).json().code).toBe(tasks === 1 ? 1201 : 0);
		expect(stand.gateway.account('klingGlobal')).toMatchObject({ creates: 2, tasks: 1, units: 1.5 });
	});

	test('what would have been refused is not made by a fault', async () => {
		stand.gateway.control({ faults: [namedFault('create-504-after')] });
		expect((await stand.create('imageToVideo', { ...body, duration: '99' })).status).toBe(504);
		expect(stand.gateway.account('klingGlobal')).toMatchObject({ creates: 1, tasks: 0 });
	});

	test('Retry-After is told', async () => {
		stand.gateway.control({ faults: [namedFault('create-retry-after')] });
		expect((await create()).headers['retry-after']).toBe('2');
	});

	test('a client that gives up cancels nothing', async () => {
		stand.gateway.control({ faults: [{ kind: 'delay', ms: 5000, route: 'create' }] });
		expect(await outcome(create(soon()))).toBe('nothing');
		expect(stand.gateway.account('klingGlobal')).toMatchObject({ tasks: 1, units: 1.5 });
	});
});

describe('on a query', () => {
	test.each([
		['cut', 'broken'],
		['silent', 'nothing'],
		['502', '502'],
		['429', '429'],
		['unreadable', '200 0'],
		['unknown-state', '200 0'],
		['missing', '400 1201'],
		['401', '401 1002'],
		['1103', '403 1103'],
	])('%s: %s, and the next one is answered', async (name, expected) => {
		const { data } = (await create()).json();
		stand.gateway.control({ faults: [namedFault(`query-${name}:1`)] });
		expect(await outcome(stand.ask('imageToVideo', data.task_id, 'klingGlobal', patience(name)))).toBe(expected);
		expect((await stand.ask('imageToVideo', data.task_id)).json().data.task_status).toBe('succeed');
		expect(stand.gateway.account('klingGlobal')).toMatchObject({ creates: 1, tasks: 1, queries: 2 });
	});

	test('an unknown word stands where the known one stood, in every form', async () => {
		stand.gateway.control({ faults: [namedFault('query-unknown-state')] });
		const { data } = (await create()).json();
		expect((await stand.ask('imageToVideo', data.task_id)).json().data).toMatchObject({ task_status: 'pausing' });
		const flat = (await stand.create('imageToVideo', body, 'chainHub')).json();
		expect((await stand.ask('imageToVideo', flat.task_id, 'chainHub')).json().data).toMatchObject({ status: 'pausing' });
	});

	test('for the task that was made from this', async () => {
		const { data } = (await create()).json();
		const other = (await stand.create('imageToVideo', GOOD.imageToVideo)).json().data.task_id;
		stand.gateway.control({ faults: [{ ...namedFault('query-502'), match: 'mine' }] });
		expect((await stand.ask('imageToVideo', data.task_id)).status).toBe(502);
		expect((await stand.ask('imageToVideo', other)).status).toBe(200);
	});

	test('of the list alone', async () => {
		await create();
		stand.gateway.control({ faults: [{ kind: 'html', status: 502, route: 'list' }] });
		expect((await stand.ask('imageToVideo', '?pageNum=1')).status).toBe(502);
		expect((await stand.ask('imageToVideo', 'mine')).status).toBe(200);
	});
});

describe('on a download', () => {
	test.each([
		['404', '404'],
		['cut', 'broken'],
		['slow', 'nothing'],
	])('%s: %s', async (name, expected) => {
		const { data } = (await create()).json();
		const { url } = (await stand.ask('imageToVideo', data.task_id)).json().data.task_result.videos[0];
		stand.gateway.control({ faults: [namedFault(`download-${name}:1`)] });
		expect(await outcome(stand.download(url, patience(name)))).toBe(expected);
		expect(await outcome(stand.download(url))).toBe('200');
	});

	test('of the result that was made from this', async () => {
		const other = { ...GOOD.imageToVideo, external_task_id: 'other' };
		const made = [(await create()).json(), (await stand.create('imageToVideo', other)).json()];
		const asked = await Promise.all(made.map(({ data }) => stand.ask('imageToVideo', data.task_id)));
		const [mine, theirs] = asked.map((reply) => reply.json().data.task_result.videos[0].url);
		stand.gateway.control({ faults: [{ ...namedFault('download-404'), match: 'mine' }] });
		expect((await stand.download(theirs)).status).toBe(200);
		expect((await stand.download(mine)).status).toBe(404);
	});
});

describe('faults by name', () => {
	test('each has a name of its own, and a row above', () => {
		const names = NAMED_FAULTS.map(({ name }) => name);
		expect(new Set(names).size).toBe(names.length);
	});

	test('for ever, or so many times', () => {
		expect(namedFault('query-502')).toEqual({ kind: 'html', status: 502, route: 'query' });
		expect(namedFault('query-502:3')).toEqual({ kind: 'html', status: 502, route: 'query', times: 3 });
		for (const wrong of ['query-503', 'query-502:0', 'query-502:often']) expect(() => namedFault(wrong)).toThrow(RangeError);
	});
});
