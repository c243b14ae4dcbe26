import { contest, type Arena, type Run } from '../contest';
import { node, type Entry } from '../contestants';
import { atMost, milliseconds, seconds, type Report } from '../report';

/** More than n8n itself takes at once for so many items. */
const MOST_MS = 250;

/** Many items of which one is sent, and the others take its answer: whether the process can do something else meanwhile. */
export async function turns(arena: Arena): Promise<Report> {
	const count = arena.quick ? 500 : 50_000;
	const nothing: Entry = { name: 'No Operation', task: { contestant: 'nothing' } };
	const run = async ({ task }: Entry) => await contest(arena, { ...task, input: { kind: 'url', count, different: 1 } }, {});
	const [idle, own] = [await run(nothing), await run(node)];
	const cells = (of: Run) => (of ? [seconds(of.wallMs), milliseconds(of.longestTurnMs), String(of.failed)] : ['not finished']);
	return {
		title: 'Many items that wait for nothing',
		work: `${count} items of the same URL: one call, and the others take its answer`,
		columns: ['', 'time', 'longest turn of the event loop', 'items failed'],
		rows: [
			[nothing.name, ...cells(idle)],
			[node.name, ...cells(own)],
		],
		verdicts: [
			atMost(
				'longest turn, over No Operation',
				(own?.longestTurnMs ?? Infinity) - (idle?.longestTurnMs ?? 0),
				MOST_MS,
				milliseconds,
			),
		],
		notes: ["n8n's own work before and after the node is in both."],
	};
}
