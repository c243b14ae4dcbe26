import type { IDataObject } from 'n8n-workflow';

import type { Finding } from './nodeRun';

/** Prints a text. @returns true, as the result of what only tells something */
export function say(text: string): true {
	console.log(text);
	return true;
}

/** A number with its noun, as in `2 images`. */
export function count(number: number, word: string): string {
	return `${number} ${word}${number === 1 ? '' : 's'}`;
}

/** How many images and videos were looked at, and how long that took. */
export function sumUp(images: Finding[], videos: Finding[], ms: number): string {
	const counted = [images.length > 0 && count(images.length, 'image'), videos.length > 0 && count(videos.length, 'video')];
	return `${counted.filter(Boolean).join(' and ')} in ${secondsOf(ms)}.`;
}

/** Milliseconds as seconds. */
export const secondsOf = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** What a provider says that calls cost: units, else the account's money; nothing where it says neither. */
export function costOf(results: ReadonlyArray<IDataObject | null>): string {
	const units = sum(results.map((json) => json?.unitsDeducted));
	if (units !== null) return count(units, 'unit');
	const balance = sum(results.map((json) => json?.balanceDeducted));
	return balance === null ? '' : `${balance} of the balance`;
}

/** The sum of what is a number; null where nothing is. */
function sum(values: unknown[]): number | null {
	const numbers = values.filter((value) => typeof value === 'number');
	return numbers.length === 0 ? null : Number(numbers.reduce((total, value) => total + value, 0).toFixed(4));
}
