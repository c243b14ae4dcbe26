import { refusal } from '../../klingError';
import { wavOfSamples } from './wav';

/**
 * MIME types of 16-bit samples without a header. Source: RFC 2586 for L16; `audio/pcm` is what text-to-speech services call the same
 * (OpenAI and ElevenLabs: API reference, "Create speech", the formats pcm and pcm_*).
 */
const RAW_TYPES = ['audio/l16', 'audio/pcm', 'audio/x-pcm'];

/** Heads of files that have a header all the same, as Latin-1. */
const HAS_HEADER = /^(RIFF|RF64|ID3|OggS|fLaC|FORM|[\s\S]{4}ftyp|\x1a\x45\xdf\xa3)/;

/** So many pairs of samples tell the order of the bytes. */
const PAIRS = 32_768;

/** Whether a file is raw audio by its MIME type, and has no header. */
export function isRawAudio(bytes: Buffer, mimeType: string): boolean {
	return RAW_TYPES.includes(partsOf(mimeType)[0]!) && !HAS_HEADER.test(bytes.toString('latin1', 0, 12));
}

/**
 * Gives raw audio the header of a WAV file, as its MIME type describes it, e.g. `audio/L16;codec=pcm;rate=24000`.
 * @throws KlingError where the type does not tell the rate
 */
export function withWavHeader(bytes: Buffer, mimeType: string): Buffer {
	const rate = parameter(mimeType, 'rate', null);
	const channels = parameter(mimeType, 'channels', 1);
	if (!rate || !channels) {
		throw refusal(
			`The audio is raw PCM, and its type does not tell ${rate ? 'the channels' : 'the rate'}: ${partsOf(mimeType).join(';')}`,
			'Ask the service for MP3 or WAV, or set MIME Type in Convert to File, e.g. audio/L16;rate=24000;channels=1.',
		);
	}
	const samples = bytes.subarray(0, bytes.length - (bytes.length % (2 * channels)));
	const isSwapped = isHighByteFirst(samples, channels);
	return wavOfSamples(isSwapped ? Buffer.from(samples).swap16() : samples, channels, rate);
}

/** The type, and its parameters, in small letters. */
function partsOf(mimeType: string): string[] {
	return mimeType.split(';').map((part) => part.trim().toLowerCase());
}

/** A number of a MIME type; null where it is none. */
function parameter<T>(mimeType: string, name: string, absent: T): number | T | null {
	const found = partsOf(mimeType).find((part) => part.startsWith(`${name}=`));
	if (found === undefined) return absent;
	const digits = /^"?(\d{1,6})"?$/.exec(found.slice(name.length + 1))?.[1];
	return digits === undefined ? null : Number(digits);
}

/**
 * Whether the higher byte of each sample comes first. RFC 2586 asks for it, but services send the lower one first (Gemini: "LINEAR16,
 * little-endian", Google Cloud, "Gemini-TTS"), and some send now the one, now the other (elevenlabs/elevenlabs-python, issue 735). So the
 * samples tell: sound goes from one to the next in small steps, and the wrong order makes them large. Where they tell nothing, as with
 * silence, it is the lower one.
 */
function isHighByteFirst(samples: Buffer, channels: number): boolean {
	const step = Math.max(1, Math.floor(samples.length / 2 / PAIRS)) * 2;
	let low = 0;
	let high = 0;
	for (let at = 0; at + 2 * channels + 2 <= samples.length; at += step) {
		const next = at + 2 * channels;
		low += Math.abs(samples.readInt16LE(next) - samples.readInt16LE(at));
		high += Math.abs(samples.readInt16BE(next) - samples.readInt16BE(at));
	}
	return high * 2 < low;
}
