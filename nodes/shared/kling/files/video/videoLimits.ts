import { refusal, type KlingError } from '../../klingError';
import type { Movie, Size } from './movie';

/** Limits of videos. Source: Kling's API reference, "Identify Face"; 100 MB read as 100 x 1024 x 1024 bytes. */
const MOST_VIDEO_BYTES = 104_857_600;
const LEAST_MS = 2000;
const MOST_MS = 60_000;
const LEAST_SIDE = 512;
const MOST_SIDE = 2160;
/** What "720p" is at least, by whichever side it is counted: a wide film of 1280 x 536 px is sold as such, and so is 720 x 720 px. */
const HD = { shorter: 720, longer: 1280 };

/** The sound of a video may go on for a moment behind its last picture: as much more is no reason to refuse it. In milliseconds. */
const PADDING_MS = 100;

const CONVERT = 'Kling reads .mp4 and .mov only. Convert the video first, to MP4 with H.264.';

/** What the first bytes of a file say it is, read as Latin-1; the first row that fits. Those without a name can be read. */
const FORMATS: ReadonlyArray<{ format?: string; pattern: RegExp; extension?: string }> = [
	{ format: 'a HEIC or AVIF image', pattern: /^[\s\S]{4}ftyp(avi[fs]|hei|hev|mif1|msf1)/ },
	{ format: 'M4A audio', pattern: /^[\s\S]{4}ftypM4[AB]/ },
	{ pattern: /^[\s\S]{4}ftypqt {2}/, extension: 'mov' },
	{ pattern: /^[\s\S]{4}ftyp/, extension: 'mp4' },
	// QuickTime's oldest files do not say what they are.
	{ pattern: /^[\s\S]{4}(moov|mdat|wide|free|skip|pnot)/, extension: 'mov' },
	{ format: 'a WebM or Matroska video', pattern: /^\x1a\x45\xdf\xa3/ },
	{ format: 'an AVI video', pattern: /^RIFF[\s\S]{4}AVI / },
	{ format: 'a WMV video', pattern: /^\x30\x26\xb2\x75/ },
	{ format: 'an FLV video', pattern: /^FLV\x01/ },
	{ format: 'an MPEG video', pattern: /^(\0\0\x01[\xb3\xba]|\x47[\s\S]{187}\x47)/ },
	{ format: 'an Ogg file', pattern: /^OggS/ },
	{ format: 'audio', pattern: /^(ID3|\xff[\xe2\xe3\xf0-\xf3\xf8-\xfb]|RIFF[\s\S]{4}WAVE|fLaC)/ },
	{ format: 'a GIF image', pattern: /^GIF8/ },
	{ format: 'an image', pattern: /^(\xff\xd8\xff|\x89PNG|RIFF[\s\S]{4}WEBP)/ },
	{ format: 'a ZIP archive', pattern: /^PK\x03\x04/ },
	{ format: 'a PDF document', pattern: /^%PDF-/ },
	{ format: 'a playlist', pattern: /^#EXTM3U/ },
	{ format: 'a web page', pattern: /^\s*<(!doctype html|html|head|body)/i },
	{ format: 'text', pattern: /^[\t\n\r\x20-\x7e\x80-\xff]+$/ },
];

function formatOf(head: Buffer) {
	const text = head.toString('latin1', 0, 512);
	return FORMATS.find(({ pattern }) => pattern.test(text));
}

/** The ending that a video's name has by its first bytes; `mp4` where they tell nothing. */
export function videoExtension(head: Buffer): string {
	return formatOf(head)?.extension ?? 'mp4';
}

/**
 * Checks the size of a video in bytes, so that it can be refused before it is read.
 * @throws KlingError where it is empty or too large
 */
export function checkVideoBytes(bytes: number): void {
	if (bytes === 0) throw refusal('The video is empty', 'Check that the previous node delivers a file with content.');
	if (bytes > MOST_VIDEO_BYTES) {
		// Rounded up, so that one byte too many does not read as the limit itself.
		const megabytes = (Math.ceil((bytes / 1_048_576) * 100) / 100).toFixed(2);
		throw refusal(`The video is too large: ${megabytes} MB, at most 100 MB`, 'Shorten the video, or compress it more.');
	}
}

/**
 * Checks format, length and sides of a video by its bytes, never by its name. What it does not say of itself is not refused.
 * @param head its first bytes
 * @param movie what its header says; null where there is none, or it cannot be read
 * @throws KlingError naming the limit, the actual value and the remedy
 */
export function checkVideo(head: Buffer, movie: Movie | null): void {
	const known = formatOf(head);
	if (!known?.extension) throw wrongFormat(known?.format);
	if (!movie) {
		throw refusal(
			'The video is damaged: its header cannot be read',
			'It may have been cut off on its way. Load it again, or save it again as MP4, and use that file.',
		);
	}
	if (!movie.hasPicture) throw refusal('The file has audio and no video', 'Identify Face needs a video.');
	if (movie.durationMs !== null) checkLength(movie.durationMs);
	if (movie.size) checkSides(movie.size);
}

function wrongFormat(format: string | undefined): KlingError {
	const message = format === undefined ? 'The file is no MP4 or MOV video' : `The file is ${format}, not an MP4 or MOV video`;
	return refusal(message, CONVERT);
}

function checkLength(durationMs: number): void {
	// Cut, so that a moment too little does not read as the limit itself.
	const actual = `${(Math.floor(durationMs / 10) / 100).toFixed(2)} s`;
	if (durationMs < LEAST_MS) {
		throw refusal(`The video is too short: ${actual}, at least ${LEAST_MS / 1000} s`, 'Use a longer video.');
	}
	if (durationMs > MOST_MS + PADDING_MS) {
		throw refusal(
			`The video is too long: ${actual}, at most ${MOST_MS / 1000} s`,
			'Cut the video, or split it over several items.',
		);
	}
}

function checkSides({ width, height }: Size): void {
	const actual = `${width} x ${height} px`;
	const [shorter, longer] = [Math.min(width, height), Math.max(width, height)];
	if (shorter < LEAST_SIDE || (shorter < HD.shorter && longer < HD.longer)) {
		throw refusal(
			`The video is too small: ${actual}, at least 720p, and each side at least ${LEAST_SIDE} px`,
			'Use the video in 720p or 1080p.',
		);
	}
	if (longer > MOST_SIDE) {
		throw refusal(
			`The video is too large: ${actual}, each side at most ${MOST_SIDE} px`,
			'Make the video smaller: Kling reads 720p and 1080p.',
		);
	}
}
