/** Waits in slices this long at most, so that no timer outlives its purpose by more. In milliseconds. */
const LONGEST_SLICE_MS = 500;

interface Alarm {
	at: number;
	ring: () => void;
}

/**
 * Alarms over n8n's `sleep`, the only timer a community node may use. `sleep` cannot be called off, so one loop of short
 * sleeps serves all alarms, and ends soon after the last of them.
 */
export class Clock {
	private readonly alarms = new Set<Alarm>();
	private running = false;

	/** @param sleep resolves after the given milliseconds */
	constructor(private readonly sleep: (ms: number) => Promise<void>) {}

	/**
	 * Calls `ring` once after `ms` milliseconds.
	 * @returns a function that calls the alarm off
	 */
	after(ms: number, ring: () => void): () => void {
		const alarm = { at: Date.now() + ms, ring };
		this.alarms.add(alarm);
		if (!this.running) void this.run();
		return () => this.alarms.delete(alarm);
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
			signal.addEventListener('abort', done, { once: true });
		});
	}

	private async run(): Promise<void> {
		this.running = true;
		while (this.alarms.size > 0) {
			const next = Math.min(...[...this.alarms].map(({ at }) => at));
			await this.sleep(Math.min(Math.max(next - Date.now(), 0), LONGEST_SLICE_MS));
			const now = Date.now();
			for (const alarm of [...this.alarms].filter(({ at }) => at <= now)) {
				this.alarms.delete(alarm);
				alarm.ring();
			}
		}
		this.running = false;
	}
}
