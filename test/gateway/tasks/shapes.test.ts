import { RESELLERS, type Provider } from '../index';
import { GOOD, startStand, type Stand } from './stand';

let stand: Stand;

beforeAll(async () => {
	stand = await startStand();
});
beforeEach(() => stand.gateway.reset());
afterAll(() => stand.close());

const body = { ...GOOD.imageToVideo, external_task_id: 'mine' };
const create = async (provider: Provider) => (await stand.create('imageToVideo', body, provider)).json();
const URL = expect.stringMatching(/\/video\.mp4$/);
const ID = expect.stringMatching(/^\d{18}$/);

describe('as the gateways write it', () => {
	test('the envelope in another one, without an external id', async () => {
		const { code, data } = await create('deerApi');
		expect([code, data.code, data.data.task_id, data.data.task_info]).toEqual(['success', 0, ID, {}]);
		const asked = (await stand.ask('imageToVideo', data.data.task_id, 'deerApi')).json();
		expect(asked.data.data).toMatchObject({ task_status: 'succeed', task_result: { videos: [{ url: URL }] } });
		expect((await stand.ask('imageToVideo', 'mine', 'deerApi')).json().code).toBe(1201);
	});

	test('one video as an object, with an external id of its own', async () => {
		const { data } = await create('cometApi');
		const external = data.task_info.external_task_id;
		expect([data.task_id, external]).toEqual([ID, expect.stringMatching(/^gw-/)]);
		const asked = (await stand.ask('imageToVideo', external, 'cometApi')).json().data;
		expect(asked).toMatchObject({ task_id: data.task_id, task_result: { videos: { url: URL, duration: '5.1' } } });
		expect((await stand.ask('imageToVideo', 'mine', 'cometApi')).json().code).toBe(1201);
	});

	test('a bare id, and the newer word with a URL', async () => {
		const created = await create('chainHub');
		expect(created).toEqual({ task_id: ID, status: '' });
		expect((await stand.ask('imageToVideo', created.task_id, 'chainHub')).json()).toEqual({
			code: 'success',
			message: '',
			data: { task_id: created.task_id, status: 'succeeded', url: URL },
		});
		stand.gateway.control({ taskShape: 'flatId', tasks: [{ failure: 'no' }] });
		const { id } = await create('chainHub');
		expect((await stand.ask('imageToVideo', id, 'chainHub')).json().data).toEqual({
			task_id: id,
			status: 'failed',
			fail_reason: 'no',
		});
	});

	test('a second create under the same id is a second task', async () => {
		for (const provider of RESELLERS) {
			await create(provider);
			await create(provider);
			expect(stand.gateway.account(provider)).toMatchObject({ creates: 2, tasks: 2, units: 3 });
			expect((await stand.ask('imageToVideo', '?pageNum=1&pageSize=30', provider)).status).toBe(404);
		}
	});
});

describe('as it is asked for', () => {
	test('any form and any rule for external ids, at any provider', async () => {
		stand.gateway.control({ taskShape: 'flat', externalIds: 'replaced' });
		expect(await create('klingGlobal')).toEqual({ task_id: ID, status: '' });
		stand.gateway.control({ taskShape: 'kling', externalIds: 'kept' });
		expect((await create('deerApi')).data.task_info).toEqual({ external_task_id: 'mine' });
		expect((await create('deerApi')).message).toMatch(/already exists/);
	});

	test('other words for the states', async () => {
		stand.gateway.control({ taskWords: { succeed: 'succeeded', submitted: 'queued' } });
		const { data } = await create('klingGlobal');
		expect(data.task_status).toBe('queued');
		expect((await stand.ask('imageToVideo', data.task_id)).json().data.task_status).toBe('succeeded');
	});
});
