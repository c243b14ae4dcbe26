import { refusal } from '../klingError';

/** What a model of Image to Video takes; null where nothing is known that would forbid it. */
interface Model {
	name: string;
	label: string;
	/** Seconds. */
	durations: readonly number[];
	modes: readonly string[];
	/** The modes in which it takes a last frame, and in which it makes sound. */
	lastFrameModes: readonly string[] | null;
	soundModes: readonly string[] | null;
	/** Whether it takes a last frame and sound together. */
	lastFrameWithSound: boolean;
}

const FIVE_OR_TEN = [5, 10];
const THREE_TO_FIFTEEN = Array.from({ length: 13 }, (_none, index) => index + 3);

/**
 * The models of Image to Video, newest first. Sources: Kling's API reference, "Image to Video" (durations, modes, sound from 2.6 on); for
 * last frame and sound of kling-v2-6 its capability table as copied by APIMart, where a mode or a pair is marked as not offered.
 */
export const VIDEO_MODELS: readonly Model[] = [
	{
		name: 'kling-v3',
		label: 'Kling 3.0',
		durations: THREE_TO_FIFTEEN,
		modes: ['std', 'pro', '4k'],
		lastFrameModes: null,
		soundModes: null,
		lastFrameWithSound: true,
	},
	{
		name: 'kling-v2-6',
		label: 'Kling 2.6',
		durations: FIVE_OR_TEN,
		modes: ['std', 'pro'],
		lastFrameModes: ['pro'],
		soundModes: ['pro'],
		lastFrameWithSound: false,
	},
	{
		name: 'kling-v2-5-turbo',
		label: 'Kling 2.5 Turbo',
		durations: FIVE_OR_TEN,
		modes: ['std', 'pro'],
		lastFrameModes: null,
		soundModes: [],
		lastFrameWithSound: false,
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

/** What an item asks of a model; null where it was not set. */
export interface ModelUse {
	/** Seconds. */
	duration: number | null;
	mode: string | null;
	lastFrame: boolean;
	sound: boolean;
}

/** Kling's default where no mode is sent. */
const DEFAULT_MODE = 'std';

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
 * @throws KlingError naming the model, what it does not take, and what it takes
 */
export function checkModelUse(name: string, use: ModelUse): void {
	const model = VIDEO_MODELS.find((row) => row.name === name);
	if (!model) return;
	const mode = use.mode ?? DEFAULT_MODE;
	const inMode = (modes: readonly string[] | null) => modes === null || modes.includes(mode);
	if (use.duration !== null && !model.durations.includes(use.duration)) {
		throw refusal(`The model ${name} makes no videos of ${use.duration} s`, `Set Duration to ${durationsOf(model)} seconds.`);
	}
	if (!model.modes.includes(mode)) {
		throw refusal(`The model ${name} has no mode "${mode}"`, `Set Mode to ${listed(model.modes)}.`);
	}
	if (use.lastFrame && !inMode(model.lastFrameModes)) {
		throw refusal(`The model ${name} takes no last frame in mode "${mode}"`, modeRemedy(model.lastFrameModes, 'Last Frame URL'));
	}
	if (use.sound && !inMode(model.soundModes)) {
		throw refusal(`The model ${name} makes no sound in mode "${mode}"`, modeRemedy(model.soundModes, 'Sound'));
	}
	if (use.sound && use.lastFrame && !model.lastFrameWithSound) {
		throw refusal(
			`The model ${name} makes no sound where a last frame is given`,
			'Remove Last Frame URL or Sound from the options.',
		);
	}
}

function durationsOf({ durations }: Model): string {
	return durations.length > 2 ? `${durations[0]} to ${durations.at(-1)}` : listed(durations);
}

function listed(values: readonly unknown[]): string {
	return values.length < 2 ? String(values[0]) : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

function modeRemedy(modes: readonly string[] | null, option: string): string {
	const other = 'choose another model, or remove the option';
	return modes?.length ? `Set Mode to ${listed(modes)}, ${other} ${option}.` : `C${other.slice(1)} ${option}.`;
}
