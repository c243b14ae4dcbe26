import { CallLevel } from './callLevel';
import type { Clock } from './clock';
import type { AsFailure } from './failure';
import { Gate } from './gate';
import { Pause } from './patience';
import { Room } from './room';
import { TaskLevel } from './taskLevel';
import { TaskWatch } from './taskWatch';

/** Bytes in memory at most: of request bodies, and of files that were fetched and wait to be sent. Four of the largest images. */
export const MOST_BYTES = 64_000_000;

/** What all runs share that use an account. */
export class Account {
	/** For calls that are answered in seconds. */
	readonly calls: Gate;
	/** Room for files that were fetched for a request, and wait for it. */
	readonly files = new Room(MOST_BYTES);
	/** Over the tasks that the account works on. */
	readonly watch: TaskWatch;
	/** When a run last left, by the clock. */
	lastUsed: number;
	private readonly bodies = new Room(MOST_BYTES);
	private readonly pause = new Pause();
	private readonly kinds = new Map<string, Gate>();
	private runs = 0;

	constructor(
		private readonly clock: Clock,
		asFailure: AsFailure,
	) {
		this.calls = new Gate(clock, new CallLevel(), this.bodies, this.pause);
		this.watch = new TaskWatch(clock, asFailure);
		this.lastUsed = clock.now();
	}

	/** The gate for creates of tasks of one kind, which the provider counts apart. */
	tasks(kind: string): Gate {
		const gate = this.kinds.get(kind) ?? new Gate(this.clock, new TaskLevel(), this.bodies, this.pause);
		this.kinds.set(kind, gate);
		return gate;
	}

	/** Whether a run uses it. */
	get inUse(): boolean {
		return this.runs > 0;
	}

	/** A run begins to use it. It has to `leave` it in the end. */
	enter(): void {
		this.runs += 1;
	}

	leave(): void {
		this.runs -= 1;
		this.lastUsed = this.clock.now();
	}
}
