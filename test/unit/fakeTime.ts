import { Clock } from '../../nodes/shared/engine/clock';

/** Time that passes only when a test says so; `Date.now` is its, too, until `restore`. */
export class FakeTime {
	/** Milliseconds since 1970. */
	now = Date.UTC(2026, 0, 2);
	private sleepers: Array<{ at: number; wake: () => void }> = [];
	private readonly spy = jest.spyOn(Date, 'now').mockImplementation(() => this.now);

	/** What n8n's `sleep` does, in this time. */
	readonly sleep = async (ms: number): Promise<void> => {
		await new Promise<void>((wake) => {
			this.sleepers.push({ at: this.now + ms, wake });
		});
	};

	/** The engine's clock, in this time. */
	readonly clock = new Clock(this.sleep, () => this.now);

	/** Sleeps that have not ended. */
	get sleeping(): number {
		return this.sleepers.length;
	}

	/** Lets `ms` milliseconds pass, and whatever they wake happen. */
	async pass(ms: number): Promise<void> {
		const end = this.now + ms;
		await settle();
		for (;;) {
			const next = this.sleepers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
			if (!next) break;
			this.sleepers = this.sleepers.filter((sleeper) => sleeper !== next);
			this.now = Math.max(this.now, next.at);
			next.wake();
			await settle();
		}
		this.now = end;
		await settle();
	}

	restore(): void {
		this.spy.mockRestore();
	}
}

/** Lets everything happen that waits for nothing. */
export async function settle(): Promise<void> {
	await new Promise((resolve) => {
		setImmediate(resolve);
	});
}
