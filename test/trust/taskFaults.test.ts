import '../engine/quickTime';

import { leaksIn, textOf } from './support/leaks';
import { pageOf, pageWith } from './support/pageOf';
import { startWorld, type World } from './support/world';
import { taskErrorsPage, taskErrorTable } from './taskFaults/page';
import { DOWNLOAD } from './taskFaults/rows';
import { expectedOf, playTasks, TASK_CASES, type TaskCase, type TaskObserved } from './taskFaults/play';

let world: World;
let observed: Map<TaskCase, TaskObserved>;

beforeAll(async () => {
	world = await startWorld();
	observed = await playTasks(world);
}, 240_000);

afterAll(() => world.close());

const named = TASK_CASES.map((one) => ({ one, title: `${one.row.fault}, at ${one.place}` }));

test.each(named)('$title', ({ one }) => {
	const { message, creates, tasks, description, made, taskId, externalTaskId } = observed.get(one)!;
	expect({ message, creates, tasks }).toEqual(expectedOf(one));
	if (message !== null && one.row.section !== DOWNLOAD) expect(description).toMatch(/\w.*[.)]/);
	// What may have been paid for is named: by its own id, or by the one that it was given.
	if (made.length > 0) expect([...made, externalTaskId]).toContain(taskId ?? externalTaskId);
});

test('no task is paid twice', () => {
	expect([...observed].filter(([, { tasks }]) => tasks > 1).map(([{ row }]) => row.id)).toEqual([]);
});

test('nothing secret stands in an error, its stack, cause and context, or the execution', () => {
	const leaks = [...observed].flatMap(([{ row }, { run }]) => {
		const { runData, error } = run.run.data.resultData;
		return leaksIn(textOf([runData.Kling, error, run.outputs])).map((name) => `${row.id}: ${name}`);
	});
	expect(leaks).toEqual([]);
});

test('docs/development/errors-tasks.md says what happens', () => {
	const page = taskErrorsPage(observed);
	expect(pageOf('development/errors-tasks.md', page)).toBe(page);
});

test('docs/errors.md says what happens', () => {
	const page = pageWith('errors.md', { tasks: taskErrorTable(observed) });
	expect(pageOf('errors.md', page)).toBe(page);
});
