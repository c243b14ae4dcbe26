// `npm run simulate`: the node's own engine against accounts of many sizes, in virtual time: thousands of runs in a minute.
import { DEFAULTS, simulate, steady, type Figures, type Scenario } from './scenario';

const LIMITS = [1, 2, 3, 5, 8, 20, Infinity];
const COUNTS = [1, 5, 10, 20, 60, 200, 1000];
const CALLS_MS = [100, 1000, 10_000];

async function worst(scenario: Omit<Scenario, 'callMs' | 'rejectionMs'>): Promise<Figures> {
	const figures: Figures[] = [];
	for (const callMs of CALLS_MS) {
		for (const rejectionMs of [callMs / 10, callMs]) {
			const seeds = scenario.items * scenario.executions > 100 ? 1 : 4;
			for (let seed = 0; seed < seeds; seed += 1) figures.push(await simulate({ ...scenario, callMs, rejectionMs }));
		}
	}
	return {
		ratio: Math.max(...figures.map(({ ratio }) => ratio)),
		rejected: Math.max(...figures.map(({ rejected }) => rejected)),
		failed: Math.max(...figures.map(({ failed }) => failed)),
	};
}

async function main(): Promise<void> {
	for (const isWarm of [false, true]) {
		for (const many of [false, true]) {
			console.log(isWarm ? 'warm' : 'cold', many ? 'executions of one item' : 'one execution');
			const table: Record<string, Record<string, string>> = {};
			for (const limit of LIMITS) {
				const row: Record<string, string> = {};
				for (const count of COUNTS) {
					const shape = many ? { items: 1, executions: count } : { items: count, executions: 1 };
					const { ratio, rejected, failed } = await worst({ ...DEFAULTS, ...shape, plan: steady(limit), isWarm });
					row[count] = `${ratio.toFixed(2)} ${(rejected * 100).toFixed(0)}%${failed ? ` !${failed}` : ''}`;
				}
				table[limit] = row;
			}
			console.table(table);
		}
	}
}

void main();
