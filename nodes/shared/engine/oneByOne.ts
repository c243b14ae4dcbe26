import { outcomeOf, type AsFailure, type Outcome } from './failure';

/** Work that is done once at a time for each key, by whichever runs of this process. */
export class OneByOne<T> {
	private readonly underWay = new Map<string, Promise<Outcome<T>>>();

	constructor(private readonly asFailure: AsFailure) {}

	/**
	 * Does the work for a key; or, while another does it, waits for what comes of that, and does it only where that failed.
	 * @param stop aborted when it is not to be waited any more
	 * @returns what came of it; interrupted where it was stopped before
	 */
	async do(key: string, work: () => Promise<T>, stop: AbortSignal): Promise<Outcome<T>> {
		for (let other = this.underWay.get(key); other; other = this.underWay.get(key)) {
			const outcome = await Promise.race([other, aborted(stop)]);
			if (!('failure' in outcome)) return outcome;
		}
		const own = outcomeOf(work, this.asFailure);
		this.underWay.set(key, own);
		const outcome = await own;
		this.underWay.delete(key);
		return outcome;
	}
}

async function aborted(signal: AbortSignal): Promise<{ interrupted: null }> {
	await new Promise<void>((resolve) => {
		if (signal.aborted) resolve();
		else signal.addEventListener('abort', () => resolve(), { once: true });
	});
	return { interrupted: null };
}
