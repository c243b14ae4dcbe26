import { readNumber, readObject, readText, type JsonObject } from '../values';
import { contentOf, levelsOf, type Level } from './levels';
import { saidIn, type SaidError } from './saidErrors';
import { SERVICE_CODES } from './serviceCodes';

/** What an answer says, in whichever form it says it. */
export interface Envelope {
	/** The service code; null where none came, or one that means success. */
	code: number | null;
	/** Whether there is an `error` that says something. */
	failed: boolean;
	/** A gateway's textual error code, or else its type; empty where there is none. */
	label: string;
	/** Whether the error's code or type calls the request invalid. */
	invalid: boolean;
	/** The provider's own words about a failure, the innermost ones; empty where there are none. */
	words: string;
	/** All codes in words and all words, uncut, for what has to be read of them; never to be shown. */
	said: string;
	/** What the words are known to mean, where no service code says more. */
	saidError: SaidError | null;
	requestId: string | null;
	/** The content, from however deep it stands, with what the call cost. */
	data: JsonObject | null;
}

/**
 * Reads an answer in Kling's envelope (`code`, `message`, `request_id`, `data`), in a gateway's (`error`), or in one within
 * the other: `data.data`, or an error as JSON in the text of a message. Sources: Kling's API reference, the gateways' error
 * guides, and answers that were seen.
 */
export function readEnvelope(json: JsonObject): Envelope {
	const walk = levelsOf(json);
	const levels = walk.map((level) => level.json);
	const numbers = levels.map(({ code }) => readNumber(code)).filter((code) => code !== null);
	const codes = numbers.filter((code) => !isSuccess(code));
	const known = codes.findLast((code) => code in SERVICE_CODES);
	const labels = levels.map(labelOf).filter((label) => label !== '');
	const words = levels.flatMap(wordsOf);
	const said = [...labels, ...words].join('\n');
	const saidError = known === undefined ? saidIn(said) : null;
	return {
		code: known ?? saidError?.serviceCode ?? codes[0] ?? null,
		failed: levels.some(({ error }) => saysSomething(error)),
		label: labels.at(-1) ?? '',
		invalid: levels.some(({ code, type }) => code === 'invalid_request' || type === 'invalid_request'),
		words: words.at(-1) ?? '',
		said,
		saidError,
		requestId: requestIdOf(levels),
		data: dataOf(walk),
	};
}

/** 0 and "SUCCEED" at Kling, 200 and "success" at gateways. */
export function isSuccess(value: unknown): boolean {
	const number = readNumber(value);
	return number === 0 || number === 200 || (typeof value === 'string' && /^(ok|succeed(ed)?|success)$/i.test(value.trim()));
}

function labelOf({ code, type }: JsonObject): string {
	return [code, type].map(readText).find((text) => text !== null && readNumber(text) === null && !isSuccess(text)) ?? '';
}

/** The words of a level about a failure; none where they only say that all is well. */
export function wordsOf({ error, message, msg }: JsonObject): string[] {
	return [error, msg, message].filter((text) => typeof text === 'string').filter((text) => text !== '' && !isSuccess(text));
}

/** An error of `{}`, or of code 0 and an empty message, is none. */
function saysSomething(error: unknown): boolean {
	if (Array.isArray(error)) return error.some(saysSomething);
	const fields = readObject(error);
	if (fields) return [fields.message, fields.code, fields.type].some(saysSomething);
	return Boolean(error) && !isSuccess(error);
}

/** Somewhere as a field, or in the words of a message, also in quotes. */
function requestIdOf(levels: JsonObject[]): string | null {
	const fields = levels.map((level) => readText(level.request_id));
	const words = levels.flatMap(wordsOf).map((text) => /request[ _-]?id[\s\\"']*[:=][\s\\"']*([\w.:-]{4,})/i.exec(text)?.[1]);
	return [...fields, ...words].find((id) => id !== null && id !== undefined) ?? null;
}

/** The content of `data`, `data.data` and so on in one. The deductions may stand beside it. */
function dataOf(walk: readonly Level[]): JsonObject | null {
	const [json, ...inner] = contentOf(walk);
	if (inner.length === 0) return null;
	const { final_unit_deduction, final_balance_deduction } = json!;
	const { data: _innermost, ...fields } = Object.assign(
		{ final_unit_deduction, final_balance_deduction },
		...inner,
	) as JsonObject;
	return fields;
}
