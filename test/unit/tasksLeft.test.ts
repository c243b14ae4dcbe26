import type { Outcome } from '../../nodes/shared/engine/failure';
import { refusal } from '../../nodes/shared/kling/klingError';
import type { Emitted } from '../../nodes/shared/n8n/items';
import { tasksLeft } from '../../nodes/shared/n8n/tasksLeft';

type One = Outcome<Emitted[]>;

const made = (taskId: string): One => ({ result: [{ json: { taskId } } as unknown as Emitted] });
const failedWith = (details: object): One => ({ failure: refusal('failed', '').with(details) });
const NOT_BEGUN: One = { interrupted: null };

it('says nothing where no task exists', () => {
	expect(tasksLeft([NOT_BEGUN, failedWith({}), { result: [] }], 1)).toBe('');
});

it('names the tasks of all items but the one that the error is about', () => {
	const left = tasksLeft([made('a'), failedWith({ taskId: 'b' }), failedWith({ taskId: 'c' }), NOT_BEGUN], 1);
	expect(left).toContain('a (item 0), c (item 2).');
	expect(left).toContain('Get Task');
	expect(left).not.toContain('b (item');
});

it('names the external ID of a task that may exist', () => {
	expect(tasksLeft([failedWith({ externalTaskId: 'n8n-x' })], null)).toContain('n8n-x (item 0)');
});

it('names all, however many', () => {
	const many = Array.from({ length: 1000 }, (_, index) => made(`t${index}`));
	expect(tasksLeft(many, null).match(/t\d+ \(item \d+\)/g)).toHaveLength(1000);
});
