import { ACCESS, KEYS } from '../gateway';
import { sampleBytes } from '../samples/manifest';
import { leaksIn } from './support/leaks';

/** The detector must be able to see what it is there for. */
const key = KEYS.cometApi;
const inBase64 = (before: string, encoding: BufferEncoding = 'base64') => Buffer.from(before + key).toString(encoding);

test.each([
	['the key', key],
	['its first eight characters', key.slice(0, 8)],
	['its end', key.slice(-8)],
	['its middle', key.slice(9, 17)],
	['capitals', key.toUpperCase().slice(3, 12)],
	['URL-encoded', encodeURIComponent(`?${key}`)],
	['Base64', inBase64('')],
	['Base64 behind one letter', inBase64('x')],
	['Base64 behind two letters', inBase64('xy')],
	['Base64 behind a user name', inBase64('Bearer ', 'base64url')],
	['a piece of the Base64', inBase64('user:').slice(12, 20)],
	['Base64 in lower case', inBase64('').toLowerCase()],
])('%s is seen', (_name, text) => {
	expect(leaksIn(`before ${text} behind`)).not.toEqual([]);
});

test('each key and each half of the pair is seen by its name', () => {
	for (const [name, secret] of [...Object.entries(KEYS), ...Object.entries(ACCESS)]) {
		expect(leaksIn(secret.slice(-10))).toEqual([name]);
	}
});

test.each(['', 'nothing', key.slice(-7), 'api.cometapi.com', 'Kling (Global) rejected the API Key'])('%j is none', (text) => {
	expect(leaksIn(text)).toEqual([]);
});

describe('an image', () => {
	const [portrait, landscape] = ['portrait.jpg', 'landscape.jpg'].map((file) => sampleBytes(file).toString('base64')) as [
		string,
		string,
	];

	test.each([777, 3000, 7001])(
		'64 characters of it, from %i on, are seen, also where another was looked for before',
		(at) => {
			const text = `before ${landscape.slice(at, at + 64)} behind`;
			expect([portrait, landscape].map((image) => leaksIn(text, image))).toEqual([[], ['image']]);
		},
	);

	test('63 are none', () => {
		expect(leaksIn(landscape.slice(777, 777 + 63), landscape)).toEqual([]);
	});
});
