import type { IExecuteFunctions } from 'n8n-workflow';

import { refusal } from '../kling/klingError';
import { isUnset, readNumber } from '../kling/values';

/** The options that every operation has, of one item, with their defaults filled in. */
export interface ItemOptions {
	maxAttempts: number;
	timeoutMs: number;
	checkInput: boolean;
	/** Whether result files are downloaded. */
	downloadResults: boolean;
	includeInputFields: boolean;
	rawResponse: boolean;
}

export const DEFAULT_MAX_ATTEMPTS = 5;
export const DEFAULT_TIMEOUT_S = 60;

const TEXTS: Readonly<Record<string, boolean>> = { true: true, false: false };

/** A day: longer waits make no sense, and overflow timers. */
const MOST = 86_400;

/** One option of an item, as it stands in the node or as its expression says. Null where it was not added. */
export function readOption(context: IExecuteFunctions, itemIndex: number, name: string): unknown {
	return context.getNodeParameter(`options.${name}`, itemIndex, null) as unknown;
}

/** All options that were added to the node, for one item. */
export function readOptionValues(context: IExecuteFunctions, itemIndex: number): Record<string, unknown> {
	return context.getNodeParameter('options', itemIndex, {}) as Record<string, unknown>;
}

/**
 * A number greater than zero, and at most the seconds of a day.
 * @param label the option's name on the screen, for the message
 * @throws KlingError where it is none
 */
export function positive(value: unknown, fallback: number, label: string): number {
	if (isUnset(value)) return fallback;
	const number = readNumber(value);
	const remedy = `Set ${label} to a number, or remove the option to use ${fallback}.`;
	if (number === null || number <= 0) throw refusal(`The option ${label} is not a positive number`, remedy);
	if (number > MOST) throw refusal(`The option ${label} is larger than ${MOST}`, remedy);
	return number;
}

/** The same, rounded down to a whole number of at least 1. @throws KlingError where it is none */
export function whole(value: unknown, fallback: number, label: string): number {
	return Math.max(1, Math.floor(positive(value, fallback, label)));
}

/**
 * A switch; an expression may give it as text.
 * @param label the option's name on the screen, for the message
 * @throws KlingError where the text is neither true nor false
 */
export function flag(value: unknown, fallback: boolean, label: string): boolean {
	if (isUnset(value)) return fallback;
	const known = typeof value === 'boolean' ? value : TEXTS[String(value).trim().toLowerCase()];
	if (known === undefined) {
		throw refusal(
			`The option ${label} is neither true nor false`,
			`Let its expression give true or false, or remove the option to use ${fallback}.`,
		);
	}
	return known;
}

/** The options that both nodes have, of one item. @throws KlingError where one makes no sense */
export function readShared(
	values: Record<string, unknown>,
): Pick<ItemOptions, 'timeoutMs' | 'checkInput' | 'includeInputFields' | 'rawResponse'> {
	return {
		timeoutMs: positive(values.timeout, DEFAULT_TIMEOUT_S, 'Timeout') * 1000,
		checkInput: flag(values.checkInput, true, 'Check Input Before Sending'),
		includeInputFields: flag(values.includeInputFields, false, 'Include Input Fields'),
		rawResponse: flag(values.rawResponse, false, 'Include Raw Response'),
	};
}
