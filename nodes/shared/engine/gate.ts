import type { Clock } from './clock';
import type { Failure } from './failure';
import type { Doors, Lane, Place } from './lane';
import type { Level } from './level';
import { Patience, Pause } from './patience';
import type { Room } from './room';
import { Slot, type Call, type Keeper, type Verdict } from './slot';

/** Bodies up to this many bytes are not counted: as many as ever fly at once need no more than one large one. */
const UNCOUNTED_BYTES = 65_536;
/**
 * The places of calls that took at least this long, in milliseconds, are free one in each turn of the event loop: so the next call is on its
 * way before another is prepared. Otherwise calls that are answered together would go on together, and in every round each would wait
 * for all of them.
 */
const LONG_CALL_MS = 50;
/** How often a place is left to others, in milliseconds: twice before they lose patience. */
const SHARE_EVERY_MS = 25_000;

const NO_ALARM = { at: Infinity, callOff: () => {} };

/**
 * The one way to an account, for all runs that use it. A call goes when the account has a place for it, its run may have one more under way,
 * there is memory for its body, and it is the turn of its run. What an account takes is learnt from what becomes of the calls.
 */
export class Gate implements Doors, Keeper {
	private readonly lanes = new Set<Lane>();
	/** Those in which a call waits, in the order of their turns. */
	private readonly turns: Lane[] = [];
	private readonly inFlight = new Set<Slot>();
	/** How much that calls began has not ended. */
	private goingOn = 0;
	/** Calls that were accepted. */
	private served = 0;
	private readonly patience: Patience;
	/** How many calls may go instead of what has ended, though the account rejects what is more. */
	private instead = 0;
	private alarm = NO_ALARM;
	private turn: Promise<void> = Promise.resolve();
	/** When a place is left to others next; and how many are, now. */
	private sharesAt = Infinity;
	private left = 0;
	private readonly letInNow = () => this.letIn();

	/**
	 * @param memory for the bodies of calls under way, in bytes; may be that of other gates as well
	 * @param pause of all gates that wait where one of them is asked to
	 */
	constructor(
		private readonly clock: Clock,
		private readonly level: Level,
		private readonly memory: Room,
		private readonly pause = new Pause(),
	) {
		this.patience = new Patience(clock, pause);
		pause.giveUp.add(() => this.giveUp());
	}

	join(lane: Lane): void {
		if (this.lanes.size === 0) this.sharesAt = this.clock.now() + SHARE_EVERY_MS;
		this.lanes.add(lane);
	}

	part(lane: Lane): void {
		this.lanes.delete(lane);
		if (this.lanes.size > 0) return;
		this.patience.renew();
		this.left = 0;
	}

	changed(lane: Lane, place: Place): void {
		const at = this.turns.indexOf(lane);
		if (at >= 0 && !lane.first) this.turns.splice(at, 1);
		if (at < 0 && lane.first) {
			// While the account rejects all, the runs take turns in trying.
			if (place === 'front' && !this.isHeld) this.turns.unshift(lane);
			else this.turns.push(lane);
		}
		this.letIn();
	}

	lost(call: Call): Failure | null {
		return this.patience.lost(call);
	}

	answered(slot: Slot, verdict: Verdict, failure: Failure | null): void {
		const isAlone = this.inFlight.size === 1 && this.served === slot.start.served;
		if (verdict === 'accepted') this.accepted(slot);
		if (!failure) return;
		const { call, at } = slot.start;
		if (verdict === 'rejected') this.rejected(slot, isAlone, failure);
		if (failure.handling.retryable) this.patience.failed(failure, call, at);
		// Whatever it is that was refused for good, the account is there.
		else if (failure.sent > 0) this.patience.renew();
		for (const giveUp of this.pause.giveUp) giveUp();
	}

	landed(slot: Slot, goesOn: boolean): void {
		if (goesOn) this.goingOn += 1;
		this.inFlight.delete(slot);
		this.letIn();
	}

	ended(): void {
		this.goingOn -= 1;
		this.instead += 1;
		this.letIn();
	}

	over(slot: Slot, verdict: Verdict): void {
		const isLong = this.clock.now() - slot.start.at >= LONG_CALL_MS;
		if (verdict !== 'accepted' || !isLong) return slot.free();
		this.turn = this.turn.then(async () => {
			if (slot.isFree) return;
			slot.free();
			await this.clock.nextTurn();
		});
	}

	private accepted({ most, start: { at, isInstead } }: Slot): void {
		this.served += 1;
		this.patience.renew();
		// What goes instead of something of ours does not tell whether there is another place.
		const toCome = [...this.lanes].reduce((sum, lane) => sum + lane.ahead, 0);
		if (!isInstead) this.level.accepted({ most, toCome, ms: this.clock.now() - at });
		this.share();
	}

	/** Leaves a place for a while, now and then: whoever else uses the account finds none as long as ours are taken again at once. */
	private share(): void {
		const { shareMs } = this.level;
		const now = this.clock.now();
		if (now < this.sharesAt) return;
		this.sharesAt = now + shareMs + SHARE_EVERY_MS;
		this.left = 1;
		this.clock.after(shareMs, () => {
			this.left = 0;
			this.letIn();
		});
	}

	private rejected({ most, start: { at } }: Slot, isAlone: boolean, said: Failure): void {
		const ms = this.level.rejected({ most, isAlone, ms: this.clock.now() - at });
		this.instead = 0;
		this.patience.rejected(ms && Math.max(ms, said.handling.minimumWaitMs), said, at);
		if (!isAlone || this.goingOn > 0) this.patience.renew();
	}

	/** Gives up the calls for which there is no patience. */
	private giveUp(): void {
		for (const lane of [...this.turns]) lane.giveUp();
	}

	/** Lets in who may go now, by turns. */
	private letIn(): void {
		for (let lane = this.next(); lane; lane = this.next()) {
			this.turns.splice(this.turns.indexOf(lane), 1);
			this.give(lane);
			if (lane.first) this.turns.push(lane);
		}
		if (this.turns.length === 0) this.callOff();
		this.memory.passOn();
	}

	/** The run that goes next: the first by turn that may have one more call under way. While it waits for memory, and its place is kept, such pass as need none. */
	private next(): Lane | undefined {
		const first = this.turns.length > 0 && this.isOpen() ? this.turns.find(({ mayGo }) => mayGo) : undefined;
		if (!first) this.memory.withdraw(this.letInNow);
		else if (!this.memory.fitsInTurn(counted(first.first!), this.letInNow)) {
			return this.places > 1 ? this.turns.find((lane) => lane.mayGo && counted(lane.first!) === 0) : undefined;
		}
		return first;
	}

	private give(lane: Lane): void {
		const at = this.clock.now();
		const isInstead = this.isHeld;
		if (isInstead) this.instead -= 1;
		const call = lane.first!;
		const body = this.memory.take(counted(call));
		const slot = new Slot({ at, served: this.served, isInstead, call, body, lane }, this);
		this.inFlight.add(slot);
		for (const one of this.inFlight) one.most = Math.max(one.most, this.inFlight.size);
		lane.letIn(slot);
	}

	/** Whether a call may go now. An alarm is set for when that may change by itself. */
	private isOpen(): boolean {
		const now = this.clock.now();
		const { pausedUntil, heldUntil } = this.patience;
		const opens = this.instead > 0 ? pausedUntil : Math.max(pausedUntil, heldUntil);
		if (opens <= now && !this.isFull) return true;
		if (opens > now) this.wakeAt(opens);
		else this.wakeAt(now + this.level.growsAfterMs);
		return false;
	}

	private get isHeld(): boolean {
		return this.clock.now() < this.patience.heldUntil;
	}

	/** How many more calls may be in flight. */
	private get places(): number {
		return this.level.current - this.inFlight.size - this.left;
	}

	private get isFull(): boolean {
		return this.places <= 0;
	}

	private wakeAt(at: number): void {
		if (this.alarm.at <= at) return;
		this.callOff();
		this.alarm = { at, callOff: this.clock.after(at - this.clock.now(), () => this.wake()) };
	}

	private wake(): void {
		this.alarm = NO_ALARM;
		if (this.isFull) this.level.grow();
		this.letIn();
	}

	private callOff(): void {
		this.alarm.callOff();
		this.alarm = NO_ALARM;
	}
}

const counted = ({ bytes }: Call): number => (bytes <= UNCOUNTED_BYTES ? 0 : bytes);
