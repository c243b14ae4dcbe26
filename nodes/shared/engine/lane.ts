import type { Account } from './account';
import type { Booking, Place } from './byteBudget';
import { Slot } from './slot';

interface Waiting {
	booking: Booking;
	enter: (slot: Slot | null) => void;
}

/** One run's way into an account: its calls wait here for their turn. */
export class Lane {
	private readonly queue: Waiting[] = [];
	private readonly slots = new Set<Slot>();
	private isClosed = false;
	private toCome = 0;

	/** Made by `Account.join`. */
	constructor(
		private readonly account: Account,
		private readonly maxCalls: number,
	) {}

	/** How many calls of the account, by whichever run, were let in and ended, or go on for long. */
	get served(): number {
		return this.account.served;
	}

	/** Whether a call waits that this run may have in flight. */
	get isReady(): boolean {
		return this.isWaiting && this.slots.size < this.maxCalls;
	}

	/** Whether a call waits. */
	get isWaiting(): boolean {
		return this.queue.length > 0;
	}

	/**
	 * Waits for memory.
	 * @param bytes size of the body
	 * @returns the booking, to be freed, or null where the lane was closed
	 */
	async book(bytes: number, place?: Place): Promise<Booking | null> {
		if (this.isClosed) return null;
		return await this.account.memory.book(bytes, this, place);
	}

	/**
	 * Waits for memory, then for a slot.
	 * @param bytes size of the request body that will be in flight; 0 where its memory is booked already
	 * @param place a call that was sent before goes to the front of the queue
	 * @returns the slot, or null where the lane was closed
	 */
	async enter(bytes: number, place?: Place): Promise<Slot | null> {
		const booking = await this.book(bytes, place);
		if (this.isClosed) booking?.free();
		if (!booking || this.isClosed) return null;
		return await new Promise((enter) => {
			if (place === 'front') this.queue.unshift({ booking, enter });
			else this.queue.push({ booking, enter });
			this.account.wait(this, place);
		});
	}

	/** For the account: lets in the next call that waits. */
	letIn(): void {
		const { booking, enter } = this.queue.shift()!;
		const slot = new Slot(this.account, this, booking);
		this.slots.add(slot);
		this.account.fly(slot);
		enter(slot);
	}

	/** For the account: a call of this run ended. */
	left(slot: Slot): void {
		this.slots.delete(slot);
	}

	/** Says how many calls are still to begin: towards the end none is risked on finding out whether the account takes more. */
	expect(toCome: number): void {
		if (this.isClosed) return;
		this.account.expect(toCome - this.toCome);
		this.toCome = toCome;
	}

	/** Lets no call of the account in for the next `ms` milliseconds: the provider asked to wait. */
	pause(ms: number): void {
		this.account.pause(ms);
	}

	/** A call was rejected though nothing of ours keeps the account busy: all wait for at least `minimumMs` milliseconds. */
	backOff(minimumMs: number): void {
		this.account.backOff(minimumMs);
	}

	/** Lets nothing of this run in any more; whoever waits gets null. What is in flight goes on. */
	close(): void {
		this.expect(0);
		this.isClosed = true;
		this.account.memory.cancel(this);
		for (const { booking, enter } of this.queue.splice(0)) {
			booking.free();
			enter(null);
		}
		this.account.cancel(this);
	}

	/** The run is over: nothing of it stays, not even the slot of a call that never ended. */
	leave(): void {
		this.close();
		for (const slot of this.slots) slot.free('neutral');
		this.account.part(this);
	}
}
