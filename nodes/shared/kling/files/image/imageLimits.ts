import { imageDimensionsFromData } from 'image-dimensions';

import { refusal } from '../../klingError';
import { USE_THE_FILE } from '../mediaUrl';
import { refuseReadAsText } from '../readAsText';
import { jpegFrame } from './jpegFrame';

/** Limits of images. Source: Kling's API reference, "Image Recognize", and its newer form; 10 MB read as 10 x 1024 x 1024 bytes. */
export const MOST_IMAGE_BYTES = 10_485_760;
export const MOST_NEWER_IMAGE_BYTES = 52_428_800;
const SMALLEST_SIDE = 300;
const WIDEST_RATIO = 2.5;

/** Most headers hold the size within this many bytes; long metadata can push it further back. */
export const HEADER_BYTES = 65_536;

interface Signature {
	/** As it stands in a sentence. */
	format: string;
	/** Matched against the first bytes, read as Latin-1. */
	pattern: RegExp;
	/** What to do with such a file; absent: to convert it somehow. */
	remedy?: string;
}

/** Tried with GraphicsMagick as Debian builds it; Alpine, on which n8n's Docker image stands, builds it with WebP as well. */
const EDIT_IMAGE =
	'Convert the file first, for example with the Edit Image node: any operation, with the option Format set to JPEG.';

/** Debian builds GraphicsMagick with HEIF. Not every n8n has one that is. */
const EDIT_IMAGE_OR_BEFORE =
	'Convert the file first. The Edit Image node, with the option Format set to JPEG, does so where its GraphicsMagick reads this format.';
const IPHONE = 'An iPhone takes JPEG pictures with Settings > Camera > Formats > Most Compatible.';

/** What the first bytes of a file say it is, one row each. The last row takes what looks like text. */
const SIGNATURES: readonly Signature[] = [
	{ format: 'JPEG', pattern: /^\xff\xd8\xff/ },
	{ format: 'PNG', pattern: /^\x89PNG\r\n\x1a\n/ },
	{ format: 'a GIF image', pattern: /^GIF8[79]a/, remedy: EDIT_IMAGE },
	{ format: 'a WebP image', pattern: /^RIFF[\s\S]{4}WEBP/, remedy: EDIT_IMAGE },
	{ format: 'an AVIF image', pattern: /^[\s\S]{4}ftypavi[fs]/, remedy: EDIT_IMAGE_OR_BEFORE },
	{ format: 'a HEIC image', pattern: /^[\s\S]{4}ftyp(hei|hev|mif1|msf1)/, remedy: `${EDIT_IMAGE_OR_BEFORE} ${IPHONE}` },
	{ format: 'an MP4 or MOV video', pattern: /^[\s\S]{4}(ftyp|moov|mdat)/ },
	{ format: 'a BMP image', pattern: /^BM[\s\S]{4}\0\0\0\0/, remedy: EDIT_IMAGE },
	{ format: 'a TIFF image', pattern: /^(II\*\0|MM\0\*)/, remedy: EDIT_IMAGE },
	{ format: 'a PDF document', pattern: /^%PDF-/ },
	{ format: 'an SVG drawing', pattern: /^\s*(<\?xml[\s\S]{0,200}?)?<svg/i },
	{ format: 'a web page', pattern: /^\s*<(!doctype html|html|head|body)/i, remedy: USE_THE_FILE },
	{ format: 'a ZIP archive', pattern: /^PK\x03\x04/ },
	{ format: 'text', pattern: /^[\t\n\r\x20-\x7e\x80-\xff]+$/ },
];

/**
 * Checks the size of an image in bytes, so that it can be refused before it is read.
 * @param most bytes
 * @throws KlingError where it is empty or too large
 */
export function checkImageBytes(bytes: number, most = MOST_IMAGE_BYTES): void {
	if (bytes === 0) {
		throw refusal('The image is empty', 'Check that the previous node delivers a file with content.');
	}
	if (bytes > most) {
		throw refusal(
			`The image is too large: ${megabytes(bytes)} MB, at most ${most / 1_048_576} MB`,
			'Make the image smaller or compress it more, for example with the Edit Image node.',
		);
	}
}

function megabytes(bytes: number): string {
	// Rounded up, so that one byte too many does not read as the limit itself.
	return (Math.ceil((bytes / 1_048_576) * 100) / 100).toFixed(2);
}

/**
 * Checks format, sides and ratio of an image by its bytes, never by its name.
 * @param read gives the image's first `length` bytes, or fewer where it has no more
 * @throws KlingError naming the limit, the actual value and the remedy
 */
export async function checkImage(read: (length: number) => Promise<Buffer>): Promise<void> {
	const head = await read(HEADER_BYTES);
	refuseReadAsText(head, 'image');
	const signature = signatureOf(head);
	const format = signature?.format;
	if (format !== 'JPEG' && format !== 'PNG') throw wrongFormat(signature);
	const size =
		imageDimensionsFromData(head) ??
		(format === 'JPEG' ? imageDimensionsFromData(jpegFrame(await read(MOST_IMAGE_BYTES))) : undefined);
	if (!size) {
		throw refusal(
			`The ${format} image is damaged: its size cannot be read`,
			'Open the image in an image program, save it again as JPEG or PNG, and use that file.',
		);
	}
	checkSides(size);
}

function signatureOf(head: Buffer): Signature | undefined {
	const text = head.toString('latin1', 0, 512);
	return SIGNATURES.find(({ pattern }) => pattern.test(text));
}

function wrongFormat(signature: Signature | undefined): Error {
	const message = signature ? `The file is ${signature.format}, not a JPEG or PNG image` : 'The file is no JPEG or PNG image';
	return refusal(
		message,
		`Kling reads JPEG and PNG only. ${signature?.remedy ?? 'Use an image, or make one of this file first.'}`,
	);
}

function checkSides({ width, height }: { width: number; height: number }): void {
	const actual = `${width} x ${height} px`;
	if (width < SMALLEST_SIDE || height < SMALLEST_SIDE) {
		throw refusal(
			`The image is too small: ${actual}, each side at least ${SMALLEST_SIDE} px`,
			'Use a larger version of the image.',
		);
	}
	if (width > height * WIDEST_RATIO || height > width * WIDEST_RATIO) {
		throw refusal(
			`The image is too ${width > height ? 'wide' : 'tall'}: ${actual}, the ratio must be between 1:2.5 and 2.5:1`,
			'Crop the image, for example with the Edit Image node.',
		);
	}
}
