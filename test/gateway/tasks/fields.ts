import { refuse } from '../answers';
import { LongText } from '../body';

/** A JSON body, or an object in it. */
export type Fields = Record<string, unknown>;

/** Whether a field has a value; '' counts as none. */
export const isFilled = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

/** A text of at most so many characters; '' where there is none. @throws Refusal */
export function text(fields: Fields, name: string, most = 500): string {
	const given = fields[name];
	if (!isFilled(given)) return '';
	const value = given instanceof LongText ? given.bytes.toString('utf8') : given;
	if (typeof value !== 'string') refuse(`${name} must be a string`);
	if (value.length > most) refuse(`${name} cannot exceed ${most} characters`);
	return value;
}

/** One of these words, or `usual` where there is none. @throws Refusal */
export function word<T extends string>(fields: Fields, name: string, words: readonly T[], usual: T): T {
	const value = text(fields, name) || usual;
	const found = words.find((one) => one === value);
	return found ?? refuse(`${name} value '${value}' is invalid, expected one of ${words.join(', ')}`);
}

/** Checks a number, where there is one. @throws Refusal */
export function checkNumber(fields: Fields, name: string, least: number, most: number): void {
	const value = fields[name];
	if (value === undefined || value === null) return;
	if (typeof value !== 'number' || !(value >= least && value <= most))
		refuse(`${name} must be a number from ${least} to ${most}`);
}

/** Checks that there are no other fields than these. @throws Refusal */
export function only(fields: Fields, names: readonly string[], where = ''): void {
	const unknown = Object.keys(fields).find((name) => !names.includes(name));
	if (unknown !== undefined) refuse(`${where}${unknown} is not a parameter`);
}

/** An object, empty where there is none. @throws Refusal */
export function object(fields: Fields, name: string): Fields {
	const value = fields[name] ?? {};
	if (typeof value !== 'object' || Array.isArray(value)) refuse(`${name} must be an object`);
	return value as Fields;
}

/** A switch; `usual` where there is none. @throws Refusal */
export function checkBoolean(fields: Fields, name: string): void {
	const value = fields[name];
	if (value !== undefined && typeof value !== 'boolean') refuse(`${name} must be a boolean`);
}
