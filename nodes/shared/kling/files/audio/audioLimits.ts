import { refusal } from '../../klingError';
import { USE_THE_FILE } from '../mediaUrl';
import { refuseReadAsText } from '../readAsText';
import { secondsOfFrames } from './audioFrames';
import { audioOf, type AudioFile } from './audioReader';
import { readM4a } from './m4a';
import { isRawAudio, withWavHeader } from './rawAudio';
import { filledUp, readWav, WAV_HEAD } from './wav';

/** The largest audio file. Source: Kling's API reference, "Lip-Sync" and "Avatar"; 5 MB read as 5 x 1024 x 1024 bytes. */
export const MOST_AUDIO_BYTES = 5_242_880;

const LEAST_MS = 2000;

/** How long audio may be, in milliseconds. Source: as above. */
export const AUDIO_LENGTHS = {
	lipSync: { least: LEAST_MS, most: 60_000 },
	avatar: { least: LEAST_MS, most: 300_000 },
} as const;

/** Encoders pad audio with a piece of silence: as much more is no reason to refuse it. In milliseconds. */
const PADDING_MS = 100;

const CONVERT =
	'Kling reads MP3, WAV, M4A and AAC only, and n8n has no node that converts audio. Where a text-to-speech service made the file, ask it for MP3. Otherwise convert it before n8n, by a conversion service with HTTP Request, or, in an n8n of your own that has ffmpeg and allows Execute Command, by that.';
const CONVERT_OTHER = 'Kling reads MP3, WAV, M4A and AAC only. Give an audio file of one of these.';
const TELL_RAW =
	'Kling reads MP3, WAV, M4A and AAC only. If it is raw PCM, as text-to-speech services give it, ask for MP3 or WAV, or set MIME Type in Convert to File, e.g. audio/L16;rate=24000.';

const readFrames = (bytes: Buffer) => audioOf(secondsOfFrames(bytes));

interface Format {
	/** As it stands in a sentence. */
	format: string;
	pattern: RegExp;
	/** How it is read, where Kling reads it. */
	read?: (bytes: Buffer) => AudioFile | null;
	/** What to do, where Kling does not. */
	remedy?: string;
}

/** What the first bytes of a file say it is, read as Latin-1; one row each. */
const FORMATS: readonly Format[] = [
	{ format: 'WAV', pattern: WAV_HEAD, read: readWav },
	{ format: 'M4A', pattern: /^[\s\S]{4}ftyp/, read: readM4a },
	{ format: 'AAC', pattern: /^\xff[\xf0\xf1\xf8\xf9]/, read: readFrames },
	{ format: 'MP3', pattern: /^(ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb])/, read: readFrames },
	{ format: 'Ogg audio', pattern: /^OggS/, remedy: CONVERT },
	{ format: 'FLAC audio', pattern: /^fLaC/, remedy: CONVERT },
	{ format: 'AIFF audio', pattern: /^FORM[\s\S]{4}AIF[FC]/, remedy: CONVERT },
	{ format: 'WMA audio', pattern: /^\x30\x26\xb2\x75/, remedy: CONVERT },
	{ format: 'AMR audio', pattern: /^#!AMR/, remedy: CONVERT },
	{ format: 'a WebM or Matroska file', pattern: /^\x1a\x45\xdf\xa3/, remedy: CONVERT },
	{ format: 'an image', pattern: /^(\xff\xd8\xff|\x89PNG|GIF8|RIFF[\s\S]{4}WEBP)/, remedy: CONVERT_OTHER },
	{ format: 'a web page', pattern: /^\s*<(!doctype html|html|head|body)/i, remedy: USE_THE_FILE },
	{ format: 'text', pattern: /^[\t\n\r\x20-\x7e\x80-\xff]+$/, remedy: CONVERT_OTHER },
];

/**
 * Checks the size of audio in bytes, so that it can be refused before it is read.
 * @throws KlingError where it is empty or too large
 */
export function checkAudioBytes(bytes: number): void {
	if (bytes === 0) throw refusal('The audio is empty', 'Check that the previous node delivers a file with content.');
	if (bytes > MOST_AUDIO_BYTES) {
		const megabytes = (Math.ceil((bytes / 1_048_576) * 100) / 100).toFixed(2);
		throw refusal(`The audio is too large: ${megabytes} MB, at most 5 MB`, 'Shorten the audio, or save it as MP3.');
	}
}

/** The row for a file by its first bytes, never by its name. */
function formatOf(bytes: Buffer) {
	const head = bytes.toString('latin1', 0, 512);
	return FORMATS.find(({ pattern }) => pattern.test(head));
}

/**
 * Reads audio's length from the file.
 * @returns whole milliseconds, or null where it cannot be read
 */
export function audioLength(bytes: Buffer): number | null {
	return formatOf(bytes)?.read?.(bytes)?.durationMs ?? null;
}

/**
 * Audio as it is sent: raw PCM with the header of a WAV file, and a WAV file that is too short for Kling filled up with silence; anything
 * else as it is.
 * @param mimeType as n8n knows it
 * @param fills whether it is filled up
 * @throws KlingError where raw audio does not tell its rate, or the bytes are lost
 */
export function audioToSend(bytes: Buffer, mimeType: string, fills: boolean): Buffer {
	refuseReadAsText(bytes, 'audio');
	const audio = isRawAudio(bytes, mimeType) ? withWavHeader(bytes, mimeType) : bytes;
	return fills ? filledUp(audio, LEAST_MS, MOST_AUDIO_BYTES) : audio;
}

/**
 * Checks a whole audio file, and reads its length.
 * @returns whole milliseconds, or null where the file does not say
 * @throws KlingError naming the limit, the actual value and the remedy
 */
export function checkAudio(bytes: Buffer, operation: keyof typeof AUDIO_LENGTHS): number | null {
	checkAudioBytes(bytes.length);
	refuseReadAsText(bytes, 'audio');
	const known = formatOf(bytes);
	if (!known?.read) {
		const message = known ? `The file is ${known.format}, not audio that Kling reads` : 'The file is no audio that Kling reads';
		throw refusal(message, known?.remedy ?? TELL_RAW);
	}
	const audio = known.read(bytes);
	if (!audio) {
		throw refusal('The audio is damaged: its length cannot be read', 'Save it again as MP3, WAV, M4A or AAC, and use that file.');
	}
	if (audio.hasVideo) throw refusal('The audio is a video', 'Take the audio out of the video first, as MP3, WAV, M4A or AAC.');
	if (audio.durationMs !== null) checkLength(audio.durationMs, AUDIO_LENGTHS[operation]);
	return audio.durationMs;
}

function checkLength(durationMs: number, { least, most }: { least: number; most: number }): void {
	const actual = `${(durationMs / 1000).toFixed(2)} s`;
	if (durationMs < least) {
		throw refusal(
			`The audio is too short: ${actual}, at least ${least / 1000} s`,
			'Use longer audio. A WAV file of the item itself is filled up with silence.',
		);
	}
	if (durationMs > most + PADDING_MS) {
		throw refusal(`The audio is too long: ${actual}, at most ${most / 1000} s`, 'Cut the audio, or split it over several items.');
	}
}
