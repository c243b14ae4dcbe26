import { secondsOfFrames } from '../../nodes/shared/kling/files/audio/audioFrames';

/** A frame of as many bytes, of which the first are given. */
const frame = (length: number, ...head: number[]) => Buffer.concat([Buffer.from(head), Buffer.alloc(length - head.length)]);
/** An AAC frame of eight bytes: 1024 samples of 8000 a second. */
const AAC = Buffer.from([0xff, 0xf1, 0x6c, 0x40, 0x01, 0x00, 0x00, 0x00]);
const AAC_SECONDS = 0.128;
/** What looks like the head of a frame of 417 bytes. */
const LOOKS_LIKE_ONE = Buffer.from([0xff, 0xfb, 0x90, 0, 0, 0, 0, 0]);
const NOISE = Buffer.from([1, 2, 3]);
const times = (count: number, piece: Buffer) => Buffer.concat(Array.from({ length: count }, () => piece));

it.each<[string, Buffer, number]>([
	['MP3, 128 kbit/s, 44.1 kHz', frame(417, 0xff, 0xfb, 0x90), 1152 / 44_100],
	['the same, padded', frame(418, 0xff, 0xfb, 0x92), 1152 / 44_100],
	['the same with a checksum', frame(417, 0xff, 0xfa, 0x90), 1152 / 44_100],
	['MP3, 320 kbit/s, 32 kHz', frame(1440, 0xff, 0xfb, 0xe8), 1152 / 32_000],
	['MP3 of version 2, 64 kbit/s, 22.05 kHz', frame(208, 0xff, 0xf3, 0x80), 576 / 22_050],
	['MP3 of version 2.5, 8 kbit/s, 11.025 kHz', frame(52, 0xff, 0xe3, 0x10), 576 / 11_025],
	['AAC, 8 kHz', AAC, AAC_SECONDS],
	['AAC, 44.1 kHz, of more than 255 bytes', frame(300, 0xff, 0xf1, 0x50, 0x80, 0x25, 0x80), 1024 / 44_100],
	['AAC of more than 2047 bytes', frame(2056, 0xff, 0xf9, 0x50, 0x81, 0x01, 0x00), 1024 / 44_100],
	['AAC of four blocks', Buffer.from([0xff, 0xf1, 0x6c, 0x40, 0x01, 0x00, 0x03, 0]), 4 * AAC_SECONDS],
	['AAC that is nothing but its head', Buffer.from([0xff, 0xf1, 0x6c, 0x40, 0, 0xe0, 0]), AAC_SECONDS],
])('%s', (_name, bytes, seconds) => {
	expect(secondsOfFrames(bytes)).toBeCloseTo(seconds, 9);
	expect(secondsOfFrames(times(3, bytes))).toBeCloseTo(3 * seconds, 9);
});

it.each<[string, number[]]>([
	['of another layer', [0xff, 0xfd, 0x90]],
	['of a reserved version', [0xff, 0xeb, 0x90]],
	['of no bitrate', [0xff, 0xfb, 0x00]],
	['of a bitrate that is none', [0xff, 0xfb, 0xf0]],
	['of an MP3 rate that is none', [0xff, 0xfb, 0x9c]],
	['of an AAC rate that is none', [0xff, 0xf1, 0x74, 0x40, 0x01]],
	['shorter than its head', [0xff, 0xf1, 0x6c, 0x40, 0x00, 0xc0]],
	['without its first byte', [0xfe, 0xfb, 0x90]],
])('frames %s are none', (_name, head) => {
	expect(secondsOfFrames(times(3, frame(417, ...head)))).toBe(0);
});

/** A tag of ID3 whose content has as many bytes. */
function tag(content: Buffer): Buffer {
	const { length } = content;
	return Buffer.concat([Buffer.from('ID3\x04\0\0\0\0'), Buffer.from([length >> 7, length & 0x7f]), content]);
}

it.each<[string, Buffer[], number]>([
	['no bytes', [], 0],
	['a tag with what looks like frames', [tag(times(100, AAC)), AAC], 1],
	['a tag that is cut', [Buffer.from('ID3\x04')], 0],
	['something else before them', [NOISE, AAC, AAC], 2],
	['something else amid them', [AAC, NOISE, AAC, AAC], 3],
	['something else behind them', [AAC, AAC, NOISE], 2],
	['something that looks like one before them', [NOISE, LOOKS_LIKE_ONE, times(100, AAC)], 100],
	['something that looks like one amid them', [AAC, NOISE, LOOKS_LIKE_ONE, times(100, AAC)], 101],
	['one amid something else', [NOISE, AAC, NOISE], 0],
	['one amid something else, and the head of another', [NOISE, AAC, AAC.subarray(0, 7)], 1],
	['one amid something else, and less than a head', [NOISE, AAC, AAC.subarray(0, 6)], 0],
	['the last one is cut', [AAC, AAC, AAC.subarray(0, 7)], 2],
])('%s', (_name, pieces, frames) => {
	expect(secondsOfFrames(Buffer.concat(pieces))).toBeCloseTo(frames * AAC_SECONDS, 9);
});

/** MP3 of version 1, 44.1 kHz. */
const MP3 = frame(417, 0xff, 0xfb, 0x90);
const MP3_SAMPLES = 1152;
/** What a decoder adds by itself. */
const OWN = 529;

it.each([
	['Xing', 36],
	['Info', 21],
	['VBRI', 40],
	['Info', 4],
])('an index of the frames, %s at byte %i, is no audio', (name, at) => {
	const index = Buffer.from(MP3);
	index.write(name, at, 'latin1');
	expect(secondsOfFrames(Buffer.concat([index, MP3, MP3]))).toBeCloseTo((2 * MP3_SAMPLES) / 44_100, 9);
	expect(secondsOfFrames(Buffer.concat([tag(NOISE), index, MP3]))).toBeCloseTo(MP3_SAMPLES / 44_100, 9);
	// Behind the first frame it is one of another file, which a decoder takes for audio.
	expect(secondsOfFrames(Buffer.concat([MP3, index, MP3]))).toBeCloseTo((3 * MP3_SAMPLES) / 44_100, 9);
});

it('the same word in AAC is none', () => {
	const aac = frame(300, 0xff, 0xf1, 0x50, 0x80, 0x25, 0x80);
	aac.write('Info', 10, 'latin1');
	expect(secondsOfFrames(aac)).toBeCloseTo(1024 / 44_100, 9);
});

interface IndexWish {
	name?: string;
	/** Which fields it has: a count of frames, one of bytes, a table, a quality. */
	flags?: number;
	frames?: number;
	encoder?: string;
	delay?: number;
	padding?: number;
}

/** An index as encoders write it, with what they put before and behind the audio. */
function index({
	name = 'Info',
	flags = 0xf,
	frames = 10,
	encoder = 'LAME3.100',
	delay = 576,
	padding = 1000,
}: IndexWish = {}): Buffer {
	const bytes = Buffer.from(MP3);
	let at = 36;
	at += bytes.write(name, at, 'latin1');
	at = bytes.writeUInt32BE(flags, at);
	if (flags & 1) at = bytes.writeUInt32BE(frames, at);
	at += (flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0);
	bytes.write(encoder, at, 'latin1');
	bytes.writeUIntBE(delay * 4096 + padding, at + 21, 3);
	return bytes;
}

it.each<[string, IndexWish, frames: number, samples: number]>([
	['comes off', {}, 10, 10 * MP3_SAMPLES - 1576],
	['comes off, with a variable bitrate', { name: 'Xing' }, 10, 10 * MP3_SAMPLES - 1576],
	['comes off, with no field but the count of frames', { flags: 1 }, 10, 10 * MP3_SAMPLES - 1576],
	['comes off, with a table', { flags: 5 }, 10, 10 * MP3_SAMPLES - 1576],
	['comes off, by ffmpeg', { encoder: 'Lavc59.37' }, 10, 10 * MP3_SAMPLES - 1576],
	['comes off, by ffmpeg as a program that packs', { encoder: 'Lavf' }, 10, 10 * MP3_SAMPLES - 1576],
	['comes off, where it is less than a decoder adds', { delay: 0, padding: 100 }, 10, 10 * MP3_SAMPLES - OWN],
	['of other encoders is not known', { encoder: 'Mp3Maker' }, 10, 10 * MP3_SAMPLES],
	['cannot be placed without the count of frames', { flags: 4 }, 10, 10 * MP3_SAMPLES],
	['is not there any more at the end of a file that is cut', {}, 8, 8 * MP3_SAMPLES - 576 - OWN],
	['is there in part', { padding: 2000 }, 9, 9 * MP3_SAMPLES - 576 - OWN - (2000 - OWN - MP3_SAMPLES)],
	['comes off at its place, where another file follows', {}, 15, 15 * MP3_SAMPLES - 1576],
	['may be all that there is', { frames: 1 }, 0, 0],
])('what an encoder put around the audio %s', (_what, wish, frames, samples) => {
	expect(secondsOfFrames(Buffer.concat([index(wish), times(frames, MP3)]))).toBeCloseTo(samples / 44_100, 9);
});

it('an index that is cut says nothing', () => {
	const whole = Buffer.concat([index(), MP3, MP3]);
	for (let length = 4; length < 417; length += 1) expect(secondsOfFrames(whole.subarray(0, length))).toBe(0);
});

it('an index in a frame too small for all of it', () => {
	const small = frame(52, 0xff, 0xe3, 0x10);
	small.write('Info\0\0\0\x0f', 13, 'latin1');
	const audio = frame(52, 0xff, 0xe3, 0x10);
	expect(secondsOfFrames(Buffer.concat([small, audio]))).toBeCloseTo(576 / 11_025, 9);
});

it.each([41, 413])('the same word at byte %i is none', (at) => {
	const audio = Buffer.from(MP3);
	audio.write('Info', at, 'latin1');
	expect(secondsOfFrames(times(2, audio))).toBeCloseTo((2 * MP3_SAMPLES) / 44_100, 9);
});
