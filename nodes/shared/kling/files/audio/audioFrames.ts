/** One frame of a stream: how many bytes it has, and how much audio, in seconds, of how many samples a second. */
interface Frame {
	bytes: number;
	seconds: number;
	rate: number;
}

/** Source: ISO/IEC 13818-7, "sampling_frequency_index". */
const AAC_RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350];
/** Source: ISO/IEC 11172-3, Layer III, in kbit/s, and its extension to lower rates in 13818-3. */
const MP3_BITRATES = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const MP3_LOW_BITRATES = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
const MP3_RATES = [44_100, 48_000, 32_000];
/** By the two bits of the version: 2.5, reserved, 2, 1. */
const MP3_RATE_DIVISORS = [4, NaN, 2, 1];

/** A frame's first bytes must be there. */
const HEAD_BYTES = 7;

/** How long a stream of MP3 or AAC (ADTS) frames lasts where it is decoded, in seconds; 0 where it has none. */
export function secondsOfFrames(bytes: Buffer): number {
	const begin = tagLength(bytes);
	const index = indexOf(bytes, begin);
	let seconds = 0;
	let at = index ? index.end : begin;
	let isInStep = true;
	while (at < bytes.length) {
		const frame = frameAt(bytes, at);
		// What looks like a frame amid something else is one where another follows it.
		if (!frame || (!isInStep && !frameAt(bytes, at + frame.bytes))) {
			isInStep = false;
			at += 1;
			continue;
		}
		isInStep = true;
		if (at + frame.bytes <= bytes.length) seconds += frame.seconds;
		at += frame.bytes;
	}
	return index ? withoutPadding(seconds, index) : seconds;
}

/** What an MP3 encoder put around the audio does not come out of a decoder. */
function withoutPadding(seconds: number, { rate, samples, delay, padding }: Index): number {
	const there = Math.round(seconds * rate);
	// A file that is cut has lost its padding; in one to which others were added it lies within.
	const end = there < samples ? Math.min(there, samples - padding) : there - padding;
	return Math.max(end - delay, 0) / rate;
}

/** An ID3 tag may come first; its length is written in seven bits a byte. Source: id3.org, "ID3 tag version 2.4.0". */
function tagLength(bytes: Buffer): number {
	if (bytes.toString('latin1', 0, 3) !== 'ID3') return 0;
	return bytes.subarray(6, 10).reduce((length, byte) => length * 128 + (byte & 0x7f), 0) + 10;
}

function frameAt(bytes: Buffer, at: number): Frame | null {
	if (at + HEAD_BYTES > bytes.length || bytes[at] !== 0xff) return null;
	const second = bytes[at + 1]!;
	if (isAac(second)) return aacFrame(bytes, at);
	return (second & 0xe6) === 0xe2 ? mp3Frame(bytes, at) : null;
}

/** By the second byte of a frame. */
const isAac = (second: number): boolean => (second & 0xf6) === 0xf0;

function aacFrame(bytes: Buffer, at: number): Frame | null {
	const rate = AAC_RATES[(bytes[at + 2]! >> 2) & 0xf];
	const length = ((bytes[at + 3]! & 0x3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5);
	const blocks = (bytes[at + 6]! & 0x3) + 1;
	return rate === undefined || length < HEAD_BYTES ? null : { bytes: length, seconds: (blocks * 1024) / rate, rate };
}

function mp3Frame(bytes: Buffer, at: number): Frame | null {
	const version = (bytes[at + 1]! >> 3) & 0x3;
	const third = bytes[at + 2]!;
	const isFirst = version === 3;
	const bitrate = (isFirst ? MP3_BITRATES : MP3_LOW_BITRATES)[third >> 4];
	const rate = (MP3_RATES[(third >> 2) & 0x3] ?? 0) / MP3_RATE_DIVISORS[version]!;
	if (!bitrate || !rate) return null;
	const samples = isFirst ? 1152 : 576;
	const padding = (third >> 1) & 0x1;
	return { bytes: Math.floor((samples / 8) * ((bitrate * 1000) / rate)) + padding, seconds: samples / rate, rate };
}

/** An encoder's index of the other frames, which is a frame without audio. */
interface Index {
	/** Where it ends. */
	end: number;
	/** Samples a second; and how many the other frames have, with what is put before and behind the audio. */
	rate: number;
	samples: number;
	delay: number;
	padding: number;
}

/** Source of the layout: Xing, "VBR header SDK", and gabriel.mp3-tech.org, "MP3 Info Tag rev 1". The others only have the frame. */
const INDEX = /Xing|Info|VBRI/;
/** Encoders that say how much they put before and behind the audio. */
const SAYS_PADDING = /^(LAME|Lavf|Lavc)/;
/** What a decoder adds by itself. Source: LAME, "Technical FAQ". */
const DECODER_DELAY = 529;

/** The index, where the first frame is one. */
function indexOf(bytes: Buffer, at: number): Index | null {
	const frame = frameAt(bytes, at);
	const place = bytes.toString('latin1', at + 4, at + 44).search(INDEX);
	if (!frame || isAac(bytes[at + 1]!) || place < 0) return null;
	const end = at + frame.bytes;
	const none = { end, rate: frame.rate, samples: 0, delay: 0, padding: 0 };
	const head = bytes.subarray(at + 4 + place, end);
	const flags = head.length < 8 || head[0] === 0x56 ? 0 : head.readUInt32BE(4);
	// A count of frames and of bytes, a table of contents and a quality may stand before what the encoder says.
	const encoder = 8 + (flags & 1 ? 4 : 0) + (flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0);
	if (!(flags & 1) || head.length < encoder + 24 || !SAYS_PADDING.test(head.toString('latin1', encoder, encoder + 4)))
		return none;
	const [first, second, third] = head.subarray(encoder + 21, encoder + 24) as unknown as [number, number, number];
	const delay = (first << 4) | (second >> 4);
	const padding = ((second & 0xf) << 8) | third;
	const samples = head.readUInt32BE(8) * Math.round(frame.seconds * frame.rate);
	return { ...none, samples, delay: delay + DECODER_DELAY, padding: Math.max(padding - DECODER_DELAY, 0) };
}
