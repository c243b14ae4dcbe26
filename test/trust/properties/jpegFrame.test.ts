import fc from 'fast-check';
import { imageDimensionsFromData } from 'image-dimensions';

import { jpegFrame } from '../../../nodes/KlingRecognition/kling/jpegFrame';
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
