import { decodedLength, normaliseBase64 } from '../../nodes/shared/kling/files/base64';
import { klingErrorOf, REFUSED_HERE } from './helpers';

// Bytes whose Base64 has both letters in which the two alphabets differ.
const BYTES = Buffer.from([0xfb, 0xff, 0xfe, 0x3e, 0x3f, 0xd8, 0xff, 0x01]);
const PLAIN = BYTES.toString('base64');

// The first test here, since the table of characters is made once, when it is first needed.
it('each character is a letter of one of the alphabets, white space, or refused', () => {
	const meaning = (character: string): string | null => {
		if (/[A-Za-z0-9+/]/.test(character)) return `AA${character}A`;
		if (/\s/.test(character)) return 'AAA=';
		return { '-': 'AA+A', _: 'AA/A' }[character] ?? null;
	};
	const outcome = (character: string): string | null => {
		try {
			return normaliseBase64(`AA${character}A`);
		} catch {
			return null;
		}
	};
	const characters = Array.from({ length: 65_536 }, (_none, unit) => String.fromCharCode(unit));
	expect(characters.filter((character) => outcome(character) !== meaning(character))).toEqual([]);
});

it.each([
	['as it is', PLAIN],
	['with space around it', `  ${PLAIN}\n`],
	['with line breaks', PLAIN.replace(/(.{4})/g, '$1\r\n')],
	['without padding', PLAIN.replace(/=+$/, '')],
	['in the URL alphabet', BYTES.toString('base64url')],
	['with a data URL prefix', `data:image/png;base64,${PLAIN}`],
	['with a prefix in capitals and a charset', `DATA:image/jpeg;charset=utf-8;BASE64,${PLAIN}`],
	['with a prefix without a type', `data:;base64,${PLAIN}`],
	['with space around a prefix', ` data:image/png;base64 , ${PLAIN}\n`],
])('%s', (_name, text) => {
	expect(normaliseBase64(text)).toBe(PLAIN);
});

it.each([1, 2, 3, 4, 5, 6, 7, 1000])('%i bytes with line breaks, padded or not', (length) => {
	const padded = Buffer.alloc(length, BYTES).toString('base64');
	expect(normaliseBase64(`${padded}\n`)).toBe(padded);
	expect(normaliseBase64(`\n${padded.replace(/=+$/, '')}`)).toBe(padded);
});

it.each([
	['nothing', '', 'The Base64 text is empty'],
	['space', ' \n ', 'The Base64 text is empty'],
	['a prefix alone', 'data:image/png;base64,', 'The Base64 text is empty'],
	['a URL', 'https://example.com/a.jpg', 'The Base64 field contains a URL'],
	['a URL without encryption, with space around it', ' http://example.com/a.jpg\n', 'The Base64 field contains a URL'],
	['a URL behind words', 'see https://example.com/a.jpg', 'The text is not valid Base64'],
	['a data URL of another encoding', 'data:image/svg+xml,%3Csvg', 'The data URL is not Base64-encoded'],
	['a data URL without a comma', 'data:image/png;base64', 'The data URL is not Base64-encoded'],
	['a data URL with a semicolon for its comma', 'data:image/png;base64;', 'The data URL is not Base64-encoded'],
	['a data URL with more behind its encoding', 'data:;base64;charset=utf-8,AAAA', 'The data URL is not Base64-encoded'],
	['a data URL behind something else', 'AAAA data:;base64,AAAA', 'The text is not valid Base64'],
	['words', 'no Base64!', 'The text is not valid Base64'],
	['one letter too many', 'AAAAA', 'The text is not valid Base64'],
	['padding in the middle', 'AA==AAAA', 'The text is not valid Base64'],
	['too much padding', 'AAAA==', 'The text is not valid Base64'],
	['padding alone', '==', 'The text is not valid Base64'],
	['JSON', '{"image":"AAAA"}', 'The text is not valid Base64'],
])('%s is refused', (_name, text, message) => {
	const error = klingErrorOf(() => normaliseBase64(text));
	expect(error.message).toBe(message);
	expect(error.details).toEqual({ ...REFUSED_HERE, description: expect.stringMatching(/^[A-Z].*\.$/) });
});

it.each([1, 2, 3, 4, 5, 6, 7, 1000])('the length of %i bytes', (length) => {
	expect(decodedLength(Buffer.alloc(length).toString('base64'))).toBe(length);
});
