import { Accounts } from '../../../nodes/shared/engine/accounts';
import { runBatch } from '../../../nodes/shared/engine/batch';
import { Clock } from '../../../nodes/shared/engine/clock';
import type { Failure } from '../../../nodes/shared/engine/failure';
import type { Job } from '../../../nodes/shared/engine/job';
import { Lane } from '../../../nodes/shared/engine/lane';
import { Room } from '../../../nodes/shared/engine/room';
import { Turns } from '../../../nodes/shared/engine/turns';
import { VirtualTime } from './virtualTime';

/** How many calls at once an account takes, from which moment on; in milliseconds. */
export type Plan = ReadonlyArray<{ fromMs: number; limit: number }>;

/** What is simulated: the node's own engine, its clock apart. */
export interface Scenario {
	plan: Plan;
	/** Items of each execution. */
	items: number;
	/** Executions that begin at once. */
	executions: number;
	/** Processes that the executions are spread over, each with a gate of its own. */
	processes: number;
	/** Calls of one execution at once at most. */
	maxCalls: number;
	callMs: number;
	/** How long a call that is one too many waits for its rejection. */
	rejectionMs: number;
	/** Whether the account is known from a run before. */
	isWarm: boolean;
}

export interface Figures {
	/** The time, of the least that is possible. */
	ratio: number;
	/** Share of all calls that were one too many. */
	rejected: number;
	failed: number;
}

/** On the way to the account, and back. */
const WAY_MS = 1;
/** The time of a call differs by so much. */
const SPREAD = 0.02;
/** Items that an account is learnt with. */
const LESSONS = 60;

const steady = (limit: number): Plan => [{ fromMs: 0, limit }];

/** One run of one item after the other, unless told otherwise. */
export const DEFAULTS = { executions: 1, processes: 1, maxCalls: 10, isWarm: false, plan: steady(Infinity) };

export { steady };

/** A call that is one too many, or none that is. */
export class Rejection extends Error implements Failure {
	readonly handling = { retryable: true, congestion: true, notBegun: true, retryAfterMs: null, minimumWaitMs: 1000 };
	constructor(readonly sent: number) {
		super('too many calls at once');
	}
	afterAttempts(sent: number): Failure {
		return new Rejection(sent);
	}
}

export function asFailure(error: unknown): Failure {
	if (error instanceof Rejection) return error;
	throw error;
}

/** The account: counts what runs, and rejects what is one too many. */
class Provider {
	private busy = 0;
	calls = 0;
	rejected = 0;

	constructor(
		private readonly time: VirtualTime,
		private readonly scenario: Scenario,
		private readonly startMs: number,
	) {}

	async call(): Promise<null> {
		const { time, scenario } = this;
		await time.sleep(WAY_MS);
		this.calls += 1;
		if (this.busy >= this.limit()) {
			this.rejected += 1;
			await time.sleep(spread(scenario.rejectionMs) + WAY_MS);
			throw new Rejection(1);
		}
		this.busy += 1;
		await time.sleep(spread(scenario.callMs));
		this.busy -= 1;
		await time.sleep(WAY_MS);
		return null;
	}

	private limit(): number {
		const ms = this.time.now - this.startMs;
		return this.scenario.plan.findLast(({ fromMs }) => fromMs <= ms)!.limit;
	}
}

const spread = (ms: number): number => ms * (1 - SPREAD + Math.random() * 2 * SPREAD);

/** Lets the executions of a scenario run. */
export async function simulate(scenario: Scenario): Promise<Figures> {
	const time = new VirtualTime();
	const clock = new Clock(time.sleep, () => time.now);
	const processes = Array.from({ length: scenario.processes }, () => new Accounts(clock, asFailure));
	if (scenario.isWarm) {
		const provider = new Provider(time, scenario, 0);
		await time.until(
			Promise.all(processes.map(async (process) => await execute(process, clock, provider, { ...scenario, items: LESSONS }))),
		);
	}
	const start = time.now;
	const provider = new Provider(time, scenario, start);
	const executions = Array.from({ length: scenario.executions }, async (_, index) => {
		return await execute(processes[index % processes.length]!, clock, provider, scenario);
	});
	await time.until(Promise.all(executions));
	const failed = (await Promise.all(executions)).reduce((sum, one) => sum + one, 0);
	return { ratio: (time.now - start) / idealMs(scenario), rejected: provider.rejected / provider.calls, failed };
}

/** @returns how many items failed */
async function execute(accounts: Accounts, clock: Clock, provider: Provider, { items, maxCalls }: Scenario): Promise<number> {
	const account = accounts.account('account');
	account.enter();
	const lane = new Lane(account.calls, new Room(maxCalls));
	const tools = {
		clock,
		stop: new AbortController().signal,
		asFailure,
		preparesAllFirst: false,
		reuse: null,
		mayShare: () => true,
		failed: () => {},
		turns: new Turns(clock),
	};
	const body = { bytes: Buffer.alloc(0), key: null, recycle: () => {} };
	const job: Job<null, null> = {
		key: null,
		scope: '',
		payer: '',
		body: { bytes: 0, build: async () => body },
		lane,
		maxAttempts: 5,
		patienceMs: 60_000,
		send: async () => await provider.call(),
		finish: async () => null,
	};
	const outcomes = await runBatch(items, async () => job, tools);
	lane.leave();
	account.leave();
	return outcomes.filter((outcome) => !('result' in outcome)).length;
}

/** How long all calls take when every place is taken at every moment. */
export function idealMs({ plan, items, executions, maxCalls, callMs }: Scenario): number {
	const most = Math.min(maxCalls, items) * executions;
	let left = items * executions;
	for (const [index, { fromMs, limit }] of plan.entries()) {
		const atOnce = Math.min(limit, most);
		const untilMs = plan[index + 1]?.fromMs ?? Infinity;
		// In an account that stays as it is, a round that is not full takes as long as one that is.
		const neededMs = plan.length === 1 ? Math.ceil(left / atOnce) * callMs : (left * callMs) / atOnce;
		if (fromMs + neededMs <= untilMs) return fromMs + neededMs;
		left -= ((untilMs - fromMs) * atOnce) / callMs;
	}
	return Infinity;
}
