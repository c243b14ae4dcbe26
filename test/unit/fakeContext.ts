import { Readable } from 'node:stream';

import type { IDataObject, IExecuteFunctions, INode, INodeExecutionData, NodeExecutionHint } from 'n8n-workflow';

import { Fields } from '../../nodes/shared/n8n/fields';

/** What n8n says to a node, as far as these tests need it. */
export interface Told {
	/** By name; a function is an expression, and asked each time that n8n evaluates it. */
	parameters?: Record<string, unknown>;
	items?: Array<Partial<INodeExecutionData>>;
	node?: Partial<INode>;
	/** Stored files by id, as in n8n's binary mode `filesystem`. */
	stored?: Record<string, Buffer>;
	/** Whether the store tells their sizes; it does unless told otherwise. */
	tellsSizes?: boolean;
}

/** A context of n8n, and what was done with it. */
export interface FakeContext {
	context: IExecuteFunctions;
	/** The names of the parameters that were evaluated, in order. */
	evaluated: string[];
	/** What n8n was asked to extract a value from. */
	extracted: string[];
	hints: NodeExecutionHint[];
	/** The ids of the stored files that were read. */
	read: string[];
}

/** Makes a context of n8n. */
export function fakeContext({ parameters = {}, items = [{}], node = {}, stored = {}, tellsSizes = true }: Told): FakeContext {
	const fake: Omit<FakeContext, 'context'> = { evaluated: [], extracted: [], hints: [], read: [] };
	const context = {
		getInputData: () => items.map((item) => ({ json: {}, ...item })),
		getNode: () => ({ name: 'Kling', type: 'klingGeneration', parameters: {}, ...node }),
		getNodeParameter: (name: string, _index: number, fallback: unknown, options: { extractValue?: boolean } = {}) => {
			fake.evaluated.push(name);
			if (options.extractValue) fake.extracted.push(name);
			const value = name in parameters ? parameters[name] : fallback;
			return typeof value === 'function' ? (value as () => unknown)() : value;
		},
		addExecutionHints: (...hints: NodeExecutionHint[]) => fake.hints.push(...hints),
		helpers: {
			getBinaryMetadata: async (id: string) => {
				if (!stored[id]) throw new Error(`There is no file ${id}`);
				return tellsSizes ? { fileSize: stored[id].length } : {};
			},
			getBinaryStream: async (id: string) => {
				fake.read.push(id);
				return Readable.from([stored[id]!]);
			},
		},
	} as unknown as IExecuteFunctions;
	return { context, ...fake };
}

/** The fields of the first item. */
export function fieldsOf(told: Told): Fields {
	return new Fields(fakeContext(told).context, 0);
}

/** A file as n8n keeps it in memory. */
export function fileOf(
	mimeType: string,
	content: Buffer | string = '',
	fileName?: string,
): IDataObject & { mimeType: string; data: string } {
	const data = Buffer.from(content as string, 'latin1').toString('base64');
	return { mimeType, data, ...(fileName === undefined ? {} : { fileName }) };
}
