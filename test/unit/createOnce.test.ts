import fc from 'fast-check';

import { createOnce, type Creation, type TaskMemory } from '../../nodes/shared/engine/createOnce';
import { PerExecution } from '../../nodes/shared/n8n/perExecution';
import { asKlingError, KlingError } from '../../nodes/shared/kling/klingError';
import { FakeTime } from './fakeTime';

const ID = 'n8n-1';
const brief = { description: '', serviceCode: null, httpStatus: null, requestId: null, attempts: 1, retryable: true };
const error = (message: string) => new KlingError(message, brief);

/** What becomes of a create: whether it arrives, and whether its answer does. */
type CreateFault = 'none' | 'lostBefore' | 'lostAfter' | 'late' | 'busy' | 'refused' | 'unsent';
type FindFault = 'none' | 'lost' | 'denied';

let time: FakeTime;

beforeEach(() => (time = new FakeTime()));
afterEach(() => time.restore());

/** A provider that keeps tasks, and answers as the faults say, in their order. */
class Provider {
	/** The external ids of the tasks that were made, each paid for. */
	readonly paid: string[] = [];
	creates = 0;
	finds = 0;

	constructor(
		private readonly isKling: boolean,
		private readonly createFaults: CreateFault[],
		private readonly findFaults: FindFault[] = [],
		/** Whether it finds tasks by their external id at all. */
		private readonly findsByExternalId = true,
	) {}

	async create(id: string): Promise<{ task: string; taskId: string }> {
		const fault = this.createFaults.shift() ?? 'none';
		if (fault === 'unsent') throw new KlingError('refused', { ...brief, attempts: 0 });
		this.creates += 1;
		if (fault === 'lostBefore') throw error('unclear');
		if (fault === 'busy') throw error('notBegun');
		if (fault === 'refused') throw error('refused');
		if (fault === 'late') {
			void time.sleep(25_000).then(() => this.make(id));
			throw error('unclear');
		}
		if (!this.make(id)) throw error('exists');
		if (fault === 'lostAfter') throw error('unclear');
		return { task: 'new', taskId: this.taskId(id) };
	}

	async find(id: string): Promise<{ task: string; taskId: string } | null> {
		this.finds += 1;
		const fault = this.findFaults.shift() ?? 'none';
		if (fault === 'lost') throw error('bad gateway');
		if (fault === 'denied') throw error('wrong key');
		return this.findsByExternalId && this.paid.includes(id) ? { task: 'found', taskId: this.taskId(id) } : null;
	}

	/** Kling refuses a second task with the same external id; a gateway may not look at it. */
	private make(id: string): boolean {
		if (this.isKling && this.paid.includes(id)) return false;
		this.paid.push(id);
		return true;
	}

	private taskId(id: string): string {
		return `t-${this.paid.indexOf(id)}`;
	}
}

interface Run {
	isKling?: boolean;
	memory?: TaskMemory<string>;
	stop?: AbortController;
	maxWaitMs?: number;
}

/** Creates once, and lets time pass until it has ended. */
async function run(
	provider: Provider,
	{ isKling = true, memory = new Map() as TaskMemory<string>, stop = new AbortController(), maxWaitMs = 600_000 }: Run = {},
) {
	const creation: Creation<string> = {
		externalTaskId: ID,
		maxWaitMs,
		create: async () => await provider.create(ID),
		find: async () => await provider.find(ID),
		isProvable: isKling,
		judge: ({ message }) => (message === 'unclear' || message === 'exists' ? message : 'nothing'),
		endsLooking: ({ message }) => message === 'wrong key',
		unclear: (doubt, sends) => new KlingError(`unclear: ${doubt?.message ?? 'earlier'}`, { ...brief, attempts: sends }),
		doubted: (failure) => new KlingError(`doubted: ${failure.message}`, { ...brief, attempts: failure.sent }),
		absent: (_doubt, sends) => new KlingError('absent', { ...brief, attempts: sends }),
		missing: (doubt, sends) => new KlingError(`missing: ${doubt.message}`, { ...brief, attempts: sends }),
	};
	const tools = { memory, clock: time.clock, asFailure: asKlingError, stop: stop.signal };
	const work = again(async () => {
		const { taskId, task } = await createOnce(creation, tools);
		return { taskId, task };
	});
	await time.pass(3_600_000);
	return await work;
}

/** As the engine does: what is proven to be absent is created when it is its turn again. */
async function again<T>(create: () => Promise<T>): Promise<T | { failure: string; attempts: number }> {
	for (let attempts = 0; ;) {
		try {
			return await create();
		} catch (error) {
			const { message: failure, details } = error as KlingError;
			attempts += details.attempts;
			if (failure !== 'absent') return { failure, attempts };
		}
	}
}

const CREATED = { task: 'new', taskId: 't-0' };
const FOUND = { task: 'found', taskId: 't-0' };
const UNCLEAR = { mayExist: true, unclears: 1 };

describe.each([true, false])('Kling itself: %s', (isKling) => {
	it('a clear answer', async () => {
		const provider = new Provider(isKling, []);
		expect(await run(provider, { isKling })).toEqual(CREATED);
		expect([provider.creates, provider.finds, provider.paid.length]).toEqual([1, 0, 1]);
	});

	it('an answer that was lost: the task is found', async () => {
		const provider = new Provider(isKling, ['lostAfter']);
		expect(await run(provider, { isKling })).toEqual(FOUND);
		expect([provider.creates, provider.paid.length]).toEqual([1, 1]);
	});

	it('an answer that was lost, the first looks too', async () => {
		const provider = new Provider(isKling, ['lostAfter'], ['lost', 'lost', 'lost', 'lost', 'lost', 'lost']);
		expect(await run(provider, { isKling })).toEqual(FOUND);
		expect([provider.creates, provider.paid.length]).toEqual([1, 1]);
	});

	it('no look is answered until the end of the wait', async () => {
		const provider = new Provider(
			isKling,
			['lostAfter'],
			Array.from({ length: 999 }, () => 'lost' as const),
		);
		expect(await run(provider, { isKling })).toEqual({ failure: 'unclear: unclear', attempts: 1 });
		expect(provider.creates).toBe(1);
	});

	it('it is looked for once more when the wait is over, and not later', async () => {
		const start = time.now;
		const looks: number[] = [];
		const provider = new Provider(isKling, ['lostBefore']);
		provider.find = async () => {
			looks.push(time.now - start);
			if (looks.length === 1) throw error('bad gateway');
			return await Promise.resolve(null);
		};
		expect(await run(provider, { isKling, maxWaitMs: 25_000 })).toEqual({ failure: 'unclear: unclear', attempts: 1 });
		expect([looks, provider.creates]).toEqual([[1000, 10_000, 25_000], 1]);
	});

	it('where it comes too early, "there is none" is no proof', async () => {
		const provider = new Provider(isKling, ['late']);
		expect(await run(provider, { isKling, maxWaitMs: 20_000 })).toEqual({ failure: 'unclear: unclear', attempts: 1 });
		expect([provider.creates, provider.finds, provider.paid.length]).toEqual([1, 3, 1]);
	});

	it('the key is refused while looking', async () => {
		const provider = new Provider(isKling, ['lostAfter'], ['denied']);
		expect(await run(provider, { isKling })).toEqual({ failure: 'unclear: unclear', attempts: 1 });
		expect([provider.creates, provider.finds]).toEqual([1, 1]);
	});

	it('stopped while looking', async () => {
		const stop = new AbortController();
		const provider = new Provider(isKling, ['lostAfter'], ['lost', 'lost']);
		const work = run(provider, { isKling, stop });
		setImmediate(() => stop.abort());
		expect(await work).toMatchObject({ failure: 'unclear: unclear' });
		expect(provider.creates).toBe(1);
	});

	it('what was created is remembered', async () => {
		const memory = new Map() as TaskMemory<string>;
		await run(new Provider(isKling, []), { isKling, memory });
		expect(memory.get(ID)).toEqual({ ...CREATED, createdAt: expect.any(Number) as number, sends: 1 });
	});

	it('while a create is under way, its outcome is remembered as unclear', async () => {
		const memory = new Map() as TaskMemory<string>;
		const provider = new Provider(isKling, []);
		provider.create = async () => await new Promise<never>(() => {});
		void run(provider, { isKling, memory });
		await new Promise(setImmediate);
		expect(memory.get(ID)).toEqual(UNCLEAR);
	});

	it('an unclear outcome of an earlier run is looked up first', async () => {
		const memory = new Map() as TaskMemory<string>;
		memory.set(ID, UNCLEAR);
		const provider = new Provider(isKling, []);
		provider.paid.push(ID);
		expect(await run(provider, { isKling, memory })).toEqual(FOUND);
		expect([provider.creates, provider.paid.length]).toEqual([0, 1]);
	});

	it('what an earlier run created is taken up without a word to the provider', async () => {
		const memory = new Map() as TaskMemory<string>;
		const provider = new Provider(isKling, []);
		await run(provider, { isKling, memory });
		expect(await run(provider, { isKling, memory })).toEqual(CREATED);
		expect([provider.creates, provider.finds]).toEqual([1, 0]);
	});

	it.each(['busy', 'refused', 'unsent'] as const)('%s: nothing was created, and nothing is remembered', async (fault) => {
		const memory = new Map() as TaskMemory<string>;
		const provider = new Provider(isKling, [fault]);
		const attempts = fault === 'unsent' ? 0 : 1;
		const failure = { busy: 'notBegun', refused: 'refused', unsent: 'refused' }[fault];
		expect(await run(provider, { isKling, memory })).toEqual({ failure, attempts });
		expect(memory.get(ID)).toBeUndefined();
		expect(await run(provider, { isKling, memory })).toEqual(CREATED);
	});
});

describe('at Kling itself', () => {
	it('a create that never arrived is sent again, after several looks', async () => {
		const provider = new Provider(true, ['lostBefore']);
		expect(await run(provider)).toEqual(CREATED);
		expect([provider.creates, provider.finds, provider.paid.length]).toEqual([2, 3, 1]);
	});

	it('a create that arrives while it is looked for', async () => {
		const provider = new Provider(true, ['late']);
		expect(await run(provider)).toEqual(FOUND);
		expect([provider.creates, provider.paid.length]).toEqual([1, 1]);
	});

	it('a create that is unclear again and again', async () => {
		const provider = new Provider(true, ['lostBefore', 'lostBefore', 'lostBefore', 'lostBefore']);
		expect(await run(provider)).toEqual({ failure: 'unclear: unclear', attempts: 3 });
		expect(provider.paid).toEqual([]);
	});

	it('another worker created it: it is found', async () => {
		const provider = new Provider(true, []);
		provider.paid.push(ID);
		expect(await run(provider)).toEqual(FOUND);
		expect([provider.creates, provider.paid.length]).toEqual([1, 1]);
	});

	it('it exists, and is not to be found', async () => {
		const provider = new Provider(true, [], [], false);
		provider.paid.push(ID);
		expect(await run(provider)).toEqual({ failure: 'missing: exists', attempts: 1 });
		expect(provider.paid).toHaveLength(1);
	});

	it('once in doubt, in doubt: a later refusal names the task, and so does the next one', async () => {
		const memory = new Map() as TaskMemory<string>;
		const provider = new Provider(true, ['lostBefore', 'refused', 'busy', 'none']);
		expect(await run(provider, { memory })).toEqual({ failure: 'doubted: refused', attempts: 2 });
		expect([memory.get(ID), provider.finds]).toEqual([{ mayExist: false, unclears: 1 }, 3]);
		// It was proven that there is none: no further look.
		expect(await run(provider, { memory })).toEqual({ failure: 'doubted: notBegun', attempts: 1 });
		expect([memory.get(ID), provider.finds]).toEqual([{ mayExist: false, unclears: 1 }, 3]);
		expect(await run(provider, { memory })).toEqual(CREATED);
		expect([provider.creates, provider.finds, provider.paid.length]).toEqual([4, 3, 1]);
	});

	it('a doubt of an earlier run that was not ended is looked at again', async () => {
		const memory = new Map() as TaskMemory<string>;
		const provider = new Provider(true, ['lostBefore'], ['denied']);
		expect(await run(provider, { memory })).toEqual({ failure: 'unclear: unclear', attempts: 1 });
		expect(memory.get(ID)).toEqual(UNCLEAR);
		expect(await run(provider, { memory })).toEqual(CREATED);
		expect([provider.creates, provider.finds, provider.paid.length]).toEqual([2, 4, 1]);
	});

	it('is proven over 30 seconds at least', async () => {
		const provider = new Provider(true, ['lostBefore']);
		const start = time.now;
		const made: number[] = [];
		const { create } = provider;
		provider.create = async (id) => {
			made.push(time.now - start);
			return await create.call(provider, id);
		};
		await run(provider);
		expect(made).toEqual([0, 30_000]);
	});

	it.each([
		[50_000, [50_000, 59_000, 79_000]],
		[3_000_000, []],
	])('is looked for only after the %i ms that the provider asks to wait, or not at all', async (retryAfterMs, looks) => {
		const provider = new Provider(true, []);
		const start = time.now;
		const found: number[] = [];
		provider.create = async () => await Promise.reject(new KlingError('unclear', brief, { retryAfterMs }));
		provider.find = async () => {
			found.push(time.now - start);
			return await Promise.resolve(null);
		};
		await run(provider);
		expect(found.slice(0, 3)).toEqual(looks);
	});

	it('an unclear outcome of an earlier run that never arrived is created', async () => {
		const memory = new Map() as TaskMemory<string>;
		memory.set(ID, UNCLEAR);
		expect(await run(new Provider(true, []), { memory })).toEqual(CREATED);
	});
});

describe('at a gateway', () => {
	it.each(['lostBefore', 'lostAfter', 'late'] as const)('%s and not found: is never sent again', async (fault) => {
		const memory = new Map() as TaskMemory<string>;
		const provider = new Provider(false, [fault], [], false);
		expect(await run(provider, { isKling: false, memory })).toEqual({ failure: 'unclear: unclear', attempts: 1 });
		expect(provider.creates).toBe(1);
		expect(await run(provider, { isKling: false, memory })).toEqual({ failure: 'unclear: earlier', attempts: 0 });
		expect(provider.creates).toBe(1);
	});
});

const createFault = fc.constantFrom<CreateFault>('none', 'lostBefore', 'lostAfter', 'late', 'busy', 'refused');
const findFault = fc.constantFrom<FindFault>('none', 'none', 'lost', 'denied');

it('whatever happens, and however often the item is tried: at most one task is paid for, and none is lost', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.boolean(),
			fc.boolean(),
			fc.array(createFault, { maxLength: 6 }),
			fc.array(findFault, { maxLength: 12 }),
			async (isKling, finds, createFaults, findFaults) => {
				const provider = new Provider(isKling, createFaults, findFaults, isKling || finds);
				const memory = new Map() as TaskMemory<string>;
				for (let attempt = 0; attempt < 3; attempt += 1) {
					const outcome = await run(provider, { isKling, memory });
					expect(provider.paid.length).toBeLessThanOrEqual(1);
					if (provider.paid.length === 0) continue;
					if ('failure' in outcome) expect(outcome.failure).toMatch(/^(unclear|missing|doubted)/);
					else expect(outcome.taskId).toBe('t-0');
				}
			},
		),
		{ numRuns: 150 },
	);
});

describe('the memory of an execution', () => {
	const memories = new PerExecution<TaskMemory<string>>(() => new Map());

	it('is shared by all that belongs to the execution and the account', () => {
		const execution = new AbortController().signal;
		memories.of(execution, 'a').set(ID, UNCLEAR);
		expect(memories.of(execution, 'a').get(ID)).toBe(UNCLEAR);
		expect(memories.of(execution, 'b').get(ID)).toBeUndefined();
		expect(memories.of(new AbortController().signal, 'a').get(ID)).toBeUndefined();
	});
});
