import { parse } from 'lossless-json';

import { readObject, type JsonObject } from './values';

/** Answers of Kling are six levels deep. */
const DEEPEST = 100;
/** An integer that JavaScript cannot hold has at least so many digits. */
const MANY_DIGITS = /\d{16}/;

/**
 * Reads JSON without losing a digit: an integer that JavaScript cannot hold, such as a long session id, becomes text.
 * @returns the object, or null where the text is no JSON, no object, or nested too deep
 */
export function parseObject(text: string): JsonObject | null {
	try {
		const json = readObject(MANY_DIGITS.test(text) ? parseLossless(text) : JSON.parse(text));
		return isDeeper(json, DEEPEST) ? null : json;
	} catch {
		return null;
	}
}

/** Takes many times as long as JavaScript's own. */
function parseLossless(text: string): unknown {
	return parse(text, undefined, { parseNumber: readDigits, onDuplicateKey: ({ newValue }) => newValue });
}

function readDigits(digits: string): number | string {
	const number = Number(digits);
	return /^-?\d+$/.test(digits) && !Number.isSafeInteger(number) ? digits : number;
}

/** Whether a value is nested deeper than `most` levels: neither n8n nor a copy of it would survive much of that. */
function isDeeper(value: unknown, most: number): boolean {
	if (typeof value !== 'object' || value === null) return false;
	return most === 0 || Object.values(value).some((item) => isDeeper(item, most - 1));
}
