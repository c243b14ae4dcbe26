/** Bytes that may stand before any marker, in any number. */
const FILL = Buffer.alloc(4096, 0xff);
const START = Buffer.from([0xff, 0xd8]);
/** Marker, length, precision, height, width. */
const FRAME_HEADER_BYTES = 9;
const NO_FRAMES = [0xc4, 0xc8, 0xcc];
const SCAN = 0xda;
const STANDALONE = 0x01;
/** More than any camera or program writes: 10 MB of metadata in full segments are 160. */
const MOST_MARKERS = 65_536;

/**
 * The JPEG cut down to its start and its frame header, where its size stands. Megabytes of metadata, or of bytes that mean
 * nothing, are passed over at memory speed.
 * @returns nothing but the start where no whole frame header comes before the picture
 */
export function jpegFrame(bytes: Buffer): Buffer {
	let at = nextMarker(bytes, 2);
	for (let markers = 0; markers < MOST_MARKERS && at + FRAME_HEADER_BYTES <= bytes.length; markers += 1) {
		const marker = bytes[at + 1]!;
		if (marker === SCAN) break;
		if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAMES.includes(marker)) {
			return Buffer.concat([START, bytes.subarray(at, at + FRAME_HEADER_BYTES)]);
		}
		at = nextMarker(bytes, at + 2 + (marker === STANDALONE ? 0 : bytes.readUInt16BE(at + 2)));
	}
	return START;
}

/**
 * The next 0xFF with another byte behind it; anything else before it is skipped, as decoders do.
 * @returns the end where there is none
 */
function nextMarker(bytes: Buffer, from: number): number {
	let at = bytes.indexOf(0xff, from);
	if (at === -1) return bytes.length;
	while (FILL.equals(bytes.subarray(at, at + FILL.length))) at += FILL.length - 1;
	while (bytes[at + 1] === 0xff) at += 1;
	return at;
}
