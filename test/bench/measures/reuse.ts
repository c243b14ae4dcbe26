import { contest, type Arena } from '../contest';
import { httpRequestBatched, loop, node, undici } from '../contestants';
import type { Input } from '../job';
import { atMost, plain, type Report } from '../report';

/** Whether the same image is paid for once. */
export async function reuse(arena: Arena): Promise<Report> {
	const input: Input = { kind: 'url', count: arena.quick ? 100 : 1000, different: 50 };
	const rows: string[][] = [];
	const calls: number[] = [];
	for (const { name, task } of [node, httpRequestBatched(10, 10), loop, undici(10)]) {
		const run = await contest(arena, { ...task, input }, { latencyMs: 5 });
		calls.push(run?.calls.calls ?? Infinity);
		rows.push(run ? [name, String(run.calls.calls), String(run.failed)] : [name, 'not finished', '']);
	}
	return {
		title: 'Paying once',
		work: `${input.count} items, ${input.different} different URLs`,
		columns: ['', 'calls', 'items failed'],
		rows,
		verdicts: [atMost('calls', calls[0]!, 50, plain)],
		notes: [],
	};
}
