// `npm run simulate`: the node's own engine against made-up accounts, in virtual time: thousands of runs in seconds. Figures that
// the constants of the engine are chosen by. Writes docs/development/simulation.md.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { section, summary, table } from '../markdown';
import { beside, congestion } from '../measures/beside';
import { grid } from '../measures/grid';
import { percent, plain, times } from '../report';
import { DEFAULTS, simulate, steady, type Figures, type Scenario } from './scenario';

/** Plays of each case, with early rejections and with late ones. */
const SEEDS = 10;

const DOCUMENT = join(__dirname, '..', '..', '..', 'docs', 'development', 'simulation.md');
const INTRO = `# Simulation

Written by \`npm run simulate\`: the nodes' own engine, with a made-up account and a made-up clock. Times are given as a multiple of what a client
that knows the account's limit would take, and beside them the share of calls that were rejected as one too many. What was measured in n8n is in
[Benchmarks](benchmarks.md).`;
const CASES_TITLE = `## Limits that change, and workers that share an account

Calls of 300 ms in one execution, of 500 ms in 60 executions and those of workers, of 2 s in 200 executions and in workers' batches; the median and the worst of ${2 * SEEDS} plays.`;

type Case = Partial<Scenario> & Pick<Scenario, 'items' | 'callMs'>;

const CASES: Record<string, Case> = {
	'200 items, 8 allowed': { items: 200, callMs: 300, plan: steady(8) },
	'200 items, 8 then 2 then 8 allowed': {
		items: 200,
		callMs: 300,
		plan: [...steady(8), { fromMs: 3000, limit: 2 }, { fromMs: 9000, limit: 8 }],
	},
	'200 items, 2 then 8 allowed': { items: 200, callMs: 300, plan: [...steady(2), { fromMs: 3000, limit: 8 }] },
	'500 items, 50 at once, 20 allowed': { items: 500, callMs: 300, plan: steady(20), maxCalls: 50 },
	'60 executions, 4 allowed': { items: 1, executions: 60, callMs: 500, plan: steady(4) },
	'200 executions, 5 allowed': { items: 1, executions: 200, callMs: 2000, plan: steady(5) },
	...Object.fromEntries(
		[1, 2, 4, 8].flatMap((limit) => [
			[`two workers, 200 items each, ${limit} allowed`, workers(2, limit, { items: 200, executions: 2, callMs: 2000 })],
			[`two workers, 200 executions, ${limit} allowed`, workers(2, limit, { items: 1, executions: 200, callMs: 500 })],
		]),
	),
	'four workers, 200 executions, 4 allowed': workers(4, 4, { items: 1, executions: 200, callMs: 500 }),
};

function workers(processes: number, limit: number, scenario: Case): Case {
	return { ...scenario, processes, plan: steady(limit) };
}

async function row(name: string, scenario: Case): Promise<string[]> {
	const figures: Figures[] = [];
	for (const part of [0.1, 1]) {
		for (let seed = 0; seed < SEEDS; seed += 1) {
			figures.push(await simulate({ ...DEFAULTS, ...scenario, rejectionMs: scenario.callMs * part }));
		}
	}
	const sorted = (key: keyof Figures) => figures.map((one) => one[key]).sort((a, b) => a - b);
	const [ratios, rejected, failed] = [sorted('ratio'), sorted('rejected'), sorted('failed')];
	return [
		name,
		times(ratios[SEEDS]!),
		times(ratios.at(-1)!),
		percent(rejected[SEEDS]!),
		percent(rejected.at(-1)!),
		plain(failed.at(-1)!),
	];
}

async function main(): Promise<void> {
	const reports = [await grid(), await beside(), await congestion()];
	const rows: string[][] = [];
	for (const [name, scenario] of Object.entries(CASES)) rows.push(await row(name, scenario));
	const cases = table(['', 'time, of the ideal', 'worst', 'rejected', 'worst', 'failed at most'], rows);
	const page = `${[INTRO, summary(reports), ...reports.map(section), CASES_TITLE, cases].join('\n\n')}\n`;
	console.log(page);
	writeFileSync(DOCUMENT, page);
}

void main();
