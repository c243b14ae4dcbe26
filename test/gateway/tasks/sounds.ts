import { refuse } from '../answers';
import { LongText, decodeBase64 } from '../body';
import type { Call } from '../call';
import { lengthOfSound } from '../scripts';
import { isFilled, text, type Fields } from './fields';

const MOST_BYTES = 5 * 1024 * 1024;
const LEAST_MS = 2000;

/** First bytes of mp3 (tagged or not), wav, m4a and aac, in the order of the characters' codes. */
const FORMATS = [/^ID3/, /^\xff[\xe0-\xff]/, /^RIFF[^]{4}WAVE/, /^[^]{4}ftyp/];

/**
 * Checks that there is exactly one of `audio_id` and `sound_file`, and the sound's limits.
 * @param most the longest that it may be, in ms
 * @returns its length in ms; undefined where nobody knows
 * @throws Refusal
 */
export function checkSound(fields: Fields, call: Call, most: number): number | undefined {
	const { audio_id: id, sound_file: sound } = fields;
	if (isFilled(id) === isFilled(sound)) refuse('exactly one of audio_id and sound_file must have a value');
	if (!isFilled(sound)) return void text(fields, 'audio_id');
	const ms = lengthOf(sound, call);
	if (ms !== undefined && (ms < LEAST_MS || ms > most))
		refuse(`sound duration must be between 2s and ${most / 1000}s, got ${ms}ms`);
	return ms;
}

function lengthOf(sound: unknown, call: Call): number | undefined {
	if (typeof sound !== 'string' && !(sound instanceof LongText)) refuse('sound_file must be a string');
	if (typeof sound === 'string' && /^https?:\/\//i.test(sound)) {
		if (!URL.canParse(sound)) refuse('sound_file is not a valid URL');
		return lengthOfSound({ url: sound }, call.state);
	}
	const decoded = call.decoded.has(sound) ? call.decoded.get(sound) : decodeBase64(sound);
	if (!decoded) refuse('sound_file is neither a URL nor valid Base64');
	if (decoded.bytes > MOST_BYTES) refuse(`sound file size cannot exceed 5MB, got ${decoded.bytes} bytes`);
	const begin = decoded.start.toString('latin1', 0, 16);
	if (!FORMATS.some((format) => format.test(begin))) refuse('sound format must be .mp3, .wav, .m4a or .aac');
	return lengthOfSound(decoded, call.state) ?? lengthOfWav(decoded.start);
}

const PCM = 1;

/** The length in ms of a WAV file in its plainest form: 44 bytes, and then the samples; undefined for any other. */
function lengthOfWav(start: Buffer): number | undefined {
	const hasChunks = start.toString('latin1', 8, 16) === 'WAVEfmt ' && start.toString('latin1', 36, 40) === 'data';
	const isPlain = hasChunks && start.length >= 44 && start.readUInt16LE(20) === PCM;
	return isPlain ? Math.floor((start.readUInt32LE(40) / start.readUInt32LE(28)) * 1000) : undefined;
}
