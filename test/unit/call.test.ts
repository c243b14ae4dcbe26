import { callProvider } from '../../nodes/shared/n8n/call';
import { judgeCreate } from '../../nodes/shared/kling/tasks/taskVerdicts';
import type { KlingError } from '../../nodes/shared/kling/klingError';
import { fakeItem } from './fakeItem';
import { FakeTime } from './fakeTime';

it('what goes wrong while an answer is read does not say that nothing was sent', async () => {
	const time = new FakeTime();
	const answer = () => ({ status: 200, body: { code: 0, data: { task_id: 't-1' } } });
	const { run } = fakeItem({ name: 'klingGlobal', answer }, { clock: time.clock });
	const read = (): never => {
		throw new TypeError('x is not a function');
	};
	const failure = await callProvider(run, { method: 'POST', path: '/v1', timeoutMs: 1000, read, expected: 'task' }).catch(
		(error: unknown) => error as KlingError,
	);
	time.restore();
	expect(failure).toMatchObject({
		message: 'The answer could not be read',
		details: { httpStatus: 200, attempts: 1, retryable: false },
	});
	expect(judgeCreate(failure as KlingError)).toBe('unclear');
});
