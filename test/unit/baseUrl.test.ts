import { normaliseBaseUrl } from '../../nodes/shared/kling/account/baseUrl';
import { klingErrorOf, REFUSED_HERE } from './helpers';

it.each([
	['https://gateway.example.com', 'https://gateway.example.com'],
	['https://gateway.example.com/', 'https://gateway.example.com'],
	['  https://gateway.example.com/kling//  ', 'https://gateway.example.com/kling'],
	['https://gateway.example.com/kling/v1', 'https://gateway.example.com/kling'],
	['https://gateway.example.com/kling/v1/', 'https://gateway.example.com/kling'],
	['https://gateway.example.com/kling/v1//', 'https://gateway.example.com/kling'],
	['https://gateway.example.com/kling///v1', 'https://gateway.example.com/kling'],
	['https://gateway.example.com/kling/v1/videos', 'https://gateway.example.com/kling'],
	['https://gateway.example.com/kling/v1/videos/image-recognize', 'https://gateway.example.com/kling'],
	['https://gateway.example.com/v1/videos/identify-face/', 'https://gateway.example.com'],
	['https://gateway.example.com/v1/images/kolors-virtual-try-on', 'https://gateway.example.com'],
	['https://gateway.example.com/v1/models', 'https://gateway.example.com'],
	['HTTPS://Gateway.Example.com:443/Kling', 'https://gateway.example.com/Kling'],
	['http://127.0.0.1:8080/a/b', 'http://127.0.0.1:8080/a/b'],
	['http://[::1]:8080', 'http://[::1]:8080'],
	['https://gateway.example.com/v1beta', 'https://gateway.example.com/v1beta'],
	['https://gateway.example.com/v1/other', 'https://gateway.example.com/v1/other'],
])('%s becomes %s', (text, expected) => {
	expect(normaliseBaseUrl(text)).toBe(expected);
});

it.each([
	['', 'is empty'],
	['   ', 'is empty'],
	['gateway.example.com', 'not a valid http or https URL'],
	['xhttps://gateway.example.com', 'not a valid http or https URL'],
	['ftp://gateway.example.com', 'not a valid http or https URL'],
	['javascript:alert(1)', 'not a valid http or https URL'],
	['https://', 'not a valid http or https URL'],
	['https://a b', 'not a valid http or https URL'],
	['https://user@gateway.example.com', 'user name or password'],
	['https://:word@gateway.example.com', 'user name or password'],
	['https://user:word@gateway.example.com', 'user name or password'],
	['https://gateway.example.com/?key=1', '"?" or "#"'],
	['https://gateway.example.com/#top', '"?" or "#"'],
])('"%s" is refused: %s', (text, message) => {
	const error = klingErrorOf(() => normaliseBaseUrl(text));
	expect(error.message).toContain(message);
	expect(error.details).toEqual({ ...REFUSED_HERE, description: expect.stringContaining('/v1/videos/') });
});
