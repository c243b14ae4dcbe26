import { Account } from '../../nodes/shared/engine/account';
import { runBatch } from '../../nodes/shared/engine/batch';
import { Clock } from '../../nodes/shared/engine/clock';
import type { Outcome } from '../../nodes/shared/engine/failure';
import type { Gate } from '../../nodes/shared/engine/gate';
import type { Begun, Body, Fetched, Job } from '../../nodes/shared/engine/job';
import { Lane } from '../../nodes/shared/engine/lane';
import { Reuse, type Answers } from '../../nodes/shared/engine/reuse';
import { Room } from '../../nodes/shared/engine/room';
import { Turns } from '../../nodes/shared/engine/turns';
import { VirtualTime } from '../bench/simulator/virtualTime';
import { asFailure, Failed } from '../unit/failures';
import { pick, seeded } from './chaos/random';

/**
 * Batches at random in one account, side by side: calls and tasks, small bodies and large ones, identical ones, files that are fetched
 * before. All that can throw does at times, and runs are stopped at any moment. Nothing may stay of them: no slot, no memory, no turn; and none may hang.
 * `BATCHES=3000 SEED=1 npx jest test/trust/engineChance` plays more of them, or the same again.
 */
const BATCHES = Number(process.env.BATCHES ?? 400);
const SEED = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));

const MOST_BYTES = 64_000_000;
const random = seeded(SEED);
const upTo = (most: number) => Math.floor(random() * (most + 1));
const chance = (part: number) => random() < part;

const time = new VirtualTime();
const clock = new Clock(time.sleep, () => time.now);
const account = new Account(clock, asFailure);
const answers: Answers<string> = new Map();
const tally = { sends: 0, results: 0, failures: 0, interrupted: 0 };
/** The memory of the account for bodies, and the most of it that was ever taken. */
const { bodies } = account as unknown as { bodies: Room };
let mostTaken = 0;
/** Bodies that were built, and their buffers given back: never twice. */
const recycled = new WeakSet<Body>();

/** What may be thrown anywhere. */
function anyFailure(): Error {
	const notBegun = chance(0.4);
	return chance(0.1)
		? new TypeError('of another kind')
		: new Failed('at random', {
				retryable: notBegun || chance(0.6),
				congestion: notBegun || chance(0.2),
				notBegun,
				retryAfterMs: chance(0.0003) ? 86_400_000 : pick(random, [null, null, null, null, 0, 500]),
				minimumWaitMs: pick(random, [0, 1000]),
			});
}

function throwAtTimes(part: number): void {
	if (chance(part)) throw anyFailure();
}

function source(bytes: number): { bytes: number; build(): Promise<Body> } {
	const build = async (): Promise<Body> => {
		await time.sleep(upTo(5));
		throwAtTimes(0.03);
		const body: Body = {
			bytes: Buffer.alloc(1),
			key: chance(0.2) ? `content ${upTo(300)}` : null,
			recycle: () => {
				if (recycled.has(body)) throw new Error('given back twice');
				recycled.add(body);
			},
		};
		return body;
	};
	return { bytes, build };
}

async function fetch(bytes: number): Promise<Fetched> {
	await time.sleep(upTo(3000));
	throwAtTimes(0.1);
	return { ...source(bytes), free: account.files.take(bytes).free };
}

async function send(isTask: boolean, begun: Begun): Promise<string> {
	tally.sends += 1;
	mostTaken = Math.max(mostTaken, (bodies as unknown as { taken: number }).taken);
	await time.sleep(upTo(2000));
	throwAtTimes(0.15);
	if (isTask && chance(0.2)) begun('neutral');
	if (isTask && chance(0.9)) begun('accepted');
	await time.sleep(isTask ? upTo(100_000) : 0);
	throwAtTimes(0.05);
	return 'answer';
}

/** One batch; stopped at any moment, or not. */
async function batch(index: number): Promise<void> {
	await time.sleep(upTo(BATCHES * 4000));
	const isTask = chance(0.4);
	const room = new Room(1 + upTo(11));
	const lanes = (isTask ? [account.tasks('a'), account.tasks('b')] : [account.calls]).map((gate) => new Lane(gate, room));
	account.enter();
	const stop = new AbortController();
	const halt = () => {
		stop.abort();
		for (const lane of lanes) lane.close();
	};
	if (chance(0.2)) clock.after(upTo(120_000), halt);
	const stopsOnFailure = chance(0.1);
	const job = async (at: number): Promise<Job<string, string>> => {
		throwAtTimes(0.03);
		const bytes = chance(0.3) ? upTo(MOST_BYTES / 2) : upTo(100_000);
		return {
			key: chance(0.2) ? `input ${upTo(300)}` : null,
			scope: 'scope',
			payer: `${index} ${at}`,
			body: chance(0.2) ? { fetch: async () => await fetch(bytes) } : source(bytes),
			lane: pick(random, lanes),
			maxAttempts: 1 + upTo(4),
			patienceMs: pick(random, [60_000, 1_800_000]),
			send: async (_body, begun) => await send(isTask, begun),
			finish: async (answer) => {
				throwAtTimes(0.03);
				return answer;
			},
		};
	};
	const count = upTo(40);
	const outcomes = await runBatch(count, job, {
		clock,
		asFailure,
		stop: stop.signal,
		preparesAllFirst: isTask,
		reuse: chance(0.7) ? new Reuse(answers) : null,
		mayShare: () => chance(0.7),
		failed: () => stopsOnFailure && halt(),
		turns: new Turns(clock),
	});
	for (const lane of lanes) lane.leave();
	account.leave();
	expect(outcomes).toHaveLength(count);
	for (const outcome of outcomes) countOne(outcome);
}

function countOne(outcome: Outcome<string>): void {
	if ('result' in outcome) tally.results += 1;
	else if ('failure' in outcome) tally.failures += 1;
	else tally.interrupted += 1;
}

/** What is in a gate, behind its interface. */
function inside(gate: Gate) {
	const { lanes, turns, inFlight, goingOn } = gate as unknown as Record<string, { size?: number; length?: number } | number>;
	return { lanes, turns, inFlight, goingOn };
}

test(`of ${BATCHES} batches (SEED=${SEED}) none hangs, and nothing stays`, async () => {
	await time.until(Promise.all(Array.from({ length: BATCHES }, async (_, index) => await batch(index))));
	process.stdout.write(`engine at random: SEED=${SEED}, ${BATCHES} batches, ${JSON.stringify(tally)}\n`);
	expect(tally.sends).toBeGreaterThan(BATCHES * 8);
	expect(Math.min(tally.results, tally.failures, tally.interrupted)).toBeGreaterThan(BATCHES / 10);
	for (const gate of [account.calls, account.tasks('a'), account.tasks('b')]) {
		expect(inside(gate)).toEqual({ lanes: new Set(), turns: [], inFlight: new Set(), goingOn: 0 });
	}
	expect(account.inUse).toBe(false);
	expect(account.files.fits(MOST_BYTES)).toBe(true);
	expect(bodies.fits(MOST_BYTES)).toBe(true);
	expect(mostTaken).toBeGreaterThan(MOST_BYTES / 2);
	expect(mostTaken).toBeLessThanOrEqual(MOST_BYTES);
});
