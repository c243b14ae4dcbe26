import type { Failure, Outcome } from './failure';
import type { Room, Taken } from './room';
import type { Call, Slot } from './slot';

/** Where in a queue: what was sent before goes to the front again. */
export type Place = 'front' | 'back';

/** A gate, as its lanes see it. */
export interface Doors {
	/** A run comes, or is over: those that come after the last one find new patience. */
	join(lane: Lane): void;
	part(lane: Lane): void;
	/** Other calls wait in a lane than before, or none any more. @param place where its turn is, if it had none */
	changed(lane: Lane, place: Place): void;
	/** What a call fails with, since it would have to wait longer than it may; null: it may wait. */
	lost(call: Call): Failure | null;
}

interface Waiting extends Call {
	end: (entered: Outcome<Slot>) => void;
}

/** One run's way through a gate: its calls wait here for their turn. The run has to `leave` it in the end. */
export class Lane {
	/** How many calls are still to begin, where that is known before they wait here. */
	toCome?: number;
	private queue: Waiting[] = [];
	private readonly slots = new Map<Slot, Taken>();
	private isClosed = false;
	private readonly stopListening: () => void;

	/** @param room how many calls of the run, and what they began, may be under way, through whichever gate */
	constructor(
		private readonly gate: Doors,
		private readonly room: Room,
	) {
		gate.join(this);
		this.stopListening = room.listen(() => gate.changed(this, 'back'));
	}

	/** The call whose turn it is; undefined where none waits. */
	get first(): Call | undefined {
		return this.queue[0];
	}

	/** How many calls are still to begin, as far as known: towards the end none is risked on finding out whether the account takes more. */
	get ahead(): number {
		return this.toCome ?? this.queue.length;
	}

	/** Whether the run may have one more call under way. */
	get mayGo(): boolean {
		return this.room.fits(1);
	}

	/**
	 * Waits for a slot.
	 * @param place a call that was sent before goes to the front
	 * @returns the slot; the failure for which the account has lost patience; or that the lane was closed
	 */
	async enter({ bytes, patienceMs }: Call, place: Place = 'back'): Promise<Outcome<Slot>> {
		if (this.isClosed) return { interrupted: null };
		const failure = this.lost({ bytes, patienceMs });
		if (failure) return { failure };
		return await new Promise((end) => {
			const waiting = { bytes, patienceMs, end };
			if (place === 'front') this.queue.unshift(waiting);
			else this.queue.push(waiting);
			this.gate.changed(this, place);
		});
	}

	/** What a call fails with, since it would have to wait longer than it may; null: it may wait. */
	lost(call: Call): Failure | null {
		return this.gate.lost(call);
	}

	/** For the gate: lets the first call go. */
	letIn(slot: Slot): void {
		this.slots.set(slot, this.room.take(1));
		this.queue.shift()!.end({ result: slot });
	}

	/** For the slot: its call, and what it began, is over. */
	left(slot: Slot): void {
		this.slots.get(slot)?.free();
		this.slots.delete(slot);
	}

	/** For the gate: gives up the calls for which there is no patience. */
	giveUp(): void {
		const all = this.queue;
		this.queue = [];
		for (const waiting of all) {
			const failure = this.lost(waiting);
			if (failure) waiting.end({ failure });
			else this.queue.push(waiting);
		}
		this.gate.changed(this, 'back');
	}

	/** Lets nothing of this run in any more. What is under way goes on. */
	close(): void {
		this.isClosed = true;
		this.toCome = 0;
		for (const { end } of this.queue.splice(0)) end({ interrupted: null });
		this.gate.changed(this, 'back');
	}

	/** The run is over: nothing of it stays, not even the slot of a call that never ended. */
	leave(): void {
		this.close();
		this.stopListening();
		for (const slot of this.slots.keys()) slot.free();
		this.gate.part(this);
	}
}
