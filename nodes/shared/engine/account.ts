import { AdaptiveLimit } from './adaptiveLimit';
import { ByteBudget, type Place } from './byteBudget';
import type { Clock } from './clock';
import { Lane } from './lane';
import type { Slot, Verdict } from './slot';
import { Pace } from './taskWatch';

/** Bytes of request bodies in memory at most for one account: four of the largest images. */
const MOST_BYTES = 64_000_000;

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

const NO_ALARM = { at: -Infinity, callOff: () => {} };

/**
 * The one way to an account, for all runs that use it: lets calls go as the account's limit, the memory for bodies and the
 * provider's requested pauses allow, and the runs by turns.
 */
export class Account {
	private readonly limit = new AdaptiveLimit();
	private readonly lanes = new Set<Lane>();
	/** Lanes in which a call waits, in the order of their turns. */
	private readonly turns: Lane[] = [];
	private readonly flying = new Set<Slot>();
	private pausedUntil = -Infinity;
	private alarm = NO_ALARM;
	/** Rejections in a row of a call that was alone. */
	private rejectedAlone = 0;
	private toCome = 0;
	private turn: Promise<void> = Promise.resolve();
	/** How many calls were let in and ended, or go on for long. */
	served = 0;
	/** When a run last left, by the clock. */
	lastUsed: number;
	/** The memory for bodies. */
	readonly memory: ByteBudget;
	/** How often its tasks are asked for. */
	readonly pace: Pace;

	constructor(
		readonly clock: Clock,
		{ maxBytes }: { maxBytes: number } = { maxBytes: MOST_BYTES },
	) {
		this.memory = new ByteBudget(maxBytes);
		this.pace = new Pace(clock);
		this.lastUsed = clock.now();
	}

	/**
	 * Opens one run's way in; the run has to `leave` it in the end.
	 * @param limits `maxCalls`: calls of this run in flight at most
	 */
	join({ maxCalls }: { maxCalls: number }): Lane {
		const lane = new Lane(this, maxCalls);
		this.lanes.add(lane);
		return lane;
	}

	/** Whether a run is in it. */
	get inUse(): boolean {
		return this.lanes.size > 0;
	}

	/** How many calls are in flight. */
	get running(): number {
		return this.flying.size;
	}

	/** Lets nothing in for the next `ms` milliseconds. */
	pause(ms: number): void {
		this.pausedUntil = Math.max(this.pausedUntil, this.clock.now() + ms);
	}

	/** Others keep the account busy: all wait, the longer the more often that happened in a row, at random. */
	backOff(minimumMs: number): void {
		const longest = Math.min(FIRST_WAIT_MS * 2 ** this.rejectedAlone, LONGEST_WAIT_MS);
		this.rejectedAlone += 1;
		this.pause(minimumMs + Math.random() * longest);
	}

	/** For lanes: so many more calls are still to begin. */
	expect(more: number): void {
		this.toCome += more;
	}

	/** For lanes: a call waits in this one. */
	wait(lane: Lane, place?: Place): void {
		if (!this.turns.includes(lane)) {
			if (place === 'front') this.turns.unshift(lane);
			else this.turns.push(lane);
		}
		this.letIn();
	}

	/** For lanes: no call waits in this one any more. */
	cancel(lane: Lane): void {
		const place = this.turns.indexOf(lane);
		if (place >= 0) this.turns.splice(place, 1);
		this.letIn();
	}

	/** For lanes: the run is over. */
	part(lane: Lane): void {
		this.lanes.delete(lane);
		this.lastUsed = this.clock.now();
	}

	/** For lanes: a call goes. */
	fly(slot: Slot): void {
		this.flying.add(slot);
		for (const one of this.flying) one.most = Math.max(one.most, this.flying.size);
	}

	/** For slots: the account took a call on. */
	accepted(most: number): void {
		this.served += 1;
		this.rejectedAlone = 0;
		this.limit.accepted(most, this.toCome);
		this.letIn();
	}

	/** For slots: a call ended. */
	land(slot: Slot, verdict: Verdict): void {
		if (!this.flying.delete(slot)) return;
		slot.lane.left(slot);
		if (verdict === 'rejected') this.limit.rejected(slot.most);
		if (verdict === 'accepted') this.accepted(slot.most);
		else this.letIn();
	}

	/** For slots: does `work` in a turn of the event loop of its own. */
	inTurn(work: () => void): void {
		this.turn = this.turn.then(async () => {
			work();
			await this.clock.nextTurn();
		});
	}

	private letIn(): void {
		if (this.isPaused()) return;
		while (this.flying.size < this.limit.current) {
			const place = this.turns.findIndex((lane) => lane.isReady);
			if (place < 0) return;
			const [lane] = this.turns.splice(place, 1);
			lane!.letIn();
			if (lane!.isWaiting) this.turns.push(lane!);
		}
	}

	/** Whether whoever waits has to wait for the end of a pause. An alarm is set only while somebody does. */
	private isPaused(): boolean {
		const ms = this.turns.length > 0 ? this.pausedUntil - this.clock.now() : 0;
		const at = ms > 0 ? this.pausedUntil : -Infinity;
		if (at !== this.alarm.at) {
			this.alarm.callOff();
			this.alarm = ms > 0 ? { at, callOff: this.clock.after(ms, () => this.wake()) } : NO_ALARM;
		}
		return ms > 0;
	}

	private wake(): void {
		this.alarm = NO_ALARM;
		this.letIn();
	}
}
