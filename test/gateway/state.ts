import { pick, Tasks } from './tasks/registry';
import type { ConcurrencyStep, FaceTime, Fault, GatewayRequest, GatewaySettings, GatewayStats, Route, Segment } from './types';

const DEFAULTS: GatewaySettings = {
	latencyMs: 0,
	concurrency: 0,
	concurrencyPlan: [],
	faults: [],
	defaultFlags: [],
	defaultFaces: [],
	images: {},
	videos: {},
	shape: 'auto',
	taskShape: 'auto',
	externalIds: 'auto',
	taskWords: {},
	taskMs: 0,
	taskLimit: 0,
	tasks: [],
	videoBytes: 0,
	billing: 'both',
	sounds: {},
	publicHosts: {},
	publicBase: '',
};

/** A video whose faces were identified. */
export interface Session {
	account: string;
	faces: Map<string, FaceTime>;
	/** Length of the video, where it is known. */
	videoMs?: number;
}

/** All that the gateway remembers. */
export class State {
	settings: GatewaySettings = { ...DEFAULTS };
	readonly requests: GatewayRequest[] = [];
	readonly downloads: GatewayRequest[] = [];
	readonly sessions = new Map<string, Session>();
	readonly tasks = new Tasks(() => this.settings);
	/** Paths of the files that answers spoke of. */
	readonly issued = new Set<string>();
	/** Flags of the generated images that were served, by sha256. */
	readonly served = new Map<string, Segment[]>();
	private played = new Map<Fault, number>();
	private busy = new Map<string, number>();
	private counts = { calls: 0, tries: 0, rejected: 0, peakConcurrency: 0, now: 0 };
	private planFrom = { tries: 0, at: Date.now() };

	/** Changes settings. @throws TypeError where a name is none */
	control(settings: Partial<GatewaySettings>): void {
		const unknown = Object.keys(settings).filter((name) => !(name in DEFAULTS));
		if (unknown.length > 0) throw new TypeError(`no such setting: ${unknown.join(', ')}`);
		if (settings.concurrencyPlan) this.planFrom = { tries: this.counts.tries, at: Date.now() };
		this.settings = { ...this.settings, ...settings };
	}

	/** Forgets everything; calls under way go on. */
	reset(): void {
		this.settings = { ...DEFAULTS };
		this.requests.length = 0;
		this.downloads.length = 0;
		for (const memory of [this.sessions, this.tasks, this.issued, this.served, this.played]) memory.clear();
		this.counts = { ...this.counts, calls: 0, tries: 0, rejected: 0, peakConcurrency: this.counts.now };
		this.planFrom = { tries: 0, at: Date.now() };
	}

	/** The numbers so far. */
	stats(openSockets: number): GatewayStats {
		const { calls, rejected, peakConcurrency } = this.counts;
		return { calls, rejected, peakConcurrency, openSockets };
	}

	/** Counts a recognition call in. @returns counts it out, once */
	arrive(): () => void {
		this.counts.calls++;
		this.counts.now++;
		this.counts.peakConcurrency = Math.max(this.counts.peakConcurrency, this.counts.now);
		return once(() => {
			this.counts.now--;
		});
	}

	/** Takes one of an account's places. @returns gives it back, once; undefined where all are taken */
	enter(account: string): (() => void) | undefined {
		const busy = this.busy.get(account) ?? 0;
		const limit = this.limit();
		this.counts.tries++;
		if (limit > 0 && busy >= limit) {
			this.counts.rejected++;
			return undefined;
		}
		this.busy.set(account, busy + 1);
		return once(() => {
			this.busy.set(account, (this.busy.get(account) ?? 1) - 1);
		});
	}

	private limit(): number {
		const calls = this.counts.tries - this.planFrom.tries;
		const ms = Date.now() - this.planFrom.at;
		const come = (step: ConcurrencyStep): boolean => calls >= (step.afterCalls ?? 0) && ms >= (step.afterMs ?? 0);
		return this.settings.concurrencyPlan.findLast(come)?.limit ?? this.settings.concurrency;
	}

	/** The fault to play for a request of this route that goes by these names; counts it as played. */
	takeFault(route: Route, names: string[], beforeAuth: boolean): Fault | undefined {
		const fault = this.settings.faults.find(
			(one) =>
				(one.beforeAuth ?? false) === beforeAuth &&
				(one.route === undefined || one.route === 'any' || one.route === route) &&
				(one.match === undefined || names.some((name) => name.includes(one.match ?? ''))) &&
				(this.played.get(one) ?? 0) < (one.times ?? Infinity),
		);
		if (fault) this.played.set(fault, (this.played.get(fault) ?? 0) + 1);
		return fault;
	}

	/** How long this answer takes, in ms. */
	latency(): number {
		return pick(this.settings.latencyMs);
	}
}

function once(action: () => void): () => void {
	let done = false;
	return () => {
		if (!done) action();
		done = true;
	};
}
