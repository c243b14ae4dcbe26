/** Readers for values that providers send in more than one form. Each gives null for what it cannot read. */

export type JsonObject = Record<string, unknown>;

/** Whether a field was left empty. */
export function isUnset(value: unknown): boolean {
	return value === undefined || value === null || value === '';
}

/** An object that is no array, or null. */
export function readObject(value: unknown): JsonObject | null {
	return typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject | null) : null;
}

/** A number, also where it came as text. */
export function readNumber(value: unknown): number | null {
	if (typeof value === 'number') return Number.isFinite(value) ? value : null;
	if (typeof value !== 'string' || value.trim() === '') return null;
	const number = Number(value);
	return Number.isFinite(number) ? number : null;
}

/** A text that is not empty, also where it came as a number. */
export function readText(value: unknown): string | null {
	if (Number.isFinite(value)) return String(value);
	return typeof value === 'string' && value !== '' ? value : null;
}

/** A URL, read once; relative ones with what they are relative to. */
export function readUrl(text: string, base?: string): URL | null {
	try {
		return new URL(text, base);
	} catch {
		return null;
	}
}

/** A truth value, also where it came as 0, 1 or text. */
export function readBoolean(value: unknown): boolean | null {
	if (typeof value === 'boolean') return value;
	const text = readText(value)?.trim().toLowerCase();
	if (text === 'true' || text === '1') return true;
	return text === 'false' || text === '0' ? false : null;
}
