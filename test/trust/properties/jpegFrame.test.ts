import fc from 'fast-check';
import { imageDimensionsFromData } from 'image-dimensions';

import { jpegFrame } from '../../../nodes/shared/kling/files/image/jpegFrame';
import { damagedImages } from './inputs';

const MARKERS = fc.uint8Array({ maxLength: 40 }).map((bytes) => bytes.map((byte) => (byte % 3 === 0 ? 0xff : byte)));
const markersOnly = MARKERS.map((bytes) => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), bytes]));

test('the frame header says the same as the whole file', () => {
	const jpegs = fc
		.oneof(damagedImages, markersOnly)
		.filter((bytes) => bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff);
	fc.assert(
		fc.property(jpegs, (bytes) => {
			expect(imageDimensionsFromData(jpegFrame(bytes))).toEqual(imageDimensionsFromData(bytes));
		}),
		{ numRuns: 5000 },
	);
});

test('the frame header is found behind any number of fill bytes, up to the very end', () => {
	const frame = Buffer.from([0xff, 0xc0, 0, 17, 8, 1, 0x90, 2, 0x58]);
	for (const fill of [0, 1, 4094, 4095, 4096, 4097, 8190, 8191, 8192, 20_000]) {
		const bytes = Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(fill, 0xff), frame]);
		expect(imageDimensionsFromData(jpegFrame(bytes))).toEqual({ width: 600, height: 400, type: 'jpeg' });
		expect(imageDimensionsFromData(jpegFrame(bytes.subarray(0, 2 + fill)))).toBeUndefined();
	}
});
