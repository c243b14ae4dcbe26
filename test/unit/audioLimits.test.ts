import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
	audioLength,
	audioToSend,
	checkAudio,
	checkAudioBytes,
	MOST_AUDIO_BYTES,
} from '../../nodes/shared/kling/files/audio/audioLimits';
import { USE_THE_FILE } from '../../nodes/shared/kling/files/mediaUrl';
import { klingErrorOf, REFUSED_HERE } from './helpers';

const sample = (name: string) => readFileSync(join(__dirname, '..', 'samples', 'audio', name));

/** A WAV file of silence: 8-bit, one channel, 100 samples a second. */
function silence(seconds: number): Buffer {
	const samples = Math.round(seconds * 100);
	const wav = Buffer.alloc(44 + samples, 0x80);
	wav.write('RIFF', 0, 'latin1');
	wav.writeUInt32LE(36 + samples, 4);
	wav.write('WAVEfmt ', 8, 'latin1');
	wav.writeUInt32LE(16, 16);
	wav.writeUInt16LE(1, 20);
	wav.writeUInt16LE(1, 22);
	wav.writeUInt32LE(100, 24);
	wav.writeUInt32LE(100, 28);
	wav.writeUInt16LE(1, 32);
	wav.writeUInt16LE(8, 34);
	wav.write('data', 36, 'latin1');
	wav.writeUInt32LE(samples, 40);
	return wav;
}

const CONVERT =
	'Kling reads MP3, WAV, M4A and AAC only, and n8n has no node that converts audio. Where a text-to-speech service made the file, ask it for MP3. Otherwise convert it before n8n, by a conversion service with HTTP Request, or, in an n8n of your own that has ffmpeg and allows Execute Command, by that.';
const CONVERT_OTHER = 'Kling reads MP3, WAV, M4A and AAC only. Give an audio file of one of these.';
const TELL_RAW =
	'Kling reads MP3, WAV, M4A and AAC only. If it is raw PCM, as text-to-speech services give it, ask for MP3 or WAV, or set MIME Type in Convert to File, e.g. audio/L16;rate=24000.';

// AAC fills up its last frame, and by itself says nothing of the first one, which is silence.
it.each([
	['three-seconds.wav', 3000],
	['three-seconds.m4a', 3017],
	['three-seconds-faststart.m4a', 3017],
	['three-seconds.mp3', 3000],
	['three-seconds-vbr.mp3', 3000],
	['three-seconds.aac', 3200],
])('%s is read', (name, longest) => {
	const length = checkAudio(sample(name), 'lipSync');
	expect(length).toBe(audioLength(sample(name)));
	expect(Number.isInteger(length)).toBe(true);
	expect(length).toBeGreaterThanOrEqual(3000);
	expect(length).toBeLessThanOrEqual(longest);
});

it.each([
	['three-seconds.ogg', 'The file is Ogg audio, not audio that Kling reads', CONVERT],
	['video.mp4', 'The audio is a video', 'Take the audio out of the video first, as MP3, WAV, M4A or AAC.'],
	['../portrait.jpg', 'The file is an image, not audio that Kling reads', CONVERT_OTHER],
])('%s is refused', (name, message, description) => {
	const { message: actual, details } = klingErrorOf(() => checkAudio(sample(name), 'lipSync'));
	expect(actual).toBe(message);
	expect(details).toMatchObject({ ...REFUSED_HERE, description });
});

it.each([sample('three-seconds.ogg'), Buffer.from([1, 0, 2, 0])])('what is no audio has no length', (file) => {
	expect(audioLength(file)).toBeNull();
});

it('audio in pieces, which does not say how long it is, is not refused for its length', () => {
	const file = sample('three-seconds.m4a');
	file.write('mvex', file.indexOf('udta'), 'latin1');
	expect(checkAudio(file, 'lipSync')).toBeNull();
});

it.each([
	['fLaC....', 'FLAC audio', CONVERT],
	['FORM....AIFF', 'AIFF audio', CONVERT],
	['\x30\x26\xb2\x75', 'WMA audio', CONVERT],
	['#!AMR\n', 'AMR audio', CONVERT],
	['\x1a\x45\xdf\xa3', 'a WebM or Matroska file', CONVERT],
	['<!DOCTYPE html>', 'a web page', USE_THE_FILE],
	['hello', 'text', CONVERT_OTHER],
])('%j is named', (head, format, remedy) => {
	const { message, details } = klingErrorOf(() => checkAudio(Buffer.from(head, 'latin1'), 'lipSync'));
	expect(message).toBe(`The file is ${format}, not audio that Kling reads`);
	expect(details.description).toBe(remedy);
});

it('bytes that say nothing', () => {
	const { message, details } = klingErrorOf(() => checkAudio(Buffer.from([1, 0, 2, 0]), 'avatar'));
	expect(message).toBe('The file is no audio that Kling reads');
	expect(details.description).toBe(TELL_RAW);
});

it('a WAV file is filled up to what Kling asks for, raw audio as well, and nothing else', () => {
	const filled = audioToSend(silence(1.5), 'audio/wav', true);
	expect(checkAudio(filled, 'lipSync')).toBe(2000);
	expect(checkAudio(audioToSend(Buffer.alloc(8000), 'audio/L16;rate=8000', true), 'avatar')).toBe(2000);
	expect(audioToSend(silence(1.5), 'audio/wav', false)).toEqual(silence(1.5));
	expect(audioLength(audioToSend(Buffer.alloc(8000), 'audio/L16;rate=8000', false))).toBe(500);
	for (const file of [silence(2), sample('three-seconds.mp3'), sample('../tone-1s.mp3')]) {
		expect(audioToSend(file, 'audio/L16;rate=8000', true)).toBe(file);
	}
});

it.each(['three-seconds.wav', 'three-seconds.m4a', 'three-seconds.mp3'])('%s without its content is damaged', (name) => {
	const cut = sample(name).subarray(0, 40);
	const { message, details } = klingErrorOf(() => checkAudio(cut, 'avatar'));
	expect(message).toBe('The audio is damaged: its length cannot be read');
	expect(details.description).toBe('Save it again as MP3, WAV, M4A or AAC, and use that file.');
	expect(audioLength(cut)).toBeNull();
});

it.each([
	['lipSync', 1.99, 'The audio is too short: 1.99 s, at least 2 s'],
	['lipSync', 2, null],
	['lipSync', 60.1, null],
	['lipSync', 60.2, 'The audio is too long: 60.20 s, at most 60 s'],
	['avatar', 1.5, 'The audio is too short: 1.50 s, at least 2 s'],
	['avatar', 300, null],
	['avatar', 301, 'The audio is too long: 301.00 s, at most 300 s'],
] as const)('%s with %d s', (operation, seconds, message) => {
	const check = () => checkAudio(silence(seconds), operation);
	if (message === null) expect(check()).toBe(seconds * 1000);
	else expect(klingErrorOf(check).message).toBe(message);
});

it.each([
	[1.5, 'Use longer audio. A WAV file of the item itself is filled up with silence.'],
	[61, 'Cut the audio, or split it over several items.'],
])('what to do with %d s', (seconds, remedy) => {
	expect(klingErrorOf(() => checkAudio(silence(seconds), 'lipSync')).details.description).toBe(remedy);
});

it.each([
	[0, 'The audio is empty', 'Check that the previous node delivers a file with content.'],
	[MOST_AUDIO_BYTES + 1, 'The audio is too large: 5.01 MB, at most 5 MB', 'Shorten the audio, or save it as MP3.'],
])('%i bytes are refused', (bytes, message, description) => {
	const error = klingErrorOf(() => checkAudioBytes(bytes));
	expect(error.message).toBe(message);
	expect(error.details).toEqual({ ...REFUSED_HERE, description });
});

it('5 MB are allowed', () => {
	expect(() => checkAudioBytes(MOST_AUDIO_BYTES)).not.toThrow();
});
