/** Bodies up to this many bytes are not counted: as many as ever fly at once need no more than one large one. */
const UNCOUNTED_BYTES = 65_536;

/** Memory that is put aside for a body. */
export interface Booking {
	/** The body turned out to have `bytes` bytes. */
	resize(bytes: number): void;
	/** Gives the memory back; once. */
	free(): void;
}

/** Where in a queue: what was there before goes to the front again. */
export type Place = 'front' | 'back';

interface Waiting {
	bytes: number;
	owner: object;
	enter: (booking: Booking | null) => void;
}

/** Hands out the memory for request bodies, in the order in which it is asked for. */
export class ByteBudget {
	private booked = 0;
	private queue: Waiting[] = [];

	/** @param maxBytes booked at most; a single larger body still gets its memory */
	constructor(private readonly maxBytes: number) {}

	/**
	 * Waits for memory.
	 * @param owner who asks: `cancel` ends its waiting
	 * @returns the booking, or null where the waiting was cancelled
	 */
	async book(bytes: number, owner: object, place?: Place): Promise<Booking | null> {
		if (bytes <= UNCOUNTED_BYTES) return this.booking(0);
		return await new Promise((enter) => {
			if (place === 'front') this.queue.unshift({ bytes, owner, enter });
			else this.queue.push({ bytes, owner, enter });
			this.handOut();
		});
	}

	/** Whoever waits for `owner` gets null. */
	cancel(owner: object): void {
		const cancelled = this.queue.filter((waiting) => waiting.owner === owner);
		this.queue = this.queue.filter((waiting) => waiting.owner !== owner);
		for (const { enter } of cancelled) enter(null);
		this.handOut();
	}

	private handOut(): void {
		for (let [next] = this.queue; next && this.fits(next.bytes); [next] = this.queue) {
			this.queue.shift();
			next.enter(this.booking(next.bytes));
		}
	}

	private fits(bytes: number): boolean {
		return this.booked === 0 || this.booked + bytes <= this.maxBytes;
	}

	private booking(bytes: number): Booking {
		let held = bytes;
		this.booked += held;
		const hold = (now: number) => {
			this.booked += now - held;
			held = now;
			this.handOut();
		};
		return { resize: (now) => hold(now <= UNCOUNTED_BYTES ? 0 : now), free: () => hold(0) };
	}
}
