import type { IBinaryKeyData, IDataObject, INodeExecutionData, NodeApiError, NodeOperationError } from 'n8n-workflow';

import type { KlingError } from '../kling/klingError';
import type { Downloaded } from './downloads';
import { filesOf, withoutFiles } from './files';
import type { Emission, NodeKind } from './operation';
import type { ItemOptions } from './options';

/** An item to emit with its downloaded files. */
export interface Emitted extends Omit<Emission, 'raw'> {
	downloaded: Downloaded | null;
	/** The answer, where it is wanted. */
	raw: IDataObject | null;
	options: ItemOptions;
}

/** The output item for a result; the input's files go along by reference. */
export function resultItem(
	emitted: Emitted,
	input: INodeExecutionData,
	itemIndex: number,
	filesStand: NodeKind['filesStand'],
): INodeExecutionData {
	const { sources, json, raw, downloaded, options } = emitted;
	const errors = downloaded?.errors ?? {};
	const own = {
		...structuredClone(json),
		...(raw === null ? {} : { raw }),
		...(Object.keys(errors).length > 0 ? { downloadErrors: errors } : {}),
	};
	return {
		json: options.includeInputFields ? withInput(own, sources, input.json) : own,
		...binaryOf(withFiles(filesOf(input), downloaded?.binary ?? {}, filesStand)),
		pairedItem: { item: itemIndex },
	};
}

/**
 * The result's fields, and behind them those of the input. The result's win, but for a source that says nothing where the input has a
 * field of that name. A field `error` does not go along: n8n takes it for a failure, and runs the node again.
 */
function withInput(own: IDataObject, sources: readonly string[], input: IDataObject): IDataObject {
	const { error: _error, ...fields } = withoutFiles(input);
	const isKept = (name: string) => !Object.hasOwn(own, name) || (own[name] === null && sources.includes(name));
	return { ...own, ...Object.fromEntries(Object.entries(fields).filter(([name]) => isKept(name))) };
}

/** The input's files, and those that were downloaded: where a name is taken, the new file gets the next free number. */
function withFiles(input: IBinaryKeyData, downloaded: IBinaryKeyData, stand: NodeKind['filesStand']): IBinaryKeyData {
	const added: IBinaryKeyData = {};
	for (const [name, file] of Object.entries(downloaded)) {
		let free = name;
		for (let number = 1; Object.hasOwn(input, free); number += 1) free = `${name}_${number}`;
		added[free] = file;
	}
	return stand === 'first' ? { ...added, ...input } : { ...input, ...added };
}

/** What is told of a failure. */
export interface Told {
	failure: KlingError;
	/** What tells of the item's input. */
	input: IDataObject;
	/** Null where they could not be read. */
	options: ItemOptions | null;
	/**
	 * Set on the item where n8n sorts it to its error output; not enumerable, because n8n would replace the JSON, and writable, because n8n
	 * up to 1.120 takes it off again.
	 */
	error: NodeApiError | NodeOperationError | null;
	/** Whether n8n can look up the item that it comes from. */
	isPaired: boolean;
}

/** The output item for a failure. */
export function failureItem(
	{ failure, input: told, options, error, isPaired }: Told,
	input: INodeExecutionData,
	itemIndex: number,
): INodeExecutionData {
	const isWanted = options?.rawResponse === true || failure.handling.showsRaw;
	const raw = isWanted && failure.raw !== undefined ? { raw: failure.raw as IDataObject } : {};
	const item: INodeExecutionData = {
		json: { error: failure.message, details: { input: told, ...failure.details, ...raw } },
		...binaryOf(filesOf(input)),
		pairedItem: isPaired ? { item: itemIndex } : itemIndex,
	};
	if (error === null) return item;
	const sorted = Object.defineProperty(item, 'error', { value: error, enumerable: false, writable: true });
	return isPaired ? sorted : keepingDetails(sorted);
}

/**
 * An item whose details stay. n8n copies an item that it can pair, and loses its typed error on the way; one that it cannot pair it leaves
 * as it is, and then replaces the JSON by the message of that error alone. Source: n8n-core, `normalizeNodeErrors`, 1.120 to 2.41.
 */
function keepingDetails(item: INodeExecutionData): INodeExecutionData {
	let { json } = item;
	const { details } = json;
	return Object.defineProperty(item, 'json', {
		enumerable: true,
		configurable: true,
		get: () => json,
		set: (given: IDataObject) => {
			json = { ...given, details };
		},
	});
}

function binaryOf(binary: IBinaryKeyData): { binary?: IBinaryKeyData } {
	return Object.keys(binary).length > 0 ? { binary } : {};
}
