import { boxesIn, type Box } from '../boxes';
import { audioOfBoth, type AudioFile } from './audioReader';

/** A picture that does not move: a cover, or one for each chapter. Source: MP4 registration authority, codecs. */
const STILL_CODECS = ['jpeg', 'png ', 'mjpa', 'mjpb'];
/** A codec whose frames all have the same length: a decoder gives the last one as a whole. */
const WHOLE_FRAMES = 'mp4a';
/** A time, 32 bits, that stands for an empty edit. */
const NO_TIME = -1;

/** Reads an M4A file. @returns null where it is damaged. Source of all here: ISO/IEC 14496-12. */
export function readM4a(bytes: Buffer): AudioFile | null {
	const file = new Boxes(bytes);
	const outer = [...boxesIn(bytes)];
	const movie = outer.find(({ type }) => type === 'moov');
	const tracks = movie ? file.all(movie, 'trak').map((box) => trackOf(file, box)) : [];
	const hasVideo = tracks.some(
		({ handler, codec, samples }) => handler === 'vide' && samples !== 1 && !STILL_CODECS.includes(codec),
	);
	const sound = tracks.find(({ handler }) => handler === 'soun');
	if (!movie || (!sound && !hasVideo)) return null;
	// The pieces of a fragmented file have lengths of their own; of a file that is cut, not all that is said is there.
	const isWhole = file.all(movie, 'mvex').length === 0 && outer.every(({ end }) => end <= bytes.length);
	if (!sound || !isWhole || sound.samples === 0) return { durationMs: null, hasVideo };
	const audio = lengthOf(sound, timescaleOf(file.content(movie, 'mvhd')));
	return audio && { ...audio, hasVideo };
}

/** What a track says of itself. Times are counted in units of the track, `scale` a second. */
interface Track {
	/** What it is for: `soun`, `vide`, ... */
	handler: string;
	codec: string;
	scale: number;
	/** How many samples it has: frames, as they are called elsewhere. None, where they stand in pieces of the file. */
	samples: number;
	/** How long they last together, and the first one. */
	total: number;
	frame: number;
	edits: Edit[];
}

/** A piece of the track that is played. */
interface Edit {
	/** How long, in units of the movie; 0: as long as there is something. */
	length: number;
	/** From where on; NO_TIME: nothing is played. */
	from: number;
}

function trackOf(file: Boxes, track: Box): Track {
	const media = file.first(track, 'mdia');
	const table = file.first(media, 'minf', 'stbl');
	return {
		...timesOf(file.content(table, 'stts')),
		handler: file.content(media, 'hdlr').toString('latin1', 8, 12),
		codec: file.content(table, 'stsd').toString('latin1', 12, 16),
		scale: timescaleOf(file.content(media, 'mdhd')),
		edits: editsOf(file.content(track, 'edts', 'elst')),
	};
}

/** How long a decoder plays a track. It begins where the edit says, as encoders put silence before; and plays whole frames. */
function lengthOf({ codec, scale, total, frame, edits }: Track, movieScale: number): AudioFile | null {
	const played = edits.filter(({ from }) => from !== NO_TIME);
	const empty = edits.filter(({ from }) => from === NO_TIME).reduce((sum, { length }) => sum + length, 0) / movieScale;
	const [edit = { length: 0, from: 0 }, another] = played;
	if (another) return { durationMs: null, hasVideo: false };
	const end = Math.min(total, edit.length === 0 ? total : edit.from + (edit.length / movieScale) * scale);
	const whole = codec === WHOLE_FRAMES ? Math.ceil(end / frame - 1e-6) * frame : end;
	const seconds = (end - edit.from) / scale;
	// A player waits where an edit is empty, a decoder does not.
	return empty > 0 ? audioOfBoth(seconds + empty, seconds) : audioOfBoth(seconds, (whole - edit.from) / scale);
}

/** Where a table or header says nothing of it, it is empty. */
const NOTHING = Buffer.alloc(0);

/** The boxes of a file, by the boxes that they are in. */
class Boxes {
	constructor(private readonly bytes: Buffer) {}

	/** Those of a type in a box. */
	all({ bodyStart, end }: Box, type: string): Box[] {
		return [...boxesIn(this.bytes, bodyStart, end)].filter((box) => box.type === type);
	}

	/** The content of the first box of each type in the one before. */
	content(outer: Box | undefined, ...types: string[]): Buffer {
		const box = this.first(outer, ...types);
		return box ? this.bytes.subarray(box.bodyStart, box.end) : NOTHING;
	}

	first(outer: Box | undefined, ...types: string[]): Box | undefined {
		return types.reduce<Box | undefined>((box, type) => box && this.all(box, type)[0], outer);
	}
}

/** How many units a second has by a header, `mvhd` or `mdhd`; 0 where it does not say. */
function timescaleOf(header: Buffer): number {
	return unsigned(header, header[0] === 1 ? 20 : 12);
}

/** What the table `stts` says of samples and how long they last. */
function timesOf(table: Buffer): Pick<Track, 'samples' | 'total' | 'frame'> {
	let samples = 0;
	let total = 0;
	for (let at = 8; at + 8 <= table.length; at += 8) {
		samples += unsigned(table, at);
		total += unsigned(table, at) * unsigned(table, at + 4);
	}
	return { samples, total, frame: unsigned(table, 12) };
}

function editsOf(list: Buffer): Edit[] {
	const edits: Edit[] = [];
	const isLong = list[0] === 1;
	for (let at = 8; at + (isLong ? 20 : 12) <= list.length; at += isLong ? 20 : 12) {
		edits.push(
			isLong
				? { length: Number(list.readBigUInt64BE(at)), from: Number(list.readBigInt64BE(at + 8)) }
				: { length: list.readUInt32BE(at), from: list.readInt32BE(at + 4) },
		);
	}
	return edits;
}

/** A number of 32 bits; 0 where the bytes end before. */
function unsigned(bytes: Buffer, at: number): number {
	return at + 4 <= bytes.length ? bytes.readUInt32BE(at) : 0;
}
