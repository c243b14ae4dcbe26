import { withoutUrlSecrets } from '../files/secretUrls';
import { readObject } from '../values';
import { joined, secretSpans, type Span } from './secretRuns';

const MOST_CHARACTERS = 200;
/** A run this long of Base64 characters is image data or a key, not words. */
const LONG_RUN = /[A-Za-z0-9+/=_-]{48,}/;
/** What stands behind "Bearer" is a token where it has the length of one and a digit. */
const TOKEN = /eyJ[\w-]{10,}(?:\.[\w-]*)+|\bBearer\s+(?=\S*\d)[\w.~+/=-]{16,}/i;
/** The same, but for URLs: those of result files have long names, and are what was paid for. What is longer is image data. */
const URL_OR_LONG_RUN = /https?:\/\/[^\s"'<>\\]{1,2000}(?![^\s"'<>\\])|[A-Za-z0-9+/=_-]{48,}/gi;
const CUT = '[cut]';
/** URLs of files are long, and their queries sign: what counts is whose they are. */
const LONG_URL = /(https?:\/\/[^\s"'<>\\/?#]+)[^\s"'<>\\]*/gi;
const LONGEST_URL = 60;
/** An id that this package gave a task: no key, and what the words may be about. */
const OWN_ID = /n8n-[\da-f]{32}/g;

/**
 * A provider's own words, fit to be shown: tags stripped, white space folded, long URLs shortened to their host, cut where they start to
 * repeat a secret, a token or image data, at most 200 characters.
 * @param secrets the credential's secrets
 * @returns the words, possibly an empty string
 */
export function quote(text: string, secrets: readonly string[]): string {
	const words = withoutUrlSecrets(text.slice(0, 20_000))
		.replace(/<(script|style)\b[\s\S]*?(<\/\1\s*>|$)/gi, ' ')
		.replace(/<[^<>]*>/g, ' ')
		.replace(/[\s\p{Cc}]+/gu, ' ')
		.replace(LONG_URL, (url, origin: string) => (url.length > LONGEST_URL ? `${origin}/…` : url))
		.trim();
	const places = [LONG_RUN, TOKEN].map((pattern) => withoutOwnIds(words).search(pattern)).filter((place) => place >= 0);
	const end = Math.min(words.length, ...places, secretSpans(words, secrets)[0]?.[0] ?? words.length);
	if (end < words.length && end <= MOST_CHARACTERS) return `${words.slice(0, end).trimEnd()} ${CUT}`.trim();
	return words.length > MOST_CHARACTERS ? `${words.slice(0, MOST_CHARACTERS).trimEnd()}…` : words;
}

/** Whether a text repeats a secret or a token. */
export function repeatsSecret(text: string, secrets: readonly string[]): boolean {
	return TOKEN.test(text) || secretSpans(text, secrets).length > 0;
}

/**
 * An answer as it came, at every depth without secrets, tokens and image data: each is replaced by `[cut]`.
 * @param value parsed JSON, or a text
 * @param secrets the credential's secrets
 */
export function withoutSecrets(value: unknown, secrets: readonly string[]): unknown {
	if (typeof value === 'string') return cutText(value, secrets);
	if (typeof value === 'number') return repeatsSecret(String(value), secrets) ? CUT : value;
	if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, secrets));
	const fields = readObject(value);
	if (!fields) return value;
	return Object.fromEntries(
		Object.entries(fields).map(([name, item]) => [cutText(name, secrets), withoutSecrets(item, secrets)]),
	);
}

function cutText(whole: string, secrets: readonly string[]): string {
	const text = withoutUrlSecrets(whole);
	const tokens = matches(text, new RegExp(TOKEN, 'gi'));
	const runs = matches(withoutOwnIds(text), URL_OR_LONG_RUN).filter(
		([start]) => !/^https?:\/\//i.test(text.slice(start, start + 8)),
	);
	let kept = '';
	let from = 0;
	for (const [start, end] of joined([...secretSpans(text, secrets), ...tokens, ...runs])) {
		kept += text.slice(from, start) + CUT;
		from = end;
	}
	return kept + text.slice(from);
}

/** The text, of the same length. */
function withoutOwnIds(text: string): string {
	return text.replace(OWN_ID, (id) => ' '.repeat(id.length));
}

function matches(text: string, pattern: RegExp): Span[] {
	return [...text.matchAll(pattern)].map((match) => [match.index, match.index + match[0].length]);
}
