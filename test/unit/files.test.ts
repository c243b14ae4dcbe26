import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import { Fields } from '../../nodes/shared/n8n/fields';
import { filesOf, firstFile, namedFile, told, withoutFiles } from '../../nodes/shared/n8n/files';
import { fakeContext, fieldsOf, fileOf } from './fakeContext';
import { rejectionOf, REFUSED_HERE } from './helpers';

const FIELD = { name: 'binaryPropertyName', label: 'Input Data Field Name', preset: 'data' };
const JPEG = fileOf('image/jpeg', '\xff\xd8\xff', 'a.jpg');
const PNG = fileOf('image/png', '\x89PNG', 'b.png');
const MP3 = fileOf('audio/mpeg', 'ID3', 'c.mp3');

type Files = Record<string, IDataObject>;
const itemOf = (binary: Files, json: IDataObject = {}): INodeExecutionData => ({
	json,
	binary: binary as unknown as INodeExecutionData['binary'],
});
const named = async (value: unknown, item: Partial<INodeExecutionData>, field = FIELD) =>
	await namedFile(fieldsOf({ parameters: { [field.name]: value }, items: [item] }), field, 'image');

/** What a user reads of a refusal. */
async function refusalOf(work: Promise<unknown>): Promise<[message: string, description: string]> {
	const { message, details } = await rejectionOf(work);
	expect(details).toEqual({ ...REFUSED_HERE, description: details.description });
	return [message, details.description];
}

describe('the files of an item', () => {
	const combined = { name: 'x', _files: { data: PNG, more: { mimeType: 'audio/wav', id: 'fs:1' } } };

	it('stand in binary, or in its JSON where n8n keeps them there', () => {
		expect(filesOf({ json: {} })).toEqual({});
		expect(filesOf(itemOf({ a: JPEG }))).toEqual({ a: JPEG });
		expect(Object.keys(filesOf(itemOf({ a: JPEG }, combined)))).toEqual(['a', 'data', 'more']);
	});

	it('are not in its JSON then', () => {
		expect(withoutFiles(combined)).toEqual({ name: 'x' });
	});

	it.each([
		[{ _files: 'words' }],
		[{ _files: null }],
		[{ _files: 7 }],
		[{ _files: [1, 2] }],
		[{ _files: {} }],
		[{ _files: { data: PNG, note: "a user's own field" } }],
		[{ _files: { data: { mimeType: 'image/png' } } }],
	])('%j is a field like any other', (json) => {
		expect(filesOf({ json: json as IDataObject })).toEqual({});
		expect(withoutFiles(json as IDataObject)).toBe(json);
	});

	it('in words', () => {
		expect(told({})).toBe('The item has no files.');
		expect(told(filesOf(itemOf({ Your_photo: JPEG, x: fileOf('image/png') })))).toBe(
			'The files of the item: Your_photo (a.jpg), x.',
		);
	});
});

describe('a file by name', () => {
	it.each([
		['photo', { photo: JPEG, data: PNG }, 'photo'],
		[' photo ', { photo: JPEG }, 'photo'],
		['song', { song: MP3, data: PNG }, 'song'],
		['data', { photo: JPEG, data: PNG }, 'data'],
		['', { photo: JPEG, data: PNG }, 'data'],
		[undefined, { photo: JPEG, data: PNG }, 'data'],
		[['photo'], { photo: JPEG }, 'photo'],
		[7, { 7: JPEG }, '7'],
	])('%j of %j', async (name, files: Files, field) => {
		expect(await named(name, itemOf(files))).toEqual({ field, file: files[field] });
	});

	it.each(['data', '_files.data', ' _files.data '])('%j where n8n keeps the files in the JSON', async (name) => {
		expect(await named(name, { json: { _files: { data: PNG } } })).toEqual({ field: 'data', file: PNG });
	});

	it('the name of a new node, and no such field: the only file that fits', async () => {
		expect(await named('data', itemOf({ song: MP3, photo: JPEG }))).toEqual({ field: 'photo', file: JPEG });
		expect(await named('', { json: { _files: { photo: JPEG } } })).toEqual({ field: 'photo', file: JPEG });
		const human = { ...FIELD, preset: 'human' };
		expect(await named('human', itemOf({ photo: JPEG }), human)).toEqual({ field: 'photo', file: JPEG });
		const untold = fileOf('application/octet-stream', '\x89PNG');
		expect(await named('data', itemOf({ song: MP3, photo: untold }))).toEqual({ field: 'photo', file: untold });
	});

	it.each([
		['data', { photo: JPEG, other: PNG }, 'data', 'The files of the item: photo (a.jpg), other (b.png).'],
		['data', { song: MP3 }, 'data', 'The files of the item: song (c.mp3).'],
		['', {}, 'data', 'The item has no files.'],
		['photo', { Your_photo: JPEG }, 'photo', 'The files of the item: Your_photo (a.jpg).'],
		['human', { Your_photo: JPEG }, 'human', 'The files of the item: Your_photo (a.jpg).'],
		['Photo', { photo: JPEG }, 'Photo', 'The files of the item: photo (a.jpg).'],
		['constructor', { photo: JPEG }, 'constructor', 'The files of the item: photo (a.jpg).'],
		['__proto__', {}, '__proto__', 'The item has no files.'],
	])('%j of %j is not there', async (name, files: Files, told, there) => {
		expect(await refusalOf(named(name, itemOf(files)))).toEqual([
			`The item has no file in the field "${told}"`,
			`${there} Enter the name of one in Input Data Field Name, or give the file itself by an expression.`,
		]);
	});

	it.each([
		[['data', 'photo'], 'Input Data Field Name is a list of 2 values, it takes one'],
		[true, 'Input Data Field Name is true, not a text'],
	])('%j is no name', async (name, message) => {
		expect((await refusalOf(named(name, itemOf({ data: JPEG }))))[0]).toBe(message);
	});
});

it.each([
	[{ data: JPEG }, '{{ $binary.data }}'],
	[{ photo: JPEG, data: PNG }, '{{ $binary.photo }}'],
	[{}, '{{ $binary.data }}'],
])('an object that is no file, with %#: how to give one', async (files: Files, example) => {
	const [message, description] = await refusalOf(named({ fileName: 'a.jpg' }, itemOf(files)));
	expect(message).toBe('Input Data Field Name is an object, not a file or the name of one');
	expect(description).toContain(`or give the file itself by an expression, as ${example}.`);
});

describe('a file by itself', () => {
	/** As n8n gives `$binary.x`: all it knows of the file, but not its content. */
	const shown = ({ data: _content, ...file }: IDataObject): IDataObject => file;

	it('of this item, with its field', async () => {
		expect(await named(PNG, itemOf({ first: JPEG, second: PNG }))).toEqual({ field: 'second', file: PNG });
		const stored = { mimeType: 'image/png', id: 'fs:1' };
		expect(await named(stored, itemOf({ first: JPEG, second: stored }))).toEqual({ field: 'second', file: stored });
	});

	it('of another item, which has no field of this one', async () => {
		expect(await named(PNG, itemOf({ data: JPEG }))).toEqual({ field: null, file: PNG });
		expect(await named(PNG, {})).toEqual({ field: null, file: PNG });
	});

	it('of this item without its content, as $binary gives it', async () => {
		expect(await named(shown(PNG), itemOf({ first: JPEG, second: PNG }))).toEqual({ field: 'second', file: PNG });
		const turned = Object.fromEntries(Object.entries(shown(PNG)).reverse());
		expect(await named(turned, itemOf({ second: PNG }))).toEqual({ field: 'second', file: PNG });
		expect(await named(shown(PNG), { json: { _files: { x: PNG } } })).toEqual({ field: 'x', file: PNG });
	});

	it.each([
		["another item's", { data: JPEG }],
		['of nobody knows which', { one: PNG, two: { ...PNG, data: 'QUJD' } }],
		['of an item without files', {}],
	])('without its content, %s', async (_name, files: Files) => {
		expect(await refusalOf(named(shown(PNG), itemOf(files)))).toEqual([
			'The expression of Input Data Field Name gives a file without its content',
			"Write it as {{ $('Node name').item.binary.data }}, or enter the name of a field.",
		]);
	});
});

describe('the first file that fits', () => {
	const fields = fieldsOf({ items: [itemOf({ song: MP3, one: JPEG, two: PNG })] });
	it.each([
		['image', [], { field: 'one', file: JPEG }],
		['image', ['one'], { field: 'two', file: PNG }],
		['image', ['one', 'two'], null],
		['audio', ['one'], { field: 'song', file: MP3 }],
		['video', [], null],
	] as const)('%s, but for %j', async (kind, except, expected) => {
		expect(await firstFile(fields, kind, except)).toEqual(expected);
	});
});

it('the first file that fits is taken without a look at those behind it', async () => {
	const untold = (id: string): IBinaryData => ({ id, data: '', mimeType: 'application/octet-stream' });
	const { context, read } = fakeContext({
		items: [{ binary: { photo: untold('good'), broken: untold('missing') } }],
		stored: { good: Buffer.from('\xff\xd8\xff0123456789', 'latin1') },
	});
	expect((await firstFile(new Fields(context, 0), 'image', []))?.field).toBe('photo');
	expect(read).toEqual(['good']);
});
