/** One frame of a stream: how many bytes it has, and how much audio, in seconds. */
interface Frame {
	bytes: number;
	seconds: number;
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

/** How long a stream of MP3 or AAC (ADTS) frames lasts, in seconds; 0 where it has none. */
export function secondsOfFrames(bytes: Buffer): number {
	let seconds = 0;
	let at = tagLength(bytes);
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
		if (at + frame.bytes <= bytes.length && !isIndex(bytes, at)) seconds += frame.seconds;
		at += frame.bytes;
	}
	return seconds;
}

/** An ID3 tag may come first; its length is written in seven bits a byte. Source: id3.org, "ID3 tag version 2.4.0". */
function tagLength(bytes: Buffer): number {
	if (bytes.toString('latin1', 0, 3) !== 'ID3') return 0;
	return bytes.subarray(6, 10).reduce((length, byte) => length * 128 + (byte & 0x7f), 0) + 10;
}

function frameAt(bytes: Buffer, at: number): Frame | null {
	if (at + HEAD_BYTES > bytes.length || bytes[at] !== 0xff) return null;
	const second = bytes[at + 1]!;
	if ((second & 0xf6) === 0xf0) return aacFrame(bytes, at);
	return (second & 0xe6) === 0xe2 ? mp3Frame(bytes, at) : null;
}

function aacFrame(bytes: Buffer, at: number): Frame | null {
	const rate = AAC_RATES[(bytes[at + 2]! >> 2) & 0xf];
	const length = ((bytes[at + 3]! & 0x3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5);
	const blocks = (bytes[at + 6]! & 0x3) + 1;
	return rate === undefined || length < HEAD_BYTES ? null : { bytes: length, seconds: (blocks * 1024) / rate };
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
	return { bytes: Math.floor((samples / 8) * ((bitrate * 1000) / rate)) + padding, seconds: samples / rate };
}

/** Whether an MP3 frame is an encoder's index of the others, and no audio. */
function isIndex(bytes: Buffer, at: number): boolean {
	return /Xing|Info|VBRI/.test(bytes.toString('latin1', at + 4, at + 44));
}
