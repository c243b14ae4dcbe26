/**
 * Lets time run faster for whatever is loaded after this: the node and n8n's engine, the gateway and the tests all wait by the same global timers,
 * and read the same clocks. What takes the machine real time (a request, a hash) takes that many times as long then.
 */
const FACTOR = 5;

/** A day ago: what OpenSSL, which has the machine's clock, is shown must not be of the future. */
const DAY_MS = 86_400_000;
const began = Date.now();
const quick = (real: number): number => began - DAY_MS + (real - began) * FACTOR;

const RealDate = Date;
class QuickDate extends RealDate {
	constructor(...parts: unknown[]) {
		if (parts.length === 0) super(QuickDate.now());
		else super(...(parts as []));
	}

	static override now(): number {
		return Math.floor(quick(RealDate.now()));
	}
}

type SetTimer = (work: () => void, ms?: number, ...rest: unknown[]) => unknown;

const sooner =
	(set: SetTimer): SetTimer =>
	(work, ms = 0, ...rest) =>
		set(work, ms / FACTOR, ...rest);

const quickPerformance = new Proxy(performance, {
	get: (target, key) => {
		if (key === 'now') return () => target.now() * FACTOR;
		const value: unknown = Reflect.get(target, key, target);
		return typeof value === 'function' ? value.bind(target) : value;
	},
});

const replacements = {
	Date: QuickDate,
	performance: quickPerformance,
	setTimeout: sooner(setTimeout as SetTimer),
	setInterval: sooner(setInterval as SetTimer),
};
for (const [name, value] of Object.entries(replacements)) {
	Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
}
