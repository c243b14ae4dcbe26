import { refusal, type KlingError } from '../klingError';

/** What a model of Image to Video takes. */
interface Model {
	name: string;
	label: string;
	/** Seconds. */
	durations: readonly number[];
	modes: readonly Mode[];
	/** The modes in which it takes a last frame, and in which it makes audio. */
	lastFrameModes: readonly Mode[];
	audioModes: readonly Mode[];
	/** Whether it takes a last frame and audio together. */
	lastFrameWithAudio: boolean;
}

const FIVE_OR_TEN = [5, 10];
const THREE_TO_FIFTEEN = Array.from({ length: 13 }, (_none, index) => index + 3);

/**
 * The models of Image to Video, newest first. Sources: Kling's API reference, "Image to Video" (durations, modes, audio from 2.6 on); for
 * last frame and audio of kling-v2-6 its capability table as copied by APIMart, where a mode or a pair is marked as not offered.
 */
export const VIDEO_MODELS: readonly Model[] = [
	{
		name: 'kling-v3',
		label: 'Kling 3.0',
		durations: THREE_TO_FIFTEEN,
		modes: ['std', 'pro', '4k'],
		lastFrameModes: ['std', 'pro', '4k'],
		audioModes: ['std', 'pro', '4k'],
		lastFrameWithAudio: true,
	},
	{
		name: 'kling-v2-6',
		label: 'Kling 2.6',
		durations: FIVE_OR_TEN,
		modes: ['std', 'pro'],
		lastFrameModes: ['pro'],
		audioModes: ['pro'],
		lastFrameWithAudio: false,
	},
	{
		name: 'kling-v2-5-turbo',
		label: 'Kling 2.5 Turbo',
		durations: FIVE_OR_TEN,
		modes: ['std', 'pro'],
		lastFrameModes: ['pro'],
		audioModes: [],
		lastFrameWithAudio: false,
	},
];

export const DEFAULT_VIDEO_MODEL = 'kling-v2-6';

/** The models of Virtual Try-On. Source: Kling's API reference, "Virtual Try-On". */
export const TRY_ON_MODELS = [
	{ name: 'kolors-virtual-try-on-v1-5', label: 'Kolors Virtual Try-On 1.5' },
	{ name: 'kolors-virtual-try-on-v1', label: 'Kolors Virtual Try-On 1.0' },
] as const;

export const DEFAULT_TRY_ON_MODEL = 'kolors-virtual-try-on-v1-5';

/** Models that are refused since September 2026. Source: error messages and notices of providers. */
const RETIRED = /^kling-v(1|1-5|1-6|2-1|2-1-master)$/;

/** The modes of a video, one row each: what it is called on the screen, what to expect, and where it counts. */
export const MODES = [
	{ name: 'std', label: 'Standard', description: 'Faster and cheaper' },
	{ name: 'pro', label: 'Professional', description: 'Better and more expensive' },
	{ name: '4k', label: '4K', description: 'The best, and the most expensive; with Kling 3.0 only' },
] as const;

export type Mode = (typeof MODES)[number]['name'];

export const DEFAULT_MODE = 'std';

/** What an item asks of a model. */
export interface ModelUse {
	/** Seconds. */
	duration: number;
	mode: Mode;
	lastFrame: boolean;
	audio: boolean;
}

/**
 * Refuses a model that is no longer offered, by its name.
 * @throws KlingError that names the models that are
 */
export function checkNotRetired(model: string): void {
	if (!RETIRED.test(model.trim().toLowerCase().replaceAll('.', '-'))) return;
	const current = VIDEO_MODELS.map(({ name }) => name).join(', ');
	throw refusal(`The model ${model.trim()} is no longer offered by Kling`, `Choose one of the current models: ${current}.`);
}

/**
 * Checks what is asked of a model against what it takes. A model that is not in the table is not checked.
 * @throws KlingError in the panel's words: what the model takes, and what to set
 */
export function checkModelUse(name: string, { duration, mode, lastFrame, audio }: ModelUse): void {
	const model = VIDEO_MODELS.find((row) => row.name === name);
	if (!model) return;
	const { label, durations, modes, lastFrameModes, audioModes } = model;
	if (!durations.includes(duration)) {
		throw refusal(`${label} makes no videos of ${duration} seconds`, `Set Duration to ${durationsOf(model)} seconds.`);
	}
	if (!modes.includes(mode)) {
		throw refusal(`${label} has no ${modeLabel(mode)} mode`, `Set Mode to ${listed(modes.map(modeLabel))}.`);
	}
	if (lastFrame && !lastFrameModes.includes(mode))
		throw notInMode(label, 'takes', 'a last frame', lastFrameModes, 'Last Frame URL');
	if (audio && !audioModes.includes(mode)) throw notInMode(label, 'makes', 'audio', audioModes, 'Generate Audio');
	if (audio && lastFrame && !model.lastFrameWithAudio) {
		throw refusal(
			`${label} makes no audio where a last frame is given`,
			'Remove the option Last Frame URL, or switch Generate Audio off.',
		);
	}
}

function durationsOf({ durations }: Model): string {
	return durations.length > 2 ? `${durations[0]} to ${durations.at(-1)}` : listed(durations);
}

const modeLabel = (mode: Mode): string => MODES.find(({ name }) => name === mode)!.label;

function listed(values: readonly unknown[]): string {
	return values.length < 2 ? String(values[0]) : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

function notInMode(label: string, does: string, what: string, modes: readonly Mode[], option: string): KlingError {
	if (modes.length === 0) {
		const plain = what.replace(/^a /, '');
		return refusal(`${label} ${does} no ${plain}`, `Choose another model, or remove the option ${option}.`);
	}
	const words = listed(modes.map(modeLabel));
	return refusal(
		`${label} ${does} ${what} in ${words} mode only`,
		`Set Mode to ${words}, choose another model, or remove the option ${option}.`,
	);
}
