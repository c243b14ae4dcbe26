import { refusal } from '../klingError';
import { isUnset, readNumber } from '../values';

/** The longest prompt, in characters. Source: Kling's API reference, the pages of Image to Video and Avatar. */
const LONGEST_PROMPT = 2500;

/**
 * Reads a prompt.
 * @param label the parameter, as the node shows it
 * @returns the text as it is, or null where it is empty
 * @throws KlingError where it is too long
 */
export function readPrompt(value: unknown, label: string): string | null {
	const text = isUnset(value) ? '' : String(value);
	if (text.trim() === '') return null;
	const characters = [...text].length;
	if (characters > LONGEST_PROMPT) {
		throw refusal(`${label} is too long: ${characters} characters, at most ${LONGEST_PROMPT}`, `Shorten ${label}.`);
	}
	return text;
}

/**
 * Reads a number within a range.
 * @returns the number, or null where it was not set
 * @throws KlingError where it is none, or out of range
 */
function readInRange(value: unknown, label: string, least: number, most: number): number | null {
	if (isUnset(value)) return null;
	const number = readNumber(value);
	if (number === null || number < least || number > most) {
		throw refusal(
			`${label} is ${shown(value)}, it must be a number from ${least} to ${most}`,
			`Set ${label} anew, or remove it.`,
		);
	}
	return number;
}

/** Reads a volume: 0 to 2, where 1 is as it was. Source: Kling's API reference, "Lip-Sync". @throws KlingError as `readInRange` */
export function readVolume(value: unknown, label: string): number | null {
	return readInRange(value, label, 0, 2);
}

/** Reads how closely the prompt is followed: 0 to 1. Source: Kling's API reference, "Image to Video". @throws KlingError as `readInRange` */
export function readCfgScale(value: unknown): number | null {
	return readInRange(value, 'CFG Scale', 0, 1);
}

/** Reads a duration in whole seconds; null where it was not set. @throws KlingError where it is no such number */
export function readDuration(value: unknown): number | null {
	const seconds = readInRange(value, 'Duration', 1, 60);
	if (seconds !== null && !Number.isInteger(seconds)) {
		throw refusal(`Duration is ${seconds}, it must be whole seconds`, 'Set Duration anew, or leave it empty.');
	}
	return seconds;
}

/** Reads one of several values; null where it was not set. @throws KlingError where it is none of them */
export function readOneOf(value: unknown, label: string, values: readonly string[]): string | null {
	if (isUnset(value)) return null;
	const text = String(value).trim().toLowerCase();
	if (!values.includes(text)) {
		throw refusal(`${label} is ${shown(value)}, it must be one of ${values.join(', ')}`, `Set ${label} anew.`);
	}
	return text;
}

/** Reads a time in milliseconds, not negative; null where it was not set. @throws KlingError where it is no such number */
export function readMilliseconds(value: unknown, label: string): number | null {
	if (isUnset(value)) return null;
	const number = readNumber(value);
	if (number === null || number < 0) {
		throw refusal(`${label} is ${shown(value)}, it must be a number of milliseconds`, `Set ${label} anew, or remove it.`);
	}
	return number;
}

/** Reads an id or name that has to be there. @throws KlingError where it is empty */
export function readRequired(value: unknown, label: string, remedy: string): string {
	const text = isUnset(value) ? '' : String(value).trim();
	if (text === '') throw refusal(`${label} is empty`, remedy);
	return text;
}

function shown(value: unknown): string {
	const text = String(value).slice(0, 40);
	return typeof value === 'string' ? `"${text}"` : text;
}
