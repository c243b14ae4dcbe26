/** Time that passes as quickly as what happens in it can be worked off. */
export class VirtualTime {
	/** In milliseconds. */
	now = 0;
	/** A heap by time; of the same time, the first that was set comes first. */
	private readonly events: Array<{ at: number; order: number; ring: () => void }> = [];
	private order = 0;

	readonly sleep = async (ms: number): Promise<void> => await new Promise((ring) => this.set(this.now + ms, ring));

	/** Lets the time pass until `work` is done. */
	async until(work: Promise<unknown>): Promise<void> {
		let isDone = false;
		void work.finally(() => (isDone = true));
		for (;;) {
			await new Promise(setImmediate);
			if (isDone) return;
			const { at, ring } = this.next();
			this.now = Math.max(this.now, at);
			ring();
		}
	}

	private set(at: number, ring: () => void): void {
		const { events } = this;
		const event = { at, order: (this.order += 1), ring };
		let place = events.push(event) - 1;
		for (let above = (place - 1) >> 1; place > 0 && isBefore(event, events[above]!); above = (place - 1) >> 1) {
			events[place] = events[above]!;
			place = above;
		}
		events[place] = event;
	}

	private next(): { at: number; ring: () => void } {
		const { events } = this;
		const first = events[0]!;
		const last = events.pop()!;
		let place = 0;
		for (let below = 1; below < events.length; below = place * 2 + 1) {
			if (below + 1 < events.length && isBefore(events[below + 1]!, events[below]!)) below += 1;
			if (!isBefore(events[below]!, last)) break;
			events[place] = events[below]!;
			place = below;
		}
		if (events.length > 0) events[place] = last;
		return first;
	}
}

const isBefore = (one: { at: number; order: number }, other: { at: number; order: number }): boolean =>
	one.at < other.at || (one.at === other.at && one.order < other.order);
