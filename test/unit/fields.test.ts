import fc from 'fast-check';

import { choice, flag, numberIn, optionalFlag, positive, requiredText, textOf, whole } from '../../nodes/shared/kling/fields';
import { KlingError } from '../../nodes/shared/kling/klingError';
import { klingErrorOf, REFUSED_HERE } from './helpers';

/** What a user reads of a refusal: message, and what to do. */
const refusalOf = (read: () => unknown): [message: string, description: string] => {
	const { message, details } = klingErrorOf(read);
	expect(details).toEqual({ ...REFUSED_HERE, description: details.description });
	return [message, details.description];
};

const UNSET = [undefined, null, ''];
/** Objects that JavaScript itself cannot turn into a text; JSON can hold them. */
const STUBBORN = JSON.parse('{"toString": 1, "valueOf": null}') as object;

describe('a text', () => {
	it.each([
		['words', 'words'],
		[' as they are\n', ' as they are\n'],
		['[object Object]', '[object Object]'],
		[0, '0'],
		[-1.5, '-1.5'],
		[2 ** 53 - 1, '9007199254740991'],
		[-(2 ** 53 - 1), '-9007199254740991'],
		['827297867148050499', '827297867148050499'],
		[['one'], 'one'],
		[[7], '7'],
		[[], ''],
		[[null], ''],
	])('of %j is %j', (value, text) => {
		expect(textOf(value, 'Prompt')).toBe(text);
	});

	it.each(UNSET)('of %j is empty', (value) => {
		expect(textOf(value, 'Prompt')).toBe('');
	});

	it.each([
		[{}, 'an object'],
		[{ id: 1 }, 'an object'],
		[STUBBORN, 'an object'],
		[new Date(0), 'an object'],
		[true, 'true'],
		[false, 'false'],
		[[true], 'true'],
		[[{}], 'an object'],
		[[['a', 'b']], 'a list'],
		[[[]], 'a list'],
		[NaN, 'NaN'],
		[Infinity, 'Infinity'],
		[-Infinity, '-Infinity'],
	])('is not made of %p', (value, kind) => {
		expect(refusalOf(() => textOf(value, 'Face ID'))).toEqual([
			`Face ID is ${kind}, not a text`,
			'Let the expression of Face ID give one text, for example a field of what it gives now.',
		]);
	});

	it.each([
		[['a', 'b'], 2],
		[[1, 2, 3], 3],
		[[null, 'a'], 2],
	])('is not made of the list %j', (value, count) => {
		expect(refusalOf(() => textOf(value, 'Task ID'))).toEqual([
			`Task ID is a list of ${count} values, it takes one`,
			'Let the expression give one value. A Split Out node before this one makes an item of each.',
		]);
	});

	it.each([
		[2 ** 53, '9007199254740992'],
		[-(2 ** 53), '-9007199254740992'],
		[827297867148050499, '827297867148050600'],
		[1e21, '1e+21'],
		[[2 ** 53], '9007199254740992'],
	])('is not made of %p, which has lost its last digits', (value, shown) => {
		expect(refusalOf(() => textOf(value, 'Video ID'))).toEqual([
			`Video ID is the number ${shown}, which has lost its last digits`,
			'Give Video ID as text: a number with more than 15 digits does not keep all of them.',
		]);
	});
});

describe('a text that has to be there', () => {
	it('comes without the space around it', () => {
		expect(requiredText(' f-1\n', 'Face ID', 'x')).toBe('f-1');
		expect(requiredText(0, 'Face ID', 'x')).toBe('0');
	});

	it.each([...UNSET, ' ', '\n\t', [], [''], [null]])('is not there in %j', (value) => {
		expect(refusalOf(() => requiredText(value, 'Face ID', 'Choose a face.'))).toEqual(['Face ID is empty', 'Choose a face.']);
	});

	it('is refused as any text is', () => {
		expect(refusalOf(() => requiredText({}, 'Face ID', 'Choose a face.'))[0]).toBe('Face ID is an object, not a text');
	});
});

describe('a number in a range', () => {
	it.each([
		[0, 0],
		[2, 2],
		['0', 0],
		[' 1.5 ', 1.5],
		['2', 2],
	])('%j is %j', (value, expected) => {
		expect(numberIn(value, 'Audio Volume', [0, 2])).toBe(expected);
	});

	it.each(UNSET)('%j is not set', (value) => {
		expect(numberIn(value, 'Audio Volume', [0, 2])).toBeNull();
	});

	it.each([
		[-0.001, '-0.001'],
		[2.001, '2.001'],
		['3', '"3"'],
		['loud', '"loud"'],
		[' ', '" "'],
		['x'.repeat(41), `"${'x'.repeat(40)}"`],
		[true, 'true'],
		[NaN, 'NaN'],
		[Infinity, 'Infinity'],
		[{}, 'an object'],
		[STUBBORN, 'an object'],
		[[1, 2], 'a list'],
		[[1], 'a list'],
		[2 ** 53, '9007199254740992'],
	])('%p is refused', (value, shown) => {
		expect(refusalOf(() => numberIn(value, 'Audio Volume', [0, 2]))).toEqual([
			`Audio Volume is ${shown}, it must be a number from 0 to 2`,
			'Set Audio Volume anew, or remove it.',
		]);
	});

	it('says the range in its own words', () => {
		expect(refusalOf(() => numberIn(-1, 'Insert At', [0, Infinity], 'of milliseconds'))[0]).toBe(
			'Insert At is -1, it must be a number of milliseconds',
		);
	});
});

describe('a positive number', () => {
	it.each([
		[1, 1],
		['0.5', 0.5],
		[86_400, 86_400],
		[1e-9, 1e-9],
	])('%j is %j', (value, expected) => {
		expect(positive(value, 60, 'Timeout')).toBe(expected);
	});

	it.each(UNSET)('%j is the one that is used otherwise', (value) => {
		expect(positive(value, 60, 'Timeout')).toBe(60);
		expect(whole(value, 10, 'Max Attempts')).toBe(10);
	});

	it.each([0, -1, '-1', 'soon', ' ', true, false, NaN, Infinity, {}, STUBBORN, [], [60]])('%p is none', (value) => {
		for (const read of [positive, whole]) {
			expect(refusalOf(() => read(value, 60, 'Timeout'))).toEqual([
				'The option Timeout is not a positive number',
				'Set Timeout to a number, or remove the option to use 60.',
			]);
		}
	});

	it.each([86_400.001, 2 ** 53, '1e9'])('%p is too large', (value) => {
		for (const read of [positive, whole]) {
			expect(refusalOf(() => read(value, 60, 'Timeout'))).toEqual([
				'The option Timeout is larger than 86400',
				'Set Timeout to a number, or remove the option to use 60.',
			]);
		}
	});

	it.each([
		[0.2, 1],
		[1, 1],
		[1.99, 1],
		['2.5', 2],
		[86_400, 86_400],
	])('%j as a whole one is %j', (value, expected) => {
		expect(whole(value, 10, 'Max Attempts')).toBe(expected);
	});
});

describe('a switch', () => {
	it.each([
		[true, true],
		[false, false],
		['true', true],
		[' FALSE ', false],
	])('%j is %j', (value, expected) => {
		expect(flag(value, !expected, 'Watermark')).toBe(expected);
		expect(optionalFlag(value, 'Watermark')).toBe(expected);
	});

	it.each(UNSET)('%j is not set', (value) => {
		expect(flag(value, true, 'Watermark')).toBe(true);
		expect(flag(value, false, 'Watermark')).toBe(false);
		expect(optionalFlag(value, 'Watermark')).toBeNull();
	});

	it.each(['yes', ' ', '1', 1, 0, NaN, {}, STUBBORN, [], [true], [true, false], 'constructor', '__proto__'])(
		'%p is neither true nor false',
		(value) => {
			const message = 'The option Watermark is neither true nor false';
			expect(refusalOf(() => flag(value, true, 'Watermark'))).toEqual([
				message,
				'Let its expression give true or false, or remove the option to use true.',
			]);
			expect(refusalOf(() => optionalFlag(value, 'Watermark'))).toEqual([
				message,
				'Let its expression give true or false, or remove the option.',
			]);
		},
	);
});

describe('one of several', () => {
	const MODES = ['std', 'pro', '4k'] as const;
	it.each([
		['std', 'std'],
		[' Pro ', 'pro'],
		['4K', '4k'],
		[['pro'], 'pro'],
	])('%j is %j', (value, expected) => {
		expect(choice(value, 'Mode', MODES)).toBe(expected);
	});

	it('is found in any case, and given in its own; another remedy may be said', () => {
		expect(choice('IMAGETOVIDEO', 'Task Operation', ['imageToVideo'])).toBe('imageToVideo');
		expect(refusalOf(() => choice('x', 'Mode', MODES, 'Choose it.'))[1]).toBe('Choose it.');
	});

	it.each([...UNSET, ' ', []])('%j is not set', (value) => {
		expect(choice(value, 'Mode', MODES)).toBeNull();
	});

	it.each([
		['8k', '"8k"'],
		[4, '4'],
		['constructor', '"constructor"'],
		['x'.repeat(99), `"${'x'.repeat(40)}"`],
	])('%j is none of them', (value, shown) => {
		expect(refusalOf(() => choice(value, 'Mode', MODES))).toEqual([
			`Mode is ${shown}, it must be one of std, pro, 4k`,
			'Set Mode anew.',
		]);
	});

	it.each([
		[{}, 'Mode is an object, not a text'],
		[true, 'Mode is true, not a text'],
		[NaN, 'Mode is NaN, not a text'],
		[['std', 'pro'], 'Mode is a list of 2 values, it takes one'],
		[2 ** 53, 'Mode is the number 9007199254740992, which has lost its last digits'],
	])('%j is refused as any text is', (value, message) => {
		expect(refusalOf(() => choice(value, 'Mode', MODES))[0]).toBe(message);
	});
});

describe('whatever it is', () => {
	const any = fc.oneof(
		fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withMap: true, withSparseArray: true }),
		fc.jsonValue(),
		fc.array(fc.jsonValue(), { maxLength: 3 }),
		fc.double(),
		fc.constantFrom<unknown>(STUBBORN, [STUBBORN], 'constructor', '__proto__', 'toString', 2 ** 53, -(2 ** 60)),
	);
	const RUNS = { numRuns: 500 };

	/** The value, or null where it was refused by the name of its field. */
	const orRefused = (read: () => unknown): unknown => {
		try {
			return read();
		} catch (error) {
			if (!(error instanceof KlingError)) throw error;
			expect(error.message).toContain('Prompt');
			expect(`${error.message} ${error.details.description}`).not.toContain('[object');
			return null;
		}
	};

	it('a text is what someone wrote: a text as it is, or a number with all its digits', () => {
		fc.assert(
			fc.property(any, (value) => {
				const text = orRefused(() => textOf(value, 'Prompt'));
				const one = Array.isArray(value) && value.length < 2 ? (value[0] as unknown) : value;
				if (text === null) {
					expect(typeof one === 'string' || one === undefined || one === null || Number.isSafeInteger(one)).toBe(false);
				} else if (typeof one === 'number') {
					expect(Number(text)).toBe(one + 0);
					expect(Number.isInteger(one) && !Number.isSafeInteger(one)).toBe(false);
				} else {
					expect(text).toBe(one ?? '');
				}
			}),
			RUNS,
		);
	});

	it('of what is an object or a list of several, no reader makes a value', () => {
		const composed = fc.oneof(fc.object(), fc.array(any, { minLength: 2, maxLength: 4 }), fc.constant(STUBBORN));
		fc.assert(
			fc.property(composed, (value) => {
				const read = [
					() => textOf(value, 'Prompt'),
					() => requiredText(value, 'Prompt', 'x'),
					() => numberIn(value, 'Prompt', [-Infinity, Infinity]),
					() => positive(value, 1, 'Prompt'),
					() => whole(value, 1, 'Prompt'),
					() => flag(value, true, 'Prompt'),
					() => optionalFlag(value, 'Prompt'),
					() => choice(value, 'Prompt', ['a']),
				];
				expect(read.map(orRefused)).toEqual(read.map(() => null));
			}),
			RUNS,
		);
	});

	it('a reader gives the kind of value that it is for, or refuses', () => {
		fc.assert(
			fc.property(any, (value) => {
				const values = ['a', 'constructor'] as const;
				expect([null, ...values]).toContain(orRefused(() => choice(value, 'Prompt', values)));
				expect([null, true, false]).toContain(orRefused(() => optionalFlag(value, 'Prompt')));
				expect([null, true, false]).toContain(orRefused(() => flag(value, true, 'Prompt')));
				const number = orRefused(() => numberIn(value, 'Prompt', [0, 5]));
				if (number !== null) expect(Number(number) >= 0 && Number(number) <= 5).toBe(true);
				const seconds = orRefused(() => positive(value, 1, 'Prompt'));
				if (seconds !== null) expect(Number(seconds) > 0 && Number(seconds) <= 86_400).toBe(true);
				const count = orRefused(() => whole(value, 1, 'Prompt'));
				if (count !== null) expect(Number.isInteger(count) && Number(count) >= 1).toBe(true);
			}),
			RUNS,
		);
	});
});
