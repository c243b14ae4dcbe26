import { contestRepeatedly, type Arena, type Run, type Task } from '../contest';
import { httpRequest, httpRequestBatched, loop, nodeWith, undici } from '../contestants';
import { atMost, megabytes, plain, seconds, type Report } from '../report';

const LATENCY_MS = 300;
const MOST_BYTES = 120 * 1_048_576;
/** How often what is judged runs; the middle one counts. */
const REPEATS = 3;

/** Memory that large files take, over that of a workflow that does nothing with them. */
export async function memory(arena: Arena): Promise<Report> {
	const count = arena.quick ? 12 : 60;
	const run = async (task: Omit<Task, 'input'>, repeats: number) =>
		await contestRepeatedly(
			arena,
			{ ...task, input: { kind: 'file', count } },
			{ latencyMs: LATENCY_MS },
			repeats,
			({ peakRss }) => peakRss,
		);
	const repeats = arena.quick ? 1 : REPEATS;
	const nothing = await run({ contestant: 'nothing' }, repeats);
	const entries = [5, 20].map((maxConcurrency) => nodeWith({ maxConcurrency }));
	const peers = [httpRequest, httpRequestBatched(5, 600), loop, undici(5), undici(20)];
	const results = [];
	for (const { name, task } of [...entries, ...peers]) {
		const result = await run(task, task.contestant === 'node' ? repeats : 1);
		results.push({ name, result, over: over(result, task.contestant === 'undici' ? result?.rssBefore : nothing?.peakRss) });
	}
	return {
		title: 'Memory',
		work: `${count} files of 9.5 MB in n8n's filesystem mode, ${LATENCY_MS} ms a call; highest resident memory`,
		columns: COLUMNS,
		rows: [
			['No Operation', '', ...cells(nothing)],
			...results.map(({ name, result, over }) => [name, megabytes(over), ...cells(result)]),
		],
		verdicts: results
			.slice(0, entries.length)
			.map(({ name, over }) => atMost(name.replace('this node, ', ''), over, MOST_BYTES, megabytes)),
		notes: ['Bare undici runs without n8n: its memory is over that of its own process before the first call.'],
	};
}

const COLUMNS = ['', 'over a workflow with No Operation', 'in all', 'time', 'items failed'];

/** What one contestant's memory comes to, over that of a workflow that does nothing. @param most bytes that it may take */
export function overNothing(nothing: Run, name: string, own: Run, most: number): Pick<Report, 'columns' | 'rows' | 'verdicts'> {
	const more = own && nothing ? over(own, nothing.peakRss) : Infinity;
	return {
		columns: COLUMNS,
		rows: [
			['No Operation', '', ...cells(nothing)],
			[name, megabytes(more), ...cells(own)],
		],
		verdicts: [atMost('over No Operation', more, most, megabytes), atMost('items failed', own?.failed ?? Infinity, 0, plain)],
	};
}

const over = (run: Run, floor = 0): number => (run ? run.peakRss - floor : Infinity);

const cells = (run: Run): string[] =>
	run ? [megabytes(run.peakRss), seconds(run.wallMs), String(run.failed)] : ['', 'not finished', ''];
