import type { IBinaryData, IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { KIND_BYTES, mediaKindOfBytes, mediaKindOfType, type MediaKind } from '../kling/files/mediaKind';
import { refusal } from '../kling/klingError';
import { openFile } from './binary';
import type { Fields } from './fields';

/** Where n8n's workflow setting `binaryMode: "combined"` keeps the files of an item: in its JSON. Source: n8n-workflow, BINARY_IN_JSON_PROPERTY. */
const COMBINED = '_files';

/** A file, and the field of the item that it stands in; null where it is another item's. */
export interface ItemFile {
	field: string | null;
	file: IBinaryData;
}

interface OwnFile extends ItemFile {
	field: string;
}

/** How an operation asks for a file by the name of a field. */
export interface FileField {
	/** The parameter, and what it is called on the screen. */
	name: string;
	label: string;
	/** What the parameter holds when the node is new. */
	preset: string;
}

/** The files of an item by field, in its order, wherever n8n keeps them. */
export function filesOf({ binary, json }: Pick<INodeExecutionData, 'binary' | 'json'>): IBinaryKeyData {
	return { ...binary, ...combinedFiles(json) };
}

/** The JSON of an item without the files that n8n keeps in it. */
export function withoutFiles(json: IDataObject): IDataObject {
	if (Object.keys(combinedFiles(json)).length === 0) return json;
	const { [COMBINED]: _files, ...rest } = json;
	return rest;
}

function combinedFiles(json: IDataObject): IBinaryKeyData {
	const entries = Object.entries((json[COMBINED] as IDataObject | undefined) ?? {});
	return entries.every(([, value]) => isFile(value)) ? (Object.fromEntries(entries) as unknown as IBinaryKeyData) : {};
}

/** Told as n8n does it in `isBinaryValue`, which its versions before 1.118 do not have. */
function isFile(value: unknown): value is IBinaryData {
	return typeof value === 'object' && value !== null && 'mimeType' in value && ('data' in value || 'id' in value);
}

/**
 * The file that a field of the node names. It takes the name of a binary field or, as n8n's own nodes do, the file itself by expression.
 * Where the name is the one that a new node has, and the item has no such field but exactly one file that fits, it is that one.
 * @throws KlingError that lists the files that there are
 */
export async function namedFile(fields: Fields, field: FileField, kind: MediaKind): Promise<ItemFile> {
	const given = fields.value(field.name);
	const files = filesOf(fields.item);
	if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
		if ('mimeType' in given) return givenFile(fields, given as IBinaryData, field);
		const example = `{{ $binary.${Object.keys(files)[0] ?? field.preset} }}`;
		throw refusal(`${field.label} is an object, not a file or the name of one`, nameOne(files, field, `, as ${example}`));
	}
	const name =
		fields
			.text(field.name, field.label)
			.trim()
			.replace(/^_files\./, '') || field.preset;
	if (Object.hasOwn(files, name)) return { field: name, file: files[name]! };
	const fitting: OwnFile[] = [];
	if (name === field.preset) for await (const own of filesOfKind(fields, kind)) fitting.push(own);
	if (fitting.length === 1) return fitting[0]!;
	throw refusal(`The item has no file in the field "${name}"`, nameOne(files, field));
}

function nameOne(files: IBinaryKeyData, { label }: FileField, example = ''): string {
	return `${told(files)} Enter the name of one in ${label}, or give the file itself by an expression${example}.`;
}

/** The first file of an item that holds this, in the order of its fields. @param except fields that do not count */
export async function firstFile(fields: Fields, kind: MediaKind, except: readonly string[]): Promise<ItemFile | null> {
	for await (const own of filesOfKind(fields, kind)) if (!except.includes(own.field)) return own;
	return null;
}

/** The files of an item in words. */
export function told(files: IBinaryKeyData): string {
	const names = Object.entries(files).map(([field, { fileName }]) => (fileName ? `${field} (${fileName})` : field));
	return names.length === 0 ? 'The item has no files.' : `The files of the item: ${names.join(', ')}.`;
}

/** `$binary.data` gives what n8n knows of a file of this item, but not where its content is: it is found again by that. */
function givenFile(fields: Fields, given: IBinaryData, { label }: FileField): ItemFile {
	const [own, other] = Object.entries(filesOf(fields.item)).filter(([, file]) => isSame(file, given));
	if (isFile(given)) return { field: own?.[0] ?? null, file: given };
	if (own && !other) return { field: own[0], file: own[1] };
	throw refusal(
		`The expression of ${label} gives a file without its content`,
		`Write it as {{ $('Node name').item.binary.data }}, or enter the name of a field.`,
	);
}

function isSame(file: IBinaryData, given: IBinaryData): boolean {
	const facts = ({ data: _content, ...known }: IBinaryData) => JSON.stringify(Object.entries(known).sort());
	return facts(file) === facts(given);
}

/** The files of an item that hold this, each looked at when it is asked for: a later one may be broken. */
async function* filesOfKind({ context, item }: Fields, kind: MediaKind): AsyncGenerator<OwnFile> {
	for (const [field, file] of Object.entries(filesOf(item))) {
		const told = mediaKindOfType(file.mimeType ?? '');
		const found = told === undefined ? mediaKindOfBytes(await (await openFile(context, file)).head(KIND_BYTES)) : told;
		if (found === kind) yield { field, file };
	}
}
