import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkSound, checkSoundBytes, MOST_SOUND_BYTES, soundLength } from '../../nodes/shared/kling/tasks/soundLimits';
import { klingErrorOf, REFUSED_HERE } from './helpers';

const sample = (name: string) => readFileSync(join(__dirname, '..', 'samples', 'sounds', name));

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

const CONVERT = 'Kling reads MP3, WAV, M4A and AAC only. Convert the file first.';

// As ffprobe reads them: some encoders pad the three seconds of sound.
it.each([
	['three-seconds.wav', 3000],
	['three-seconds.m4a', 3000],
	['three-seconds-faststart.m4a', 3000],
	['three-seconds.mp3', 3168],
	['three-seconds-vbr.mp3', 3096],
	['three-seconds.aac', 3200],
])('%s is read', (name, longest) => {
	const length = checkSound(sample(name), 'lipSync');
	expect(length).toBe(soundLength(sample(name)));
	expect(Number.isInteger(length)).toBe(true);
	expect(length).toBeGreaterThanOrEqual(3000);
	expect(length).toBeLessThanOrEqual(longest);
});

it.each([
	['three-seconds.ogg', 'The file is an Ogg sound, not a sound that Kling reads', CONVERT],
	['video.mp4', 'The sound is a video', 'Take the sound out of the video first, as MP3, WAV, M4A or AAC.'],
	['../portrait.jpg', 'The file is an image, not a sound that Kling reads', CONVERT],
])('%s is refused', (name, message, description) => {
	const { message: actual, details } = klingErrorOf(() => checkSound(sample(name), 'lipSync'));
	expect(actual).toBe(message);
	expect(details).toMatchObject({ ...REFUSED_HERE, description });
});

it.each([sample('three-seconds.ogg'), Buffer.from([1, 0, 2, 0])])('what is no sound has no length', (file) => {
	expect(soundLength(file)).toBeNull();
});

it('a sound in pieces, which does not say how long it is, is not refused for its length', () => {
	const file = sample('three-seconds.m4a');
	file.write('mvex', file.indexOf('udta'), 'latin1');
	expect(checkSound(file, 'lipSync')).toBeNull();
});

it.each([
	['fLaC....', 'a FLAC sound'],
	['FORM....AIFF', 'an AIFF sound'],
	['#!AMR\n', 'an AMR sound'],
	['\x1a\x45\xdf\xa3', 'a WebM or Matroska file'],
	['<!DOCTYPE html>', 'a web page'],
	['hello', 'text'],
])('%j is named', (head, format) => {
	const { message } = klingErrorOf(() => checkSound(Buffer.from(head, 'latin1'), 'lipSync'));
	expect(message).toBe(`The file is ${format}, not a sound that Kling reads`);
});

it('bytes that say nothing', () => {
	expect(klingErrorOf(() => checkSound(Buffer.from([1, 0, 2, 0]), 'avatar')).message).toBe(
		'The file is no sound that Kling reads',
	);
});

it.each(['three-seconds.wav', 'three-seconds.m4a', 'three-seconds.mp3'])('%s without its content is damaged', (name) => {
	const cut = sample(name).subarray(0, 40);
	const { message, details } = klingErrorOf(() => checkSound(cut, 'avatar'));
	expect(message).toBe('The sound is damaged: its length cannot be read');
	expect(details.description).toBe('Save it again as MP3, WAV, M4A or AAC, and use that file.');
	expect(soundLength(cut)).toBeNull();
});

it.each([
	['lipSync', 1.99, 'The sound is too short: 1.99 s, at least 2 s'],
	['lipSync', 2, null],
	['lipSync', 60.1, null],
	['lipSync', 60.2, 'The sound is too long: 60.20 s, at most 60 s'],
	['avatar', 1.5, 'The sound is too short: 1.50 s, at least 2 s'],
	['avatar', 300, null],
	['avatar', 301, 'The sound is too long: 301.00 s, at most 300 s'],
] as const)('%s with %d s', (operation, seconds, message) => {
	const check = () => checkSound(silence(seconds), operation);
	if (message === null) expect(check()).toBe(seconds * 1000);
	else expect(klingErrorOf(check).message).toBe(message);
});

it.each([
	[1.5, 'Use a longer sound.'],
	[61, 'Cut the sound, or split it over several items.'],
])('what to do with %d s', (seconds, remedy) => {
	expect(klingErrorOf(() => checkSound(silence(seconds), 'lipSync')).details.description).toBe(remedy);
});

it.each([
	[0, 'The sound is empty', 'Check that the previous node delivers a file with content.'],
	[MOST_SOUND_BYTES + 1, 'The sound is too large: 5.01 MB, at most 5 MB', 'Shorten the sound, or save it as MP3.'],
])('%i bytes are refused', (bytes, message, description) => {
	const error = klingErrorOf(() => checkSoundBytes(bytes));
	expect(error.message).toBe(message);
	expect(error.details).toEqual({ ...REFUSED_HERE, description });
});

it('5 MB are allowed', () => {
	expect(() => checkSoundBytes(MOST_SOUND_BYTES)).not.toThrow();
});
