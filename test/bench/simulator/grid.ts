import { DEFAULTS, simulate, steady, type Figures, type Scenario } from './scenario';

/** How many calls at once the account takes. */
export const LIMITS = [1, 2, 3, 5, 8, 20, Infinity];
export const COUNTS = [1, 5, 10, 20, 60, 200, 1000];
/** How long a call takes; a rejection takes a tenth of it, or as long. */
export const CALLS_MS = [100, 500, 2000, 10_000];
const REJECTIONS = [0.1, 1];

export type Shape = 'one execution' | 'an execution for each item';

/** The worst figures over all lengths of calls, for each count of items at each limit. */
export type Grid = Figures[][];

/** Fills the grid: one row for each limit, one column for each count. */
export async function fillGrid(shape: Shape, isWarm: boolean): Promise<Grid> {
	const grid: Grid = [];
	for (const limit of LIMITS) {
		const row: Figures[] = [];
		for (const count of COUNTS) {
			const spread = shape === 'one execution' ? { items: count, executions: 1 } : { items: 1, executions: count };
			row.push(await worst({ ...DEFAULTS, ...spread, plan: steady(limit), isWarm }));
		}
		grid.push(row);
	}
	return grid;
}

async function worst(scenario: Omit<Scenario, 'callMs' | 'rejectionMs'>): Promise<Figures> {
	// Small batches depend on luck, and are quick.
	const repeats = scenario.items * scenario.executions > 100 ? 1 : 5;
	const figures: Figures[] = [];
	for (const callMs of CALLS_MS) {
		for (const part of REJECTIONS) {
			for (let turn = 0; turn < repeats; turn += 1)
				figures.push(await simulate({ ...scenario, callMs, rejectionMs: callMs * part }));
		}
	}
	const most = (name: keyof Figures) => Math.max(...figures.map((one) => one[name]));
	return { ratio: most('ratio'), rejected: most('rejected'), failed: most('failed') };
}
