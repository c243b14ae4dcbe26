import { AdaptiveLimit } from './adaptiveLimit';
import type { Clock } from './clock';

/**
 * The slots of calls that took at least this long, in milliseconds, are freed one in each turn of the event loop: so the next call
 * is on its way before another is prepared. Otherwise calls that are answered together would go on together, and in every
 * round each would wait for all of them.
 */
const LONG_CALL_MS = 50;

/** The call was accepted, rejected as one too many, or says nothing about the limit. */
type Verdict = 'accepted' | 'rejected' | 'neutral';

/** The right to have one call in flight. */
export interface Slot {
	/** Gives the slot back. */
	release(verdict: Verdict): void;
}

interface Waiting {
	bytes: number;
	enter: (slot: Slot | null) => void;
}

export interface GateLimits {
	/** Calls in flight at most. */
	maxCalls: number;
	/** Bytes of request bodies in flight at most; a single larger one still goes. */
	maxBytes: number;
}

/** Lets calls go as the account's limit, the memory budget and the provider's requested pauses allow. */
export class Gate {
	private readonly limit: AdaptiveLimit;
	private readonly queue: Waiting[] = [];
	private inFlight = 0;
	private bytesInFlight = 0;
	private pausedUntil = 0;
	private closed = false;
	private callOffPause = () => {};
	private toCome = Infinity;
	private turn: Promise<void> = Promise.resolve();

	constructor(
		private readonly limits: GateLimits,
		private readonly clock: Clock,
	) {
		this.limit = new AdaptiveLimit(limits.maxCalls);
	}

	/**
	 * Waits for a slot.
	 * @param bytes size of the request body that will be in flight
	 * @param place a call that was sent before goes to the front of the queue
	 * @returns the slot, or null where the gate was closed
	 */
	async enter(bytes: number, place: 'front' | 'back' = 'back'): Promise<Slot | null> {
		if (this.closed) return null;
		return await new Promise((enter) => {
			if (place === 'front') this.queue.unshift({ bytes, enter });
			else this.queue.push({ bytes, enter });
			this.letIn();
		});
	}

	/** Says how many calls are still to begin: towards the end none is risked on finding out whether the account takes more. */
	expect(toCome: number): void {
		this.toCome = toCome;
	}

	/** Lets nothing in for the next `ms` milliseconds: the provider asked to wait. */
	pause(ms: number): void {
		const until = Date.now() + ms;
		if (until <= this.pausedUntil) return;
		this.pausedUntil = until;
		this.callOffPause();
		this.callOffPause = this.clock.after(ms, () => this.letIn());
	}

	/** Lets nothing in any more; whoever waits gets null. */
	close(): void {
		this.closed = true;
		this.callOffPause();
		for (const { enter } of this.queue.splice(0)) enter(null);
	}

	private letIn(): void {
		while (this.queue.length > 0 && this.mayEnter(this.queue[0]!.bytes)) {
			const { bytes, enter } = this.queue.shift()!;
			this.inFlight += 1;
			this.bytesInFlight += bytes;
			enter(this.slot(bytes));
		}
	}

	private mayEnter(bytes: number): boolean {
		if (Date.now() < this.pausedUntil) return false;
		if (this.inFlight === 0) return true;
		return this.inFlight < this.limit.current && this.bytesInFlight + bytes <= this.limits.maxBytes;
	}

	private slot(bytes: number): Slot {
		const wave = this.limit.start();
		const start = Date.now();
		const free = (verdict: Verdict) => {
			this.inFlight -= 1;
			this.bytesInFlight -= bytes;
			if (verdict === 'accepted') this.limit.accepted(this.toCome);
			if (verdict === 'rejected') this.limit.rejected(wave, this.inFlight);
			this.letIn();
		};
		return {
			release: (verdict) => {
				if (verdict === 'accepted' && Date.now() - start >= LONG_CALL_MS) this.inTurn(() => free(verdict));
				else free(verdict);
			},
		};
	}

	private inTurn(work: () => void): void {
		this.turn = this.turn.then(async () => {
			work();
			await this.clock.nextTurn();
		});
	}
}
