import type { Account } from './account';
import type { Booking } from './byteBudget';
import type { Lane } from './lane';

/**
 * The slots of calls that took at least this long, in milliseconds, are freed one in each turn of the event loop: so the next call
 * is on its way before another is prepared. Otherwise calls that are answered together would go on together, and in every
 * round each would wait for all of them.
 */
const LONG_CALL_MS = 50;

/** The call was accepted, rejected as one too many, or says nothing about the limit. */
export type Verdict = 'accepted' | 'rejected' | 'neutral';

/** The right to have one call in flight. */
export class Slot {
	/** The most calls of the account that were in flight at once while this one was. */
	most = 0;
	private readonly start: number;
	private readonly servedBefore: number;
	private isOpen = true;
	private hasBegun = false;

	/** @param booking the memory of the call's body */
	constructor(
		private readonly account: Account,
		readonly lane: Lane,
		private readonly booking: Booking,
	) {
		this.start = account.clock.now();
		this.servedBefore = account.served;
	}

	/** Whether no other call of ours runs, and none ended while this one ran: nothing of ours is what keeps the account busy. */
	get isAlone(): boolean {
		return this.account.running <= 1 && this.account.served === this.servedBefore;
	}

	/** The call was taken on, and goes on for long: the memory of its body is free, and the account takes so many. */
	begun(): void {
		if (!this.isOpen || this.hasBegun) return;
		this.hasBegun = true;
		this.booking.free();
		this.account.accepted(this.most);
	}

	/** Gives the slot back. */
	release(verdict: Verdict): void {
		const isLong = this.account.clock.now() - this.start >= LONG_CALL_MS;
		if (verdict === 'accepted' && isLong) this.account.inTurn(() => this.free(verdict));
		else this.free(verdict);
	}

	/** Frees the place at once, whatever becomes of the call. */
	free(verdict: Verdict): void {
		this.isOpen = false;
		this.booking.free();
		this.account.land(this, this.hasBegun ? 'neutral' : verdict);
	}
}
