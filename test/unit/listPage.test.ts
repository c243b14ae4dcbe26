import fc from 'fast-check';

import { newestFirst, readListPage, type ListPage } from '../../nodes/shared/kling/tasks/listPage';
import { PAGE_SIZE } from '../../nodes/shared/kling/tasks/taskRoutes';
import type { JsonObject } from '../../nodes/shared/kling/values';

const pageOf = (data: unknown, requestId: string | null = 'r-1'): ListPage | null =>
	readListPage({ data: {}, raw: { code: 0, data } as JsonObject, requestId });
const pages = (...all: unknown[][]): ListPage[] => all.map((data, index) => pageOf(data, `r-${index}`)!);

const row = (task_id: unknown, created_at?: unknown, more: object = {}) => ({
	task_id,
	task_status: 'processing',
	created_at,
	...more,
});
const ids = (tasks: Array<{ taskId: string }>) => tasks.map(({ taskId }) => taskId);

describe('a page', () => {
	it('has the tasks that it names, each with its own row and the id of the request', () => {
		const failed = { task_id: 't-2', task_status: 'failed', task_status_msg: 'risk control', created_at: 1_790_000_000_000 };
		const page = pageOf([row('t-1'), failed])!;
		expect(page.isFull).toBe(false);
		expect(page.tasks).toMatchObject([
			{ taskId: 't-1', state: { status: 'processing', createdAt: null }, requestId: 'r-1' },
			{ taskId: 't-2', state: { status: 'failed', reason: 'risk control', createdAt: '2026-09-21T14:13:20.000Z' } },
		]);
		expect(page.tasks[1]!.row).toBe(failed);
	});

	it('a word that is no known state counts as still running', () => {
		const [task] = pageOf([row('t-1', 1, { task_status: 'pausing' })])!.tasks;
		expect(task).toMatchObject({ state: { status: 'processing', unknownStatus: 'pausing' } });
	});

	it('what names no task is left out', () => {
		expect(ids(pageOf([null, 7, 'x', [], {}, { task_status: 'succeed' }, { task_info: {} }, row('t-1')])!.tasks)).toEqual([
			't-1',
		]);
	});

	it('is full by the rows that came, whatever they name', () => {
		expect(pageOf(Array(PAGE_SIZE - 1).fill({}))).toEqual({ tasks: [], isFull: false });
		expect(pageOf(Array(PAGE_SIZE).fill({}))).toEqual({ tasks: [], isFull: true });
	});

	it.each([[undefined], [null], [{}], ['none'], [{ tasks: [] }]])('%j is none', (data) => {
		expect(pageOf(data)).toBeNull();
	});
});

describe('the newest first', () => {
	it('over all pages; those without a time stand last', () => {
		const all = pages([row('b', 2000), row('none'), row('d', '4000')], [row('a', 1000), row('c', 3000)]);
		expect(ids(newestFirst(all))).toEqual(['d', 'c', 'b', 'a', 'none']);
	});

	it('a task that two pages tell of is there once, as the later one has it', () => {
		const all = pages([row('b', 2000), row('a', 1000)], [row('a', 1000, { task_status: 'succeed' }), row('c', 500)]);
		expect(newestFirst(all)).toMatchObject([
			{ taskId: 'b', requestId: 'r-0' },
			{ taskId: 'a', requestId: 'r-1', state: { status: 'succeeded' } },
			{ taskId: 'c' },
		]);
	});

	it('holds for any pages: each task once, none lost, none before a newer one', () => {
		const task = fc.record({ id: fc.integer({ min: 1, max: 30 }), at: fc.option(fc.integer({ min: 1, max: 2e12 })) });
		fc.assert(
			fc.property(fc.array(fc.array(task)), (lists) => {
				const all = newestFirst(pages(...lists.map((list) => list.map(({ id, at }) => row(id, at)))));
				const asked = new Set(lists.flat().map(({ id }) => String(id)));
				expect(new Set(ids(all))).toEqual(asked);
				expect(all).toHaveLength(asked.size);
				const times = all.map(({ state }) => (state.createdAt === null ? 0 : Date.parse(state.createdAt)));
				expect(times).toEqual([...times].sort((one, other) => other - one));
			}),
		);
	});
});
