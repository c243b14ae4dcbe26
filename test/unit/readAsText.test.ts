import { audioToSend, checkAudio } from '../../nodes/shared/kling/files/audio/audioLimits';
import { checkImage } from '../../nodes/shared/kling/files/image/imageLimits';
import { refuseReadAsText } from '../../nodes/shared/kling/files/readAsText';
import { IMAGE_SAMPLES, sampleBytes, SOUND_SAMPLES } from '../samples/manifest';
import { klingErrorOf, rejectionOf, REFUSED_HERE } from './helpers';

/** What is left of a file that something took for text. */
const asText = (bytes: Buffer) => Buffer.from(bytes.toString('utf8'));
const media = [...IMAGE_SAMPLES, ...SOUND_SAMPLES].map(({ file }) => file);

it.each(media)('%s, read as text, is refused, and not as it is', (file) => {
	const bytes = sampleBytes(file);
	const { message, details } = klingErrorOf(() => refuseReadAsText(asText(bytes), 'file'));
	expect(message).toBe('The file was read as text on its way here');
	expect(details).toEqual({
		...REFUSED_HERE,
		description:
			'Its bytes are lost. Load it as a file: in HTTP Request, set Response Format to File; turn Base64 text into a file with Convert to File; in a Code node, read files as a buffer.',
	});
	expect(() => refuseReadAsText(bytes, 'file')).not.toThrow();
});

it('wherever its beginning is cut', () => {
	const text = asText(sampleBytes('portrait.jpg'));
	for (let length = 200; length < 210; length += 1) {
		expect(() => refuseReadAsText(text.subarray(0, length), 'image')).toThrow(/read as text/);
	}
});

it.each<[string, Buffer]>([
	['nothing', Buffer.alloc(0)],
	['text that has the mark by itself', Buffer.from('A question mark in a diamond: \ufffd.\r\n\tThat is all.')],
	['bytes with the mark by chance', Buffer.concat([Buffer.from('\0\ufffd'), Buffer.alloc(9, 0xff)])],
	['text without a mark', Buffer.from('a\0b\u00e4')],
])('%s is not taken for it', (_what, bytes) => {
	expect(() => refuseReadAsText(bytes, 'file')).not.toThrow();
});

it('an image is told so before it is named', async () => {
	const text = asText(sampleBytes('portrait.png'));
	const error = await rejectionOf(checkImage(async (length) => text.subarray(0, length)));
	expect(error.message).toBe('The image was read as text on its way here');
});

it('audio is told so, before anything is put around it as well', () => {
	const text = asText(sampleBytes('tone-3s.mp3'));
	expect(() => checkAudio(text, 'avatar')).toThrow('The audio was read as text on its way here');
	expect(() => audioToSend(text, 'audio/L16;rate=8000', true)).toThrow('The audio was read as text on its way here');
});
