import type { IBinaryData, IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { choice, requiredText, textOf } from '../kling/fields';
import { refusal } from '../kling/klingError';
import { readMediaUrl } from '../kling/files/mediaUrl';
import type { MediaKind } from '../kling/files/mediaKind';
import { withoutSecrets } from '../kling/answers/quote';
import { secretIn, secretVideo } from '../kling/files/secretUrls';
import type { Fields } from './fields';
import { filesOf, firstFile, namedFile, told, type FileField, type ItemFile } from './files';

interface NamedField {
	/** The parameter, and what it is called on the screen. */
	name: string;
	label: string;
}

/** How an operation asks for an image, audio or a video: by which parameters, and what `auto` takes from the item. */
export interface Source {
	kind: MediaKind;
	/** The parameter that says where it comes from. */
	choice: NamedField;
	url: NamedField;
	file?: FileField;
	base64?: NamedField;
	/** One that Kling made, by its id. */
	id?: NamedField & { choice: string; remedy: string };
	/** What `auto` looks for in the item, the first that is there. */
	auto: ReadonlyArray<'id' | 'file' | 'url'>;
	/** Whether a file can be sent at all; absent: each can. One that cannot gives way in `auto` to the URL behind it. */
	canSend?(context: IExecuteFunctions, file: IBinaryData): boolean;
	/** What the JSON of an item calls them. */
	item: { url: string; id?: string };
	/** Names of the fields that tell of it in `details.input`. */
	told: { url: string; id?: string; field: string; fileName: string };
}

/** Bytes that are at hand. */
export type AtHand = { base64: string } | ItemFile;

/** Where something comes from, as it is asked for. */
type Located = { url: string } | { id: string } | AtHand;

/** Where something comes from. A URL that carries a secret is for this node alone: no provider and no result learns it. */
export type Found = Located | { secretUrl: string };

/**
 * Finds what an item is to send.
 * @param except fields of files that `auto` does not take
 * @throws KlingError where there is nothing, or no URL, or a video's URL carries a secret
 */
export async function find(fields: Fields, source: Source, except: readonly string[] = []): Promise<Found> {
	const found = await locate(fields, source, except);
	if (!('url' in found)) return found;
	const url = readMediaUrl(found.url, source.kind);
	const secret = secretIn(url);
	if (secret === null) return { url };
	if (source.kind === 'video') throw secretVideo(secret);
	return { secretUrl: url };
}

async function locate(fields: Fields, source: Source, except: readonly string[]): Promise<Located> {
	const { kind, choice: by, url, file, base64, id } = source;
	const remedy = `Choose ${by.label} in the node itself: it takes no expression.`;
	const chosen = choice(fields.value(by.name), by.label, choicesOf(source), remedy) ?? 'url';
	if (chosen === 'auto') return await fromItem(fields, source, except);
	if (chosen === 'binary') return await namedFile(fields, file!, kind);
	if (chosen === 'base64') return { base64: fields.text(base64!.name, base64!.label) };
	if (chosen === id?.choice) return { id: requiredText(fields.value(id.name), id.label, id.remedy) };
	return { url: fields.text(url.name, url.label) };
}

/** What can be chosen. */
function choicesOf({ auto, file, base64, id }: Source): string[] {
	return [
		...(auto.length > 0 ? ['auto'] : []),
		'url',
		...(file ? ['binary'] : []),
		...(base64 ? ['base64'] : []),
		...(id ? [id.choice] : []),
	];
}

async function fromItem(fields: Fields, source: Source, except: readonly string[]): Promise<Located> {
	const { json } = fields.item;
	const { kind, item } = source;
	for (const way of source.auto) {
		if (way === 'file') {
			const file = await firstFile(fields, kind, except);
			if (file && !(isText(json[item.url]) && source.canSend?.(fields.context, file.file) === false)) return file;
			continue;
		}
		const name = item[way];
		const text = name === undefined ? '' : textOf(json[name], name).trim();
		if (text !== '') return way === 'url' ? { url: text } : { id: text };
	}
	throw refusal(`The item has no ${kind}: neither ${namesOf(source).join(' nor ')}`, nothingFound(fields, source));
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

function namesOf({ kind, auto, item }: Source): string[] {
	return auto.map((way) => (way === 'file' ? `${kind === 'video' ? 'a' : 'an'} ${kind} file` : `a field ${item[way]}`));
}

function nothingFound({ item }: Fields, { choice: by }: Source): string {
	return `${told(filesOf(item))} Choose in ${by.label} where it comes from, or connect a node whose items have it.`;
}

/** Texts that tell of an input are cut at so many characters. */
const MOST_TOLD = 200;

/**
 * What tells of the input of an item in an error: where it comes from, as far as that can be found out; null where nothing was found.
 * Never throws.
 */
export async function tell(fields: Fields, source: Source, except: readonly string[] = []): Promise<IDataObject> {
	const names = source.told;
	const found = await locate(fields, source, except).catch(() => null);
	if (found && 'file' in found) return { [names.field]: found.field, [names.fileName]: found.file.fileName ?? null };
	if (found && 'id' in found && names.id !== undefined) return { [names.id]: found.id };
	if (found && 'url' in found) return { [names.url]: found.url.trim() || null };
	const chosen = attempt(() => fields.text(source.choice.name, ''));
	if (chosen === 'binary') return { [names.field]: attempt(() => fields.text(source.file!.name, '')), [names.fileName]: null };
	return chosen === source.id?.choice && names.id !== undefined ? { [names.id]: null } : { [names.url]: null };
}

/** What a field holds, for an error; null where it is not set, or no text. */
export function attempt(read: () => string): string | null {
	try {
		return read() || null;
	} catch {
		return null;
	}
}

/** What is told of an input, fit to be shown: no secret, no bytes, no long text. */
export function fitToTell(input: IDataObject, secrets: readonly string[]): IDataObject {
	return Object.fromEntries(
		Object.entries(input).map(([name, value]) => [name, typeof value === 'string' ? shortened(value, secrets) : value]),
	);
}

/** Null where nothing is left. */
function shortened(text: string, secrets: readonly string[]): string | null {
	const open = text
		.trim()
		.replace(/^([a-z][a-z\d+.-]*:\/\/)[^/?#]*@/i, '$1')
		.replace(/^(data:[^,]*,)[\s\S]+/i, '$1[cut]');
	return String(withoutSecrets(open, secrets)).slice(0, MOST_TOLD) || null;
}
