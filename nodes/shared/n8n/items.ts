import type { IBinaryKeyData, IDataObject, INodeExecutionData, NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { KlingError } from '../kling/klingError';
import type { Emission } from '../../KlingRecognition/operations/operation';
import type { Downloaded } from './downloads';
import type { ItemOptions } from './settings';

/** An item to emit with its downloaded files. */
export interface Emitted extends Emission {
	downloaded: Downloaded | null;
	raw: IDataObject;
	options: ItemOptions;
}

/** The output item for a result; the input's binary data goes along by reference. */
export function resultItem(emitted: Emitted, input: INodeExecutionData, itemIndex: number): INodeExecutionData {
	const { json, raw, downloaded, options } = emitted;
	const errors = downloaded?.errors ?? {};
	return {
		json: {
			...(options.includeInputFields ? input.json : {}),
			...structuredClone(json),
			...(options.rawResponse ? { raw: structuredClone(raw) } : {}),
			...(Object.keys(errors).length > 0 ? { downloadErrors: errors } : {}),
		},
		...binaryOf({ ...input.binary, ...downloaded?.binary }),
		pairedItem: { item: itemIndex },
	};
}

/**
 * The output item for a failure.
 * @param error set on the item where n8n sorts it to its error output; not enumerable, because n8n would replace the JSON
 */
export function failureItem(
	failure: KlingError,
	input: INodeExecutionData,
	itemIndex: number,
	error: NodeApiError | NodeOperationError | null,
): INodeExecutionData {
	const item: INodeExecutionData = {
		json: { error: failure.message, details: { ...failure.details } },
		...binaryOf({ ...input.binary }),
		pairedItem: { item: itemIndex },
	};
	return error === null ? item : Object.defineProperty(item, 'error', { value: error, enumerable: false });
}

function binaryOf(binary: IBinaryKeyData): { binary?: IBinaryKeyData } {
	return Object.keys(binary).length > 0 ? { binary } : {};
}
