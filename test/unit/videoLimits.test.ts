import type { Movie } from '../../nodes/shared/kling/files/video/movie';
import { checkVideo, checkVideoBytes, videoExtension } from '../../nodes/shared/kling/files/video/videoLimits';
import { makeMovie } from '../samples/movies';
import { klingErrorOf, REFUSED_HERE } from './helpers';

const HEAD = makeMovie();
const movie = (more: Partial<Movie> = {}): Movie => ({
	durationMs: 5000,
	hasPicture: true,
	size: { width: 1280, height: 720 },
	...more,
});
const sized = (width: number, height: number) => movie({ size: { width, height } });

describe('what Kling takes', () => {
	it.each<[string, Movie]>([
		['720p', movie()],
		['1080p', sized(1920, 1080)],
		['upright', sized(1080, 1920)],
		['square', sized(720, 720)],
		['a wide film in 720p', sized(1280, 512)],
		['the largest sides', sized(2160, 2160)],
		['2 s', movie({ durationMs: 2000 })],
		['60 s, and the sound a moment longer', movie({ durationMs: 60_100 })],
		['no length, no size', movie({ durationMs: null, size: null })],
	])('%s', (_name, known) => {
		checkVideo(HEAD, known);
	});

	it('100 MB', () => {
		checkVideoBytes(104_857_600);
		checkVideoBytes(1);
		checkVideoBytes(NaN);
	});
});

describe('what it does not take', () => {
	it.each<[string, Movie | null, string]>([
		['too short', movie({ durationMs: 1999 }), 'The video is too short: 1.99 s, at least 2 s'],
		['too long', movie({ durationMs: 60_101 }), 'The video is too long: 60.10 s, at most 60 s'],
		['a side too short', sized(1280, 511), 'The video is too small: 1280 x 511 px, at least 720p, and each side at least 512 px'],
		['540p', sized(960, 540), 'The video is too small: 960 x 540 px, at least 720p, and each side at least 512 px'],
		['upright, under 720p', sized(719, 1279), 'The video is too small: 719 x 1279 px, at least 720p'],
		['a side too long', sized(2161, 1080), 'The video is too large: 2161 x 1080 px, each side at most 2160 px'],
		['4K upright', sized(2160, 3840), 'The video is too large: 2160 x 3840 px, each side at most 2160 px'],
		['sound alone', movie({ hasPicture: false, size: null }), 'The file has audio and no video'],
		['damaged', null, 'The video is damaged: its header cannot be read'],
	])('%s', (_name, known, message) => {
		const error = klingErrorOf(() => checkVideo(HEAD, known));
		expect(error.message).toContain(message);
		expect(error.details).toMatchObject(REFUSED_HERE);
		expect(error.details.description).not.toBe('');
	});

	it.each<[string | Buffer, string]>([
		['\x1a\x45\xdf\xa3....', 'a WebM or Matroska video'],
		['RIFF....AVI LIST', 'an AVI video'],
		['\x30\x26\xb2\x75', 'a WMV video'],
		['FLV\x01', 'an FLV video'],
		['\0\0\x01\xba', 'an MPEG video'],
		[Buffer.concat([Buffer.from('G'), Buffer.alloc(187), Buffer.from('G')]), 'an MPEG video'],
		['OggS', 'an Ogg file'],
		['ID3\x04', 'audio'],
		['RIFF....WAVE', 'audio'],
		['....ftypM4A ', 'M4A audio'],
		['....ftypheic', 'a HEIC or AVIF image'],
		['GIF89a', 'a GIF image'],
		['\x89PNG\r\n', 'an image'],
		['\xff\xd8\xff\xe0', 'an image'],
		['PK\x03\x04', 'a ZIP archive'],
		['%PDF-1.7', 'a PDF document'],
		['#EXTM3U\n', 'a playlist'],
		['<!DOCTYPE html>', 'a web page'],
		['{"error": "no"}', 'text'],
	])('a file of another kind: %j is %s', (head, format) => {
		const error = klingErrorOf(() => checkVideo(Buffer.from(head as string, 'latin1'), null));
		expect(error.message).toBe(`The file is ${format}, not an MP4 or MOV video`);
		expect(error.details.description).toContain('Convert');
	});

	it('a file that nothing is known of', () => {
		expect(klingErrorOf(() => checkVideo(Buffer.from([0, 1, 2, 3]), null)).message).toBe('The file is no MP4 or MOV video');
	});

	it.each([
		[0, 'The video is empty'],
		[104_857_601, 'The video is too large: 100.01 MB, at most 100 MB'],
	])('%d bytes', (bytes, message) => {
		expect(klingErrorOf(() => checkVideoBytes(bytes)).message).toBe(message);
	});
});

it.each([
	[makeMovie(), 'mp4'],
	[makeMovie({ brand: 'qt  ' }), 'mov'],
	[makeMovie({ brand: null }), 'mov'],
	[Buffer.from('what?'), 'mp4'],
])('the ending of its name, %#', (head, extension) => {
	expect(videoExtension(head)).toBe(extension);
});
