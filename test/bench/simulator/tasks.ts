import { Accounts } from '../../../nodes/shared/engine/accounts';
import { runBatch } from '../../../nodes/shared/engine/batch';
import { Clock } from '../../../nodes/shared/engine/clock';
import type { Begun, Job } from '../../../nodes/shared/engine/job';
import { Lane } from '../../../nodes/shared/engine/lane';
import { Room } from '../../../nodes/shared/engine/room';
import { Turns } from '../../../nodes/shared/engine/turns';
import { asFailure, Rejection } from './scenario';
import { VirtualTime } from './virtualTime';

/** An account that others keep busy for a while, and a batch of tasks. */
export interface Congestion {
	/** Places of the account. */
	places: number;
	/** Of these, what others leave, and for how long; in milliseconds. */
	left: number;
	congestedMs: number;
	items: number;
	taskMs: number;
	/** Processes that share the items. */
	processes: number;
}

export interface TaskFigures {
	/** The time, of the least that is possible. */
	ratio: number;
	/** Creates that were one too many, for each task. */
	rejected: number;
	failed: number;
}

const CREATE_MS = 1000;
const REJECTION_MS = 200;
const MAX_WAIT_MS = 1_800_000;

/** Makes the tasks of a batch. */
export async function makeTasks(congestion: Congestion): Promise<TaskFigures> {
	const { places, left, congestedMs, items, taskMs, processes } = congestion;
	const time = new VirtualTime();
	const clock = new Clock(time.sleep, () => time.now);
	const ends: number[] = [];
	let rejected = 0;
	const create = async (): Promise<number> => {
		await time.sleep(REJECTION_MS);
		const busy = ends.filter((at) => at > time.now).length;
		if (busy >= (time.now < congestedMs ? left : places)) {
			rejected += 1;
			throw new Rejection(1);
		}
		const end = time.now + taskMs;
		ends.push(end);
		await time.sleep(CREATE_MS - REJECTION_MS);
		return end;
	};
	const batch = async (count: number): Promise<number> => {
		const account = new Accounts(clock, asFailure).account('account');
		account.enter();
		const stop = new AbortController().signal;
		const job: Job<null, null> = {
			key: null,
			scope: '',
			payer: '',
			body: { bytes: 0, build: async () => ({ bytes: Buffer.alloc(0), key: null, recycle: () => {} }) },
			lane: new Lane(account.tasks('video'), new Room(100)),
			maxAttempts: 5,
			patienceMs: MAX_WAIT_MS,
			send: async (_body, begun: Begun) => {
				const since = time.now;
				const end = await create();
				begun('accepted');
				const ask = async () => (time.now >= end ? true : null);
				await account.watch.until({ ask, ends: () => false, since, deadline: since + MAX_WAIT_MS, stop });
				return null;
			},
			finish: async () => null,
		};
		const tools = {
			clock,
			stop,
			asFailure,
			preparesAllFirst: true,
			reuse: null,
			mayShare: () => true,
			failed: () => {},
			turns: new Turns(clock),
		};
		const outcomes = await runBatch(count, async () => job, tools);
		return outcomes.filter((outcome) => !('result' in outcome)).length;
	};
	const shares = Array.from({ length: processes }, (_, index) => Math.floor((items + index) / processes));
	const all = Promise.all(shares.map(batch));
	await time.until(all);
	const failed = (await all).reduce((sum, one) => sum + one, 0);
	return { ratio: time.now / idealMs(congestion), rejected: rejected / items, failed };
}

/** How long the tasks take when every place is taken at every moment. */
function idealMs({ places, left, congestedMs, items, taskMs }: Congestion): number {
	const free = [...Array<number>(left).fill(0), ...Array<number>(places - left).fill(congestedMs)];
	let last = 0;
	for (let item = 0; item < items; item += 1) {
		free.sort((one, other) => one - other);
		free[0]! += CREATE_MS + taskMs;
		last = Math.max(last, free[0]!);
	}
	return last;
}
