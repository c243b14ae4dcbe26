/** A box of an MP4, MOV or M4A file: where it stands in the bytes, and where its content begins. */
export interface Box {
	/** Four characters. */
	type: string;
	start: number;
	bodyStart: number;
	end: number;
}

/** How long a box's head is at least: its size and its type. */
export const SHORT_HEAD = 8;
/** The same with a size of 64 bits. */
export const LONG_HEAD = 16;

/**
 * The boxes that follow one another in a range of bytes, as far as they make sense. The last one may have no size, and reaches to the end then;
 * one that is cut ends where it says: behind the last byte that is there. Source: ISO/IEC 14496-12, "Object structure".
 */
export function* boxesIn(bytes: Buffer, from = 0, to = bytes.length): Generator<Box> {
	const last = Math.min(to, bytes.length);
	for (let start = from; start + SHORT_HEAD <= last;) {
		const head = readHead(bytes.subarray(start, last));
		if (!head) return;
		const end = head.size === Infinity ? last : start + head.size;
		yield { type: head.type, start, bodyStart: start + head.length, end };
		start = end;
	}
}

/**
 * The head of the box with which the bytes begin.
 * @returns its own length and the size of the whole box, Infinity where it reaches to the end; null where it makes no sense
 */
export function readHead(bytes: Buffer): { type: string; length: number; size: number } | null {
	const short = bytes.readUInt32BE(0);
	const length = short === 1 ? LONG_HEAD : SHORT_HEAD;
	if (bytes.length < length) return null;
	const size = short === 1 ? Number(bytes.readBigUInt64BE(SHORT_HEAD)) : short || Infinity;
	return size < length ? null : { type: bytes.toString('latin1', 4, 8), length, size };
}
