import { contestRepeatedly, type Arena, type Run } from '../contest';
import { nodeWith, type Entry } from '../contestants';
import { atMost, plain, seconds, times, type Report } from '../report';
import { overNothing } from './memory';

const TASK_MS = 7000;
const MOST_MS = 9000;
const MOST_BYTES = 150 * 1_048_576;
/** Size of a result, in bytes. */
const VIDEO_BYTES = 20_000_000;
/** How often what is judged runs; the middle one counts. */
const REPEATS = 3;

const generation = (options: Record<string, number>): Entry => {
	const { name, task } = nodeWith(options);
	return { name: name.replace('this node', 'Kling Generation'), task: { ...task, contestant: 'generation' } };
};

/** Videos that take their time to be made: as many at once as the account takes, which nobody told the node. */
export async function tasks(arena: Arena): Promise<Report> {
	const repeats = arena.quick ? 1 : REPEATS;
	const race = async (count: number, taskLimit: number, maxConcurrency: number) => {
		const idealMs = Math.ceil(count / (taskLimit || count)) * TASK_MS;
		const { task } = generation({ maxConcurrency });
		const settings = { taskMs: TASK_MS, taskLimit };
		const run = await contestRepeatedly(
			arena,
			{ ...task, input: { kind: 'url', count } },
			settings,
			repeats,
			({ wallMs }) => wallMs,
		);
		const name = `${count} tasks, ${taskLimit === 0 ? 'any number' : taskLimit} at once allowed, maxConcurrency ${maxConcurrency}`;
		return { run, idealMs, row: [name, seconds(idealMs), ...cells(run, idealMs)] };
	};
	const few = await race(3, 0, 5);
	const known = await race(arena.quick ? 4 : 20, arena.quick ? 2 : 5, 5);
	const many = await race(arena.quick ? 4 : 20, arena.quick ? 2 : 5, 20);
	return {
		title: 'Tasks',
		work: `Kling Generation, Image to Video, tasks that take ${seconds(TASK_MS)} each; their videos are downloaded`,
		columns: ['', 'ideal', 'time', 'of the ideal', 'items failed', 'creates', 'of these, one too many', 'tasks', 'questions'],
		rows: [few, known, many].map(({ row }) => row),
		verdicts: [
			atMost('3 tasks side by side', few.run?.wallMs ?? Infinity, MOST_MS, seconds),
			...[known, many].flatMap(({ run, idealMs }) => [
				atMost('20 tasks, 5 at once: time, of the ideal', (run?.wallMs ?? Infinity) / idealMs, 1.2, times),
				atMost('items failed', run?.failed ?? Infinity, 0, plain),
				atMost('tasks paid for', run?.tasks.tasks ?? Infinity, 20, plain),
			]),
		],
		notes: [
			'A task is asked for first after 3 s, then in waits of a fifth of its age, 1 to 15 s: a task of 7 s is seen to have ended some 0.7 s late.',
		],
	};
}

/** Memory that large pictures and large videos take, over that of a workflow that does nothing with the pictures. */
export async function memoryOfTasks(arena: Arena): Promise<Report> {
	const count = arena.quick ? 4 : 20;
	const run = async (task: Entry['task']) =>
		await contestRepeatedly(
			arena,
			{ ...task, input: { kind: 'file', count } },
			{ taskMs: 2000, videoBytes: VIDEO_BYTES },
			arena.quick ? 1 : REPEATS,
			({ peakRss }) => peakRss,
		);
	const nothing = await run({ contestant: 'nothing' });
	const entry = generation({ maxConcurrency: 20 });
	const own = await run(entry.task);
	return {
		title: 'Memory of tasks',
		work: `${count} pictures of 9.5 MB, ${count} videos of ${VIDEO_BYTES / 1e6} MB, in n8n's filesystem mode; highest resident memory`,
		...overNothing(nothing, entry.name, own, MOST_BYTES),
		notes: [],
	};
}

function cells(run: Run, idealMs: number): string[] {
	if (!run) return ['not finished'];
	const { creates, rejected, tasks: made, queries } = run.tasks;
	return [seconds(run.wallMs), times(run.wallMs / idealMs), ...[run.failed, creates, rejected, made, queries].map(String)];
}
