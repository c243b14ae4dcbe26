import { KIND_BYTES, mediaKindOfBytes, mediaKindOfType } from '../../nodes/shared/kling/files/mediaKind';
import { IMAGE_SAMPLES, sampleBytes } from '../samples/manifest';

it.each([
	['image/jpeg', 'image'],
	['image/heic', 'image'],
	[' IMAGE/PNG ', 'image'],
	['image/svg+xml', 'image'],
	['audio/mpeg', 'audio'],
	['audio/x-wav; rate=44100', 'audio'],
	['video/mp4', 'video'],
	['application/pdf', null],
	['application/json', null],
	['text/html', null],
	['image', null],
	['x-image/png', null],
	['', undefined],
	['  ', undefined],
	['application/octet-stream', undefined],
	['Binary/Octet-Stream', undefined],
	['text/plain', undefined],
])('the MIME type %j says %j', (type, kind) => {
	expect(mediaKindOfType(type)).toBe(kind);
});

const box = (brand: string) => `\0\0\0\x20ftyp${brand}`;
it.each([
	['JPEG', '\xff\xd8\xff\xe0', 'image'],
	['PNG', '\x89PNG\r\n\x1a\n', 'image'],
	['GIF', 'GIF89a', 'image'],
	['WebP', 'RIFF\x10\0\0\0WEBP', 'image'],
	['AVIF', box('avif'), 'image'],
	['AVIF sequence', box('avis'), 'image'],
	['HEIC', box('heic'), 'image'],
	['HEVC image', box('hevc'), 'image'],
	['HEIF', box('mif1'), 'image'],
	['HEIF sequence', box('msf1'), 'image'],
	['MP3 with tags', 'ID3\x04', 'audio'],
	['MP3, MPEG 1', '\xff\xfb\x90', 'audio'],
	['MP3, MPEG 2', '\xff\xf3\x90', 'audio'],
	['MP3, MPEG 2.5', '\xff\xe3\x90', 'audio'],
	['AAC', '\xff\xf1\x50', 'audio'],
	['AAC, MPEG 2', '\xff\xf9\x50', 'audio'],
	['WAV', 'RIFF\x10\0\0\0WAVE', 'audio'],
	['M4A', box('M4A '), 'audio'],
	['M4B', box('M4B '), 'audio'],
	['Ogg', 'OggS', 'audio'],
	['FLAC', 'fLaC', 'audio'],
	['MP4', box('isom'), 'video'],
	['MP4 v2', box('mp42'), 'video'],
	['MOV', box('qt  '), 'video'],
	['M4V', box('M4V '), 'video'],
	['WebM', '\x1a\x45\xdf\xa3', 'video'],
	['AVI', 'RIFF\x10\0\0\0AVI ', null],
	['a PDF', '%PDF-1.7', null],
	['words', 'Some words', null],
	['a page', '<!doctype html>', null],
	['UTF-16 text', '\xff\xfeS\0', null],
	['a JPEG cut off', '\xff\xd8', null],
	['nothing', '', null],
	['a start that stands later', ' \x89PNG', null],
])('the bytes of %s say %j', (_name, bytes, kind) => {
	expect(mediaKindOfBytes(Buffer.from(bytes, 'latin1'))).toBe(kind);
});

it('as many bytes as it looks at are enough', () => {
	for (const { file } of IMAGE_SAMPLES) {
		const bytes = sampleBytes(file);
		expect(mediaKindOfBytes(bytes.subarray(0, KIND_BYTES))).toBe('image');
		expect(mediaKindOfBytes(bytes)).toBe('image');
	}
});

it('what follows a MIME type says nothing of it', () => {
	expect(mediaKindOfType('image/jpeg; charset=binary')).toBe('image');
	expect(mediaKindOfType('application/octet-stream; charset=x')).toBeUndefined();
});
