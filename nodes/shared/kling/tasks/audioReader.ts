import { secondsOfFrames } from './audioFrames';

/** What an audio file says of itself. */
export interface AudioFile {
	/** Its length in whole milliseconds, never more than it has; null where the file does not say. */
	durationMs: number | null;
	/** Whether a picture moves in it as well. */
	hasVideo: boolean;
}

/** Reads a WAV file. @returns null where it is damaged. Source: Microsoft, "Multimedia Programming Interface", RIFF. */
export function readWav(bytes: Buffer): AudioFile | null {
	let bytesPerSecond = 0;
	for (let at = 12; at + 8 <= bytes.length;) {
		const name = bytes.toString('latin1', at, at + 4);
		const size = bytes.readUInt32LE(at + 4);
		const start = at + 8;
		if (name === 'fmt ' && start + 16 <= bytes.length) bytesPerSecond = bytes.readUInt32LE(start + 8);
		// A file that was written as a stream does not know its length.
		if (name === 'data') return audioOf(Math.min(size || Infinity, bytes.length - start) / bytesPerSecond);
		at = start + size + (size % 2);
	}
	return null;
}

/** Reads a stream of MP3 or AAC frames. @returns null where there are none */
export function readFrames(bytes: Buffer): AudioFile | null {
	return audioOf(secondsOfFrames(bytes));
}

function audioOf(seconds: number): AudioFile | null {
	const durationMs = Math.floor(seconds * 1000 + 1e-6);
	return durationMs > 0 && Number.isFinite(durationMs) ? { durationMs, hasVideo: false } : null;
}

/** Reads an M4A file. @returns null where it is damaged. Source: ISO/IEC 14496-12, boxes `mvhd`, `hdlr` and `mvex`. */
export function readM4a(bytes: Buffer): AudioFile | null {
	const moov = contentOf(bytes, 'moov');
	if (!moov) return null;
	const header = contentOf(moov, 'mvhd');
	if (!header || header.length < (hasLongTimes(header) ? 32 : 20)) return null;
	const inside = boxes(moov);
	const hasVideo = inside.filter(({ type }) => type === 'trak').some(({ content }) => handlerOf(content) === 'vide');
	// The pieces of a fragmented file have lengths of their own.
	if (inside.some(({ type }) => type === 'mvex')) return { durationMs: null, hasVideo };
	const audio = audioOf(movieSeconds(header));
	return audio && { ...audio, hasVideo };
}

/** Whether the times of a header have 64 bits. */
function hasLongTimes(header: Buffer): boolean {
	return header[0] === 1;
}

function movieSeconds(header: Buffer): number {
	const isLong = hasLongTimes(header);
	const scale = header.readUInt32BE(isLong ? 20 : 12);
	const duration = isLong ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
	return duration / scale;
}

function handlerOf(track: Buffer): string | undefined {
	const media = contentOf(track, 'mdia');
	return media && contentOf(media, 'hdlr')?.toString('latin1', 8, 12);
}

interface Box {
	type: string;
	content: Buffer;
}

/** What is in the first box of a type. */
function contentOf(bytes: Buffer, wanted: string): Buffer | undefined {
	return boxes(bytes).find(({ type }) => type === wanted)?.content;
}

/** The boxes that follow one another: size, type, content. The last one may reach to the end, and have no size. */
function boxes(bytes: Buffer): Box[] {
	const found: Box[] = [];
	for (let at = 0; at + 8 <= bytes.length;) {
		const short = bytes.readUInt32BE(at);
		const isLong = short === 1 && at + 16 <= bytes.length;
		const head = isLong ? 16 : 8;
		const size = isLong ? Number(bytes.readBigUInt64BE(at + 8)) : short || Infinity;
		if (size < head) break;
		found.push({ type: bytes.toString('latin1', at + 4, at + 8), content: bytes.subarray(at + head, at + size) });
		at += size;
	}
	return found;
}
