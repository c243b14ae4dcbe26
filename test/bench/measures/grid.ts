import { table } from '../markdown';
import { atMost, percent, plain, times, type Report } from '../report';
import { CALLS_MS, COUNTS, fillGrid, LIMITS, type Grid } from '../simulator/grid';

const COLUMNS = ['calls at once allowed', ...COUNTS.map((count) => `${count} ${count === 1 ? 'item' : 'items'}`)];
const FEWEST_JUDGED = 5;

/** Accounts of many sizes, batches of many sizes, calls of many lengths: the engine alone, in virtual time. */
export async function grid(): Promise<Report> {
	const cold = await fillGrid('one execution', false);
	const warm = await fillGrid('one execution', true);
	const apart = await fillGrid('an execution for each item', false);
	const judged = (of: Grid) => of.flatMap((row) => row.filter((_, column) => COUNTS[column]! >= FEWEST_JUDGED));
	const ratios = judged(cold).map(({ ratio }) => ratio);
	return {
		title: 'Every account, every batch',
		work: `one execution, at most 10 calls at once, an account of which nothing is known: time of the ideal, and share of the calls that were rejected; the worst of calls of ${CALLS_MS.join(', ')} ms, with rejections that come after a tenth of that or as late`,
		columns: COLUMNS,
		rows: rowsOf(cold),
		verdicts: [
			atMost('worst with 5 items or more', Math.max(...ratios), 2, times),
			atMost('mean', ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length, 1.3, times),
			atMost('worst where the account is known', Math.max(...judged(warm).map(({ ratio }) => ratio)), 1.3, times),
			atMost('items failed', Math.max(...[cold, warm, apart].flat(2).map(({ failed }) => failed)), 0, plain),
		],
		notes: [
			'The same where a run before found out about the account:',
			table(COLUMNS, rowsOf(warm)),
			'The same with an execution for each item, all at once, of an account of which nothing is known. Once ten were accepted the level doubles, each time after a tenth of a call, until a call is refused.',
			table(COLUMNS, rowsOf(apart)),
			"`npm run simulate` fills these tables in seconds: the node's own engine runs, and only its clock and the account are made up.",
		],
	};
}

const rowsOf = (of: Grid): string[][] =>
	of.map((row, index) => [
		LIMITS[index] === Infinity ? 'any number' : String(LIMITS[index]),
		...row.map(({ ratio, rejected }) => (rejected === 0 ? times(ratio) : `${times(ratio)}, ${percent(rejected)}`)),
	]);
