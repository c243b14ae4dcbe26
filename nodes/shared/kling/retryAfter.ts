const LONGEST_MS = 300_000;
/** What an HTTP date begins with. `Date.parse` alone would read "retry after 5" as a day in May. */
const DAY_NAME = /^(mon|tue|wed|thu|fri|sat|sun)/i;

/**
 * The wait that a `Retry-After` header asks for.
 * @param value seconds, or an HTTP date (RFC 9110, section 10.2.3)
 * @param nowMs the present time in milliseconds since 1970
 * @returns milliseconds from 0 to 300,000, or null where the header is missing or makes no sense
 */
export function retryAfterMs(value: unknown, nowMs: number): number | null {
	const text = typeof value === 'string' ? value.trim() : '';
	if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Number(text) * 1000, LONGEST_MS);
	if (!DAY_NAME.test(text)) return null;
	const date = Date.parse(text);
	return Number.isNaN(date) ? null : Math.min(Math.max(date - nowMs, 0), LONGEST_MS);
}
