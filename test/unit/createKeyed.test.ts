import fc from 'fast-check';

import { createKeyed, type KeyedCreation } from '../../nodes/shared/engine/createKeyed';
import { Failed, asFailure, broken, refused } from './failures';
import { FakeTime } from './fakeTime';

type State = 'running' | 'spent';

let time: FakeTime;
beforeEach(() => (time = new FakeTime()));
afterEach(() => time.restore());

/** A provider that takes an external id once. */
class Provider {
	readonly tasks = new Map<string, State>();
	finds = 0;
	creates = 0;

	constructor(
		private readonly findFaults: Array<Failed | null> = [],
		tasks: State[] = [],
	) {
		tasks.forEach((state, index) => this.tasks.set(String(index), state));
	}

	async find(id: string): Promise<{ task: State; taskId: string } | null> {
		this.finds += 1;
		await time.sleep(100);
		const fault = this.findFaults.shift();
		if (fault) throw fault;
		const task = this.tasks.get(id);
		return task ? { task, taskId: `t-${id}` } : null;
	}

	async create(id: string, fault: 'none' | 'refused' | 'lost' = 'none') {
		this.creates += 1;
		await time.sleep(100);
		if (fault === 'refused') throw refused();
		if (this.tasks.has(id)) throw new Failed('exists');
		this.tasks.set(id, 'running');
		if (fault === 'lost') throw broken();
		return { task: 'running' as State, taskId: `t-${id}`, createdAt: time.now, sends: 1 };
	}
}

interface Run {
	stop?: AbortSignal;
	maxWaitMs?: number;
	fault?: 'none' | 'refused' | 'lost';
}

async function run(provider: Provider, { stop = new AbortController().signal, maxWaitMs = 60_000, fault }: Run = {}) {
	const creation: KeyedCreation<State> = {
		firstId: '0',
		nextId: (id) => String(Number(id) + 1),
		maxWaitMs,
		find: async (id) => await provider.find(id),
		endsLooking: ({ message }) => message === 'refused',
		isSpent: (task) => task === 'spent',
		create: async (id) => await provider.create(id, fault),
		unknown: (id, failure) => new Failed(`unknown ${id}: ${failure?.message ?? 'stopped'}`),
		allSpent: (id, count) => new Failed(`${count} spent, ${id} the last`),
	};
	try {
		return await createKeyed(creation, { clock: time.clock, asFailure, stop });
	} catch (error) {
		return (error as Error).message;
	}
}

/** Runs it, and lets time pass. */
async function outcome(...setup: Parameters<typeof run>) {
	const work = run(...setup);
	await time.pass(200_000);
	return await work;
}

const counts = ({ finds, creates }: Provider) => ({ finds, creates });

it('creates where the provider says that there is none', async () => {
	const provider = new Provider();
	expect(await outcome(provider)).toMatchObject({ externalTaskId: '0', sends: 1 });
	expect(counts(provider)).toEqual({ finds: 1, creates: 1 });
});

it('a task that is there is met, and none is created', async () => {
	const provider = new Provider([], ['running']);
	expect(await outcome(provider)).toMatchObject({ externalTaskId: '0', taskId: 't-0', sends: 0 });
	expect(counts(provider)).toEqual({ finds: 1, creates: 0 });
});

it.each<[State[], string, number]>([
	[['spent'], '1', 1],
	[['spent', 'spent', 'running'], '2', 0],
	[['spent', 'spent', 'spent'], '3', 1],
])('what is spent is followed by the next: %j', async (tasks, externalTaskId, creates) => {
	const provider = new Provider([], tasks);
	expect(await outcome(provider)).toMatchObject({ externalTaskId });
	expect(provider.creates).toBe(creates);
});

it('ends where very many are spent', async () => {
	const provider = new Provider([], Array<State>(200).fill('spent'));
	expect(await outcome(provider)).toBe('100 spent, 99 the last');
	expect(counts(provider)).toEqual({ finds: 100, creates: 0 });
});

it('a question that is not answered is asked again, in growing intervals', async () => {
	const provider = new Provider([broken(), broken(), broken()], ['running']);
	expect(await outcome(provider)).toMatchObject({ externalTaskId: '0', sends: 0 });
	expect(provider.finds).toBe(4);
	expect(provider.creates).toBe(0);
});

it('is given up after the wait, and nothing is created', async () => {
	const provider = new Provider(Array<Failed>(99).fill(broken()));
	expect(await outcome(provider)).toBe('unknown 0: broken');
	expect(provider.finds).toBeGreaterThan(4);
	expect(provider.finds).toBeLessThan(10);
	expect(provider.creates).toBe(0);
});

it('is given up at once where no question will be answered, or only after a longer wait than there is', async () => {
	for (const failure of [refused(), broken({ retryAfterMs: 61_000 })]) {
		const provider = new Provider([failure]);
		expect(await outcome(provider)).toBe(`unknown 0: ${failure.message}`);
		expect(counts(provider)).toEqual({ finds: 1, creates: 0 });
	}
});

it('a wait that the provider asks for is kept', async () => {
	const provider = new Provider([broken({ retryAfterMs: 30_000 })]);
	const work = run(provider);
	await time.pass(29_000);
	expect(provider.finds).toBe(1);
	await time.pass(2000);
	expect(await work).toMatchObject({ sends: 1 });
});

it('where everything is stopped nothing is created', async () => {
	const stop = new AbortController();
	const provider = new Provider(Array<Failed>(99).fill(broken()));
	const work = run(provider, { stop: stop.signal });
	await time.pass(500);
	stop.abort();
	await time.pass(500);
	expect(await work).toBe('unknown 0: broken');
	expect(await outcome(provider, { stop: stop.signal })).toBe('unknown 0: stopped');
	expect(counts(provider)).toEqual({ finds: 1, creates: 0 });
});

it('whatever fails and however many run at once, one task of use is alive under the key', async () => {
	const step = fc.record({
		faults: fc.array(fc.constantFrom(null, broken(), refused()), { maxLength: 4 }),
		fault: fc.constantFrom('none' as const, 'refused' as const, 'lost' as const),
		together: fc.integer({ min: 1, max: 3 }),
		spends: fc.boolean(),
	});
	await fc.assert(
		fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
			const faults: Array<Failed | null> = [];
			const provider = new Provider(faults);
			for (const { faults: next, fault, together, spends } of steps) {
				faults.splice(0, faults.length, ...next);
				const works = Array.from({ length: together }, async () => await run(provider, { fault }));
				await time.pass(200_000);
				for (const ended of await Promise.all(works)) {
					if (typeof ended !== 'string') expect(provider.tasks.get(ended.externalTaskId)).toBe('running');
				}
				const states = [...provider.tasks.values()];
				expect(states.filter((state) => state === 'running').length).toBeLessThanOrEqual(1);
				if (spends) for (const id of provider.tasks.keys()) provider.tasks.set(id, 'spent');
			}
		}),
		{ numRuns: 60 },
	);
});
