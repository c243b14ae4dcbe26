import type { ConcurrencyStep, GatewaySettings } from '../../gateway/types';
import { contestRepeatedly, type Arena, type Run, type Task } from '../contest';
import { httpRequest, httpRequestBatched, loop, node, undici, type Entry } from '../contestants';
import { atMost, percent, plain, seconds, times, type Report } from '../report';
import { whereItGoes } from './whereItGoes';

const LATENCY_MS = 300;
/** How often each contestant runs; the one of middle length counts. */
const REPEATS = 3;

/** 200 images at an account that takes 8 calls at once, which nobody told the node. */
export async function unknownLimit(arena: Arena): Promise<Report> {
	const count = arena.quick ? 24 : 200;
	const idealMs = (count * LATENCY_MS) / 8;
	const entries = [node, httpRequest, httpRequestBatched(8, 330), loop, undici(8)];
	const { runs, rows } = await race(arena, entries, count, idealMs, { latencyMs: LATENCY_MS, concurrency: 8 });
	const rejected = runs[0] ? runs[0].calls.rejected / runs[0].calls.calls : 1;
	return {
		title: 'Throughput at an unknown limit',
		work: `${count} URLs, ${LATENCY_MS} ms a call, 8 calls at once allowed; ideal ${seconds(idealMs)}`,
		columns: COLUMNS,
		rows,
		verdicts: [...onTime(runs[0], idealMs, 1.15), atMost('calls rejected', rejected, 0.05, percent)],
		notes: [
			'The HTTP Request node was told the limit and the latency for its batches, and undici the limit; this node was told nothing.',
		],
	};
}

/** 200 images at an account that takes as many calls as come. */
export async function noLimit(arena: Arena): Promise<Report> {
	const count = arena.quick ? 30 : 200;
	const idealMs = (count * LATENCY_MS) / 10;
	const entries = [node, httpRequest, httpRequestBatched(10, LATENCY_MS), loop, undici(10)];
	const { runs, rows } = await race(arena, entries, count, idealMs, { latencyMs: LATENCY_MS });
	return {
		title: 'Throughput without a limit',
		work: `${count} URLs, ${LATENCY_MS} ms a call; ideal for 10 at once, the node's default, ${seconds(idealMs)}`,
		columns: COLUMNS,
		rows,
		verdicts: onTime(runs[0], idealMs, 1.05),
		notes: [
			'The HTTP Request node as it comes sends all calls at once, which no account takes.',
			await whereItGoes(arena, { kind: 'url', count }, { latencyMs: LATENCY_MS }),
		],
	};
}

/** An account that takes 8 calls at once, then 2, then 8 again. */
export async function changingLimit(arena: Arena): Promise<Report> {
	const plan = arena.quick ? steps(1500, 3000) : steps(3000, 9000);
	const count = arena.quick ? 80 : 200;
	const idealMs = idealOf(count, plan);
	const told = { ...undici(8), name: 'bare undici, told each change' };
	told.task = { ...told.task, atOnce: plan.map(({ afterMs, limit }) => ({ fromMs: afterMs, calls: limit })) };
	const entries = [node, httpRequestBatched(8, 330), loop, told];
	const { runs, rows } = await race(arena, entries, count, idealMs, { latencyMs: LATENCY_MS, concurrencyPlan: plan });
	return {
		title: 'A limit that changes',
		work: `${count} URLs, ${LATENCY_MS} ms a call, 8 at once, from ${seconds(plan[1]!.afterMs)} on 2, from ${seconds(plan[2]!.afterMs)} on 8; ideal ${seconds(idealMs)}`,
		columns: COLUMNS,
		rows,
		verdicts: onTime(runs[0], idealMs, 1.25),
		notes: [],
	};
}

export const COLUMNS = ['', 'time', 'of the ideal', 'items failed', 'calls', 'rejected', 'most at once'];

async function race(
	arena: Arena,
	entries: Entry[],
	count: number,
	idealMs: number,
	settings: Partial<GatewaySettings>,
): Promise<{ runs: Run[]; rows: string[][] }> {
	const runs: Run[] = [];
	for (const entry of entries) {
		const task: Task = { ...entry.task, input: { kind: 'url', count } };
		runs.push(await contestRepeatedly(arena, task, settings, repeatsOf(arena, entry), ({ wallMs }) => wallMs));
	}
	return { runs, rows: entries.map(({ name }, index) => [name, ...cells(runs[index]!, idealMs)]) };
}

/** The plain loop takes minutes, and is as slow each time. */
const repeatsOf = ({ quick }: Arena, entry: Entry): number => (quick || entry === loop ? 1 : REPEATS);

export function cells(run: Run, idealMs: number): string[] {
	if (!run) return ['not finished'];
	const { calls, rejected, peakConcurrency } = run.calls;
	return [seconds(run.wallMs), times(run.wallMs / idealMs), ...[run.failed, calls, rejected, peakConcurrency].map(String)];
}

export const onTime = (run: Run | undefined, idealMs: number, most: number) => [
	atMost('time, of the ideal', run ? run.wallMs / idealMs : Infinity, most, times),
	atMost('items failed', run ? run.failed : Infinity, 0, plain),
];

const steps = (fewerMs: number, moreMs: number): Array<Required<Omit<ConcurrencyStep, 'afterCalls'>>> => [
	{ afterMs: 0, limit: 8 },
	{ afterMs: fewerMs, limit: 2 },
	{ afterMs: moreMs, limit: 8 },
];

/** How long `count` calls take when every place is taken at every moment. */
function idealOf(count: number, plan: ReturnType<typeof steps>): number {
	let left = count;
	for (const [index, { afterMs, limit }] of plan.entries()) {
		const needed = (left * LATENCY_MS) / limit;
		const length = (plan[index + 1]?.afterMs ?? Infinity) - afterMs;
		if (needed <= length) return afterMs + needed;
		left -= (length * limit) / LATENCY_MS;
	}
	return Infinity;
}
