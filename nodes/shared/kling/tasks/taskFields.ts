import { numberIn, textOf } from '../fields';
import { refusal } from '../klingError';

/** The longest prompt of an avatar, and the longest negative one, in characters. Source: Kling's API reference, the pages of Image to Video and Avatar. */
const LONGEST_PROMPT = 2500;

/**
 * Reads a prompt.
 * @param label the parameter, as the node shows it
 * @param most characters
 * @returns the text as it is, or null where it is empty
 * @throws KlingError where it is no text, or too long
 */
export function readPrompt(value: unknown, label: string, most = LONGEST_PROMPT): string | null {
	const text = textOf(value, label);
	if (text.trim() === '') return null;
	const characters = [...text].length;
	if (characters > most) throw refusal(`${label} is too long: ${characters} characters, at most ${most}`, `Shorten ${label}.`);
	return text;
}

/** Reads a volume: 0 to 2, where 1 is as it was. Source: Kling's API reference, "Lip-Sync". @throws KlingError as `numberIn` */
export function readVolume(value: unknown, label: string): number | null {
	return numberIn(value, label, [0, 2]);
}

/** Reads how closely the prompt is followed: 0 to 1. Source: Kling's API reference, "Image to Video". @throws KlingError as `numberIn` */
export function readCfgScale(value: unknown): number | null {
	return numberIn(value, 'CFG Scale', [0, 1]);
}

/** The duration of a video where none is set, in seconds. */
export const DEFAULT_DURATION = 5;

/** Reads a duration in whole seconds. @throws KlingError where it is no such number */
export function readDuration(value: unknown): number {
	const seconds = numberIn(value, 'Duration', [1, 60]) ?? DEFAULT_DURATION;
	if (!Number.isInteger(seconds)) throw refusal(`Duration is ${seconds}, it must be whole seconds`, 'Set Duration anew.');
	return seconds;
}

/** Reads a time in milliseconds, not negative; null where it was not set. @throws KlingError where it is no such number */
export function readMilliseconds(value: unknown, label: string): number | null {
	return numberIn(value, label, [0, Infinity], 'of milliseconds');
}
