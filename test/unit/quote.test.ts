import { quote, repeatsSecret, withoutSecrets } from '../../nodes/shared/kling/answers/quote';

const KEY = 'sk-live-0123456789abcdef';
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln';
const IMAGE = '/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQ';

it.each([
	['nothing', '', ''],
	['words', 'image is too small', 'image is too small'],
	['white space folded', '  a\r\n\tb  c ', 'a b c'],
	['control characters', 'a\u0000b\u001b[31mc', 'a b [31mc'],
	['tags', '<html><body><h1>502</h1> Bad&nbsp;Gateway</body></html>', '502 Bad&nbsp;Gateway'],
	['a script of several words', 'x <script>\n\tlet a = 1;\n</script> y', 'x y'],
	['scripts and styles', '<style>a{}</style>x<script>alert("<b>")</script>y', 'x y'],
	['a script that does not end', 'x <script>alert(1)', 'x'],
	['a lone bracket', 'a < b', 'a < b'],
	['the key', `Incorrect API key provided: ${KEY}. Look it up.`, 'Incorrect API key provided: [cut]'],
	['the first part of the key', `bad key sk-live-****cdef`, 'bad key [cut]'],
	['the key at the very start', `${KEY} is wrong`, '[cut]'],
	['the second key', 'the secret is hush-hush-1, sorry', 'the secret is [cut]'],
	['a token', `token ${JWT} expired`, 'token [cut]'],
	['a token at the very start', `${JWT} expired`, '[cut]'],
	['a URL-encoded token', `?key=%3F${JWT}`, '?key=%3F [cut]'],
	['an Authorization header', 'got Bearer abc0123456789def. x', 'got [cut]'],
	['the word bearer alone', 'no bearer', 'no bearer'],
	['words behind it', 'Bearer authentication_is_required here', 'Bearer authentication_is_required here'],
	['a short word behind it', 'Bearer token1 is missing', 'Bearer token1 is missing'],
	[
		'a long URL, and the words behind it',
		`File download failed: https://example.com/${'a1B2/'.repeat(20)}photo.jpg?sign=1 returned HTTP 403`,
		'File download failed: https://example.com/… returned HTTP 403',
	],
	['a long URL without a path', `see https://example.com?${'a=1&'.repeat(20)} again`, 'see https://example.com/… again'],
	[
		'an id that this package made',
		'external_task_id=n8n-a0b1c2d3e4f5061728394a5b6c7d8e9f already exists',
		'external_task_id=n8n-a0b1c2d3e4f5061728394a5b6c7d8e9f already exists',
	],
	['a long run behind such an id', `n8n-a0b1c2d3e4f5061728394a5b6c7d8e9f ${IMAGE}`, 'n8n-a0b1c2d3e4f5061728394a5b6c7d8e9f [cut]'],
	['image data', `image: ${IMAGE}`, 'image: [cut]'],
	['image data at the very start', `${IMAGE} is no image`, '[cut]'],
	['image data inside tags', `<p>image</p><p>${IMAGE}</p>`, 'image [cut]'],
	['a long URL with words', 'see https://docs.example.com/errors/image', 'see https://docs.example.com/errors/image'],
])('%s', (_name, text, expected) => {
	expect(quote(text, [KEY, 'hush-hush-1'])).toBe(expected);
});

it('a URL of 60 characters stays whole, a longer one is shortened', () => {
	const url = `https://example.com/${'a.'.repeat(20)}`;
	expect(url).toHaveLength(60);
	expect(quote(`at ${url} now`, [])).toBe(`at ${url} now`);
	expect(quote(`at ${url}b now`, [])).toBe('at https://example.com/… now');
});

it('ends after 200 characters', () => {
	expect(quote('word '.repeat(60), [])).toBe(`${'word '.repeat(40).trimEnd()}…`);
	expect(quote('ab '.repeat(66), [])).toHaveLength(197);
	expect(quote(`${'word '.repeat(39)}words`, [])).toBe(`${'word '.repeat(39)}words`);
});

it('says that a key was cut where it is what would come next', () => {
	expect(quote('word '.repeat(40) + KEY, [KEY])).toBe(`${'word '.repeat(40)}[cut]`);
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

describe('a part of a secret', () => {
	const SECRETS = ['Xk9-mZ2_qL7/vR4+tY8=pW3', 'hush-hush-1'];
	const [long] = SECRETS as [string, string];
	const pieces = (text: string, length = 8) =>
		Array.from({ length: text.length - length + 1 }, (_, at) => text.slice(at, at + length));
	const base64 = (before: string, encoding: 'base64' | 'base64url' = 'base64') =>
		Buffer.from(before + long + before).toString(encoding);
	/** Base64 characters that hold bits of what stands before the secret say nothing about it. */
	const within = (before: string) =>
		base64(before).slice(Math.ceil((before.length * 8) / 6), Math.floor(((before.length + long.length) * 8) / 6));

	it.each<[string, string[]]>([
		['as it is', pieces(long)],
		['in upper case', pieces(long.toUpperCase())],
		['in lower case', pieces(long.toLowerCase())],
		['URL-encoded', pieces(encodeURIComponent(long))],
		['URL-encoded in lower case', pieces(encodeURIComponent(long).toLowerCase())],
		['in Base64', pieces(within(''))],
		['in Base64 behind one letter', pieces(within('x'))],
		['in Base64 behind two letters', pieces(within('xy'))],
		['in Base64 behind a user name', pieces(within('Bearer '))],
		['in Base64 in capitals', pieces(within('me:').toUpperCase())],
		['in Base64 for URLs', [base64('', 'base64url'), base64('x', 'base64url'), base64('xy', 'base64url')]],
		['the end of the second one', ['ush-hush', 'sh-hush-1']],
	])('%s is cut, the words before it stay', (_name, texts) => {
		for (const text of texts) {
			expect(quote(`Incorrect key ${text}. Look it up.`, SECRETS)).toMatch(/^Incorrect key .{0,4}\[cut\]$/);
			expect(repeatsSecret(`id-${text}`, SECRETS)).toBe(true);
			expect(withoutSecrets({ a: [`key ${text}.`] }, SECRETS)).toEqual({
				a: [expect.stringMatching(/^key .{0,4}\[cut\].{0,4}\.$/)],
			});
		}
	});

	it('in Base64 for URLs that shares no eight characters with plain Base64', () => {
		const secret = '>>>???~~~>>>???~~~';
		for (const text of pieces(Buffer.from(secret).toString('base64url'))) {
			expect(quote(`Incorrect key ${text}.`, [secret])).toMatch(/^Incorrect key .{0,4}\[cut\]$/);
		}
	});

	it('of seven characters is no secret yet', () => {
		for (const text of pieces(long, 7)) expect(quote(`key ${text}.`, SECRETS)).toBe(`key ${text}.`);
	});

	it.each(['', ' ', '  '])('in Base64 behind "%s" is none yet where fewer than eight characters are its own', (before) => {
		const [start, end] = [Math.ceil((before.length * 8) / 6), Math.floor(((before.length + long.length) * 8) / 6)];
		const texts = pieces(Buffer.from(before + long).toString('base64'));
		const beyond = texts.filter((_text, at) => at < start || at + 8 > end);
		expect(beyond.filter((text) => repeatsSecret(text, SECRETS))).toEqual([]);
	});

	it.each([
		['by itself', 'the key ab1 is bad', 'the key [cut] is bad'],
		['in another case', 'the key=AB1; is bad', 'the key=[cut]; is bad'],
		['with a sign in it', 'the key a.b is bad, axb is not', 'the key [cut] is bad, axb is not'],
		['as a part of words', 'cab1net and lab1', 'cab1net and lab1'],
		['or an empty one, nowhere', 'a key - none', 'a key - none'],
		['in Base64', `the key ${Buffer.from('secret7').toString('base64')} is bad`, 'the key [cut]w== is bad'],
	])('a secret shorter than that, %s', (_name, text, expected) => {
		expect(withoutSecrets(text, ['ab1', 'a.b', 'secret7', '', long])).toBe(expected);
	});

	it('with letters that change their length in lower case before it', () => {
		expect(quote(`\u0130\u0130\u0130 ${long}`, SECRETS)).toBe('\u0130\u0130\u0130 [cut]');
	});

	it('looks each place up once, however long text and secret are', () => {
		const text = 'Xk9-mZ2'.repeat(3000);
		const has = jest.spyOn(Set.prototype, 'has');
		quote(text, [long.repeat(9)]);
		expect(has.mock.calls.length).toBeLessThanOrEqual(20_000);
		has.mockRestore();
	});
});

describe('a whole answer', () => {
	const FILE = `https://r.example.com/${'aB3_'.repeat(40)}.png?x=${'9f'.repeat(40)}`;
	it.each<[string, unknown, unknown]>([
		['what is no text stays', { a: 1, b: true, c: null, d: [] }, { a: 1, b: true, c: null, d: [] }],
		['two that touch', `${KEY}1234567890`, '[cut]'],
		['several places', `${KEY} and ${JWT} and ${KEY}`, '[cut] and [cut] and [cut]'],
		['an Authorization header', 'got Bearer abc0123456789def!', 'got [cut]!'],
		[
			'an id that this package made',
			'external_task_id=n8n-a0b1c2d3e4f5061728394a5b6c7d8e9f exists',
			'external_task_id=n8n-a0b1c2d3e4f5061728394a5b6c7d8e9f exists',
		],
		['image data', { image: IMAGE, words: `bad image ${IMAGE} given` }, { image: '[cut]', words: 'bad image [cut] given' }],
		[
			'a long URL of a result stays',
			{ url: FILE, words: `at ${FILE}, for a month` },
			{ url: FILE, words: `at ${FILE}, for a month` },
		],
		['one without TLS too', FILE.replace('https', 'http'), FILE.replace('https', 'http')],
		['an image in a URL', `https://r.example.com/?${'aB3_'.repeat(600)}`, 'https://r.example.com/?[cut]'],
		['a key in a URL', `https://r.example.com/?key=${KEY}&x=1`, 'https://r.example.com/?key=[cut]&x=1'],
		['a key that is a number', { id: 1234567890 }, { id: '[cut]' }],
		['a name of a field', { [KEY]: { __proto__: null, a: 1 } }, { '[cut]': { a: 1 } }],
	])('%s', (_name, value, expected) => {
		expect(withoutSecrets(value, [KEY, '1234567890'])).toEqual(expected);
	});
});
