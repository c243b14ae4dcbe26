import { isRawAudio, withWavHeader } from '../../nodes/shared/kling/files/audio/rawAudio';
import { klingErrorOf, REFUSED_HERE } from './helpers';
import { chunk, layout, riff } from './wavBytes';

/** A tone of some loudness, 16 bits, the lower byte first. */
function tone(samples: number, { channels = 1, loudness = 9000 } = {}): Buffer {
	const bytes = Buffer.alloc(samples * channels * 2);
	for (let at = 0; at < samples * channels; at += 1) {
		const channel = at % channels;
		const step = Math.floor(at / channels) / (20 + 5 * channel);
		bytes.writeInt16LE(Math.round(loudness * (channel % 2 ? -1 : 1) * Math.sin(step)), at * 2);
	}
	return bytes;
}

const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();

it.each([
	['audio/L16;codec=pcm;rate=24000', true],
	['audio/l16; rate=8000', true],
	['audio/pcm', true],
	['audio/x-pcm;rate=16000', true],
	['audio/L24;rate=8000', false],
	['audio/wav', false],
	['', false],
])('%j is raw: %j', (type, isRaw) => {
	expect(isRawAudio(tone(10), type)).toBe(isRaw);
});

it.each(['RIFF\0\0\0\0WAVE', 'RF64\0\0\0\0WAVE', 'ID3\x04', 'OggS', 'fLaC', 'FORM\0\0\0\0AIFF', '\0\0\0\x20ftypM4A '])(
	'what begins with %j has a header, whatever its type',
	(head) => {
		expect(isRawAudio(Buffer.from(head, 'latin1'), 'audio/L16;rate=24000')).toBe(false);
	},
);

it('samples that happen to begin as a frame of MP3 or AAC are samples', () => {
	expect(isRawAudio(Buffer.from([0xff, 0xfb, 0x90, 0]), 'audio/L16;rate=24000')).toBe(true);
});

it.each<[string, rate: number, channels: number]>([
	['audio/L16;codec=pcm;rate=24000', 24_000, 1],
	['audio/L16; Rate=44100; Channels=2', 44_100, 2],
	['audio/pcm;rate="16000"', 16_000, 1],
	['audio/x-pcm;channels=6;rate=48000', 48_000, 6],
])('%j, whichever byte comes first', (type, rate, channels) => {
	for (const loudness of [30, 9000]) {
		const samples = tone(500, { channels, loudness });
		const file = riff(layout({ rate, channels }), chunk('data', samples));
		expect(withWavHeader(samples, type)).toEqual(file);
		expect(withWavHeader(swapped(samples), type)).toEqual(file);
	}
});

it('of a long file, too', () => {
	const samples = tone(300_000);
	const file = riff(layout({ rate: 24_000 }), chunk('data', samples));
	expect(withWavHeader(swapped(samples), 'audio/L16;rate=24000').equals(file)).toBe(true);
	expect(withWavHeader(samples, 'audio/L16;rate=24000').equals(file)).toBe(true);
});

it.each([
	['silence', Buffer.alloc(100)],
	['one sample', Buffer.from([1, 0])],
	['none', Buffer.alloc(0)],
	['noise', Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * at * 7919 + at * 104_729) % 251))],
])('%s has its lower byte first', (_what, samples) => {
	const file = withWavHeader(samples, 'audio/L16;rate=8000');
	expect(file).toEqual(riff(layout(), chunk('data', samples)));
});

it('what is no whole sample of each channel goes', () => {
	const samples = tone(100, { channels: 2 });
	const more = Buffer.concat([samples, Buffer.from([1, 2, 3])]);
	expect(withWavHeader(more, 'audio/L16;rate=8000;channels=2')).toEqual(riff(layout({ channels: 2 }), chunk('data', samples)));
	expect(more).toHaveLength(403);
});

it.each([
	['audio/L16', 'the rate: audio/l16'],
	['audio/pcm; rate=0', 'the rate: audio/pcm;rate=0'],
	['audio/pcm;rate=fast', 'the rate: audio/pcm;rate=fast'],
	['audio/pcm;rate=24000;channels=0', 'the channels: audio/pcm;rate=24000;channels=0'],
	['audio/pcm;rate=24000;channels=two', 'the channels: audio/pcm;rate=24000;channels=two'],
])('%j is refused', (type, what) => {
	const { message, details } = klingErrorOf(() => withWavHeader(tone(10), type));
	expect(message).toBe(`The audio is raw PCM, and its type does not tell ${what}`);
	expect(details).toEqual({
		...REFUSED_HERE,
		description: 'Ask the service for MP3 or WAV, or set MIME Type in Convert to File, e.g. audio/L16;rate=24000;channels=1.',
	});
});
