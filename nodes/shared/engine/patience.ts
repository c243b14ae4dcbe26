import type { Clock } from './clock';
import type { Failure } from './failure';
import type { Call } from './slot';

/** Rejections this far apart, in milliseconds, have nothing to do with each other: nothing was tried meanwhile. */
const APART_MS = 30_000;

/** Calls that were sent together are asked to wait one after the other: that is not longer. In milliseconds. */
const TOGETHER_MS = 5000;
/** A wait for which there is no patience is believed for so long, in milliseconds. Then the account is tried again, if somebody comes. */
const BELIEVED_MS = 60_000;

/** How long whoever shares it is asked to wait. */
export class Pause {
	/** Before, no call goes. */
	until = 0;
	/** The same as it was asked for: longer than a call would wait itself, nobody waits. */
	askedUntil = 0;
	said: Failure | null = null;
	/** Since when somebody is asked to. */
	begunAt = 0;
	/** For each gate: gives up what has no patience for it. */
	readonly giveUp = new Set<() => void>();
}

/** When an account takes calls again, as far as it has said; and which of them there is no patience for. */
export class Patience {
	/** Before, a call goes only instead of what has ended: the account rejects what is more. */
	heldUntil = 0;
	/** Since when the account has taken nothing of ours; null: it does. */
	private unservedSince: number | null = null;
	/** When it last said so, and how. */
	private saidAt = 0;
	private said: Failure | null = null;

	constructor(
		private readonly clock: Clock,
		private readonly pause: Pause,
	) {}

	/** Before, no call goes: the provider asked to wait. */
	get pausedUntil(): number {
		return this.pause.until;
	}

	/** A call failed that may be tried again. Where the provider asks to wait, all calls do. @param begunAt when it was sent */
	failed(said: Failure, { patienceMs }: Call, begunAt: number): void {
		const { retryAfterMs } = said.handling;
		if (retryAfterMs === null) return;
		this.unserved(said, begunAt);
		const now = this.clock.now();
		const waitMs = retryAfterMs > patienceMs ? Math.min(patienceMs, BELIEVED_MS) : retryAfterMs;
		const askedUntil = now + retryAfterMs;
		// What was asked for before a pause that is over holds no longer.
		if (this.pause.until <= now) Object.assign(this.pause, { begunAt: now, askedUntil: 0 });
		if (askedUntil > this.pause.askedUntil) Object.assign(this.pause, { askedUntil, said });
		this.pause.until = Math.max(this.pause.until, now + waitMs);
	}

	/** A call was rejected. @param ms to wait before the next @param begunAt when it was sent */
	rejected(ms: number, said: Failure, begunAt: number): void {
		this.unserved(said, begunAt);
		this.heldUntil = Math.max(this.heldUntil, this.clock.now() + ms);
	}

	/** The account took a call, or is at work for us; or whoever was impatient has left. */
	renew(): void {
		this.unservedSince = null;
	}

	/** What a call fails with, since it would have to wait longer than it may; null: it may wait. */
	lost({ patienceMs }: Call): Failure | null {
		const now = this.clock.now();
		const { until, askedUntil, said } = this.pause;
		const since = this.isOld ? now : (this.unservedSince ?? now);
		if (until > now && askedUntil - since > patienceMs + TOGETHER_MS) return said;
		return this.heldUntil > now && this.heldUntil - since > patienceMs ? this.said : null;
	}

	/** A pause that another gate was asked for tells nothing about what nobody has tried here for long. */
	private get isOld(): boolean {
		return this.pause.begunAt - this.saidAt > APART_MS;
	}

	private unserved(said: Failure, begunAt: number): void {
		const isNew = this.isOld || begunAt - Math.max(this.saidAt, this.pause.until) > APART_MS;
		if (isNew || this.unservedSince === null) this.unservedSince = this.clock.now();
		this.saidAt = this.clock.now();
		this.said = said;
	}
}
