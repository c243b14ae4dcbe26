import { contestRepeatedly, type Arena, type Run } from '../contest';
import { node } from '../contestants';
import { atMost, megabytes, milliseconds, times, type Report } from '../report';

const LATENCY_MS = 100;
/** So that the first of them is not the one that pays for compiling the code. */
const WARM_UP = 1000;
/** A run of a tenth of a second is easily disturbed: the middle one of several counts. */
const REPEATS_OF_SHORT_RUNS = 5;
const FEW_ITEMS = 100;
/** Bytes: a result, and its place in n8n's record of the run. */
const MOST_HELD = 4096;

const kilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)} kB`;

/** Whether many items cost more each than few. */
export async function growth(arena: Arena): Promise<Report> {
	const counts = arena.quick ? [10, 100] : [10, 100, 1000, 10_000];
	const runs: Run[] = [];
	for (const count of counts) {
		const task = { ...node.task, warmUp: arena.quick ? 10 : WARM_UP, measureHeld: true, input: { kind: 'url', count } } as const;
		const repeats = count <= FEW_ITEMS && !arena.quick ? REPEATS_OF_SHORT_RUNS : 1;
		runs.push(await contestRepeatedly(arena, task, { latencyMs: LATENCY_MS }, repeats, ({ wallMs }) => wallMs));
	}
	const perItem = counts.map((count, index) => (runs[index]?.wallMs ?? Infinity) / count);
	const held = (runs.at(-1)?.held ?? Infinity) / counts.at(-1)!;
	return {
		title: 'Growth',
		work: `URLs, ${LATENCY_MS} ms a call, in a process that has recognized ${WARM_UP} others before`,
		columns: ['items', 'time per item', 'CPU per item', 'memory held per item, with its result', 'highest resident memory'],
		rows: counts.map((count, index) => [String(count), ...cells(runs[index] ?? null, count)]),
		verdicts: [
			atMost('time per item, most to least', Math.max(...perItem) / Math.min(...perItem), 1.1, times),
			atMost('memory held per item, at the most items', held, MOST_HELD, kilobytes),
		],
		notes: [
			'Resident memory also holds garbage that V8 has not collected yet: it collects the later, the more room the machine has.',
		],
	};
}

const cells = (run: Run, count: number): string[] =>
	run
		? [
				milliseconds(run.wallMs / count),
				milliseconds(run.cpuMs / count),
				count < 1000 ? '' : kilobytes(run.held / count),
				megabytes(run.peakRss),
			]
		: ['not finished', '', '', ''];
