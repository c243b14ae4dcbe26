/** What an HTTP date begins with. `Date.parse` alone would read "retry after 5" as a day in May. */
const DAY_NAME = /^(mon|tue|wed|thu|fri|sat|sun)/i;

/**
 * The wait that a `Retry-After` header asks for.
 * @param value seconds, or an HTTP date (RFC 9110, section 10.2.3)
 * @param nowMs the present time in milliseconds since 1970
 * @returns milliseconds, not negative, or null where the header is missing or makes no sense
 */
export function retryAfterMs(value: unknown, nowMs: number): number | null {
	const text = typeof value === 'string' ? value.trim() : '';
	const isSeconds = /^\d+(\.\d+)?$/.test(text);
	if (!isSeconds && !DAY_NAME.test(text)) return null;
	const ms = isSeconds ? Number(text) * 1000 : Math.max(Date.parse(text) - nowMs, 0);
	return Number.isFinite(ms) ? ms : null;
}

/** Units of time from the largest, in milliseconds. */
const UNITS: ReadonlyArray<[ms: number, name: string]> = [
	[86_400_000, 'days'],
	[3_600_000, 'hours'],
	[60_000, 'minutes'],
	[1000, 'seconds'],
];

/** A wait that was asked for, as a sentence for people; empty where there is none. @param who asked for it */
export function saidWait(ms: number | null, who = 'provider'): string {
	if (ms === null || ms < 1000) return '';
	const [unitMs, name] = UNITS.find(([unit]) => ms >= 2 * unit) ?? [1000, ms > 1000 ? 'seconds' : 'second'];
	return `The ${who} asks to wait ${Math.ceil(ms / unitMs)} ${name} before the next call.`;
}
