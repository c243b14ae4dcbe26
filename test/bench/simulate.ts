// `tsx test/bench/simulate.ts`: the node's own gate, limit and retries against accounts of many sizes, in virtual time, so that
// their constants can be chosen by thousands of runs in seconds. The ratios are to the ideal; rejected is the share of all calls.
import { runBatch } from '../../nodes/shared/engine/batch';
import { Clock } from '../../nodes/shared/engine/clock';
import { Gate } from '../../nodes/shared/engine/gate';
import { asKlingError, KlingError } from '../../nodes/shared/kling/klingError';

/** How many calls at once an account takes, from which moment on. */
type Plan = Array<{ fromMs: number; limit: number }>;

interface Scenario {
	name: string;
	count: number;
	plan: Plan;
	maxConcurrency: number;
}

const LATENCY_MS = 300;
const SEEDS = 40;

const steady = (limit: number): Plan => [{ fromMs: 0, limit }];

const SCENARIOS: Scenario[] = [
	{ name: '8 allowed', count: 200, plan: steady(8), maxConcurrency: 10 },
	{
		name: '8 then 2 then 8',
		count: 200,
		plan: [...steady(8), { fromMs: 3000, limit: 2 }, { fromMs: 9000, limit: 8 }],
		maxConcurrency: 10,
	},
	...[1, 2, 3, 5, 9, 10, 20].map((limit) => ({ name: `${limit} allowed`, count: 200, plan: steady(limit), maxConcurrency: 10 })),
	{ name: '20 of 50 allowed', count: 500, plan: steady(20), maxConcurrency: 50 },
	{ name: '8 allowed, few items', count: 24, plan: steady(8), maxConcurrency: 10 },
	{ name: '2 then 8', count: 200, plan: [...steady(2), { fromMs: 3000, limit: 8 }], maxConcurrency: 10 },
];

/** Events in the order of a time that passes as quickly as they can be worked off. */
class VirtualTime {
	now = 0;
	private readonly events: Array<{ at: number; ring: () => void }> = [];

	readonly sleep = async (ms: number): Promise<void> =>
		await new Promise((ring) => this.events.push({ at: this.now + ms, ring }));

	/** Lets the time pass until `work` is done. */
	async until(work: Promise<unknown>): Promise<void> {
		let isDone = false;
		void work.finally(() => (isDone = true));
		for (;;) {
			await new Promise(setImmediate);
			if (isDone) return;
			this.events.sort((a, b) => b.at - a.at);
			const { at, ring } = this.events.pop()!;
			this.now = Math.max(this.now, at);
			ring();
		}
	}
}

const TOO_MANY = new KlingError(
	'too many calls at once',
	{ description: '', serviceCode: 1303, httpStatus: 429, requestId: null, attempts: 1, retryable: true },
	{ congestion: true, retryAfterMs: null, minimumWaitMs: 1000 },
);

interface Figures {
	ms: number;
	rejected: number;
	failed: number;
}

/** Runs the node's own engine against an account, both in virtual time. */
async function simulate({ count, plan, maxConcurrency }: Scenario): Promise<Figures> {
	const time = new VirtualTime();
	Date.now = () => time.now;
	const clock = new Clock(time.sleep);
	const gate = new Gate({ maxCalls: maxConcurrency, maxBytes: 1e9 }, clock);
	let busy = 0;
	let rejected = 0;
	const send = async () => {
		await time.sleep(1);
		const limited = busy >= plan.findLast(({ fromMs }) => fromMs <= time.now)!.limit;
		if (limited) rejected += 1;
		else busy += 1;
		await time.sleep(LATENCY_MS * (0.98 + Math.random() * 0.04));
		if (limited) throw TOO_MANY;
		busy -= 1;
		await time.sleep(1);
	};
	const body = { bytes: Buffer.alloc(0), key: null, recycle: () => undefined };
	const task = { key: null, bytes: 0, maxAttempts: 5, build: async () => body, send, finish: async () => null };
	const tools = {
		gate,
		clock,
		stop: new AbortController().signal,
		asFailure: asKlingError,
		reuse: null,
		failed: () => undefined,
	};
	const batch = runBatch(count, async () => task, tools);
	await time.until(batch);
	return { ms: time.now, rejected, failed: (await batch).filter((outcome) => outcome && 'failure' in outcome).length };
}

function idealOf({ count, plan, maxConcurrency }: Scenario): number {
	let left = count;
	for (const [index, { fromMs, limit }] of plan.entries()) {
		const atOnce = Math.min(limit, maxConcurrency);
		const until = plan[index + 1]?.fromMs ?? Infinity;
		const needed = (left * LATENCY_MS) / atOnce;
		if (fromMs + needed <= until) return fromMs + needed;
		left -= ((until - fromMs) * atOnce) / LATENCY_MS;
	}
	return Infinity;
}

async function main(): Promise<void> {
	const table: Record<string, object> = {};
	for (const scenario of SCENARIOS) {
		const runs: Figures[] = [];
		for (let seed = 0; seed < SEEDS; seed += 1) runs.push(await simulate(scenario));
		const ratios = runs.map(({ ms }) => ms / idealOf(scenario)).sort((a, b) => a - b);
		const share = runs.reduce((sum, { rejected }) => sum + rejected / (rejected + scenario.count), 0) / SEEDS;
		const worstShare = Math.max(...runs.map(({ rejected }) => rejected / (rejected + scenario.count)));
		const failed = Math.max(...runs.map((run) => run.failed));
		const round = (value: number) => Number(value.toFixed(3));
		table[scenario.name] = {
			median: round(ratios[SEEDS / 2]!),
			worst: round(ratios.at(-1)!),
			rejected: round(share),
			'most rejected': round(worstShare),
			failed,
		};
	}
	console.table(table);
}

void main();
