import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A segment that recognition reports, without the `_seg` of the wire. */
export type SampleSegment = 'object' | 'head' | 'face' | 'cloth';

export interface ImageSample {
	file: string;
	/** What its drawing shows, and so what the gateway says of it. */
	flags: SampleSegment[];
	note: string;
	/** The limit that it breaks on purpose. */
	refused?: 'size' | 'ratio' | 'format';
}

/** The sample images, one row each; `make.ts` draws them. */
export const IMAGE_SAMPLES: ImageSample[] = [
	{ file: 'portrait.jpg', flags: ['object', 'head', 'face', 'cloth'], note: 'one person, head to waist' },
	{ file: 'portrait.png', flags: ['object', 'head', 'face', 'cloth'], note: 'the same as PNG' },
	{ file: 'two-people.jpg', flags: ['object', 'head', 'face', 'cloth'], note: 'two persons side by side' },
	{ file: 'two-people.png', flags: ['object', 'head', 'face', 'cloth'], note: 'the same as PNG' },
	{ file: 'garment.jpg', flags: ['object', 'cloth'], note: 'a shirt on a hanger, nobody in it' },
	{ file: 'garment.png', flags: ['object', 'cloth'], note: 'the same as PNG' },
	{ file: 'landscape.jpg', flags: [], note: 'hills and sky, no subject' },
	{ file: 'landscape.png', flags: [], note: 'the same as PNG' },
	{ file: 'statue.jpg', flags: ['object', 'head'], note: 'a bust of stone: a head, but no living face' },
	{ file: 'statue.png', flags: ['object', 'head'], note: 'the same as PNG' },
	{ file: 'from-behind.jpg', flags: ['head'], note: 'hair seen from behind' },
	{ file: 'small-200.png', flags: [], note: '200 x 200 px', refused: 'size' },
	{ file: 'wide-3to1.jpg', flags: [], note: '900 x 300 px', refused: 'ratio' },
	{ file: 'webp-named.jpg', flags: [], note: 'a WebP file under another name', refused: 'format' },
	{ file: 'gif-named.jpg', flags: [], note: 'a GIF file under another name', refused: 'format' },
];

export interface VideoSample {
	/** Name of the file, as the last part of its URL. */
	file: string;
	/** The id under which the provider is said to know it. */
	id: string;
	/** From and until which millisecond each face is on screen. */
	faces: Array<[number, number]>;
	/** Its length in ms, as the provider is said to measure it. */
	ms: number;
	note: string;
}

/** The sample videos, one row each. Their bytes are a header and nothing more: nobody decodes them. */
export const VIDEO_SAMPLES: VideoSample[] = [
	{ file: 'one-face.mp4', id: '827297867148050499', faces: [[0, 5200]], ms: 5200, note: 'one face, long enough for lip-sync' },
	{
		file: 'two-faces.mp4',
		id: '827297867148050500',
		faces: [
			[0, 5200],
			[1000, 2500],
		],
		ms: 5200,
		note: 'the second face is too short for lip-sync',
	},
	{ file: 'brief-face.mp4', id: '827297867148050501', faces: [[400, 2399]], ms: 3000, note: 'one face for 1999 ms' },
	{ file: 'no-face.mp4', id: '827297867148050502', faces: [], ms: 5000, note: 'nobody' },
	{ file: 'one-face.mov', id: '827297867148050503', faces: [[0, 8000]], ms: 8000, note: 'the other container' },
];

export interface SoundSample {
	file: string;
	/** What it was made for. */
	seconds: number;
	/** What a decoder makes of it, in ms: AAC by itself pads the end. */
	ms: number;
}

/** The sample sounds, one row each; `makeMedia.ts` makes them. */
export const SOUND_SAMPLES: SoundSample[] = [
	{ file: 'tone-3s.wav', seconds: 3, ms: 3000 },
	{ file: 'tone-3s.mp3', seconds: 3, ms: 3000 },
	{ file: 'tone-3s.m4a', seconds: 3, ms: 3000 },
	{ file: 'tone-3s.aac', seconds: 3, ms: 3072 },
	{ file: 'tone-1s.wav', seconds: 1, ms: 1000 },
	{ file: 'tone-1s.mp3', seconds: 1, ms: 1000 },
	{ file: 'tone-1s.m4a', seconds: 1, ms: 1000 },
	{ file: 'tone-1s.aac', seconds: 1, ms: 1088 },
];

/** The video that every task gives, as `scene.ts` draws it: H.264 with a melody. */
export const VIDEO_RESULT = 'result.mp4';

/** A video as people upload it: 1280 x 720 px, 3 s, what tells of them at its end. */
export const VIDEO_UPLOAD = 'upload-720p.mp4';

/** Where the samples are. */
export const SAMPLES_DIR = __dirname;

/** Where the samples are that go into the package: smaller files of the same drawings, for the example workflows. */
export const PUBLISHED_DIR = join(__dirname, '..', '..', 'examples', 'files');

/** The bytes of a sample file. @throws Error where there is no such file */
export const sampleBytes = (file: string): Buffer => readFileSync(join(SAMPLES_DIR, file));

/** The hash, in hexadecimal, by which the gateway knows an image. */
export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const hashes = new Map<unknown, Map<string, unknown>>();

/** The sample image with these bytes, by their sha256 in hexadecimal. */
export const sampleByHash = (sha256: string): ImageSample | undefined => byHash(IMAGE_SAMPLES, sha256);

/** The same for a sound. */
export const soundByHash = (sha256: string): SoundSample | undefined => byHash(SOUND_SAMPLES, sha256);

function byHash<T extends { file: string }>(samples: T[], sha256: string): T | undefined {
	const known = hashes.get(samples) ?? new Map(samples.map((sample) => [sha256Of(sampleBytes(sample.file)), sample]));
	hashes.set(samples, known);
	return known.get(sha256) as T | undefined;
}

/** The bytes of a sample video: a file type box, and a free box that tells one from the other. */
export function videoBytes(file: string): Buffer {
	const brand = file.endsWith('.mov') ? 'qt  ' : 'isom';
	return Buffer.concat([
		box('ftyp', Buffer.from(`${brand}\0\0\0\0${brand}`, 'latin1')),
		box('free', Buffer.from(file)),
		box('mdat', Buffer.alloc(64)),
	]);
}

const BOX_HEAD = 8;

function box(type: string, content: Buffer): Buffer {
	const head = Buffer.alloc(BOX_HEAD);
	head.writeUInt32BE(content.length + BOX_HEAD);
	head.write(type, 4, 'latin1');
	return Buffer.concat([head, content]);
}

/**
 * A video that a task made: it plays, and differs from every other.
 * @param note stands in a box that players skip
 * @param bytes size of the whole file, where it is to be larger than it comes
 */
export function madeVideo(note: string, bytes = 0): Buffer {
	const video = Buffer.concat([sampleBytes(VIDEO_RESULT), box('free', Buffer.from(note))]);
	const missing = bytes - video.length - BOX_HEAD;
	return missing < 0 ? video : Buffer.concat([video, box('free', Buffer.alloc(missing))]);
}
