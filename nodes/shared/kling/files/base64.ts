import { refusal } from '../klingError';

const REMEDY = 'Give the Base64 text of a JPEG or PNG image, with or without a "data:image/...;base64," prefix.';

/**
 * Brings Base64 text into the form that the provider takes: no `data:` prefix, no white space, the standard
 * alphabet, padded.
 * @throws KlingError where the text is empty or no Base64
 */
export function normaliseBase64(text: string): string {
	if (isPlain(text)) return text;
	const plain = inStandardAlphabet(withoutPrefix(text.trim()));
	if (plain === '') throw refusal('The Base64 text is empty', REMEDY);
	if (/^https?:\/\//i.test(text.trim())) {
		throw refusal('The Base64 field contains a URL', 'Choose URL as Image Source, or give the Base64 text of an image.');
	}
	const unpadded = withoutPadding(plain);
	const padded = unpadded + '='.repeat((4 - (unpadded.length % 4)) % 4);
	if (!isPlain(padded) || plain.length > padded.length) {
		throw refusal('The text is not valid Base64', REMEDY);
	}
	return padded;
}

/** Looks for a character that does not belong: matching those that do would exhaust the stack on a large image. */
function isPlain(text: string): boolean {
	return text !== '' && text.length % 4 === 0 && !/[^A-Za-z0-9+/]/.test(withoutPadding(text));
}

function withoutPadding(text: string): string {
	if (text.endsWith('==')) return text.slice(0, -2);
	return text.endsWith('=') ? text.slice(0, -1) : text;
}

/**
 * What each UTF-16 unit stands for: its character in the standard alphabet, or nothing. Texts have many megabytes, and a
 * table takes the same time for all of them.
 */
const NOTHING = 0;
const FOREIGN = 0x21;
let alphabet: Uint8Array | undefined;

/** Made when it is first needed: n8n loads the node at each start. */
function makeAlphabet(): Uint8Array {
	return Uint8Array.from({ length: 65_536 }, (_none, unit) => {
		const character = String.fromCharCode(unit);
		if (/\s/.test(character)) return NOTHING;
		if (character === '-') return 0x2b;
		if (character === '_') return 0x2f;
		return unit > 0 && unit < 0x100 ? unit : FOREIGN;
	});
}

/** The text without white space, with `+` and `/`; what is not in Latin-1 becomes a character that is no Base64. */
function inStandardAlphabet(text: string): string {
	alphabet ??= makeAlphabet();
	const bytes = Buffer.allocUnsafe(text.length);
	let length = 0;
	for (let index = 0; index < text.length; index += 1) {
		const character = alphabet[text.charCodeAt(index)]!;
		if (character !== NOTHING) bytes[length++] = character;
	}
	return bytes.toString('latin1', 0, length);
}

function withoutPrefix(text: string): string {
	if (!/^data:/i.test(text)) return text;
	const comma = text.indexOf(',');
	if (comma === -1 || !/;base64$/i.test(text.slice(0, comma).trim())) {
		throw refusal('The data URL is not Base64-encoded', REMEDY);
	}
	return text.slice(comma + 1);
}

/** How many bytes padded Base64 text stands for. */
export function decodedLength(base64: string): number {
	const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
	return (base64.length / 4) * 3 - padding;
}
