import { contestRepeatedly, type Arena } from '../contest';
import { node } from '../contestants';
import { atMost, seconds, times, type Report } from '../report';
import { cells, COLUMNS } from './throughput';

const LATENCY_MS = 500;
/** Items, and how many calls at once the account takes. */
const CASES = [
	{ count: 5, limit: 1 },
	{ count: 5, limit: 3 },
	{ count: 10, limit: 3 },
	{ count: 20, limit: 5 },
	{ count: 20, limit: 8 },
	{ count: 10, limit: 20 },
];

/** Few items at accounts that nothing is known of, in n8n: cells of the grid, on the real clock. */
export async function smallAccounts(arena: Arena): Promise<Report> {
	const found = [];
	for (const { count, limit } of arena.quick ? CASES.slice(0, 2) : CASES) {
		const idealMs = Math.ceil(count / Math.min(limit, 10)) * LATENCY_MS;
		const task = { ...node.task, input: { kind: 'url' as const, count } };
		const settings = { latencyMs: LATENCY_MS, concurrency: limit };
		const run = await contestRepeatedly(arena, task, settings, arena.quick ? 1 : 3, ({ wallMs }) => wallMs);
		found.push({
			ratio: run ? run.wallMs / idealMs : Infinity,
			row: [`${count} URLs, ${limit} at once allowed`, seconds(idealMs), ...cells(run, idealMs)],
		});
	}
	const ratios = found.map(({ ratio }) => ratio);
	const [first, ...others] = COLUMNS;
	return {
		title: 'Few items at small accounts',
		work: `one execution in a fresh process, ${LATENCY_MS} ms a call`,
		columns: [first!, 'ideal', ...others],
		rows: found.map(({ row }) => row),
		verdicts: [
			atMost('time, of the ideal, worst', Math.max(...ratios), 2, times),
			atMost('mean', ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length, 1.3, times),
		],
		notes: [],
	};
}
