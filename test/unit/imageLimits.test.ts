import sharp from 'sharp';

import { checkImage, checkImageBytes, HEADER_BYTES, MOST_IMAGE_BYTES } from '../../nodes/shared/kling/files/image/imageLimits';
import { makeImage, type ImageWish } from '../samples/images';
import { IMAGE_SAMPLES, sampleBytes } from '../samples/manifest';
import { klingErrorOf, rejectionOf, REFUSED_HERE } from './helpers';

const check = async (bytes: Buffer): Promise<void> => await checkImage(async (length) => bytes.subarray(0, length));
const image = (width: number, height: number, more: Partial<ImageWish> = {}) =>
	makeImage({ width, height, format: 'jpeg', ...more });

describe('bytes', () => {
	it.each([1, MOST_IMAGE_BYTES - 1, MOST_IMAGE_BYTES])('%i bytes are enough and not too many', (bytes) => {
		expect(() => checkImageBytes(bytes)).not.toThrow();
	});

	it.each([
		[0, 'The image is empty'],
		[10_485_761, 'The image is too large: 10.01 MB, at most 10 MB'],
		[15_728_640, 'The image is too large: 15.00 MB, at most 10 MB'],
	])('%i bytes: %s', (bytes, message) => {
		const error = klingErrorOf(() => checkImageBytes(bytes));
		expect(error.message).toBe(message);
		expect(error.details).toEqual({ ...REFUSED_HERE, description: expect.stringMatching(/^[A-Z].*\.$/) });
	});
});

describe('format, by the bytes', () => {
	it.each(['jpeg', 'png'] as const)('%s is read', async (format) => {
		const bytes = await image(300, 300, { format });
		await expect(check(bytes)).resolves.toBeUndefined();
	});

	it('a progressive JPEG and an interlaced PNG with transparency', async () => {
		const picture = sharp({ create: { width: 320, height: 320, channels: 4, background: '#7a8fb080' } });
		const all = [
			await picture.clone().jpeg({ progressive: true }).toBuffer(),
			await picture.clone().png({ progressive: true }).toBuffer(),
		];
		for (const bytes of all) await expect(check(bytes)).resolves.toBeUndefined();
	});

	const start = (text: string) => Buffer.concat([Buffer.from(text, 'latin1'), Buffer.alloc(400, 0x80)]);
	const brand = (name: string) => start(`\0\0\0\x20ftyp${name}`);
	it.each<[string, Buffer, string]>([
		['GIF87a', start('GIF87a\0'), 'a GIF image'],
		['GIF89a', start('GIF89a\0'), 'a GIF image'],
		['WebP', start('RIFF\x10\0\0\0WEBPVP8 '), 'a WebP image'],
		['AVIF', brand('avif'), 'an AVIF image'],
		['AVIF sequence', brand('avis'), 'an AVIF image'],
		['HEIC', brand('heic'), 'a HEIC image'],
		['HEIF', brand('mif1'), 'a HEIC image'],
		['MP4', brand('isom'), 'an MP4 or MOV video'],
		['MOV', start('\0\0\0\x20moov'), 'an MP4 or MOV video'],
		['BMP', start('BM\x36\0\x10\0\0\0\0\0'), 'a BMP image'],
		['TIFF, little-endian', start('II*\0'), 'a TIFF image'],
		['TIFF, big-endian', start('MM\0*'), 'a TIFF image'],
		['PDF', start('%PDF-1.7'), 'a PDF document'],
		['SVG', start('<svg xmlns="http://www.w3.org/2000/svg">'), 'an SVG drawing'],
		['SVG behind a declaration', start('<?xml version="1.0"?>\n<!-- x -->\n<svg>'), 'an SVG drawing'],
		['a page', start('\n<!DOCTYPE html><html>'), 'a web page'],
		['a ZIP', start('PK\x03\x04'), 'a ZIP archive'],
		['words', Buffer.from('Not found\n'), 'text'],
		['JSON', Buffer.from('{"error":"no"}'), 'text'],
	])('%s is refused by its name', async (_name, bytes, name) => {
		const error = await rejectionOf(check(bytes));
		expect(error.message).toBe(`The file is ${name}, not a JPEG or PNG image`);
		expect(error.details).toEqual({ ...REFUSED_HERE, description: expect.stringContaining('JPEG and PNG only') });
	});

	it.each<[string, Buffer, RegExp]>([
		['WebP', start('RIFF\x10\0\0\0WEBPVP8 '), /for example with the Edit Image node: .* Format set to JPEG\.$/],
		['AVIF', brand('avif'), /Edit Image node.* where its GraphicsMagick reads this format\.$/],
		['HEIC', brand('heic'), /Edit Image node.* where its GraphicsMagick reads this format\. An iPhone .* Most Compatible\.$/],
		['a PDF', start('%PDF-1.7'), /only\. Use an image, or make one of this file first\.$/],
	])('what to do with %s', async (_name, bytes, remedy) => {
		expect((await rejectionOf(check(bytes))).details.description).toMatch(remedy);
	});

	it('another file is refused without a name', async () => {
		expect((await rejectionOf(check(Buffer.from([0, 1, 2, 3])))).message).toBe('The file is no JPEG or PNG image');
	});

	it.each([
		['JPEG', 'jpeg'],
		['PNG', 'png'],
	] as const)('a %s without a size is damaged', async (name, format) => {
		const bytes = (await image(300, 300, { format })).subarray(0, 20);
		const { message, details } = await rejectionOf(check(bytes));
		expect(message).toBe(`The ${name} image is damaged: its size cannot be read`);
		expect(details.description).toBe('Open the image in an image program, save it again as JPEG or PNG, and use that file.');
	});

	it('what is left of a JPEG inside a damaged PNG does not lend it its size', async () => {
		const png = (await image(300, 300, { format: 'png' })).subarray(0, 8);
		const bytes = Buffer.concat([png, Buffer.alloc(30), (await image(640, 480)).subarray(2)]);
		expect((await rejectionOf(check(bytes))).message).toBe('The PNG image is damaged: its size cannot be read');
	});
});

describe('sides and ratio', () => {
	it.each([
		[300, 300],
		[750, 300],
		[300, 750],
		[1000, 400],
		[400, 1000],
		[755, 302],
		[4000, 3000],
	])('%i x %i px is read', async (width, height) => {
		const bytes = await image(width, height, { format: 'png' });
		await expect(check(bytes)).resolves.toBeUndefined();
	});

	it.each([
		[299, 300, 'The image is too small: 299 x 300 px, each side at least 300 px'],
		[300, 299, 'The image is too small: 300 x 299 px, each side at least 300 px'],
		[200, 900, 'The image is too small: 200 x 900 px, each side at least 300 px'],
		[751, 300, 'The image is too wide: 751 x 300 px, the ratio must be between 1:2.5 and 2.5:1'],
		[300, 751, 'The image is too tall: 300 x 751 px, the ratio must be between 1:2.5 and 2.5:1'],
		[753, 301, 'The image is too wide: 753 x 301 px, the ratio must be between 1:2.5 and 2.5:1'],
	])('%i x %i px is refused', async (width, height, message) => {
		const bytes = await image(width, height);
		const error = await rejectionOf(check(bytes));
		expect(error.message).toBe(message);
		expect(error.details).toEqual({ ...REFUSED_HERE, description: expect.stringMatching(/^[A-Z].*\.$/) });
	});
});

describe('a size far behind the start', () => {
	it.each([
		['200 KB', 204_800],
		['a megabyte', 1_048_576],
	])('%s of metadata', async (_name, bytes) => {
		const good = await image(640, 480, { bytes, padding: 'front' });
		const small = await image(640, 200, { bytes, padding: 'front' });
		const lengths: number[] = [];
		await checkImage(async (length) => {
			lengths.push(length);
			return good.subarray(0, length);
		});
		expect(lengths).toEqual([HEADER_BYTES, MOST_IMAGE_BYTES]);
		expect((await rejectionOf(check(small))).message).toContain('640 x 200 px');
	});

	it('most images are read by their first bytes alone', async () => {
		const bytes = await image(640, 480, { bytes: 1_048_576 });
		const lengths: number[] = [];
		await checkImage(async (length) => {
			lengths.push(length);
			return bytes.subarray(0, length);
		});
		expect(lengths).toEqual([HEADER_BYTES]);
	});
});

describe('the samples', () => {
	const LIMIT = { size: 'too small', ratio: 'too wide', format: 'not a JPEG or PNG image' };
	it.each(IMAGE_SAMPLES.filter(({ refused }) => !refused))('$file is read', async ({ file }) => {
		await expect(check(sampleBytes(file))).resolves.toBeUndefined();
	});

	it.each(IMAGE_SAMPLES.filter(({ refused }) => refused))('$file is refused for its $refused', async ({ file, refused }) => {
		expect((await rejectionOf(check(sampleBytes(file)))).message).toContain(LIMIT[refused!]);
	});
});
