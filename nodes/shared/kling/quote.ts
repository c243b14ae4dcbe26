const MOST_CHARACTERS = 200;
/** A run this long of Base64 characters is image data or a key, not words. */
const LONG_RUN = /[A-Za-z0-9+/=_-]{48,}/;
const TOKEN = /\beyJ[\w-]+\.|\bBearer\s+\S/i;
/** A provider may repeat a key in part: this many of its first characters are enough to know it. */
const TELLING_PREFIX = 8;

/**
 * A provider's own words, fit to be shown: tags stripped, white space folded, cut where they start to repeat
 * a secret, a token or image data, at most 200 characters.
 * @param secrets the credential's secrets
 * @returns the words, possibly an empty string
 */
export function quote(text: string, secrets: readonly string[]): string {
	const words = text
		.slice(0, 20_000)
		.replace(/<(script|style)\b[\s\S]*?(<\/\1\s*>|$)/gi, ' ')
		.replace(/<[^<>]*>/g, ' ')
		.replace(/[\s\p{Cc}]+/gu, ' ')
		.trim();
	const end = Math.min(...tellingPlaces(words, secrets));
	if (end < words.length && end <= MOST_CHARACTERS) return `${words.slice(0, end).trimEnd()} [cut]`.trim();
	return words.length > MOST_CHARACTERS ? `${words.slice(0, MOST_CHARACTERS).trimEnd()}…` : words;
}

/** Whether a text repeats a secret or a token. */
export function repeatsSecret(text: string, secrets: readonly string[]): boolean {
	return TOKEN.test(text) || secrets.some((secret) => text.includes(secret.slice(0, TELLING_PREFIX)));
}

function tellingPlaces(words: string, secrets: readonly string[]): number[] {
	const patterns = [LONG_RUN, TOKEN].map((pattern) => words.search(pattern));
	const repeats = secrets.map((secret) => words.indexOf(secret.slice(0, TELLING_PREFIX)));
	return [words.length, ...[...patterns, ...repeats].filter((place) => place >= 0)];
}
