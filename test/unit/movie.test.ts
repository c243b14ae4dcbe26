import { readdirSync } from 'node:fs';

import fc from 'fast-check';
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny';

import type { Movie } from '../../nodes/shared/kling/files/video/movie';
import { MovieScan } from '../../nodes/shared/kling/files/video/movieScan';
import { sampleBytes, SAMPLES_DIR } from '../samples/manifest';
import { box, makeMovie, type MovieFacts } from '../samples/movies';

/** What is read of a file that comes in pieces of so many bytes. */
function scan(bytes: Buffer, sizes: number[] = [65_532]): MovieScan {
	const video = new MovieScan();
	for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
		const size = sizes[turn % sizes.length]!;
		video.append(bytes.subarray(at, at + size));
		at += size;
	}
	return video;
}

const movieOf = (facts: MovieFacts): Movie | null => scan(makeMovie(facts)).movie;
const KNOWN = { durationMs: 5000, hasPicture: true, size: { width: 1280, height: 720 } };

describe('what a video says of itself', () => {
	it.each<[string, MovieFacts, Partial<Movie>]>([
		['header first', {}, {}],
		['header last', { isHeaderLast: true, pictures: 200_000 }, {}],
		['MOV', { brand: 'qt  ', seconds: 12.34 }, { durationMs: 12_340 }],
		['no word of what it is', { brand: null }, {}],
		['times of 64 bits', { isLong: true, seconds: 59.5 }, { durationMs: 59_500 }],
		['turned', { width: 1920, height: 1080, isTurned: true }, { size: { width: 1080, height: 1920 } }],
		['turned, with times of 64 bits', { isLong: true, isTurned: true }, { size: { width: 720, height: 1280 } }],
		['in pieces', { isInPieces: true }, { durationMs: null }],
		['no length', { seconds: 0 }, { durationMs: null }],
		['a length of which all bits are set', { seconds: (2 ** 32 - 1) / 600 }, { durationMs: null }],
		['no size', { width: 0 }, { size: null }],
		['sound alone', { tracks: ['soun'] }, { hasPicture: false, size: null }],
	])('%s', (_name, facts, told) => {
		expect(movieOf(facts)).toEqual({ ...KNOWN, ...told });
	});

	it.each(readdirSync(SAMPLES_DIR).filter((file) => file.endsWith('.mp4')))('%s, as a player reads it', async (file) => {
		const bytes = sampleBytes(file);
		const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
		const track = (await input.getPrimaryVideoTrack())!;
		const { movie } = scan(bytes);
		expect(movie).toMatchObject({ size: { width: track.displayWidth, height: track.displayHeight } });
		expect(Math.abs(movie!.durationMs! - (await input.computeDuration()) * 1000)).toBeLessThan(100);
		input.dispose();
	});

	it('the first header counts, and what is free before it does not', () => {
		const movie = makeMovie({ brand: null, seconds: 7 });
		expect(scan(Buffer.concat([box('free', Buffer.alloc(100)), movie, makeMovie({ brand: null })])).movie).toEqual({
			...KNOWN,
			durationMs: 7000,
		});
	});

	it('pictures whose size is written in 64 bits', () => {
		const long = Buffer.alloc(16 + 1000);
		long.writeUInt32BE(1);
		long.write('mdat', 4, 'latin1');
		long.writeBigUInt64BE(1016n, 8);
		const bytes = Buffer.concat([box('ftyp', Buffer.from('isom')), long, makeMovie({ brand: null })]);
		for (const size of [1, 7, 8, 9, 65_532]) expect(scan(bytes, [size]).movie).toEqual(KNOWN);
	});

	it.each<[string, Buffer]>([
		['nothing', Buffer.alloc(0)],
		['no header', box('mdat', Buffer.alloc(100))],
		['a header that is cut off', makeMovie({ isHeaderLast: true }).subarray(0, -1)],
		['a header without the length', box('moov', box('trak'))],
		['a length that is cut off', box('moov', box('mvhd', Buffer.alloc(19)))],
		['a length of 64 bits that is cut off', box('moov', box('mvhd', Buffer.concat([Buffer.from([1]), Buffer.alloc(30)])))],
		['a header that is far too large', box('moov', Buffer.alloc(5_000_000))],
		['pictures that reach to the end', Buffer.concat([Buffer.from('\0\0\0\0mdat', 'latin1'), makeMovie()])],
		['a size that makes no sense', Buffer.concat([Buffer.from('\0\0\0\x03mdat', 'latin1'), makeMovie()])],
	])('%s: cannot be read', (_name, bytes) => {
		expect(scan(bytes).movie).toBeNull();
	});

	it('tracks of which parts are missing', () => {
		const header = box('mvhd', Buffer.concat([Buffer.alloc(12), Buffer.from([0, 0, 2, 88, 0, 0, 5, 220]), Buffer.alloc(80)]));
		const handler = box('hdlr', Buffer.from('\0\0\0\0\0\0\0\0vide', 'latin1'));
		const bare = box('moov', header, box('trak'), box('trak', box('mdia')), box('trak', box('mdia', handler)));
		expect(scan(bare).movie).toEqual({ durationMs: 2500, hasPicture: true, size: null });
		const stsd = Buffer.alloc(44);
		stsd.writeUInt16BE(800, 40);
		stsd.writeUInt16BE(600, 42);
		const untold = box('trak', box('mdia', handler, box('minf', box('stbl', box('stsd', stsd)))));
		expect(scan(box('moov', header, untold)).movie).toMatchObject({ size: { width: 800, height: 600 } });
	});
});

it('keeps the first bytes, however they come', () => {
	const bytes = makeMovie({ pictures: 2000 });
	for (const size of [1, 300, 100_000]) expect(scan(bytes, [size]).head).toEqual(bytes.subarray(0, 512));
});

it('any bytes in any pieces: never an error, and the pieces make no difference', () => {
	const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 4 });
	const seconds = fc.integer({ min: 1, max: 3000 });
	const whole = fc.record({ seconds, isHeaderLast: fc.boolean(), isLong: fc.boolean(), isTurned: fc.boolean() }).map(makeMovie);
	const damaged = fc.tuple(
		whole,
		fc.array(fc.tuple(fc.nat(900), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }),
		fc.nat(900),
	);
	const spoilt = damaged.map(([bytes, changes, end]) => {
		for (const [place, value] of changes) bytes[place % bytes.length] = value;
		return bytes.subarray(0, bytes.length - (end % bytes.length));
	});
	fc.assert(
		fc.property(fc.oneof(whole, spoilt, fc.uint8Array({ maxLength: 200 }).map(Buffer.from)), sizes, (bytes, pieces) => {
			expect(scan(bytes, pieces).movie).toEqual(scan(bytes).movie);
		}),
		{ numRuns: 1000 },
	);
});
