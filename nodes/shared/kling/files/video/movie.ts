import { boxesIn } from '../boxes';

/** What a video says of itself. */
export interface Movie {
	/** Whole milliseconds; null where it does not say, as one that was written in pieces. */
	durationMs: number | null;
	/** Whether there are pictures in it, and not sound alone. */
	hasPicture: boolean;
	/** As it is shown: one that was filmed upright may be stored lying. null where it does not say. */
	size: Size | null;
}

/** In pixels. */
export interface Size {
	width: number;
	height: number;
}

/**
 * Reads the header of an MP4 or MOV file.
 * @param moov the content of its box `moov`
 * @returns null where it is damaged. Source: ISO/IEC 14496-12, boxes `mvhd`, `mvex`, `tkhd`, `hdlr` and `stsd`.
 */
export function readMovie(moov: Buffer): Movie | null {
	const header = bodyOf(moov, 'mvhd');
	if (!header || header.length < (hasLongTimes(header) ? 32 : 20)) return null;
	const tracks = bodiesOf(moov, 'trak').filter((track) => handlerOf(track) === 'vide');
	const sizes = tracks.map(sizeOf).filter((size) => size !== null);
	return {
		durationMs: bodyOf(moov, 'mvex') ? null : durationOf(header),
		hasPicture: tracks.length > 0,
		size: sizes[0] ?? null,
	};
}

/** Whether the times of a header have 64 bits. */
function hasLongTimes(header: Buffer): boolean {
	return header[0] === 1;
}

/** A length of which all bits are set is not known. */
function durationOf(header: Buffer): number | null {
	const isLong = hasLongTimes(header);
	const scale = header.readUInt32BE(isLong ? 20 : 12);
	const units = isLong ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
	const isKnown = scale > 0 && units > 0 && units < (isLong ? 2 ** 64 : 2 ** 32 - 1);
	return isKnown ? Math.round((units / scale) * 1000) : null;
}

function handlerOf(track: Buffer): string | undefined {
	return bodyOf(track, 'mdia', 'hdlr')?.toString('latin1', 8, 12);
}

/** The size of the first sample description, which is that of the stored pictures. */
function sizeOf(track: Buffer): Size | null {
	const descriptions = bodyOf(track, 'mdia', 'minf', 'stbl', 'stsd');
	if (!descriptions || descriptions.length < 44) return null;
	const [width, height] = [descriptions.readUInt16BE(40), descriptions.readUInt16BE(42)];
	if (width === 0 || height === 0) return null;
	return isTurned(bodyOf(track, 'tkhd')) ? { width: height, height: width } : { width, height };
}

/** Whether a track is shown turned by a quarter: then its matrix has zeros where others have their scale. */
function isTurned(header: Buffer | undefined): boolean {
	if (!header) return false;
	const matrix = header.subarray(hasLongTimes(header) ? 52 : 40);
	return matrix.length >= 36 && matrix.readInt32BE(0) === 0 && matrix.readInt32BE(16) === 0;
}

/** The content of the first box at a path; undefined where there is none. */
function bodyOf(bytes: Buffer, type: string, ...path: string[]): Buffer | undefined {
	const [body] = bodiesOf(bytes, type);
	const [next, ...rest] = path;
	return body && next !== undefined ? bodyOf(body, next, ...rest) : body;
}

function bodiesOf(bytes: Buffer, type: string): Buffer[] {
	return [...boxesIn(bytes)].filter((box) => box.type === type).map(({ bodyStart, end }) => bytes.subarray(bodyStart, end));
}
