/**
 * Readers for what people fill into the fields of a node, as a value or by an expression. Each refuses by the field's name on the
 * screen what it cannot read: nothing is turned into a text that nobody wrote.
 */

import { refusal } from './klingError';
import { isUnset, readNumber } from './values';

/** A day in seconds: longer waits make no sense, and overflow timers. */
const MOST_SECONDS = 86_400;

const SWITCHES: ReadonlyMap<string, boolean> = new Map([
	['true', true],
	['false', false],
]);

/**
 * Reads a text.
 * @param label the field, as the node shows it
 * @returns the text as it is; a number as text; empty where the field is not set
 * @throws KlingError for an object, several values, true or false, what is no number, and a whole number that JavaScript cannot hold
 */
export function textOf(value: unknown, label: string): string {
	const one = oneOf(value, label);
	if (isUnset(one)) return '';
	if (typeof one === 'string') return one;
	if (typeof one !== 'number' || !Number.isFinite(one)) {
		throw refusal(
			`${label} is ${kindOf(one)}, not a text`,
			`Let the expression of ${label} give one text, for example a field of what it gives now.`,
		);
	}
	if (Number.isInteger(one) && !Number.isSafeInteger(one)) {
		throw refusal(
			`${label} is the number ${one}, which has lost its last digits`,
			`Give ${label} as text: a number with more than 15 digits does not keep all of them.`,
		);
	}
	return String(one);
}

/** Reads a text that has to be there, without the space around it. @throws KlingError where it is empty, or as `textOf` */
export function requiredText(value: unknown, label: string, remedy: string): string {
	const text = textOf(value, label).trim();
	if (text === '') throw refusal(`${label} is empty`, remedy);
	return text;
}

/**
 * Reads a number within a range.
 * @param range the same in words
 * @returns null where it was not set
 * @throws KlingError where it is none, or out of range
 */
export function numberIn(
	value: unknown,
	label: string,
	[least, most]: readonly [least: number, most: number],
	range = `from ${least} to ${most}`,
): number | null {
	if (isUnset(value)) return null;
	const number = readNumber(value);
	if (number === null || number < least || number > most) {
		throw refusal(`${label} is ${shown(value)}, it must be a number ${range}`, `Set ${label} anew, or remove it.`);
	}
	return number;
}

/**
 * A number greater than zero, and at most the seconds of a day.
 * @throws KlingError where it is none
 */
export function positive(value: unknown, fallback: number, label: string): number {
	if (isUnset(value)) return fallback;
	const number = readNumber(value);
	const remedy = `Set ${label} to a number, or remove the option to use ${fallback}.`;
	if (number === null || number <= 0) throw refusal(`The option ${label} is not a positive number`, remedy);
	if (number > MOST_SECONDS) throw refusal(`The option ${label} is larger than ${MOST_SECONDS}`, remedy);
	return number;
}

/** The same, rounded down to a whole number of at least 1. @throws KlingError where it is none */
export function whole(value: unknown, fallback: number, label: string): number {
	return Math.max(1, Math.floor(positive(value, fallback, label)));
}

/** A switch; an expression may give it as text. @throws KlingError where it is neither true nor false */
export function flag(value: unknown, fallback: boolean, label: string): boolean {
	return readSwitch(value, label, `remove the option to use ${fallback}`) ?? fallback;
}

/** The same, for what is sent only where it was set. @returns null where it was not set */
export function optionalFlag(value: unknown, label: string): boolean | null {
	return readSwitch(value, label, 'remove the option');
}

function readSwitch(value: unknown, label: string, otherwise: string): boolean | null {
	if (isUnset(value)) return null;
	const known = typeof value === 'string' ? SWITCHES.get(value.trim().toLowerCase()) : value;
	if (typeof known !== 'boolean') {
		throw refusal(`The option ${label} is neither true nor false`, `Let its expression give true or false, or ${otherwise}.`);
	}
	return known;
}

/** Reads one of several values, in upper or lower case; null where it was not set. @throws KlingError where it is none of them */
export function choice<Value extends string>(
	value: unknown,
	label: string,
	values: readonly Value[],
	remedy = `Set ${label} anew.`,
): Value | null {
	const text = textOf(value, label).trim().toLowerCase();
	if (text === '') return null;
	const known = values.find((candidate) => candidate.toLowerCase() === text);
	if (known === undefined) {
		throw refusal(`${label} is ${shown(value)}, it must be one of ${values.join(', ')}`, remedy);
	}
	return known;
}

/** A list of one value is that value. @throws KlingError for a longer one */
function oneOf(value: unknown, label: string): unknown {
	if (!Array.isArray(value)) return value;
	if (value.length > 1) {
		throw refusal(
			`${label} is a list of ${value.length} values, it takes one`,
			'Let the expression give one value. A Split Out node before this one makes an item of each.',
		);
	}
	return value[0] as unknown;
}

function kindOf(value: unknown): string {
	if (typeof value !== 'object') return String(value);
	return Array.isArray(value) ? 'a list' : 'an object';
}

function shown(value: unknown): string {
	if (typeof value === 'object') return kindOf(value);
	const text = String(value).slice(0, 40);
	return typeof value === 'string' ? `"${text}"` : text;
}
