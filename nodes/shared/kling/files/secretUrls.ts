import { refusal } from '../klingError';

/** A slash and a colon, also where the URL stands encoded within another one. */
const SLASH = '(?:/|%(?:25)*2F)';
const COLON = '(?::|%(?:25)*3A)';

/** Where a secret stands in a URL, and whose it is; one row each. What the first group takes may be shown. */
const SECRETS: ReadonlyArray<{ what: string; pattern: RegExp }> = [
	{
		// The token of a bot: whoever has it reads and writes all its messages. On any host: people run the server of the API themselves.
		// Sources: Telegram's Bot API, "Authorizing your bot", "File" and "Using a Local Bot API Server".
		what: 'the token of a Telegram bot',
		pattern: new RegExp(`((?<!:/)${SLASH}bot)\\d+${COLON}(?:(?!${SLASH})[^/?#&\\s"'<>\\\\])+`, 'gi'),
	},
];

/** What a URL carries that nobody else may learn, in words; null where there is nothing. */
export function secretIn(url: string): string | null {
	return SECRETS.find(({ pattern }) => url.search(pattern) >= 0)?.what ?? null;
}

/** A text without the secrets of the URLs in it: three dots stand for each. */
export function withoutUrlSecrets(text: string): string {
	return SECRETS.reduce((open, { pattern }) => open.replace(pattern, '$1...'), text);
}

/** The same for a value at every depth. */
export function withoutUrlSecretsIn<T>(value: T): T {
	const json = JSON.stringify(value);
	return secretIn(json) === null ? value : (JSON.parse(withoutUrlSecrets(json)) as T);
}

/**
 * Refuses a video behind a URL that carries a secret: the provider takes videos by URL only, and would learn it.
 * @param what it carries, in words
 */
export function secretVideo(what: string): Error {
	return refusal(
		`The video URL carries ${what}, which the provider would learn`,
		'Load the video in a node before this one and choose Binary File as Video Source, or upload it to where it has a public URL of its own.',
	);
}
