import { refusal, type KlingError } from '../klingError';

/** The modes of a video, one row each: what it is called on the screen, what to expect and where it counts, and what it is called in the newer form. */
export const MODES = [
	{ name: 'std', label: 'Standard', description: 'Faster and cheaper', resolution: '720p' },
	{ name: 'pro', label: 'Professional', description: 'Better and more expensive', resolution: '1080p' },
	{ name: '4k', label: '4K', description: 'The best, and the most expensive; with Kling 3.0 only', resolution: '4k' },
] as const;

export type Mode = (typeof MODES)[number]['name'];

export const DEFAULT_MODE = 'std';

/** What a second of video costs in a mode, in units of a video pack: without audio and with it, where it is made in that way. */
interface Units {
	silent?: number;
	audio?: number;
}

/** What a model of Image to Video and Text to Video takes. */
export interface VideoModel {
	name: string;
	label: string;
	/** Seconds. */
	durations: readonly number[];
	/** The modes that it has. */
	units: Readonly<Partial<Record<Mode, Units>>>;
	/** The modes in which it takes a last frame, and whether that goes with audio. */
	lastFrameModes: readonly Mode[];
	lastFrameWithAudio: boolean;
	/** The longest prompt, in characters, of Image to Video and of Text to Video. */
	longestPrompts: readonly [imageToVideo: number, textToVideo: number];
}

const FIVE_OR_TEN = [5, 10];
const THREE_TO_FIFTEEN = Array.from({ length: 13 }, (_none, index) => index + 3);
const UNITS_OF_3 = { std: { silent: 0.6, audio: 0.9 }, pro: { silent: 0.8, audio: 1.2 }, '4k': { silent: 3, audio: 3 } };

/** The longest prompt of a model that is not known, and of all in the legacy form, in characters. */
const USUAL_PROMPT = 2500;

/**
 * The models of Image to Video and Text to Video, newest first. Sources: Kling's API reference, "Image to Video", "Text to Video" and their
 * newer form (durations, modes, prompts, audio from 2.6 on); its price list of 2026-09-20; for last frame and audio of kling-v2-6 its
 * capability table as copied by APIMart, where a mode or a pair is marked as not offered.
 */
export const VIDEO_MODELS: readonly VideoModel[] = [
	{
		name: 'kling-3.0-turbo',
		label: 'Kling 3.0 Turbo',
		durations: THREE_TO_FIFTEEN,
		units: { std: { audio: 0.8 }, pro: { audio: 1 } },
		lastFrameModes: [],
		lastFrameWithAudio: false,
		longestPrompts: [2500, 3072],
	},
	{
		name: 'kling-3.0',
		label: 'Kling 3.0',
		durations: THREE_TO_FIFTEEN,
		units: UNITS_OF_3,
		lastFrameModes: ['std', 'pro', '4k'],
		lastFrameWithAudio: true,
		longestPrompts: [3072, 3072],
	},
	{
		name: 'kling-v3',
		label: 'Kling 3.0 (V3)',
		durations: THREE_TO_FIFTEEN,
		units: UNITS_OF_3,
		lastFrameModes: ['std', 'pro', '4k'],
		lastFrameWithAudio: true,
		longestPrompts: [USUAL_PROMPT, USUAL_PROMPT],
	},
	{
		name: 'kling-v2-6',
		label: 'Kling 2.6',
		durations: FIVE_OR_TEN,
		units: { std: { silent: 0.3 }, pro: { silent: 0.5, audio: 1 } },
		lastFrameModes: ['pro'],
		lastFrameWithAudio: false,
		longestPrompts: [USUAL_PROMPT, USUAL_PROMPT],
	},
	{
		name: 'kling-v2-5-turbo',
		label: 'Kling 2.5 Turbo',
		durations: FIVE_OR_TEN,
		units: { std: { silent: 0.3 }, pro: { silent: 0.5 } },
		lastFrameModes: ['pro'],
		lastFrameWithAudio: false,
		longestPrompts: [USUAL_PROMPT, USUAL_PROMPT],
	},
];

export const DEFAULT_VIDEO_MODEL = 'kling-v2-6';

/** The models of Virtual Try-On. Source: Kling's API reference, "Virtual Try-On", and its newer form. */
export const TRY_ON_MODELS = [
	{ name: 'virtual-try-on-3.0', label: 'Virtual Try-On 3.0' },
	{ name: 'kolors-virtual-try-on-v1-5', label: 'Kolors Virtual Try-On 1.5' },
	{ name: 'kolors-virtual-try-on-v1', label: 'Kolors Virtual Try-On 1.0' },
] as const;

/** What was announced of the older ones. Source: Kling's notice, and those of other providers. */
export const TRY_ON_ANNOUNCED =
	'Kling says that the two Kolors models run on version 3.0 since 2026-09-15, with the parameters that they had; others announced their end for that day.';

export const DEFAULT_TRY_ON_MODEL = 'kolors-virtual-try-on-v1-5';

/**
 * Whether a model is of Kling's newer form: its id has a dot between digits, where one of the legacy form has `-v`.
 * Source: Kling's API reference since June 2026.
 */
export function isNewer(model: string): boolean {
	return /\d\.\d/.test(model);
}

/** The row of a model; undefined where it is not known. */
export function videoModel(name: string): VideoModel | undefined {
	return VIDEO_MODELS.find((row) => row.name === name);
}

/** Models that are refused since September 2026. Source: error messages and notices of providers. */
const RETIRED = /^kling-v(1|1-5|1-6|2-1|2-1-master)$/;

/** The modes of a model; with audio alone, or without, where that is asked. */
export function modesOf({ units }: VideoModel, by?: keyof Units): Mode[] {
	return MODES.map(({ name }) => name).filter((mode) => (by === undefined ? units[mode] : units[mode]?.[by] !== undefined));
}

/** Whether a model makes audio whatever is asked of it, so that it has no field for that. */
export const alwaysMakesAudio = (model: VideoModel): boolean => modesOf(model, 'silent').length === 0;

/** What an item asks of a model. */
export interface ModelUse {
	/** The prompt, and whether a picture begins the video. */
	prompt: string | null;
	hasImage: boolean;
	/** Seconds. */
	duration: number;
	mode: Mode;
	lastFrame: boolean;
	/** Null where nothing was said. */
	audio: boolean | null;
	/** What only the legacy form has, by its label, where it was set. */
	legacyOnly: readonly string[];
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
 * Checks what is asked of a model against what its form and, where it is in the table, the model itself takes.
 * @throws KlingError in the panel's words: what the model takes, and what to set
 */
export function checkModelUse(name: string, use: ModelUse): void {
	const model = videoModel(name);
	checkForm(model?.label ?? name, isNewer(name), use);
	checkPrompt(use, model?.longestPrompts ?? [USUAL_PROMPT, USUAL_PROMPT]);
	if (model) checkModel(model, use);
}

/** What no model of a form takes, or does without. */
function checkForm(label: string, isNewerForm: boolean, { prompt, legacyOnly }: ModelUse): void {
	if (!isNewerForm) return;
	const [option] = legacyOnly;
	if (option !== undefined) {
		throw refusal(
			`${label} takes no ${option}`,
			`Remove the option ${option}, or choose an older model, such as ${DEFAULT_VIDEO_MODEL}.`,
		);
	}
	if (prompt === null)
		throw refusal(`The prompt is empty, and ${label} needs one`, 'Describe in Prompt what happens in the video.');
}

function checkPrompt({ prompt, hasImage }: ModelUse, [imageToVideo, textToVideo]: VideoModel['longestPrompts']): void {
	const most = hasImage ? imageToVideo : textToVideo;
	const characters = [...(prompt ?? '')].length;
	if (characters > most) throw refusal(`Prompt is too long: ${characters} characters, at most ${most}`, 'Shorten Prompt.');
}

function checkModel(model: VideoModel, { duration, mode, lastFrame, audio }: ModelUse): void {
	const { label, durations, lastFrameModes } = model;
	const modes = modesOf(model);
	if (!durations.includes(duration)) {
		throw refusal(`${label} makes no videos of ${duration} seconds`, `Set Duration to ${durationsOf(model)} seconds.`);
	}
	if (!modes.includes(mode)) {
		throw refusal(`${label} has no ${modeLabel(mode)} mode`, `Set Mode to ${listed(modes.map(modeLabel))}.`);
	}
	if (lastFrame && !lastFrameModes.includes(mode)) throw notInMode(label, 'takes', 'a last frame', lastFrameModes, 'Last Frame');
	if (audio === false && alwaysMakesAudio(model)) {
		throw refusal(`${label} always makes audio`, 'Remove the option Generate Audio, or choose another model.');
	}
	if (!audio) return;
	const audioModes = modesOf(model, 'audio');
	if (!audioModes.includes(mode)) throw notInMode(label, 'makes', 'audio', audioModes, 'Generate Audio');
	if (lastFrame && !model.lastFrameWithAudio) {
		throw refusal(
			`${label} makes no audio where a last frame is given`,
			'Remove the option Last Frame, or switch Generate Audio off.',
		);
	}
}

/** The durations of a model in words: "3 to 15". */
export function durationsOf({ durations }: VideoModel): string {
	return durations.length > 2 ? `${durations[0]} to ${durations.at(-1)}` : listed(durations);
}

/** The longest prompt of an operation in words: of most models, and where it is another one. */
export function longestPromptOf(operation: 'imageToVideo' | 'textToVideo'): string {
	const most = ({ longestPrompts }: VideoModel) => longestPrompts[operation === 'imageToVideo' ? 0 : 1];
	const others = [...new Set(VIDEO_MODELS.map(most))].filter((characters) => characters !== USUAL_PROMPT);
	const labels = (characters: number) =>
		listed(VIDEO_MODELS.filter((model) => most(model) === characters).map(({ label }) => label));
	return [`${USUAL_PROMPT} characters`, ...others.map((characters) => `${characters} with ${labels(characters)}`)].join(', ');
}

/** What the panel calls a mode. */
export const modeLabel = (mode: Mode): string => MODES.find(({ name }) => name === mode)!.label;

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
