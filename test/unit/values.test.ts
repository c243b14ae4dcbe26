import { readBoolean, readNumber, readObject, readText, readUrl } from '../../nodes/shared/kling/values';

it.each([
	[1, 1],
	['1', 1],
	[' 0.5 ', 0.5],
	['0', 0],
	['-3', -3],
	['', null],
	['  ', null],
	['one', null],
	['Infinity', null],
	[Number.NaN, null],
	[null, null],
	[undefined, null],
	[true, null],
	[[1], null],
])('readNumber(%p) is %p', (value, expected) => {
	expect(readNumber(value)).toBe(expected);
});

it.each([
	['a', 'a'],
	[7, '7'],
	[0, '0'],
	['', null],
	[null, null],
	[Number.POSITIVE_INFINITY, null],
	[{}, null],
	[false, null],
])('readText(%p) is %p', (value, expected) => {
	expect(readText(value)).toBe(expected);
});

it.each([
	[true, true],
	[false, false],
	[1, true],
	[0, false],
	['1', true],
	['0', false],
	['true', true],
	[' False ', false],
	['yes', null],
	['', null],
	[2, null],
	[null, null],
	[undefined, null],
])('readBoolean(%p) is %p', (value, expected) => {
	expect(readBoolean(value)).toBe(expected);
});

it.each([
	[{ a: 1 }, { a: 1 }],
	[[], null],
	[null, null],
	['{}', null],
	[undefined, null],
])('readObject(%p) is %p', (value, expected) => {
	expect(readObject(value)).toEqual(expected);
});

it.each([
	['https://example.com/a', undefined, 'https://example.com/a'],
	['../b', 'https://example.com/a/c', 'https://example.com/b'],
	['/b', undefined, null],
	['https://', 'https://example.com', null],
])('readUrl(%p, %p) is %p', (text, base, expected) => {
	expect(readUrl(text, base)?.href ?? null).toBe(expected);
	expect(readUrl(text, base) === null).toBe(expected === null);
});
