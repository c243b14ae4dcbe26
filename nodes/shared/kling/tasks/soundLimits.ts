import { refusal } from '../klingError';
import type { SoundFile } from './soundReader';

/** The largest sound file. Source: Kling's API reference, "Lip-Sync" and "Avatar"; 5 MB read as 5 x 1024 x 1024 bytes. */
export const MOST_SOUND_BYTES = 5_242_880;

/** How long a sound may be, in milliseconds. Source: as above. */
export const SOUND_LENGTHS = {
	lipSync: { least: 2000, most: 60_000 },
	avatar: { least: 2000, most: 300_000 },
} as const;

/** Encoders pad a sound with a piece of silence: as much more is no reason to refuse it. In milliseconds. */
const PADDING_MS = 100;

const CONVERT = 'Kling reads MP3, WAV, M4A and AAC only. Convert the file first.';

/** What the first bytes of a file say it is, read as Latin-1; one row each. The first four are those that Kling reads. */
const FORMATS: ReadonlyArray<{ format: string; pattern: RegExp; taken?: true }> = [
	{ format: 'WAV', pattern: /^RIFF[\s\S]{4}WAVE/, taken: true },
	{ format: 'M4A', pattern: /^[\s\S]{4}ftyp/, taken: true },
	{ format: 'AAC', pattern: /^\xff[\xf0\xf1\xf8\xf9]/, taken: true },
	{ format: 'MP3', pattern: /^(ID3|\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff])/, taken: true },
	{ format: 'an Ogg sound', pattern: /^OggS/ },
	{ format: 'a FLAC sound', pattern: /^fLaC/ },
	{ format: 'an AIFF sound', pattern: /^FORM[\s\S]{4}AIF[FC]/ },
	{ format: 'a WMA sound', pattern: /^\x30\x26\xb2\x75/ },
	{ format: 'an AMR sound', pattern: /^#!AMR/ },
	{ format: 'a WebM or Matroska file', pattern: /^\x1a\x45\xdf\xa3/ },
	{ format: 'an image', pattern: /^(\xff\xd8\xff|\x89PNG|GIF8|RIFF[\s\S]{4}WEBP)/ },
	{ format: 'a web page', pattern: /^\s*<(!doctype html|html|head|body)/i },
	{ format: 'text', pattern: /^[\t\n\r\x20-\x7e\x80-\xff]+$/ },
];

/**
 * Checks the size of a sound in bytes, so that it can be refused before it is read.
 * @throws KlingError where it is empty or too large
 */
export function checkSoundBytes(bytes: number): void {
	if (bytes === 0) throw refusal('The sound is empty', 'Check that the previous node delivers a file with content.');
	if (bytes > MOST_SOUND_BYTES) {
		const megabytes = (Math.ceil((bytes / 1_048_576) * 100) / 100).toFixed(2);
		throw refusal(`The sound is too large: ${megabytes} MB, at most 5 MB`, 'Shorten the sound, or save it as MP3.');
	}
}

/**
 * Checks the format of a sound by its first bytes, never by its name.
 * @param head the file's first bytes; some hundred are enough
 * @throws KlingError where Kling does not read the format
 */
export function checkSoundFormat(head: Buffer): void {
	const text = head.toString('latin1', 0, 512);
	const known = FORMATS.find(({ pattern }) => pattern.test(text));
	if (known?.taken) return;
	throw refusal(
		known ? `The file is ${known.format}, not a sound that Kling reads` : 'The file is no sound that Kling reads',
		CONVERT,
	);
}

/**
 * Reads a sound's length from the file.
 * @returns whole milliseconds, or null where it cannot be read
 */
export async function soundLength(bytes: Buffer): Promise<number | null> {
	return (await tryToRead(bytes))?.durationMs ?? null;
}

/**
 * Checks a whole sound file, and reads its length.
 * @returns whole milliseconds
 * @throws KlingError naming the limit, the actual value and the remedy
 */
export async function checkSound(bytes: Buffer, operation: keyof typeof SOUND_LENGTHS): Promise<number> {
	checkSoundBytes(bytes.length);
	checkSoundFormat(bytes);
	const sound = await tryToRead(bytes);
	if (sound?.hasVideo) throw refusal('The sound is a video', 'Take the sound out of the video first, as MP3, WAV, M4A or AAC.');
	if (!sound) {
		throw refusal('The sound is damaged: its length cannot be read', 'Save it again as MP3, WAV, M4A or AAC, and use that file.');
	}
	checkLength(sound.durationMs, SOUND_LENGTHS[operation]);
	return sound.durationMs;
}

function checkLength(durationMs: number, { least, most }: { least: number; most: number }): void {
	const actual = `${(durationMs / 1000).toFixed(2)} s`;
	if (durationMs < least) {
		throw refusal(`The sound is too short: ${actual}, at least ${least / 1000} s`, 'Use a longer sound.');
	}
	if (durationMs > most + PADDING_MS) {
		throw refusal(`The sound is too long: ${actual}, at most ${most / 1000} s`, 'Cut the sound, or split it over several items.');
	}
}

/** The library is large: it is loaded only where a sound is read. */
async function tryToRead(bytes: Buffer): Promise<SoundFile | null> {
	const { readSoundFile } = await import('./soundReader');
	try {
		const sound = await readSoundFile(bytes);
		return sound.durationMs > 0 ? sound : null;
	} catch {
		return null;
	}
}
