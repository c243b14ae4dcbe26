import type { Failure } from './failure';
import type { Taken } from './room';

/** A call that waits to go. */
export interface Call {
	/** Size of its body. */
	bytes: number;
	/** How long the account may take nothing of ours before the call is given up, in milliseconds. */
	patienceMs: number;
}

/** The call was accepted, rejected as one too many, or says nothing about what the account takes. */
export type Verdict = 'accepted' | 'rejected' | 'neutral';

/** A gate, as its slots see it. */
export interface Keeper {
	/** The call was answered: there is something to learn. */
	answered(slot: Slot, verdict: Verdict, failure: Failure | null): void;
	/** The call is in flight no more; what it began goes on, or not. */
	landed(slot: Slot, goesOn: boolean): void;
	/** What was begun by the call has ended. */
	ended(): void;
	/** The call is over: the slot is to be free, now or in its turn. */
	over(slot: Slot, verdict: Verdict): void;
}

/** How a call was let in, and with what. */
export interface Start {
	/** When, by the clock. */
	at: number;
	/** How many calls had been accepted before. */
	served: number;
	/** Whether it goes because something of ours ended, though the account rejects what is more. */
	isInstead: boolean;
	call: Call;
	/** Memory for its body. */
	body: Taken;
	lane: { left(slot: Slot): void };
}

/** The right to have one call under way: in flight until it was answered and, where it began something, until that has ended. */
export class Slot {
	/** The most calls that were in flight at once while this one was. */
	most = 0;
	private state: 'inFlight' | 'goesOn' | 'free' = 'inFlight';

	constructor(
		readonly start: Start,
		private readonly gate: Keeper,
	) {}

	get isFree(): boolean {
		return this.state === 'free';
	}

	/** The call was answered, and what it began, or may have begun, goes on for long: its body is not needed any more. @param failure what makes that uncertain */
	begun(verdict: Verdict, failure: Failure | null = null): void {
		this.start.body.free();
		if (this.state !== 'inFlight') return;
		this.state = 'goesOn';
		this.gate.answered(this, verdict, failure);
		this.gate.landed(this, true);
	}

	/** The call is over, with what it began: what there is to learn is learnt at once. @param failure why it failed, where it did */
	end(verdict: Verdict, failure: Failure | null = null): void {
		if (this.state === 'inFlight') this.gate.answered(this, verdict, failure);
		this.gate.over(this, verdict);
	}

	/** Gives everything back, once, whatever becomes of the call. */
	free(): void {
		const { state } = this;
		this.state = 'free';
		this.start.body.free();
		this.start.lane.left(this);
		if (state === 'inFlight') this.gate.landed(this, false);
		if (state === 'goesOn') this.gate.ended();
	}
}
