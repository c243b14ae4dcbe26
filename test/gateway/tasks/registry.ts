import type { AccountStats, GatewaySettings, ProductName, Provider, Route, TaskRecord, TaskScript, TaskState } from '../types';

/** What a create asks for, once it was checked. */
export interface Order {
	account: Provider;
	product: ProductName;
	model: string;
	/** '' where the gateway keeps none. */
	externalId: string;
	/** What it costs when it succeeds. */
	units: number;
	/** Whether a second file with a watermark is wanted beside the clean one. */
	isMarked: boolean;
	names: string[];
}

/** A task; where it is follows from the time. */
export interface Task extends Order {
	id: string;
	/** Where it stands in a list, which Kling documents no order for: far from that of the ids, and always the same. */
	place: number;
	createdAt: number;
	endsAt: number;
	/** Why it will fail. */
	failure?: string;
}

const FIRST_ID = 828_000_000_000_000_000n;

/** All tasks of all accounts, their slots and what they cost. */
export class Tasks {
	private all: Task[] = [];
	private made = 0;
	private counts = new Map<Provider, { creates: number; rejected: number; queries: number; peakRunning: number }>();

	constructor(private readonly settings: () => GatewaySettings) {}

	/** Counts a request with a good key. */
	count(account: Provider, route: Route): void {
		if (route === 'create') this.counted(account).creates++;
		if (route === 'query' || route === 'list') this.counted(account).queries++;
	}

	/** Makes a task. @returns undefined where the account has no slot left for this model */
	create(order: Order): Task | undefined {
		const { taskLimit } = this.settings();
		const { account, model } = order;
		const running = this.running(account);
		const counts = this.counted(account);
		if (taskLimit > 0 && running.filter((task) => task.model === model).length >= taskLimit) {
			counts.rejected++;
			return undefined;
		}
		const createdAt = Date.now();
		const script = this.scriptFor(order.names);
		const endsAt = createdAt + (script?.ms ?? pick(this.settings().taskMs));
		const task = { ...order, ...this.next(), createdAt, endsAt, failure: script?.failure };
		this.all.push(task);
		counts.peakRunning = Math.max(counts.peakRunning, running.length + 1);
		return task;
	}

	/** The task that an account knows by this id, or by this external id. */
	find(account: Provider, id: string): Task | undefined {
		const own = this.all.filter((task) => task.account === account);
		return own.find((task) => task.id === id) ?? own.find((task) => id !== '' && task.externalId === id);
	}

	/** Tasks that were made before, one each second, and have succeeded. */
	seed(order: Order, count: number): void {
		for (let seconds = count; seconds > 0; seconds--) {
			const createdAt = Date.now() - seconds * 1000;
			this.all.push({ ...order, ...this.next(), createdAt, endsAt: createdAt });
		}
	}

	/** An account's tasks of one product, in an order of their own. */
	list(account: Provider, product: ProductName): Task[] {
		const own = this.all.filter((task) => task.account === account && task.product === product);
		return own.sort((one, other) => one.place - other.place);
	}

	/** What the task of this id, or external id, was made from. */
	namesOf(id: string): string[] {
		return this.all.filter((task) => task.id === id || (id !== '' && task.externalId === id)).flatMap(({ names }) => names);
	}

	/** Ends the tasks under way, or those with a name like this, now. */
	end(match = ''): void {
		const now = Date.now();
		const ending = this.all.filter((task) => !hasEnded(task) && [task.id, ...task.names].some((name) => name.includes(match)));
		for (const task of ending) task.endsAt = now;
	}

	/** Every task as it is now, in order of creation. */
	records(): TaskRecord[] {
		return this.all.map((task) => {
			const { id, externalId, account, product, model, createdAt, endsAt, names } = task;
			const state = stateOf(task);
			const units = state === 'succeed' ? task.units : 0;
			return { id, externalId, provider: account, product, model, state, createdAt, endsAt, units, names };
		});
	}

	/** The numbers of one account. */
	account(account: Provider): AccountStats {
		const own = this.records().filter((task) => task.provider === account);
		const inState = (state: TaskState): number => own.filter((task) => task.state === state).length;
		return {
			...this.counted(account),
			tasks: own.length,
			running: this.running(account).length,
			succeeded: inState('succeed'),
			failed: inState('failed'),
			units: own.reduce((sum, { units }) => sum + units, 0),
		};
	}

	/** The numbers of every account that was used. */
	accounts(): Partial<Record<Provider, AccountStats>> {
		return Object.fromEntries([...this.counts.keys()].map((account) => [account, this.account(account)]));
	}

	/** Forgets everything; ids are not given again. */
	clear(): void {
		this.all = [];
		this.counts.clear();
	}

	private next(): Pick<Task, 'id' | 'place'> {
		this.made += 1;
		return { id: String(FIRST_ID + BigInt(this.made)), place: (this.made * 617) % 1009 };
	}

	private running = (account: Provider): Task[] => this.all.filter((task) => task.account === account && !hasEnded(task));

	private scriptFor = (names: string[]): TaskScript | undefined =>
		this.settings().tasks.find(({ match }) => match === undefined || names.some((name) => name.includes(match)));

	private counted(account: Provider) {
		const counts = this.counts.get(account) ?? { creates: 0, rejected: 0, queries: 0, peakRunning: 0 };
		this.counts.set(account, counts);
		return counts;
	}
}

const hasEnded = (task: Task): boolean => Date.now() >= task.endsAt;

/** When a task begins to be worked on: after a third of its time. */
const beginsAt = ({ createdAt, endsAt }: Task): number => createdAt + (endsAt - createdAt) / 3;

/** Where a task is now. */
export function stateOf(task: Task): TaskState {
	if (hasEnded(task)) return task.failure === undefined ? 'succeed' : 'failed';
	return Date.now() < beginsAt(task) ? 'submitted' : 'processing';
}

/** When a task came into this state, in ms since the epoch. */
export const changedAt = (task: Task, state: TaskState): number =>
	Math.round({ submitted: task.createdAt, processing: beginsAt(task), succeed: task.endsAt, failed: task.endsAt }[state]);

/** A length of time: as given, or between the two. */
export const pick = (ms: number | [min: number, max: number]): number =>
	typeof ms === 'number' ? ms : ms[0] + Math.random() * (ms[1] - ms[0]);
