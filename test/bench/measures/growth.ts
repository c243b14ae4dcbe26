import { contest, type Arena, type Run } from '../contest';
import { node } from '../contestants';
import { atMost, megabytes, milliseconds, percent, plain, type Report } from '../report';

/** Whether many items cost more each than few. */
export async function growth(arena: Arena): Promise<Report> {
	const counts = arena.quick ? [10, 100] : [10, 100, 1000, 10_000];
	const runs: Run[] = [];
	for (const count of counts) runs.push(await contest(arena, { ...node.task, input: { kind: 'url', count } }, { latencyMs: 20 }));
	return {
		title: 'Growth',
		work: '20 ms a call',
		columns: ['items', 'time per item', 'CPU per item', 'highest resident memory', 'over before'],
		rows: counts.map((count, index) => [String(count), ...cells(runs[index]!, count)]),
		verdicts: [],
		notes: [],
	};
}

const cells = (run: Run, count: number): string[] =>
	run
		? [milliseconds(run.wallMs / count), milliseconds(run.cpuMs / count), megabytes(run.peakRss), megabytes(run.peakRss - run.rssBefore)]
		: ['not finished'];
void atMost; void percent; void plain;
