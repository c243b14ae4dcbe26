import { refusal } from '../klingError';

/** U+FFFD in UTF-8: what stands for each byte that is no text. */
const REPLACEMENT = Buffer.from('\ufffd');

/** What no text has, as Latin-1. */
const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f]/;

/** Of the last character, which may be cut, so many bytes are there at most. */
const CUT_BYTES = 3;

/**
 * Refuses a file that was read as text on its way: it is UTF-8 throughout, with marks in place of what was none. Its bytes are lost.
 * @param bytes the file, or its beginning
 * @param what the file, in words: "image", "audio", "video"
 * @throws KlingError with what to do
 */
export function refuseReadAsText(bytes: Buffer, what: string): void {
	if (!isReadAsText(bytes)) return;
	throw refusal(
		`The ${what} was read as text on its way here`,
		'Its bytes are lost. Load it as a file: in HTTP Request, set Response Format to File; turn Base64 text into a file with Convert to File; in a Code node, read files as a buffer.',
	);
}

function isReadAsText(bytes: Buffer): boolean {
	if (!bytes.includes(REPLACEMENT) || !CONTROLS.test(bytes.toString('latin1'))) return false;
	const again = Buffer.from(bytes.toString('utf8'));
	const length = bytes.length - CUT_BYTES;
	return again.subarray(0, length).equals(bytes.subarray(0, length));
}
