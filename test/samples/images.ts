import { deflateSync, crc32 } from 'node:zlib';
import { randomBytes } from 'node:crypto';
import sharp from 'sharp';

export interface ImageWish {
	/** Pixels. */
	width: number;
	/** Pixels. */
	height: number;
	format: 'jpeg' | 'png';
	/** Size of the whole file, exactly; absent: as small as it comes. */
	bytes?: number;
	/** Makes the bytes differ from those of any other text; kept as a comment in the file. */
	note?: string;
	/** Where the padding stands: behind the pixels ('end', the default), or in front: a JPEG's size comes only behind it then. */
	padding?: 'end' | 'front';
}

/**
 * Makes a valid image of one colour.
 * @returns the file's bytes
 * @throws RangeError where `bytes` is less than the image needs
 */
export async function makeImage(wish: ImageWish): Promise<Buffer> {
	const { width, height, format } = wish;
	const image = sharp({ create: { width, height, channels: 3, background: '#7a8fb0' } });
	const plain =
		format === 'png'
			? await image.png({ compressionLevel: 9, palette: true }).toBuffer()
			: await image.jpeg({ quality: 40 }).toBuffer();
	const noted = wish.note === undefined ? plain : insert(plain, format, 'end', comment(format, Buffer.from(wish.note)));
	if (wish.bytes === undefined) return noted;
	const missing = wish.bytes - noted.length;
	return missing === 0 ? noted : insert(noted, format, wish.padding ?? 'end', padding(format, missing));
}

function insert(image: Buffer, format: 'jpeg' | 'png', where: 'end' | 'front', piece: Buffer): Buffer {
	const at = where === 'front' ? FRONT[format] : image.length - END[format];
	return Buffer.concat([image.subarray(0, at), piece, image.subarray(at)]);
}

/** Behind SOI; behind IHDR, which has to be the first. */
const FRONT = { jpeg: 2, png: 33 };

/** Before EOI, and before IEND. */
const END = { jpeg: 2, png: 12 };

const comment = (format: 'jpeg' | 'png', text: Buffer): Buffer =>
	format === 'jpeg' ? comSegment(text) : pngChunk('tEXt', Buffer.concat([Buffer.from('Comment\0'), text]));

function padding(format: 'jpeg' | 'png', bytes: number): Buffer {
	const least = format === 'jpeg' ? 4 : 12;
	if (bytes < least) throw new RangeError(`the image needs more than the bytes wished for (${bytes} left, at least ${least})`);
	if (format === 'png') return pngChunk('paDd', noise(bytes - 12));
	const segments: Buffer[] = [];
	for (let left = bytes; left > 0;) {
		const whole = Math.min(left, 65537);
		// A rest of less than a segment's own four bytes would stay: give it to the last segment but one.
		const size = left - whole > 0 && left - whole < 4 ? whole - 4 : whole;
		segments.push(comSegment(noise(size - 4)));
		left -= size;
	}
	return Buffer.concat(segments);
}

function comSegment(content: Buffer): Buffer {
	const head = Buffer.from([0xff, 0xfe, 0, 0]);
	head.writeUInt16BE(content.length + 2, 2);
	return Buffer.concat([head, content]);
}

function pngChunk(type: string, content: Buffer): Buffer {
	const chunk = Buffer.alloc(content.length + 12);
	chunk.writeUInt32BE(content.length);
	chunk.write(type, 4, 'latin1');
	content.copy(chunk, 8);
	chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + content.length)), 8 + content.length);
	return chunk;
}

const block = randomBytes(65536);

/** Bytes that do not compress. */
function noise(bytes: number): Buffer {
	return Buffer.alloc(bytes, block);
}

/** A PNG of one colour, made without a library, in pixels a side. */
export function tinyPng(side: number, colour: [number, number, number]): Buffer {
	const head = Buffer.alloc(13);
	head.writeUInt32BE(side);
	head.writeUInt32BE(side, 4);
	head.set([8, 2, 0, 0, 0], 8);
	const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(side * 3, Buffer.from(colour))]);
	const pixels = deflateSync(Buffer.concat(Array.from({ length: side }, () => line)));
	const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
	return Buffer.concat([signature, pngChunk('IHDR', head), pngChunk('IDAT', pixels), pngChunk('IEND', Buffer.alloc(0))]);
}
