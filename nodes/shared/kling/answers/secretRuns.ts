/** A provider may repeat a secret in part: this many of its characters in a row give it away. */
const RUN = 8;

/** Where something begins in a text, and where it has ended. */
export type Span = [start: number, end: number];

/**
 * Where a text repeats eight or more characters of a secret in a row, in upper or lower case, as they are, in Base64 or
 * URL-encoded. A secret shorter than that is found as a whole, where it stands by itself: otherwise it would be found in
 * half of all words.
 * @returns the places in their order, none touching another
 */
export function secretSpans(text: string, secrets: readonly string[]): Span[] {
	const runs = runsOf(secrets);
	// Letters outside ASCII could change the length.
	const lower = text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
	const spans: Span[] = wholeSpans(lower, secrets);
	for (let at = 0; at + RUN <= lower.length; at += 1) {
		if (runs.has(lower.slice(at, at + RUN))) spans.push([at, at + RUN]);
	}
	return joined(spans);
}

/** Spans that overlap or touch, made one. */
export function joined(spans: Span[]): Span[] {
	const result: Span[] = [];
	for (const [start, end] of spans.sort(([a], [b]) => a - b)) {
		const last = result.at(-1);
		if (last && start <= last[1]) last[1] = Math.max(last[1], end);
		else result.push([start, end]);
	}
	return result;
}

/** A credential's, once made: they are looked for in every answer. */
const known = new WeakMap<readonly string[], Set<string>>();

function runsOf(secrets: readonly string[]): Set<string> {
	const runs = known.get(secrets) ?? new Set<string>();
	if (known.has(secrets)) return runs;
	known.set(secrets, runs);
	for (const form of secrets.flatMap(formsOf)) {
		const lower = form.toLowerCase();
		for (let at = 0; at + RUN <= lower.length; at += 1) runs.add(lower.slice(at, at + RUN));
	}
	return runs;
}

function formsOf(secret: string): string[] {
	const base64 = [0, 1, 2].map((before) => base64Within(secret, before));
	return [secret, encodeURIComponent(secret), ...base64, ...base64.map(urlSafe)];
}

/** What stands for the secret in the Base64 of a text in which so many bytes stand before it (modulo 3). */
function base64Within(secret: string, before: number): string {
	const bytes = Buffer.from(' '.repeat(before) + secret);
	return bytes.toString('base64').slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6));
}

function urlSafe(base64: string): string {
	return base64.replaceAll('+', '-').replaceAll('/', '_');
}

function wholeSpans(lower: string, secrets: readonly string[]): Span[] {
	return secrets
		.filter((secret) => secret !== '')
		.flatMap((secret) => {
			const escaped = secret.toLowerCase().replace(/[^a-z0-9]/g, '\\$&');
			const alone = new RegExp(`(?<![a-z0-9])${escaped}(?![a-z0-9])`, 'g');
			return [...lower.matchAll(alone)].map(({ index }): Span => [index, index + secret.length]);
		});
}
