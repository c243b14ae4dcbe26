import type { IExecuteFunctions } from 'n8n-workflow';

import { refusal } from '../kling/klingError';
import { readNumber } from '../kling/values';

/** The options of one item, with their defaults filled in. */
export interface ItemOptions {
	maxConcurrency: number;
	maxAttempts: number;
	timeoutMs: number;
	deduplicate: boolean;
	checkInput: boolean;
	downloadImageFirst: boolean;
	downloadResults: boolean;
	detectedOnly: boolean;
	includeInputFields: boolean;
	rawResponse: boolean;
}

export const DEFAULT_MAX_CONCURRENCY = 10;
export const DEFAULT_MAX_ATTEMPTS = 5;
export const DEFAULT_TIMEOUT_S = 60;

/** Reads the options of an item. @throws KlingError where a number makes no sense */
export function readOptions(context: IExecuteFunctions, itemIndex: number): ItemOptions {
	const options = context.getNodeParameter('options', itemIndex, {}) as Record<string, unknown>;
	return {
		maxConcurrency: whole(options.maxConcurrency, DEFAULT_MAX_CONCURRENCY, 'Max Concurrent Requests'),
		maxAttempts: whole(options.maxAttempts, DEFAULT_MAX_ATTEMPTS, 'Max Attempts'),
		timeoutMs: positive(options.timeout, DEFAULT_TIMEOUT_S, 'Timeout') * 1000,
		deduplicate: options.deduplicate !== false,
		checkInput: options.checkInput !== false,
		downloadImageFirst: options.downloadImageFirst === true,
		downloadResults: options.downloadResults === true,
		detectedOnly: options.detectedOnly === true,
		includeInputFields: options.includeInputFields === true,
		rawResponse: options.rawResponse === true,
	};
}

function positive(value: unknown, fallback: number, label: string): number {
	if (value === undefined || value === null || value === '') return fallback;
	const number = readNumber(value);
	// A day: longer waits make no sense, and overflow timers.
	if (number === null || number <= 0 || number > 86_400) {
		throw refusal(
			`The option ${label} is not a positive number`,
			`Set ${label} to a number, or remove the option to use ${fallback}.`,
		);
	}
	return number;
}

function whole(value: unknown, fallback: number, label: string): number {
	return Math.max(1, Math.floor(positive(value, fallback, label)));
}
