import { quote } from '../../nodes/shared/kling/quote';

const KEY = 'sk-live-0123456789abcdef';
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln';
const IMAGE = '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQ';

it.each([
	['nothing', '', ''],
	['words', 'image is too small', 'image is too small'],
	['white space folded', '  a\r\n\tb  c ', 'a b c'],
	['control characters', 'a\u0000b\u001b[31mc', 'a b [31mc'],
	['tags', '<html><body><h1>502</h1> Bad&nbsp;Gateway</body></html>', '502 Bad&nbsp;Gateway'],
	['scripts and styles', '<style>a{}</style>x<script>alert("<b>")</script>y', 'x y'],
	['a script that does not end', 'x <script>alert(1)', 'x'],
	['a lone bracket', 'a < b', 'a < b'],
	['the key', `Incorrect API key provided: ${KEY}. Look it up.`, 'Incorrect API key provided: [cut]'],
	['the first part of the key', `bad key sk-live-****cdef`, 'bad key [cut]'],
	['the key at the very start', `${KEY} is wrong`, '[cut]'],
	['the second key', 'the secret is hush-hush-1, sorry', 'the secret is [cut]'],
	['a token', `token ${JWT} expired`, 'token [cut]'],
	['an Authorization header', 'got Bearer abc', 'got [cut]'],
	['the word bearer alone', 'no bearer', 'no bearer'],
	['image data', `image: ${IMAGE}`, 'image: [cut]'],
	['image data inside tags', `<p>image</p><p>${IMAGE}</p>`, 'image [cut]'],
	['a long URL with words', 'see https://docs.example.com/errors/image', 'see https://docs.example.com/errors/image'],
])('%s', (_name, text, expected) => {
	expect(quote(text, [KEY, 'hush-hush-1'])).toBe(expected);
});

it('ends after 200 characters', () => {
	expect(quote('word '.repeat(60), [])).toBe(`${'word '.repeat(40).trimEnd()}…`);
	expect(quote('ab '.repeat(66), [])).toHaveLength(197);
});

it('does not say that a key was cut where it stood behind the end anyway', () => {
	const text = `${'word '.repeat(60)}${KEY}`;
	expect(quote(text, [KEY])).toBe(`${'word '.repeat(40).trimEnd()}…`);
});

it('never contains a key, wherever it stands', () => {
	for (let place = 0; place < 260; place += 1) {
		const said = quote(`${'.'.repeat(place)}${KEY}`, [KEY]);
		expect(said).not.toContain(KEY.slice(0, 8));
	}
});

it('is quick with a megabyte of brackets', () => {
	expect(quote('<'.repeat(1_000_000), []).length).toBeLessThanOrEqual(201);
	expect(quote('<script'.repeat(150_000), []).length).toBeLessThanOrEqual(201);
});
