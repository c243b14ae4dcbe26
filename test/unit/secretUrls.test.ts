import fc from 'fast-check';

import { quote, withoutSecrets } from '../../nodes/shared/kling/answers/quote';
import { secretIn, secretVideo, withoutUrlSecrets, withoutUrlSecretsIn } from '../../nodes/shared/kling/files/secretUrls';
import { fitToTell } from '../../nodes/shared/n8n/sources';

const TOKEN = '7312345678:AAGdq0Xw5Zr_9mBvKtYpLhQe-2sNfUcJi4o';
const SECRET = TOKEN.split(':')[1]!;
const WHAT = 'the token of a Telegram bot';

it.each([
	[`https://api.telegram.org/file/bot${TOKEN}/photos/file_1.jpg`, 'https://api.telegram.org/file/bot.../photos/file_1.jpg'],
	[`HTTPS://API.TELEGRAM.ORG/file/bot${TOKEN}/a.jpg?b=c`, 'HTTPS://API.TELEGRAM.ORG/file/bot.../a.jpg?b=c'],
	[`https://api.telegram.org/file/bot${TOKEN.replace(':', '%3A')}/a.jpg`, 'https://api.telegram.org/file/bot.../a.jpg'],
	[`https://api.telegram.org/file/bot${TOKEN.replace(':', '%3a')}/a.jpg`, 'https://api.telegram.org/file/bot.../a.jpg'],
	[`https://api.telegram.org/file/bot${TOKEN}/test/a.jpg`, 'https://api.telegram.org/file/bot.../test/a.jpg'],
	[`http://127.0.0.1:8081/file/bot${TOKEN}/voice/a.oga`, 'http://127.0.0.1:8081/file/bot.../voice/a.oga'],
	[`https://bots.example.com/tg/file/bot${TOKEN}/a.jpg`, 'https://bots.example.com/tg/file/bot.../a.jpg'],
	[`https://api.telegram.org/bot${TOKEN}/getFile?file_id=A`, 'https://api.telegram.org/bot.../getFile?file_id=A'],
	[`https://api.telegram.org/file/bot${TOKEN}`, 'https://api.telegram.org/file/bot...'],
	[
		`https://images.example.com/?w=9&url=${encodeURIComponent(`https://api.telegram.org/file/bot${TOKEN}/a.jpg`)}&h=9`,
		'https://images.example.com/?w=9&url=https%3A%2F%2Fapi.telegram.org%2Ffile%2Fbot...%2Fa.jpg&h=9',
	],
	['https://a.example/file/bot1:x/a.jpg', 'https://a.example/file/bot.../a.jpg'],
])('%s carries a secret', (url, shown) => {
	expect(secretIn(url)).toBe(WHAT);
	expect(withoutUrlSecrets(url)).toBe(shown);
	expect(secretIn(shown)).toBeNull();
});

it.each([
	'https://example.com/photo.jpg',
	'https://example.com/bots/7312345678/photo.jpg',
	'https://example.com/bot123/photo.jpg',
	'https://example.com/robot1:2/photo.jpg',
	'https://bot1:x@example.com/photo.jpg',
	'https://example.com:8081/bottle.jpg',
	'',
])('"%s" carries none, and stays as it is', (url) => {
	expect(secretIn(url)).toBeNull();
	expect(withoutUrlSecrets(url)).toBe(url);
	expect(withoutUrlSecretsIn({ url })).toEqual({ url });
});

it('at every depth, and all of them', () => {
	const url = `https://a.example/file/bot${TOKEN}/a.jpg`;
	const value = { imageUrl: `=${url}?a={{ $json.a }}`, options: { lastFrameUrl: `${url} ${url}` }, n: 1, none: null };
	expect(withoutUrlSecretsIn(value)).toEqual({
		imageUrl: '=https://a.example/file/bot.../a.jpg?a={{ $json.a }}',
		options: { lastFrameUrl: 'https://a.example/file/bot.../a.jpg https://a.example/file/bot.../a.jpg' },
		n: 1,
		none: null,
	});
	expect(withoutUrlSecretsIn({})).toEqual({});
});

it('a video is refused with the ways to do it', () => {
	expect(secretVideo(WHAT)).toMatchObject({
		message: 'The video URL carries the token of a Telegram bot, which the provider would learn',
		details: { attempts: 0, description: expect.stringContaining('Binary File') },
	});
});

/** Any bot's token. */
const token = fc
	.tuple(fc.integer({ min: 1, max: 9_999_999_999 }), fc.stringMatching(/^[A-Za-z0-9_-]{20,40}$/))
	.map(([id, secret]) => ({ id: String(id), secret }));
/** Ways to write a text within a URL, or within another one's query. */
const writing = fc.constantFrom(
	(text: string) => text,
	encodeURIComponent,
	(text: string) => encodeURIComponent(text).toLowerCase(),
	(text: string) => encodeURIComponent(encodeURIComponent(text)),
);
const host = fc.constantFrom('api.telegram.org', 'API.Telegram.Org', '127.0.0.1:8081', 'bots.example.com/tg');
const words = fc.constantFrom('', ' failed', '"', '\n', '&b=c', '/photos/file_1.jpg', '?a=b', '#c', '>', "'");

it('of no text that is shown a part of the token can be read', () => {
	fc.assert(
		fc.property(token, host, writing, words, words, ({ id, secret }, at, write, before, after) => {
			const url = `https://${at}/file/bot${id}:${secret}`;
			const text = `${before}${write(url)}${after}`;
			const shown = [
				withoutUrlSecrets(text),
				quote(`GET ${text}`, []),
				JSON.stringify(withoutSecrets({ [text]: [text] }, [])),
				JSON.stringify(fitToTell({ imageUrl: text }, [])),
				JSON.stringify(withoutUrlSecretsIn({ a: text })),
			];
			const pieces = Array.from({ length: secret.length - 7 }, (_, start) => secret.slice(start, start + 8).toLowerCase());
			expect(secretIn(text)).toBe(WHAT);
			for (const one of shown) expect(pieces.filter((piece) => one.toLowerCase().includes(piece))).toEqual([]);
		}),
	);
});

it('the words of an error keep what stands around it', () => {
	expect(quote(`request to http://a.b/file/bot1:${SECRET}/c failed`, [])).toBe('request to http://a.b/file/bot.../c failed');
});
