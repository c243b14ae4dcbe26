import fc from 'fast-check';

import { readM4a } from '../../nodes/shared/kling/files/audio/m4a';
import { box, longBox, numbers, openBox } from './boxBytes';

const FILE_TYPE = box('ftyp', Buffer.from('M4A \0\0\0\0'));
const MEDIA = box('mdat', Buffer.alloc(100));
/** The header of a movie, a thousand units a second. */
const HEADER = box('mvhd', numbers(0, 0, 0, 1000, 9000));
const LONG_HEADER = box('mvhd', numbers(0x01000000, 0, 0, 0, 0, 1000, 0, 9000));

interface TrackWish {
	handler?: string;
	codec?: string;
	/** Units a second. */
	rate?: number;
	/** How many frames, and how long each. */
	times?: Array<[count: number, length: number]>;
	/** Milliseconds, and from which unit of the track on. */
	edits?: Array<[length: number, from: number]>;
	isLong?: boolean;
}

/** A track; sound of AAC at 8 kHz, three frames of 128 ms, unless it says otherwise. */
function track({
	handler = 'soun',
	codec = 'mp4a',
	rate = 8000,
	times = [[3, 1024]],
	edits,
	isLong = false,
}: TrackWish = {}): Buffer {
	const scale = isLong ? numbers(0x01000000, 0, 0, 0, 0, rate, 0, 0) : numbers(0, 0, 0, rate, 0);
	const list = isLong
		? numbers(0x01000000, edits?.length ?? 0, ...(edits ?? []).flatMap(([ms, from]) => [0, ms, from < 0 ? -1 : 0, from, 0x10000]))
		: numbers(0, edits?.length ?? 0, ...(edits ?? []).flatMap(([ms, from]) => [ms, from, 0x10000]));
	const table = box(
		'stbl',
		box('stsd', numbers(0, 1, 0), Buffer.from(codec)),
		box('stts', numbers(0, times.length, ...times.flat())),
	);
	return box(
		'trak',
		...(edits ? [box('edts', box('elst', list))] : []),
		box('mdia', box('mdhd', scale), box('hdlr', numbers(0, 0), Buffer.from(handler)), box('minf', table)),
	);
}

const movie = (...contents: Buffer[]) => Buffer.concat([FILE_TYPE, box('moov', ...contents), MEDIA]);
const sound = (wish: TrackWish = {}) => movie(HEADER, track(wish));

it.each<[string, TrackWish, number | null]>([
	['whole frames', {}, 384],
	['a header with times in 64 bits', { isLong: true }, 384],
	['the silence that an encoder puts before does not count', { edits: [[256, 1024]] }, 256],
	['the same with times in 64 bits', { edits: [[256, 1024]], isLong: true }, 256],
	['an edit without a length reaches to the end', { edits: [[0, 1024]] }, 256],
	['an edit that is longer than what is there', { edits: [[900, 1024]] }, 256],
	['no edits in the list', { edits: [] }, 384],
	['a last frame that is nearly whole', { times: [[2, 1024], [1, 1000]] }, 381], // prettier-ignore
	['a last frame of which the half is told: near to what is decoded', { times: [[2, 1024], [1, 384]] }, 329], // prettier-ignore
	['a last frame of which next to nothing is told', { times: [[2, 1024], [1, 100]] }, null], // prettier-ignore
	['the same where frames are short', { rate: 48_000, times: [[100, 1024], [1, 100]] }, 2135], // prettier-ignore
	['a codec whose last frame may be shorter', { codec: 'alac', times: [[2, 4096], [1, 100]] }, 1036], // prettier-ignore
	['played from a bit later on', { edits: [[40, -1], [384, 0]] }, 384], // prettier-ignore
	['played from 100 ms later on: near to what is decoded', { edits: [[100, -1], [384, 0]] }, 429], // prettier-ignore
	['played from much later on', { edits: [[200, -1], [384, 0]] }, null], // prettier-ignore
	['the same with times in 64 bits', { edits: [[200, -1], [384, 0]], isLong: true }, null], // prettier-ignore
	['nothing but waiting', { edits: [[200, -1]] }, null],
	['played in two pieces', { edits: [[100, 0], [100, 2048]] }, null], // prettier-ignore
	['no frames', { times: [] }, null],
])('%s', (_what, wish, durationMs) => {
	expect(readM4a(sound(wish))).toEqual({ durationMs, hasVideo: false });
});

it.each<[string, Buffer]>([
	['sizes in 64 bits', Buffer.concat([FILE_TYPE, longBox('free', Buffer.alloc(9)), longBox('moov', HEADER, track())])],
	['times of the movie in 64 bits', movie(LONG_HEADER, track({ edits: [[384, 0]] }))],
	['the movie without a size', Buffer.concat([FILE_TYPE, MEDIA, openBox('moov', HEADER, track())])],
	['other boxes before', movie(box('free', Buffer.alloc(40)), HEADER, box('udta'), track())],
	['a track of chapters before', movie(HEADER, track({ handler: 'text' }), track())],
])('%s', (_what, file) => {
	expect(readM4a(file)).toEqual({ durationMs: 384, hasVideo: false });
});

it.each<[string, Buffer]>([
	['no movie', Buffer.concat([FILE_TYPE, MEDIA])],
	['no tracks', movie(HEADER)],
	['a track without media', movie(HEADER, box('trak', box('tkhd', Buffer.alloc(4))))],
	['media without a handler', movie(HEADER, box('trak', box('mdia')))],
	['half a handler', movie(HEADER, box('trak', box('mdia', box('hdlr', Buffer.alloc(10)))))],
	['no units', movie(HEADER, track({ rate: 0 }))],
	['half a header of the media', movie(HEADER, track().fill(0, 16, 40))],
	['an edit that begins behind the end', movie(HEADER, track({ edits: [[100, 9000]] }))],
])('%s: damaged', (_what, file) => {
	expect(readM4a(file)).toBeNull();
});

it.each<[string, Buffer]>([
	['in pieces, which have lengths of their own', movie(HEADER, box('mvex'), track())],
	['cut', sound().subarray(0, -1)],
])('a file that is %s does not say how long it is', (_what, file) => {
	expect(readM4a(file)).toEqual({ durationMs: null, hasVideo: false });
});

describe('a picture in it', () => {
	const moving = track({ handler: 'vide', codec: 'avc1', times: [[75, 1024]] });

	it.each<[string, Buffer]>([
		['a cover, as most programs write it', box('udta', box('meta', box('ilst', box('covr', Buffer.alloc(99)))))],
		['a cover in a track', track({ handler: 'vide', codec: 'mp4v', times: [[1, 3000]] })],
		['a picture for each chapter', track({ handler: 'vide', codec: 'jpeg', times: [[5, 3000]] })],
		['a track that was taken out', box('free', moving)],
	])('%s makes no video of it', (_what, picture) => {
		expect(readM4a(movie(HEADER, picture, track()))).toEqual({ durationMs: 384, hasVideo: false });
		expect(readM4a(movie(HEADER, track(), picture))).toEqual({ durationMs: 384, hasVideo: false });
	});

	it('one that moves does, with sound and without', () => {
		expect(readM4a(movie(HEADER, moving, track()))).toEqual({ durationMs: 384, hasVideo: true });
		expect(readM4a(movie(HEADER, moving))).toEqual({ durationMs: null, hasVideo: true });
		const inPieces = track({ handler: 'vide', codec: 'avc1', times: [] });
		expect(readM4a(movie(HEADER, box('mvex'), inPieces, track({ times: [] })))).toEqual({ durationMs: null, hasVideo: true });
	});
});

it('wherever it is cut or changed, nothing is thrown, and no length is less than one', () => {
	const file = movie(LONG_HEADER, track({ isLong: true, edits: [[40, -1], [256, 1024]] }), track({ handler: 'vide' })); // prettier-ignore
	fc.assert(
		fc.property(fc.nat(file.length), fc.nat(file.length - 1), fc.nat(255), (length, at, byte) => {
			const changed = Buffer.from(file);
			changed[at] = byte;
			for (const bytes of [changed, changed.subarray(0, length)]) {
				const ms = readM4a(bytes)?.durationMs ?? 1;
				expect(Number.isSafeInteger(ms)).toBe(true);
				expect(ms).toBeGreaterThan(0);
			}
		}),
		{ numRuns: 3000 },
	);
});
