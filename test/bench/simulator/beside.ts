import { Account } from '../../../nodes/shared/engine/account';
import { runBatch } from '../../../nodes/shared/engine/batch';
import { Clock } from '../../../nodes/shared/engine/clock';
import type { Failure, Handling } from '../../../nodes/shared/engine/failure';
import type { Job } from '../../../nodes/shared/engine/job';
import type { Lane } from '../../../nodes/shared/engine/lane';
import { Turns } from '../../../nodes/shared/engine/turns';
import { Lanes } from '../../../nodes/shared/n8n/lanes';
import { VirtualTime } from './virtualTime';

const PATIENCE_MS = 60_000;
const MAX_WAIT_MS = 1_800_000;
const MB = 1_000_000;

/** A call that is refused as one too many. */
class Refusal extends Error implements Failure {
	readonly handling: Handling;

	constructor(
		readonly sent: number,
		retryAfterMs: number | null,
	) {
		super('too many');
		this.handling = { retryable: true, congestion: true, notBegun: true, retryAfterMs, minimumWaitMs: 1000 };
	}

	afterAttempts(sent: number): Failure {
		return new Refusal(sent, this.handling.retryAfterMs);
	}
}

function asFailure(error: unknown): Failure {
	if (error instanceof Refusal) return error;
	throw error;
}

/** An account, and runs that use it side by side, in virtual time. */
class World {
	readonly time = new VirtualTime();
	readonly clock = new Clock(this.time.sleep, () => this.time.now);
	readonly account = new Account(this.clock, asFailure);

	/** A run of so many jobs that are made alike. @returns when each of them ended, in milliseconds */
	async run(
		count: number,
		make: (lanes: Lanes, index: number) => Partial<Job<unknown, unknown>> & { lane: Lane },
	): Promise<number[]> {
		const lanes = new Lanes(this.account, this.clock, 10);
		this.account.enter();
		const ends: number[] = [];
		const job = async (index: number): Promise<Job<unknown, unknown>> => ({
			key: null,
			scope: '',
			payer: '',
			body: sourceOf(1),
			maxAttempts: 5,
			patienceMs: PATIENCE_MS,
			send: async () => null,
			finish: async () => (ends[index] = this.time.now),
			...make(lanes, index),
		});
		const failed = (index: number) => void (ends[index] = this.time.now);
		await runBatch(count, job, {
			clock: this.clock,
			asFailure,
			stop: new AbortController().signal,
			preparesAllFirst: false,
			reuse: null,
			mayShare: () => true,
			failed,
			turns: new Turns(this.clock),
		});
		lanes.leave();
		this.account.leave();
		return ends;
	}

	/** A task of which the provider says that it goes on until `endsAt`. @returns when that was known */
	async watch(endsAt: number, since: number, deadline: number): Promise<number> {
		const ask = async () => (this.time.now >= endsAt ? true : null);
		const stop = new AbortController().signal;
		await this.account.watch.until({ ask, ends: () => false, since, deadline, stop, isAskedAtOnce: since < this.time.now });
		return this.time.now;
	}
}

const sourceOf = (bytes: number) => ({
	bytes,
	build: async () => ({ bytes: Buffer.alloc(0), key: null, recycle: () => {} }),
});

/** What a run has to wait for, and for how long, in milliseconds. */
export interface Wait {
	what: string;
	ms: number;
	mostMs: number;
}

/** How long runs wait for each other, and for an account that takes nothing. */
export async function waits(): Promise<Wait[]> {
	return [
		{
			what: 'Get Task for 22 tasks of which ten have ended: until these ten are known',
			ms: await endedTasks(),
			mostMs: 10_000,
		},
		{
			what: '100 items at an account that takes none: until the last has failed',
			ms: Math.max(...(await refused(null))),
			mostMs: PATIENCE_MS + 5000,
		},
		{
			what: '10 items at an account that asks to wait for a day: until the last has failed',
			ms: Math.max(...(await refused(86_400_000))),
			mostMs: 5000,
		},
		{ what: 'a picture beside 100 large ones of another execution', ms: await beside('large'), mostMs: 10_000 },
		{ what: 'a picture beside another execution that fetches from a host that hangs', ms: await beside('hanging'), mostMs: 1000 },
		{
			what: 'a task of 60 s beside 100 long ones of another execution: until it is known to have ended',
			ms: await besideTasks(),
			mostMs: 90_000,
		},
	];
}

async function endedTasks(): Promise<number> {
	const world = new World();
	const known: number[] = [];
	const all = world.run(22, (lanes, index) => ({
		lane: lanes.questions(true),
		send: async () => {
			const endsAt = index < 12 ? Infinity : 0;
			const ms = await world.watch(endsAt, world.time.now - 1, world.time.now + MAX_WAIT_MS);
			if (endsAt === 0) known.push(ms);
		},
	}));
	await world.time.until(all);
	return Math.max(...known);
}

async function refused(retryAfterMs: number | null): Promise<number[]> {
	const world = new World();
	const all = world.run(retryAfterMs === null ? 100 : 10, ({ calls }) => ({
		lane: calls,
		send: async () => {
			await world.time.sleep(200);
			throw new Refusal(1, retryAfterMs);
		},
	}));
	await world.time.until(all);
	return await all;
}

async function beside(what: 'large' | 'hanging'): Promise<number> {
	const world = new World();
	const takes = async (ms: number) => {
		await world.time.sleep(ms);
		return null;
	};
	const busy = world.run(what === 'large' ? 100 : 10, ({ calls }) => ({
		lane: calls,
		body:
			what === 'large'
				? sourceOf(14 * MB)
				: { fetch: async () => await takes(PATIENCE_MS).then(() => ({ ...sourceOf(1), free: () => {} })) },
		send: async () => await takes(5000),
	}));
	const own = later(world, async () => {
		return await world.run(1, ({ calls }) => ({ lane: calls, body: sourceOf(14 * MB), send: async () => await takes(500) }));
	});
	await world.time.until(Promise.all([busy, own]));
	return (await own)[0]! - LATER_MS;
}

/** When the others are under way. */
const LATER_MS = 100;

async function later<T>({ time }: World, work: () => Promise<T>): Promise<T> {
	await time.sleep(LATER_MS);
	return await work();
}

async function besideTasks(): Promise<number> {
	const world = new World();
	const others = Array.from({ length: 100 }, async () => await world.watch(600_000, 0, MAX_WAIT_MS));
	const own = world.watch(60_000, 0, MAX_WAIT_MS);
	await world.time.until(Promise.all([...others, own]));
	return await own;
}
