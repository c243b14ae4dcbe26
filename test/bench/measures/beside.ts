import { atMost, plain, seconds, times, type Report } from '../report';
import { waits } from '../simulator/beside';
import { makeTasks, type TaskFigures } from '../simulator/tasks';

/** How long one run waits because of others: the engine alone, in virtual time. */
export async function beside(): Promise<Report> {
	const all = await waits();
	return {
		title: 'One run beside others',
		work: 'two executions that use the same account, or one at an account that takes nothing',
		columns: ['', 'time'],
		rows: all.map(({ what, ms }) => [what, seconds(ms)]),
		verdicts: all.map(({ what, ms, mostMs }) => atMost(what, ms, mostMs, seconds)),
		notes: ['`npm run simulate` takes these figures in seconds.'],
	};
}

/** Places that others leave, and for how long they leave no more. */
const LEFT = [1, 2, 3, 4, 5];
const CONGESTED_MS = [5000, 15_000, 30_000, 60_000];
const ITEMS = [10, 20, 30, 50];
const REPEATS = 3;
const PLACES = 20;
const TASK_MS = 120_000;

/** Batches of tasks at an account that others fill at first. */
export async function congestion(): Promise<Report> {
	const one = await fill(1);
	const two = await fill(2);
	const all = [...one, ...two].flat();
	return {
		title: 'Tasks in an account that others fill at first',
		work: `tasks of ${TASK_MS / 1000} s, ${PLACES} places, of which others leave 1 to 5 for the first 5 to 60 s: the worst time of the ideal, and creates that were refused, for each task`,
		columns: ['', ...ITEMS.map((items) => `${items} items`)],
		rows: [
			['one process', ...one.map(cell)],
			['two processes that share the account', ...two.map(cell)],
		],
		verdicts: [
			atMost('worst time, of the ideal', Math.max(...all.map(({ ratio }) => ratio)), 1.2, times),
			atMost('items failed', Math.max(...all.map(({ failed }) => failed)), 0, plain),
		],
		notes: [],
	};
}

async function fill(processes: number): Promise<TaskFigures[][]> {
	const columns: TaskFigures[][] = [];
	for (const items of ITEMS) {
		const figures: TaskFigures[] = [];
		for (const left of LEFT) {
			for (const congestedMs of CONGESTED_MS) {
				for (let repeat = 0; repeat < REPEATS; repeat += 1) {
					figures.push(await makeTasks({ places: PLACES, left, congestedMs, items, taskMs: TASK_MS, processes }));
				}
			}
		}
		columns.push(figures);
	}
	return columns;
}

const cell = (figures: TaskFigures[]): string =>
	`${times(Math.max(...figures.map(({ ratio }) => ratio)))}, ${Math.max(...figures.map(({ rejected }) => rejected)).toFixed(1)}`;
