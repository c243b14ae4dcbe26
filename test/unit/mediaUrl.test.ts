import { checkVideoUrl, readMediaUrl } from '../../nodes/shared/kling/files/mediaUrl';
import { klingErrorOf, REFUSED_HERE } from './helpers';

it.each([
	'https://example.com/photo.jpg',
	'http://example.com',
	'HTTPS://example.com/a?b=c#d',
	'https://example.com:8443/%20/ü.png',
	'https://[::1]/a.png',
	'https://example.com/data:a.png',
])('%s is taken as it is', (url) => {
	expect(readMediaUrl(`  ${url}\n`, 'image')).toBe(url);
});

it.each([
	['', 'The image URL is empty'],
	[' \n', 'The image URL is empty'],
	['data:image/png;base64,AAAA', 'The image URL is a data URL'],
	['example.com/a.jpg', 'The image URL is not a valid http or https URL'],
	['ftp://example.com/a.jpg', 'The image URL is not a valid http or https URL'],
	['file:///etc/passwd', 'The image URL is not a valid http or https URL'],
	['https:///a.jpg', 'The image URL is not a valid http or https URL'],
	['https://?a', 'The image URL is not a valid http or https URL'],
	['xhttps://example.com/a.jpg', 'The image URL is not a valid http or https URL'],
	['see https://example.com/a.jpg', 'The image URL is not a valid http or https URL'],
	['http://example.com/a b.jpg', 'The image URL has a space or a line break in it'],
	['https://example.com/a b.jpg', 'The image URL has a space or a line break in it'],
	['https://example.com/a.jpg\nhttps://example.com/b.jpg', 'The image URL has a space or a line break in it'],
	['https://example.com:99999/', 'The image URL is not a valid http or https URL'],
	['no URL', 'The image URL is not a valid http or https URL'],
	['undefined', 'The image URL is not a valid http or https URL'],
])('"%s" is refused: %s', (text, message) => {
	const error = klingErrorOf(() => readMediaUrl(text, 'image'));
	expect(error.message).toBe(message);
	expect(error.details).toEqual({ ...REFUSED_HERE, description: expect.stringMatching(/^[A-Z]/) });
});

it.each([
	['image' as const, 'Choose Base64 as Image Source for data URLs, or give an http or https URL.'],
	['video' as const, 'Give an http or https URL.'],
	['audio' as const, 'Give an http or https URL.'],
])('what to give in place of a data URL: %s', (kind, description) => {
	expect(klingErrorOf(() => readMediaUrl('data:x/y;base64,AAAA', kind)).details.description).toBe(description);
});

it('the message says video where it is one', () => {
	expect(klingErrorOf(() => readMediaUrl('', 'video')).message).toBe('The video URL is empty');
	expect(klingErrorOf(() => readMediaUrl('x', 'video')).details.description).toContain('clip.mp4');
});

it.each(['a.mp4', 'a.MOV', 'a', 'a.mp4?x=.avi', 'a.webm/play', 'a.php', 'v1.2', ''])('a video at %s is sent', (path) => {
	expect(() => checkVideoUrl(`https://example.com/${path}`)).not.toThrow();
});

it.each(['avi', 'mkv', 'webm', 'wmv', 'flv', 'm4v', 'mpg', 'mpeg', '3gp', 'm3u8', 'gif', 'WEBM'])(
	'a .%s video is refused',
	(ending) => {
		const error = klingErrorOf(() => checkVideoUrl(`https://example.com/clip.${ending}?a=b`));
		expect(error.message).toBe(`The video is a .${ending.toLowerCase()} file, Kling reads .mp4 and .mov only`);
		expect(error.details).toEqual({ ...REFUSED_HERE, description: 'Convert the video to .mp4 first.' });
	},
);
