import fc from 'fast-check';

import { boxesIn } from '../../nodes/shared/kling/files/boxes';
import { box, longBox, openBox } from './boxBytes';

const CONTENT = Buffer.from('12345');

it('boxes follow one another, whichever way they say their size', () => {
	const bytes = Buffer.concat([box('ftyp', CONTENT), longBox('mdat', CONTENT), box('free'), openBox('moov', CONTENT)]);
	expect([...boxesIn(bytes)]).toEqual([
		{ type: 'ftyp', start: 0, bodyStart: 8, end: 13 },
		{ type: 'mdat', start: 13, bodyStart: 29, end: 34 },
		{ type: 'free', start: 34, bodyStart: 42, end: 42 },
		{ type: 'moov', start: 42, bodyStart: 50, end: 55 },
	]);
});

it('within a box', () => {
	const bytes = Buffer.concat([box('free'), box('moov', box('mvhd', CONTENT), openBox('trak', CONTENT)), box('mdat', CONTENT)]);
	const [, moov] = [...boxesIn(bytes)];
	expect([...boxesIn(bytes, moov!.bodyStart, moov!.end)]).toEqual([
		{ type: 'mvhd', start: 16, bodyStart: 24, end: 29 },
		{ type: 'trak', start: 29, bodyStart: 37, end: 42 },
	]);
});

it.each([
	['a size that is none', Buffer.concat([box('free'), Buffer.from([0, 0, 0, 7, 0x66, 0x72, 0x65, 0x65])]), 1],
	['a size in 64 bits that is none', longBox('free').fill(0, 8, 15).fill(15, 15, 16), 0],
	['a size in 64 bits that is cut', longBox('free').subarray(0, 15), 0],
	['less than a head', box('free').subarray(0, 7), 0],
	['nothing', Buffer.alloc(0), 0],
])('%s', (_what, bytes, count) => {
	expect([...boxesIn(bytes)]).toHaveLength(count);
});

it('a box that is cut says where it would end', () => {
	expect([...boxesIn(box('mdat', CONTENT).subarray(0, 9))]).toEqual([{ type: 'mdat', start: 0, bodyStart: 8, end: 13 }]);
	expect([...boxesIn(box('mdat', CONTENT), 0, 9)]).toEqual([{ type: 'mdat', start: 0, bodyStart: 8, end: 13 }]);
});

it('whatever the bytes, they come to an end, and each box lies behind the one before', () => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(50), fc.nat(300), (array, from, to) => {
			const bytes = Buffer.from(array.map((byte) => (byte < 200 ? byte % 3 : byte)));
			let end = from;
			for (const found of boxesIn(bytes, from, to)) {
				expect(found.start).toBe(end);
				expect(found.bodyStart).toBeGreaterThan(found.start);
				expect(found.end).toBeGreaterThanOrEqual(found.bodyStart);
				end = found.end;
			}
		}),
		{ numRuns: 2000 },
	);
});
