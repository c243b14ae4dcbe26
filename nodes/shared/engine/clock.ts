/** Sleeps in slices this long at most, so that no timer outlives its purpose by more. In milliseconds. */
const LONGEST_SLICE_MS = 500;

/**
 * The time, and alarms over n8n's `sleep`, the only timer a community node may use. `sleep` cannot be called off: an alarm sleeps
 * in short slices, and looks after each whether it is still wanted. The time is one that never jumps, as the system's clock may.
 */
export class Clock {
	/**
	 * @param sleep resolves after the given milliseconds
	 * @param now milliseconds since any moment, never set back or forward
	 */
	constructor(
		private readonly sleep: (ms: number) => Promise<void>,
		readonly now: () => number = () => performance.now(),
	) {}

	/**
	 * Calls `ring` once after `ms` milliseconds.
	 * @returns a function that calls the alarm off
	 */
	after(ms: number, ring: () => void): () => void {
		const alarm = { at: this.now() + ms, wanted: true };
		void this.watch(alarm, ring);
		return () => {
			alarm.wanted = false;
		};
	}

	/** Resolves in a later turn of the event loop: what is ready by now was done. */
	async nextTurn(): Promise<void> {
		await this.sleep(0);
	}

	/** Resolves after `ms` milliseconds, or at once when `signal` is aborted. */
	async wait(ms: number, signal: AbortSignal): Promise<void> {
		if (signal.aborted) return;
		await new Promise<void>((resolve) => {
			const callOff = this.after(ms, done);
			function done() {
				callOff();
				signal.removeEventListener('abort', done);
				resolve();
			}
			signal.addEventListener('abort', done);
		});
	}

	private async watch(alarm: { at: number; wanted: boolean }, ring: () => void): Promise<void> {
		do {
			await this.sleep(Math.min(Math.max(alarm.at - this.now(), 0), LONGEST_SLICE_MS));
		} while (alarm.wanted && this.now() < alarm.at);
		if (alarm.wanted) ring();
	}
}
