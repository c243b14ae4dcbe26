import { MOST_BYTES, type Account } from '../engine/account';
import { CallLevel } from '../engine/callLevel';
import type { Clock } from '../engine/clock';
import { Gate } from '../engine/gate';
import { Lane } from '../engine/lane';
import { UNCOUNTED } from '../engine/level';
import { Room } from '../engine/room';
import { readUrl } from '../kling/values';

/** Tasks of a run that are asked for at once at most, where none is waited for. */
const MOST_QUESTIONS = 10;

/** The ways of one run of a node. It has to `leave` them in the end. */
export class Lanes {
	private readonly lanes = new Map<string, Lane>();
	private readonly calling: Room;
	private readonly fetching: Room;
	private readonly downloading: Room;
	private readonly results = new Room(MOST_BYTES);
	private isClosed = false;

	/** @param maxCalls calls, and what they begin, of this run under way at most; and as many files of each kind */
	constructor(
		private readonly account: Account,
		private readonly clock: Clock,
		maxCalls: number,
	) {
		this.calling = new Room(maxCalls);
		this.fetching = new Room(maxCalls);
		this.downloading = new Room(maxCalls);
	}

	/** For calls to the provider. */
	get calls(): Lane {
		return this.lane('calls', () => new Lane(this.account.calls, this.calling));
	}

	/** For creates of tasks of one kind, which the provider counts apart. */
	tasks(kind: string): Lane {
		return this.lane(`tasks ${kind}`, () => new Lane(this.account.tasks(kind), this.calling));
	}

	/** For questions about tasks. @param waits whether all wait for their tasks, side by side, and are asked for in turns; each is asked for once otherwise */
	questions(waits: boolean): Lane {
		const [level, most] = waits ? [UNCOUNTED, Infinity] : [new CallLevel(), MOST_QUESTIONS];
		return this.lane(`questions ${most}`, () => new Lane(new Gate(this.clock, level, new Room(0)), new Room(most)));
	}

	/** For files that are fetched for a request: each server by itself, so that one that is overloaded slows neither the calls nor the other servers. */
	files(url: string): Lane {
		return this.lane(`files ${hostOf(url)}`, () => new Lane(this.gate(this.account.files), this.fetching));
	}

	/** For the files of results. */
	downloads(url: string): Lane {
		return this.lane(`downloads ${hostOf(url)}`, () => new Lane(this.gate(this.results), this.downloading));
	}

	/** Lets nothing in any more. */
	close(): void {
		this.isClosed = true;
		for (const lane of this.lanes.values()) lane.close();
	}

	/** Nothing of the run stays. */
	leave(): void {
		for (const lane of this.lanes.values()) lane.leave();
	}

	private gate(memory: Room): Gate {
		return new Gate(this.clock, new CallLevel(), memory);
	}

	private lane(name: string, open: () => Lane): Lane {
		const lane = this.lanes.get(name) ?? open();
		this.lanes.set(name, lane);
		if (this.isClosed) lane.close();
		return lane;
	}
}

const hostOf = (url: string): string => readUrl(url)?.host ?? '';
