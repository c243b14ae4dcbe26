import fc from 'fast-check';

import { PRICES } from '../../nodes/shared/kling/prices';
import { checkLipSyncTimes, lipSyncTimes, type LipSyncWish } from '../../nodes/shared/kling/tasks/lipSyncTimes';
import {
	checkModelUse,
	checkNotRetired,
	longestPromptOf,
	DEFAULT_VIDEO_MODEL,
	isNewer,
	MODES,
	VIDEO_MODELS,
	type ModelUse,
} from '../../nodes/shared/kling/tasks/models';
import * as fields from '../../nodes/shared/kling/tasks/taskFields';
import { klingErrorOf, REFUSED_HERE } from './helpers';

const refusedWith = (action: () => unknown) => {
	const { message, details } = klingErrorOf(action);
	expect(details).toMatchObject(REFUSED_HERE);
	expect(details.description).not.toBe('');
	return message;
};

describe('models', () => {
	const plain: ModelUse = {
		prompt: 'p',
		hasImage: true,
		duration: 5,
		mode: 'std',
		lastFrame: false,
		audio: null,
		legacyOnly: [],
	};

	it.each(['kling-v1', 'kling-v1-5', 'kling-v1-6', 'kling-v2-1', 'kling-v2-1-master', 'Kling-V1.6', ' kling-v1 '])(
		'%j is refused by name',
		(model) => {
			expect(refusedWith(() => checkNotRetired(model))).toBe(`The model ${model.trim()} is no longer offered by Kling`);
		},
	);

	it('the longest prompts in words: every model is held to the one that is said of it', () => {
		expect(longestPromptOf('imageToVideo')).toBe('2500 characters, 3072 with Kling 3.0');
		expect(longestPromptOf('textToVideo')).toBe('2500 characters, 3072 with Kling 3.0 Turbo or Kling 3.0');
	});

	it('who asks for a retired model reads which ones there are', () => {
		expect(klingErrorOf(() => checkNotRetired('kling-v1')).details.description).toMatch(
			/^Choose one of the current models: .*kling-3\.0-turbo, kling-3\.0, kling-v3, kling-v2-6, kling-v2-5-turbo\.$/,
		);
	});

	it.each([...VIDEO_MODELS.map(({ name }) => name), 'kling-v2-5-turbo', 'kling-v1-60', 'my-kling-v1'])(
		'%s is not retired',
		(model) => {
			expect(() => checkNotRetired(model)).not.toThrow();
		},
	);

	const PRO_ONLY = 'Set Mode to Professional, choose another model, or remove the option';

	it.each<[string, Partial<ModelUse>, string | null, string | null]>([
		['kling-v2-6', { duration: 7 }, 'Kling 2.6 makes no videos of 7 seconds', 'Set Duration to 5 or 10 seconds.'],
		['kling-v2-6', { duration: 10 }, null, null],
		['kling-v3', { duration: 3 }, null, null],
		['kling-v3', { duration: 15 }, null, null],
		['kling-v3', { duration: 2 }, 'Kling 3.0 (V3) makes no videos of 2 seconds', 'Set Duration to 3 to 15 seconds.'],
		['kling-v3', { duration: 16 }, 'Kling 3.0 (V3) makes no videos of 16 seconds', 'Set Duration to 3 to 15 seconds.'],
		['kling-v3', { mode: '4k' }, null, null],
		['kling-v2-6', { mode: '4k' }, 'Kling 2.6 has no 4K mode', 'Set Mode to Standard or Professional.'],
		['kling-v2-5-turbo', { mode: '4k' }, 'Kling 2.5 Turbo has no 4K mode', 'Set Mode to Standard or Professional.'],
		['kling-v2-6', { lastFrame: true }, 'Kling 2.6 takes a last frame in Professional mode only', `${PRO_ONLY} Last Frame.`],
		['kling-v2-6', { lastFrame: true, mode: 'pro' }, null, null],
		[
			'kling-v2-5-turbo',
			{ lastFrame: true },
			'Kling 2.5 Turbo takes a last frame in Professional mode only',
			`${PRO_ONLY} Last Frame.`,
		],
		['kling-v2-5-turbo', { lastFrame: true, mode: 'pro' }, null, null],
		['kling-v2-6', { audio: true }, 'Kling 2.6 makes audio in Professional mode only', `${PRO_ONLY} Generate Audio.`],
		['kling-v2-6', { audio: true, mode: 'pro' }, null, null],
		[
			'kling-v2-6',
			{ audio: true, mode: 'pro', lastFrame: true },
			'Kling 2.6 makes no audio where a last frame is given',
			'Remove the option Last Frame, or switch Generate Audio off.',
		],
		[
			'kling-v2-5-turbo',
			{ audio: true, mode: 'pro' },
			'Kling 2.5 Turbo makes no audio',
			'Choose another model, or remove the option Generate Audio.',
		],
		['kling-v3', { audio: true, lastFrame: true }, null, null],
		['kling-v3', { audio: true, lastFrame: true, mode: '4k' }, null, null],
		['kling-v3', { prompt: null }, null, null],
		['kling-v3', { legacyOnly: ['Negative Prompt', 'CFG Scale'] }, null, null],
		['kling-v3', { prompt: 'a'.repeat(2501) }, 'Prompt is too long: 2501 characters, at most 2500', 'Shorten Prompt.'],
		['kling-v9', { prompt: 'a'.repeat(2501) }, 'Prompt is too long: 2501 characters, at most 2500', 'Shorten Prompt.'],
		['kling-3.0', { prompt: '👋'.repeat(3072) }, null, null],
		['kling-3.0', { prompt: 'a'.repeat(3073) }, 'Prompt is too long: 3073 characters, at most 3072', 'Shorten Prompt.'],
		['kling-3.0-turbo', { prompt: 'a'.repeat(2501) }, 'Prompt is too long: 2501 characters, at most 2500', 'Shorten Prompt.'],
		['kling-3.0-turbo', { prompt: 'a'.repeat(3072), hasImage: false }, null, null],
		[
			'kling-3.0',
			{ prompt: null },
			'The prompt is empty, and Kling 3.0 needs one',
			'Describe in Prompt what happens in the video.',
		],
		[
			'kling-99.0',
			{ prompt: null },
			'The prompt is empty, and kling-99.0 needs one',
			'Describe in Prompt what happens in the video.',
		],
		[
			'kling-3.0',
			{ legacyOnly: ['Negative Prompt', 'CFG Scale'] },
			'Kling 3.0 takes no Negative Prompt',
			'Remove the option Negative Prompt, or choose an older model, such as kling-v2-6.',
		],
		[
			'kling-99.0',
			{ legacyOnly: ['CFG Scale'] },
			'kling-99.0 takes no CFG Scale',
			'Remove the option CFG Scale, or choose an older model, such as kling-v2-6.',
		],
		['kling-3.0-turbo', { audio: true }, null, null],
		[
			'kling-3.0-turbo',
			{ audio: false },
			'Kling 3.0 Turbo always makes audio',
			'Remove the option Generate Audio, or choose another model.',
		],
		[
			'kling-3.0-turbo',
			{ lastFrame: true },
			'Kling 3.0 Turbo takes no last frame',
			'Choose another model, or remove the option Last Frame.',
		],
		['kling-3.0', { audio: true, lastFrame: true, mode: '4k' }, null, null],
		['kling-v2-6', { audio: false }, null, null],
		['kling-99.0', { duration: 99, mode: '8k' as never, audio: true, lastFrame: true }, null, null],
		['kling-v9', { duration: 99, mode: '8k' as never, audio: true }, null, null],
		['Kling 2.6', { duration: 99 }, null, null],
	])('%s with %j: %s', (name, use, message, remedy) => {
		const check = () => checkModelUse(name, { ...plain, ...use });
		if (message === null) expect(check).not.toThrow();
		else expect([refusedWith(check), klingErrorOf(check).details.description]).toEqual([message, remedy]);
	});

	it.each(VIDEO_MODELS)('$label takes what a new node asks of it, and its modes alone', ({ name, label, units }) => {
		expect(() => checkModelUse(name, plain)).not.toThrow();
		for (const mode of MODES) {
			const check = () => checkModelUse(name, { ...plain, mode: mode.name });
			if (mode.name in units) expect(check).not.toThrow();
			else expect(refusedWith(check)).toBe(`${label} has no ${mode.label} mode`);
		}
	});
});

it('what a new node makes costs what its notice says', () => {
	const model = VIDEO_MODELS.find(({ name }) => name === DEFAULT_VIDEO_MODEL)!;
	expect(5 * model.units.std!.silent!).toBe(PRICES.imageToVideo.units);
});

it.each([
	['kling-3.0', true],
	['kling-3.0-turbo', true],
	['virtual-try-on-3.0', true],
	['kling-v3', false],
	['kling-v2-6', false],
	['kolors-virtual-try-on-v1-5', false],
	['my.model', false],
])('%s is of the newer form: %p', (model, expected) => expect(isNewer(model)).toBe(expected));

describe('fields', () => {
	it('a prompt of 2500 characters', () => {
		expect(fields.readPrompt('👋'.repeat(2500), 'Prompt')).toHaveLength(5000);
		expect(refusedWith(() => fields.readPrompt('a'.repeat(2501), 'Prompt'))).toBe(
			'Prompt is too long: 2501 characters, at most 2500',
		);
		expect(fields.readPrompt('a'.repeat(2501), 'Prompt', Infinity)).toHaveLength(2501);
		expect([undefined, null, '', '  '].map((value) => fields.readPrompt(value, 'Prompt'))).toEqual([null, null, null, null]);
	});

	it('a prompt goes as it is; what is no text is refused by name', () => {
		expect(fields.readPrompt(' a walk\n', 'Prompt')).toBe(' a walk\n');
		expect(fields.readPrompt(2049, 'Prompt')).toBe('2049');
		expect(refusedWith(() => fields.readPrompt({ text: 'a' }, 'Negative Prompt'))).toBe(
			'Negative Prompt is an object, not a text',
		);
		expect(refusedWith(() => fields.readPrompt(['a', 'b'], 'Prompt'))).toBe('Prompt is a list of 2 values, it takes one');
	});

	it.each([
		[0, 0],
		['2', 2],
		[1.5, 1.5],
		[undefined, null],
		['', null],
	])('a volume of %j', (value, expected) => expect(fields.readVolume(value, 'Audio Volume')).toBe(expected));

	it.each([
		[-0.1, '-0.1'],
		[2.01, '2.01'],
		['loud', '"loud"'],
		[true, 'true'],
		[NaN, 'NaN'],
		[{}, 'an object'],
	])('a volume of %j is refused', (value, shown) => {
		expect(refusedWith(() => fields.readVolume(value, 'Audio Volume'))).toBe(
			`Audio Volume is ${shown}, it must be a number from 0 to 2`,
		);
	});

	it('CFG Scale', () => {
		expect(fields.readCfgScale('0.5')).toBe(0.5);
		expect([0, 1].map(fields.readCfgScale)).toEqual([0, 1]);
		expect(fields.readCfgScale('')).toBeNull();
		expect(refusedWith(() => fields.readCfgScale(1.1))).toBe('CFG Scale is 1.1, it must be a number from 0 to 1');
	});

	it.each([
		['10', 10],
		[1, 1],
		[60, 60],
		[5.0, 5],
		['', 5],
		[null, 5],
		[undefined, 5],
	])('a duration of %j is %j seconds', (value, seconds) => expect(fields.readDuration(value)).toBe(seconds));

	it.each([
		[5.5, 'Duration is 5.5, it must be whole seconds'],
		['five', 'Duration is "five", it must be a number from 1 to 60'],
		[0, 'Duration is 0, it must be a number from 1 to 60'],
		[61, 'Duration is 61, it must be a number from 1 to 60'],
		[[5, 10], 'Duration is a list, it must be a number from 1 to 60'],
		[true, 'Duration is true, it must be a number from 1 to 60'],
	])('a duration of %j is refused', (value, message) => {
		expect(refusedWith(() => fields.readDuration(value))).toBe(message);
	});

	it.each([
		['1200.5', 1200.5],
		[0, 0],
		['', null],
	])('a time of %j', (value, expected) => expect(fields.readMilliseconds(value, 'Insert At')).toBe(expected));

	it.each([
		[-1, '-1'],
		['soon', '"soon"'],
		['x'.repeat(41), `"${'x'.repeat(40)}"`],
		[[0, 5200], 'a list'],
	])('a time of %j is refused, and shown no longer than 40 characters', (value, shown) => {
		expect(refusedWith(() => fields.readMilliseconds(value, 'Insert At'))).toBe(
			`Insert At is ${shown}, it must be a number of milliseconds`,
		);
	});
});

describe('the times of a lip-sync', () => {
	const UNKNOWN: LipSyncWish = {
		faceStart: null,
		faceEnd: null,
		audioLength: null,
		audioStart: null,
		audioEnd: null,
		insertAt: null,
	};
	const times = (wish: Partial<LipSyncWish>) => lipSyncTimes({ ...UNKNOWN, ...wish });

	it.each([
		['the audio is shorter', { faceStart: 1000, faceEnd: 9000, audioLength: 3000 }, [0, 2950, 1000]],
		['the face is shorter', { faceStart: 1000, faceEnd: 4000, audioLength: 30_000 }, [0, 2950, 1000]],
		['the audio is of unknown length', { faceStart: 500, faceEnd: 4000 }, [0, 3450, 500]],
		['the face is of unknown times', { audioLength: 3000 }, [0, 2950, 0]],
		['a later start of the audio', { faceStart: 0, faceEnd: 4000, audioLength: 3000, audioStart: 500 }, [500, 2950, 0]],
		['a later start, the face is shorter', { faceStart: 0, faceEnd: 4000, audioLength: 9000, audioStart: 500 }, [500, 4450, 0]],
		['a later place in the video', { faceStart: 0, faceEnd: 4000, audioLength: 9000, insertAt: 1500 }, [0, 2450, 1500]],
		['an end of its own', { faceStart: 0, faceEnd: 4000, audioLength: 9000, audioEnd: 2200 }, [0, 2200, 0]],
		['fractions', { faceStart: 0.4, faceEnd: 4000.9, audioLength: 3000.9, audioStart: 1.2 }, [2, 2950, 1]],
		['just more than the least, and the bit that is left', { faceStart: 0, faceEnd: 9000, audioLength: 2051 }, [0, 2001, 0]],
		['just the least, and the bit that is left', { faceStart: 0, faceEnd: 9000, audioLength: 2050 }, [0, 2050, 0]],
		['just the least', { faceStart: 0, faceEnd: 2000, audioLength: 9000 }, [0, 2000, 0]],
		['less than the least', { faceStart: 0, faceEnd: 9000, audioLength: 1900 }, [0, 1900, 0]],
		[
			'the face appears late: just the least of it',
			{ faceStart: 1000, faceEnd: 9000, audioLength: 3050, insertAt: 0 },
			[0, 3050, 0],
		],
		['the face appears late', { faceStart: 1000, faceEnd: 9000, audioLength: 3051, insertAt: 0 }, [0, 3001, 0]],
	])('%s', (_name, wish, [audioStart, audioEnd, insertAt]) => {
		expect(times(wish)).toEqual({ audioStart, audioEnd, insertAt });
	});

	it('neither end is known', () => {
		expect(refusedWith(() => times({}))).toBe('It is not known where the audio has to end');
	});

	it('nothing is left', () => {
		expect(refusedWith(() => times({ faceStart: 0, faceEnd: 4000, insertAt: 4000 }))).toBe(
			'No piece of the audio is left: it would start at 0 ms and end at 0 ms',
		);
	});

	it.each([
		['a face for too short', { faceStart: 1000, faceEnd: 2999, audioLength: 9000 }, 'The face is on screen for 1999 ms'],
		['a piece that is too short', { audioLength: 1500 }, 'The piece of the audio that is used lasts 1500 ms'],
		['a start that is too late', { audioLength: 3000, audioStart: 1500 }, 'The piece of the audio that is used lasts 1500 ms'],
		['a face whose start is not known', { faceEnd: 1500 }, 'The piece of the audio that is used lasts 1500 ms'],
		['no overlap', { faceStart: 5000, faceEnd: 9000, audioLength: 3000, insertAt: 0 }, 'Audio and face overlap for 0 ms'],
		['little overlap', { faceStart: 2000, faceEnd: 9000, audioLength: 3000, insertAt: 0 }, 'Audio and face overlap for 1000 ms'],
	])('%s', (_name, wish, start) => {
		const all = { ...UNKNOWN, ...wish };
		const message = refusedWith(() => checkLipSyncTimes(lipSyncTimes(all), all));
		expect(message).toBe(`${start}, Kling asks for at least 2000 ms`);
	});

	it.each([
		['a face and a piece of just two seconds', { faceStart: 1000, faceEnd: 3000, audioLength: 2000 }],
		['a face whose end is not known', { faceStart: 5000, audioLength: 3000 }],
		['a face of unknown times', { audioLength: 3000 }],
		['audio of unknown length', { faceStart: 500, faceEnd: 4000 }],
		['audio that is used to its end', { faceStart: 0, faceEnd: 9000, audioLength: 3000, audioEnd: 3000 }],
	])('%s: nothing to object', (_name, wish) => {
		const all = { ...UNKNOWN, ...wish };
		expect(() => checkLipSyncTimes(lipSyncTimes(all), all)).not.toThrow();
	});

	it('an end after the audio', () => {
		const all = { ...UNKNOWN, faceStart: 0, faceEnd: 9000, audioLength: 3000, audioEnd: 3001 };
		expect(refusedWith(() => checkLipSyncTimes(lipSyncTimes(all), all))).toBe(
			'The audio ends at 3000 ms, before Audio End at 3001 ms',
		);
	});

	it('what is worked out from a good face and a good audio is good, and reaches past neither', () => {
		const time = fc.double({ min: 2001, max: 60_000, noNaN: true });
		fc.assert(
			fc.property(fc.double({ min: 0, max: 60_000, noNaN: true }), time, time, (faceStart, shown, audioLength) => {
				const wish = { ...UNKNOWN, faceStart, faceEnd: faceStart + shown + 1, audioLength };
				const worked = lipSyncTimes(wish);
				checkLipSyncTimes(worked, wish);
				expect(worked.audioEnd).toBeLessThanOrEqual(audioLength);
				expect(worked.insertAt).toBeGreaterThanOrEqual(faceStart);
				expect(worked.insertAt + worked.audioEnd - worked.audioStart).toBeLessThanOrEqual(wish.faceEnd);
				const left = Math.min(audioLength, wish.faceEnd - worked.insertAt) - worked.audioEnd;
				expect(left).toBeLessThan(51);
				if (worked.audioEnd > 2050) expect(left).toBeGreaterThanOrEqual(50);
				expect(Object.values(worked).every(Number.isInteger)).toBe(true);
			}),
		);
	});
});
