import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { refusal } from '../../shared/kling/klingError';
import type { GenerationItem } from '../options';

/** What an error item of n8n has at most, where it is none of these nodes. Source: n8n-core, `handleNodeErrorOutput`. */
const OF_ERROR_ITEMS = ['error', 'message', 'details'];

/**
 * Refuses an item that failed before. n8n sends such items on with all others where a node continues on its regular output, and the
 * input's files with them.
 * @throws KlingError, with which nothing was sent; not where Check Input Before Sending is off
 */
export function refuseFailed({ fields, options }: GenerationItem): void {
	const failure = options.checkInput ? failureOf(fields.item) : null;
	if (failure === null) return;
	throw refusal(
		`The item failed in a node before this one: ${failure}`,
		'Connect the output of the items that succeeded, or filter this one out.',
	);
}

/**
 * Refuses an item of which Kling Recognition has said that it does not show what is needed: a deactivated node, or an output that was
 * connected by mistake, lets it through.
 * @param needs the flags of Recognize Image, and what is wrong where one is false
 * @throws KlingError, with which nothing was sent; not where Check Input Before Sending is off
 */
export function refuseUnfit({ fields, options }: GenerationItem, needs: Readonly<Record<string, string>>): void {
	if (!options.checkInput) return;
	const { json } = fields.item;
	const [flag, message] = Object.entries(needs).find(([name]) => json[name] === false) ?? [];
	if (flag === undefined) return;
	throw refusal(
		message!,
		`Kling Recognition gave ${flag} as false. Connect its output Match, or switch Check Input Before Sending off to make it all the same.`,
	);
}

function failureOf({ json, error }: INodeExecutionData): string | null {
	if (error) return error.message;
	const { error: message, details } = json;
	if (typeof message !== 'string' || message === '') return null;
	const isOurs = typeof (details as IDataObject | undefined)?.attempts === 'number';
	return isOurs || Object.keys(json).every((name) => OF_ERROR_ITEMS.includes(name)) ? message : null;
}
