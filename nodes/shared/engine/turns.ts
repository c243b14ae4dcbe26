import type { Clock } from './clock';

/** How much of the same is done in one turn of the event loop at most. */
const MOST_IN_TURN = 200;

/** Lets others have the event loop now and then: for what is done for each of many items, and waits for nothing. */
export class Turns {
	private done = 0;
	private turn: Promise<void> = Promise.resolve();

	constructor(private readonly clock: Clock) {}

	/** Resolves when it is the turn of the next. */
	async next(): Promise<void> {
		this.done += 1;
		if (this.done % MOST_IN_TURN === 0) this.turn = this.turn.then(async () => await this.clock.nextTurn());
		await this.turn;
	}
}
