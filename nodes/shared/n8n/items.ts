import type { IBinaryKeyData, IDataObject, INodeExecutionData, NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { KlingError } from '../kling/klingError';
import type { Downloaded } from './downloads';
import type { Emission } from './operation';
import type { ItemOptions } from './options';

/** An item to emit with its downloaded files. */
export interface Emitted extends Emission {
	downloaded: Downloaded | null;
	/** The answer, where it is wanted. */
	raw: IDataObject | null;
	options: ItemOptions;
}

/** The output item for a result; the input's binary data goes along by reference. */
export function resultItem(emitted: Emitted, input: INodeExecutionData, itemIndex: number): INodeExecutionData {
	const { source, json, raw, downloaded, options } = emitted;
	const errors = downloaded?.errors ?? {};
	return {
		json: {
			...(options.includeInputFields ? withInput(source, input.json) : source),
			...structuredClone(json),
			...(raw === null ? {} : { raw }),
			...(Object.keys(errors).length > 0 ? { downloadErrors: errors } : {}),
		},
		...binaryOf(withFiles(input.binary, downloaded?.binary)),
		pairedItem: { item: itemIndex },
	};
}

/** The source's fields win, but for those that say nothing where the input has one of that name. */
function withInput(source: IDataObject, input: IDataObject): IDataObject {
	const told = Object.entries(source).filter(([name, value]) => value !== null || !Object.hasOwn(input, name));
	return { ...input, ...Object.fromEntries(told) };
}

/** The input's files, and those that were downloaded: where a name is taken, the new file gets the next free number. */
function withFiles(input: IBinaryKeyData = {}, downloaded: IBinaryKeyData = {}): IBinaryKeyData {
	const files = { ...input };
	for (const [name, file] of Object.entries(downloaded)) {
		let free = name;
		for (let number = 1; Object.hasOwn(files, free); number += 1) free = `${name}_${number}`;
		files[free] = file;
	}
	return files;
}

/**
 * The output item for a failure.
 * @param options null where they could not be read
 * @param error set on the item where n8n sorts it to its error output; not enumerable, because n8n would replace the JSON,
 * and writable, because n8n up to 1.120 takes it off again
 */
export function failureItem(
	failure: KlingError,
	input: INodeExecutionData,
	itemIndex: number,
	options: ItemOptions | null,
	error: NodeApiError | NodeOperationError | null,
): INodeExecutionData {
	const raw = options?.rawResponse && failure.raw !== undefined ? { raw: failure.raw as IDataObject } : {};
	const item: INodeExecutionData = {
		json: { error: failure.message, details: { ...failure.details, ...raw } },
		...binaryOf({ ...input.binary }),
		pairedItem: { item: itemIndex },
	};
	return error === null ? item : Object.defineProperty(item, 'error', { value: error, enumerable: false, writable: true });
}

function binaryOf(binary: IBinaryKeyData): { binary?: IBinaryKeyData } {
	return Object.keys(binary).length > 0 ? { binary } : {};
}
