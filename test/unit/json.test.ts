import fc from 'fast-check';

import { parseObject } from '../../nodes/shared/kling/json';

it.each([
	['{"a":[1,"b",null,true]}', { a: [1, 'b', null, true] }],
	['{"a":1,"a":2}', { a: 2 }],
	['{"a":1.5e300}', { a: 1.5e300 }],
	['{"a":1e30}', { a: 1e30 }],
	['{"a":12345678901234567890.5}', { a: 12345678901234567890.5 }],
	['[]', null],
	['"text"', null],
	['{"a":', null],
	['', null],
])('%s is read as %j', (text, expected) => {
	expect(parseObject(text)).toEqual(expected);
});

it('no integer loses a digit, however long it is', () => {
	fc.assert(
		fc.property(fc.bigInt(), (integer) => {
			expect(String(parseObject(`{"n":${integer}}`)?.n)).toBe(String(integer));
		}),
	);
});

it.each([
	['objects', '{"a":', '}'],
	['lists', '[', ']'],
])('%s within one another, up to a hundred levels', (_name, open, close) => {
	const nested = (levels: number) => parseObject(`{"a":${open.repeat(levels - 1)}1${close.repeat(levels - 1)}}`);
	expect(nested(100)).not.toBeNull();
	expect(nested(101)).toBeNull();
	expect(nested(1_000_000)).toBeNull();
});
