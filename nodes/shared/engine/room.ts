/** Something taken of a room. */
export interface Taken {
	/** Gives it back; once. */
	free(): void;
}

/** Room for so much at once, of whatever it is: calls, or bytes. */
export class Room {
	private taken = 0;
	private readonly listeners = new Set<() => void>();
	/** Those for whom there was none, in the order of their turns. */
	private readonly waiting = new Set<() => void>();
	/** Whether something changed that they do not know. */
	private isNews = false;

	/** @param size how much may be taken at most; what alone is more may be taken while nothing else is */
	constructor(private readonly size: number) {}

	/** Whether so much more may be taken. */
	fits(amount: number): boolean {
		return amount === 0 || this.taken === 0 || this.taken + amount <= this.size;
	}

	/**
	 * The same, by turns: what fits is to be taken at once; where there is no room, nobody else has it before.
	 * @param tell called when it may be its turn
	 */
	fitsInTurn(amount: number, tell: () => void): boolean {
		const [first = tell] = this.waiting;
		const isFit = amount === 0 || (first === tell && this.fits(amount));
		if (isFit) this.withdraw(tell);
		else this.waiting.add(tell);
		return isFit;
	}

	/** It waits for room no longer. */
	withdraw(tell: () => void): void {
		if (this.waiting.delete(tell)) this.isNews = true;
	}

	/** Tells those who wait where it may be the next one's turn: to be called by whoever took room, or withdrew, when it has done all that it does. */
	passOn(): void {
		if (!this.isNews) return;
		this.isNews = false;
		for (const tell of [...this.waiting]) tell();
	}

	/** Takes it, whether it fits or not. */
	take(amount: number): Taken {
		let own = amount;
		this.taken += own;
		return {
			free: () => {
				if (own === 0) return;
				this.taken -= own;
				own = 0;
				this.isNews = true;
				for (const tell of this.listeners) tell();
				this.passOn();
			},
		};
	}

	/** Calls `tell` whenever something was given back. @returns a function that ends that */
	listen(tell: () => void): () => void {
		this.listeners.add(tell);
		return () => this.listeners.delete(tell);
	}
}
