import { ACCESS, KEYS } from '../../gateway';

const DEEPEST = 12;

/** Everything that can be read off a value: texts, names, hidden fields, causes and stacks, bytes as Base64 and as text. */
export function textOf(value: unknown): string {
	const pieces: string[] = [];
	const seen = new Set<unknown>();
	const visit = (item: unknown, depth: number): void => {
		if (item === null || item === undefined || typeof item === 'function') return;
		if (typeof item !== 'object') return void pieces.push(String(item));
		if (seen.has(item) || depth > DEEPEST) return;
		seen.add(item);
		if (item instanceof Uint8Array) return void pieces.push(Buffer.from(item).toString('latin1'));
		if (item instanceof Map) return visit([...item], depth + 1);
		for (const name of Object.getOwnPropertyNames(item)) {
			pieces.push(name);
			visit(valueOf(item, name), depth + 1);
		}
	};
	visit(value, 0);
	return pieces.join('\n');
}

function valueOf(item: object, name: string): unknown {
	try {
		return (item as Record<string, unknown>)[name];
	} catch {
		return undefined;
	}
}

/** A token as `signedToken` makes it, by its first part: `{"alg":"HS256","typ":"JWT"}`. */
const TOKEN = /eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9\.|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\./;
const RUN = 64;

/** So many characters of a key in a row give it away. */
const KEY_RUN = 8;

/** Every eight characters of each key, as it is, URL-encoded, and in Base64 behind any text; in lower case. */
const KEY_RUNS = new Map(
	[...Object.entries(KEYS), ...Object.entries(ACCESS)].flatMap(([name, key]) =>
		spellings(key)
			.flatMap(runs)
			.map((run) => [run.toLowerCase(), name]),
	),
);

function runs(text: string): string[] {
	return Array.from({ length: text.length - KEY_RUN + 1 }, (_, at) => text.slice(at, at + KEY_RUN));
}

/** In Base64, three bytes are four characters: those that also hold bits of other bytes are left out. */
function spellings(key: string): string[] {
	const base64 = [key, `-${key}`, `--${key}`].map((text) => Buffer.from(text).toString('base64').replace(/=+$/, ''));
	const own = base64.map((text, before) => text.slice([0, 2, 3][before], -1));
	return [key, encodeURIComponent(key), ...own, ...own.map((text) => text.replace(/\+/g, '-').replace(/\//g, '_'))];
}

/** What the latest text holds, and which blocks of images it does not: logs are long, and looked at often. */
let latest = { text: '', names: [] as string[], absent: new Set<string>() };

function lookAt(text: string): typeof latest {
	if (text !== latest.text) latest = { text, names: secretsIn(text), absent: new Set() };
	return latest;
}

/** The names of the keys of which a part stands in a text, and of a token. */
function secretsIn(text: string): string[] {
	const lower = text.toLowerCase();
	const names = new Set<string>();
	for (let at = 0; at + KEY_RUN <= lower.length; at += 1) {
		const name = KEY_RUNS.get(lower.slice(at, at + KEY_RUN));
		if (name !== undefined) names.add(name);
	}
	return TOKEN.test(text) ? [...names, 'token'] : [...names];
}

/**
 * Which secrets stand in a text, be it in part, in another case, in Base64 or URL-encoded.
 * @param imageBase64 the Base64 of an image of which no 64 characters in a row may stand there
 * @returns the names of what was found
 */
export function leaksIn(text: string, imageBase64 = ''): string[] {
	const { names, absent } = lookAt(text);
	return repeatsImage(text, imageBase64, absent) ? [...names, 'image'] : names;
}

/** Any 64 characters in a row contain a whole block of 32 that begins at a multiple of 32: only those need looking up, and each once. */
function repeatsImage(text: string, image: string, absent: Set<string>): boolean {
	for (let at = 0; at + RUN <= image.length; at += RUN / 2) {
		const block = image.slice(at, at + RUN / 2);
		if (absent.has(block) || /^(.)\1*$/.test(block)) continue;
		if (!text.includes(block)) absent.add(block);
		else if (wholeRun(text, image)) return true;
	}
	return false;
}

function wholeRun(text: string, image: string): boolean {
	for (let at = 0; at + RUN <= image.length; at += 1) if (text.includes(image.slice(at, at + RUN))) return true;
	return false;
}
