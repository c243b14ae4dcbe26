import { imageDimensionsFromData } from 'image-dimensions';

import { jpegFrame } from '../../nodes/shared/kling/files/image/jpegFrame';

const START = [0xff, 0xd8];
/** The frame header of 600 x 400 px, as it stands in a file. */
const frame = (marker: number) => [0xff, marker, 0, 17, 8, 1, 0x90, 2, 0x58];
const FRAME = frame(0xc0);
const SEGMENT = [0xff, 0xe0, 0, 4, 1, 2];
const TABLE = [0xff, 0xc4, 0, 4, 1, 2];
const SCAN = [0xff, 0xda, 0, 4, 1, 2];
/** A marker without a segment. */
const ALONE = [0xff, 0x01];
const times = (count: number, piece: number[]) => Array.from({ length: count }, () => piece).flat();
const MOST_MARKERS = 65_536;

it.each<[string, number[]]>([
	['at once', []],
	['behind a segment', SEGMENT],
	['behind tables', [...TABLE, 0xff, 0xc8, 0, 2, 0xff, 0xcc, 0, 2]],
	['behind a segment that looks like a frame inside', [0xff, 0xe0, 0, 11, ...FRAME]],
	['behind a marker without a segment', ALONE],
	['behind a marker that is reserved', [0xff, 0x02, 0, 4, 1, 2]],
	['behind bytes that mean nothing', [...SEGMENT, 1, 2, 3]],
	['behind a fill byte', [0xff]],
	['behind as many fill bytes as are skipped at once', times(4096, [0xff])],
	['behind thousands of fill bytes', times(10_000, [0xff])],
	['behind as many markers as are read', times(MOST_MARKERS - 1, ALONE)],
])('the frame header is found %s', (_name, before) => {
	const bytes = Buffer.from([...START, ...before, ...FRAME, ...SCAN]);
	expect(jpegFrame(bytes)).toEqual(Buffer.from([...START, ...FRAME]));
	expect(imageDimensionsFromData(bytes)).toMatchObject({ width: 600, height: 400 });
});

it.each([0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xcf])('a frame of kind %i is one, to the end of the file', (kind) => {
	expect(jpegFrame(Buffer.from([...START, ...SEGMENT, ...frame(kind)]))).toEqual(Buffer.from([...START, ...frame(kind)]));
});

it.each<[string, number[]]>([
	['none', [...SEGMENT, ...SEGMENT, ...SEGMENT]],
	['no marker at all', []],
	['bytes that mean nothing', times(20, [1])],
	['fill bytes alone', times(20, [0xff])],
	['one behind the picture', [...SCAN, ...FRAME]],
	['one inside a segment, and no more markers', [0, 8, 0xff, 0xe0, 0, 13, 1, 2, ...FRAME, ...times(20, [1])]],
	['one that is cut', [...SEGMENT, ...FRAME.slice(0, -1)]],
	['a segment that reaches past the end', [0xff, 0xe0, 0xff, 0xff, ...FRAME]],
	['a marker at the end', [...SEGMENT, 0xff, 0xe0]],
	['more markers than any camera writes', [...times(MOST_MARKERS, ALONE), ...FRAME]],
])('%s: nothing but the start', (_name, rest) => {
	expect(jpegFrame(Buffer.from([...START, ...rest]))).toEqual(Buffer.from(START));
});
