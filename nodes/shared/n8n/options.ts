import { flag, positive } from '../kling/fields';
import type { Fields } from './fields';

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

/** How long an account, or a server of files, may take nothing of ours before what waits for it is given up. In milliseconds. */
export const PATIENCE_MS = 60_000;

export const DEFAULT_MAX_ATTEMPTS = 5;
export const DEFAULT_TIMEOUT_S = 60;

/** All options that were added to the node, for one item. */
export function readOptionValues(fields: Fields): Record<string, unknown> {
	return (fields.value('options') ?? {}) as Record<string, unknown>;
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
