import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { CLOTH, HUMAN } from '../../nodes/KlingGeneration/operations/virtualTryOn/pictures';
import { AUDIO } from '../../nodes/KlingGeneration/operations/audioFields';
import { VIDEO } from '../../nodes/KlingRecognition/operations/identifyFace/video';
import { Fields } from '../../nodes/shared/n8n/fields';
import { IMAGE } from '../../nodes/shared/n8n/imageFields';
import { find, fitToTell, tell, type Source } from '../../nodes/shared/n8n/sources';
import { fakeContext, fieldsOf, fileOf, type Told } from './fakeContext';
import { rejectionOf, REFUSED_HERE } from './helpers';

const JPEG = fileOf('image/jpeg', '\xff\xd8\xff', 'a.jpg');
const PNG = fileOf('image/png', '\x89PNG', 'b.png');
const MP3 = fileOf('audio/mpeg', 'ID3', 'c.mp3');
const MP4 = fileOf('video/mp4', '\0\0\0\x20ftypisom', 'd.mp4');
const TEXT = fileOf('application/pdf', '%PDF-', 'e.pdf');
const binaryOf = (binary: Record<string, IDataObject>) => binary as unknown as INodeExecutionData['binary'];

/** An item, and how its source is chosen. */
const asked = (
	choice: string,
	from: string,
	item: Partial<INodeExecutionData>,
	parameters: Record<string, unknown> = {},
): Told => ({
	parameters: { [choice]: from, ...parameters },
	items: [item],
});
const from = (source: Source, item: Partial<INodeExecutionData>) => fieldsOf(asked(source.choice.name, 'auto', item));

/** What a user reads of a refusal. */
async function refusalOf(work: Promise<unknown>): Promise<[message: string, description: string]> {
	const { message, details } = await rejectionOf(work);
	expect(details).toEqual({ ...REFUSED_HERE, description: details.description });
	return [message, details.description];
}

describe('a URL that carries a secret', () => {
	const url = 'https://api.telegram.org/file/bot1:AbC/a.jpg';

	it('is for this node alone', async () => {
		expect(await find(from(IMAGE, { json: { imageUrl: ` ${url}` } }), IMAGE)).toEqual({ secretUrl: url });
		expect(await find(from(AUDIO, { json: { audioUrl: url } }), AUDIO)).toEqual({ secretUrl: url });
	});

	it('of a video is refused', async () => {
		expect(await refusalOf(find(from(VIDEO, { json: { videoUrl: url } }), VIDEO))).toEqual([
			'The video URL carries the token of a Telegram bot, which the provider would learn',
			expect.stringContaining('Binary File'),
		]);
	});
});

describe('From Item', () => {
	const url = 'https://a.example/x';

	it('an image: the first image file, or else imageUrl', async () => {
		const files = binaryOf({ text: TEXT, song: MP3, clip: MP4, first: JPEG, second: PNG });
		expect(await find(from(IMAGE, { json: { imageUrl: url }, binary: files }), IMAGE)).toEqual({ field: 'first', file: JPEG });
		expect(await find(from(IMAGE, { json: { imageUrl: ` ${url} ` }, binary: binaryOf({ clip: MP4 }) }), IMAGE)).toEqual({ url });
	});

	it('audio: audioId, or else the first audio file, or else audioUrl', async () => {
		const json = { audioId: 'a-1', audioUrl: url };
		const binary = binaryOf({ photo: JPEG, clip: MP4, song: MP3 });
		expect(await find(from(AUDIO, { json, binary }), AUDIO)).toEqual({ id: 'a-1' });
		expect(await find(from(AUDIO, { json: { ...json, audioId: ' ' }, binary }), AUDIO)).toEqual({ field: 'song', file: MP3 });
		expect(await find(from(AUDIO, { json: { audioUrl: url, audioId: null }, binary: binaryOf({ clip: MP4 }) }), AUDIO)).toEqual({
			url,
		});
	});

	it('a video: videoId, or else videoUrl', async () => {
		expect(await find(from(VIDEO, { json: { videoId: 7, videoUrl: url } }), VIDEO)).toEqual({ id: '7' });
		expect(await find(from(VIDEO, { json: { videoUrl: url } }), VIDEO)).toEqual({ url });
	});

	it('clothing: not the file that the person is', async () => {
		const item = { json: { imageUrl: url }, binary: binaryOf({ person: JPEG, garment: PNG }) };
		expect(await find(from(CLOTH, item), CLOTH)).toEqual({ field: 'person', file: JPEG });
		expect(await find(from(CLOTH, item), CLOTH, ['person'])).toEqual({ field: 'garment', file: PNG });
		expect(await find(from(CLOTH, item), CLOTH, ['person', 'garment'])).toEqual({ url });
	});

	it.each([
		['nothing', IMAGE, {}, 'The item has no image: neither an image file nor a field imageUrl'],
		['nothing', AUDIO, {}, 'The item has no audio: neither a field audioId nor an audio file nor a field audioUrl'],
		['nothing', VIDEO, {}, 'The item has no video: neither a field videoId nor a video file nor a field videoUrl'],
		['an empty field', IMAGE, { imageUrl: ' ' }, 'The item has no image: neither an image file nor a field imageUrl'],
	])('%s is refused, with what was looked for', async (_name, source: Source, json, message) => {
		expect(await refusalOf(find(from(source, { json }), source))).toEqual([
			message,
			`The item has no files. Choose in ${source.choice.label} where it comes from, or connect a node whose items have it.`,
		]);
	});

	it('what is refused names the files that there are', async () => {
		const item = { binary: binaryOf({ Your_song: MP3, noname: fileOf('video/mp4') }) };
		expect((await refusalOf(find(from(IMAGE, item), IMAGE)))[1]).toBe(
			'The files of the item: Your_song (c.mp3), noname. Choose in Image Source where it comes from, or connect a node whose items have it.',
		);
	});

	it.each([
		[{ imageUrl: { url } }, 'imageUrl is an object, not a text'],
		[{ imageUrl: [url, url] }, 'imageUrl is a list of 2 values, it takes one'],
		[{ imageUrl: true }, 'imageUrl is true, not a text'],
		[{ imageUrl: 'no URL' }, 'The image URL is not a valid http or https URL'],
	])('%j is refused by name', async (json, message) => {
		expect((await refusalOf(find(from(IMAGE, { json }), IMAGE)))[0]).toBe(message);
	});

	it('an id that lost its digits is refused, and not the next thing taken', async () => {
		const json = { audioId: 2 ** 60, audioUrl: url };
		expect((await refusalOf(find(from(AUDIO, { json }), AUDIO)))[0]).toMatch(/^audioId is the number \d+, which has lost/);
	});

	it.each([
		['an image', IMAGE, '\xff\xd8\xff\xe0', { field: 'x' }],
		['audio', AUDIO, 'ID3\x04', { field: 'x' }],
		['an image that is audio', IMAGE, 'ID3\x04', null],
		['audio that is an image', AUDIO, '\x89PNG\r\n', null],
		['a text', IMAGE, 'some words and more', null],
		['an empty file', IMAGE, '', null],
	])(
		'%s whose MIME type says nothing is judged by its bytes, stored or in memory',
		async (_name, source: Source, bytes, found) => {
			for (const mimeType of ['application/octet-stream', 'text/plain', 'binary/octet-stream', '']) {
				const inMemory = { x: fileOf(mimeType, bytes) };
				const stored = { x: { mimeType, id: 'fs:1', data: 'filesystem-v2' } };
				for (const binary of [inMemory, stored].map(binaryOf)) {
					const told = { ...asked(source.choice.name, 'auto', { binary }), stored: { 'fs:1': Buffer.from(bytes, 'latin1') } };
					const work = find(fieldsOf(told), source);
					if (found === null) await refusalOf(work);
					else expect(await work).toMatchObject(found);
				}
			}
		},
	);

	it('a file whose MIME type says what it is, is not read', async () => {
		const binary = binaryOf({ x: { mimeType: 'image/png', id: 'fs:1' }, y: { mimeType: 'application/pdf', id: 'fs:2' } });
		const { context, read } = fakeContext(asked('imageSource', 'auto', { binary }));
		expect(await find(new Fields(context, 0), IMAGE)).toMatchObject({ field: 'x' });
		expect(read).toEqual([]);
	});
});

describe('From Item, a file that cannot be sent', () => {
	const video = { mimeType: 'video/mp4', id: 'fs:1' };
	const source = (canSend: boolean): Source => ({ ...VIDEO, canSend: () => canSend });
	it.each<[string, boolean, IDataObject, object]>([
		['gives way to the URL', false, { videoUrl: ' https://a.example/1.mp4 ' }, { url: 'https://a.example/1.mp4' }],
		['stays where there is no URL', false, { videoUrl: ' ' }, { field: 'x' }],
		['stays where the URL is none', false, { videoUrl: {} }, { field: 'x' }],
		['one that can be sent comes first', true, { videoUrl: 'https://a.example/1.mp4' }, { field: 'x' }],
	])('%s', async (_name, canSend, json, found) => {
		expect(await find(from(VIDEO, { json, binary: binaryOf({ x: video }) }), source(canSend))).toMatchObject(found);
	});
});

describe('what is chosen', () => {
	it('a URL, without the space around it', async () => {
		const told = asked('imageSource', 'url', {}, { imageUrl: ' https://a.example/1.jpg\n' });
		expect(await find(fieldsOf(told), IMAGE)).toEqual({ url: 'https://a.example/1.jpg' });
	});

	it('Base64, as it is', async () => {
		expect(await find(fieldsOf(asked('imageSource', 'base64', {}, { imageBase64: ' QUJD ' })), IMAGE)).toEqual({
			base64: ' QUJD ',
		});
	});

	it.each([
		['videoSource', 'id', { videoId: ' v-1 ' }, VIDEO, { id: 'v-1' }],
		['audioSource', 'audioId', { audioId: 12 }, AUDIO, { id: '12' }],
	])('an id (%s)', async (choice, chosen, parameters, source: Source, found) => {
		expect(await find(fieldsOf(asked(choice, chosen, {}, parameters)), source)).toEqual(found);
	});

	it('no id: what to do', async () => {
		expect(await refusalOf(find(fieldsOf(asked('audioSource', 'audioId', {}, { audioId: '' })), AUDIO))).toEqual([
			'Kling Audio ID is empty',
			'Enter the ID of audio that Kling made, or choose another Audio Source.',
		]);
	});

	it.each([undefined, null, '', 'url', ' URL '])('%j: the URL', async (chosen) => {
		const told = { parameters: { humanSource: chosen, humanUrl: 'https://a.example/1.jpg' } };
		expect(await find(fieldsOf(told), HUMAN)).toEqual({ url: 'https://a.example/1.jpg' });
	});

	it.each<[string, Source, unknown, string]>([
		['no choice', IMAGE, 'anything', 'Image Source is "anything", it must be one of auto, url, binary, base64'],
		['what another source has', HUMAN, 'base64', 'Person Source is "base64", it must be one of url, binary'],
		['From Item, where there is none', HUMAN, 'auto', 'Person Source is "auto", it must be one of url, binary'],
		['an id that is called otherwise', AUDIO, 'id', 'Audio Source is "id", it must be one of auto, url, binary, audioId'],
		['an object', CLOTH, {}, 'Clothing Source is an object, not a text'],
		['a name of JavaScript', IMAGE, 'constructor', 'Image Source is "constructor", it must be one of auto, url, binary, base64'],
	])('%s is refused, by name', async (_name, source, chosen, message) => {
		const told = { parameters: { [source.choice.name]: chosen, [source.url.name]: 'https://a.example/1.jpg' } };
		expect((await refusalOf(find(fieldsOf(told), source)))[0]).toBe(message);
	});

	it('a choice that is refused is told where to be made', async () => {
		expect((await refusalOf(find(fieldsOf({ parameters: { imageSource: 'x' } }), IMAGE)))[1]).toBe(
			'Choose Image Source in the node itself: it takes no expression.',
		);
	});

	it('the URL alone is read where it is chosen', async () => {
		const { context, evaluated } = fakeContext(asked('imageSource', 'url', {}, { imageUrl: 'https://a.example/1.jpg' }));
		await find(new Fields(context, 0), IMAGE);
		expect(evaluated).toEqual(['imageSource', 'imageUrl']);
	});
});

describe('what is told of an input', () => {
	const failing = () => {
		throw new Error('an expression that fails');
	};
	it.each<[string, Source, Told, IDataObject]>([
		['a URL', IMAGE, asked('imageSource', 'url', {}, { imageUrl: ' https://a.example/1 ' }), { imageUrl: 'https://a.example/1' }],
		['a URL that is none', IMAGE, asked('imageSource', 'url', {}, { imageUrl: 'no URL' }), { imageUrl: 'no URL' }],
		['no URL', IMAGE, asked('imageSource', 'url', {}, { imageUrl: ' ' }), { imageUrl: null }],
		['a URL that is an object', IMAGE, asked('imageSource', 'url', {}, { imageUrl: {} }), { imageUrl: null }],
		['a URL whose expression fails', IMAGE, asked('imageSource', 'url', {}, { imageUrl: failing }), { imageUrl: null }],
		['a choice whose expression fails', IMAGE, { parameters: { imageSource: failing } }, { imageUrl: null }],
		['a choice that is an object', IMAGE, { parameters: { imageSource: {} } }, { imageUrl: null }],
		['Base64', IMAGE, asked('imageSource', 'base64', {}, { imageBase64: 'QUJD' }), { imageUrl: null }],
		['a file', IMAGE, asked('imageSource', 'binary', { binary: binaryOf({ data: JPEG }) }), { field: 'data', fileName: 'a.jpg' }],
		['no file', IMAGE, asked('imageSource', 'binary', {}, { binaryPropertyName: 'photo' }), { field: 'photo', fileName: null }],
		[
			'a file whose expression fails',
			AUDIO,
			asked('audioSource', 'binary', {}, { audioPropertyName: failing }),
			{ audioField: null, audioFileName: null },
		],
		[
			'a person by file',
			HUMAN,
			asked('humanSource', 'binary', { binary: binaryOf({ human: PNG }) }),
			{ humanField: 'human', humanFileName: 'b.png' },
		],
		[
			"another item's file",
			IMAGE,
			asked('imageSource', 'binary', {}, { binaryPropertyName: JPEG }),
			{ field: null, fileName: 'a.jpg' },
		],
		[
			'a file without a name',
			IMAGE,
			asked('imageSource', 'auto', { binary: binaryOf({ x: fileOf('image/png') }) }),
			{ field: 'x', fileName: null },
		],
		['From Item, an id', AUDIO, asked('audioSource', 'auto', { json: { audioId: 'a-1' } }), { audioId: 'a-1' }],
		['From Item, nothing', VIDEO, asked('videoSource', 'auto', {}), { videoUrl: null }],
		[
			'From Item, an id that lost its digits',
			VIDEO,
			asked('videoSource', 'auto', { json: { videoId: 2 ** 60 } }),
			{ videoUrl: null },
		],
		['an id', VIDEO, asked('videoSource', 'id', {}, { videoId: 'v-1' }), { videoId: 'v-1' }],
		['no id', VIDEO, asked('videoSource', 'id', {}, { videoId: '' }), { videoId: null }],
		['an id that is a list', AUDIO, asked('audioSource', 'audioId', {}, { audioId: ['a', 'b'] }), { audioId: null }],
		[
			'clothing by URL',
			CLOTH,
			asked('clothSource', 'url', {}, { clothUrl: 'https://a.example/1' }),
			{ clothUrl: 'https://a.example/1' },
		],
		[
			'a stored file that is gone',
			IMAGE,
			asked('imageSource', 'auto', { binary: binaryOf({ x: { mimeType: '', id: 'gone' } }) }),
			{ imageUrl: null },
		],
	])('%s', async (_name, source, told, expected) => {
		expect(await tell(fieldsOf(told), source)).toEqual(expected);
	});

	it('the clothing that the person is not', async () => {
		const fields = from(CLOTH, { binary: binaryOf({ person: JPEG, garment: PNG }) });
		expect(await tell(fields, CLOTH, ['person'])).toEqual({ clothField: 'garment', clothFileName: 'b.png' });
	});

	describe('fit to be shown', () => {
		const shown = (text: unknown, secrets: string[] = []) => fitToTell({ imageUrl: text as string }, secrets).imageUrl;

		it.each([
			['https://user:password@a.example/x?y', 'https://a.example/x?y'],
			['HTTPS://user@a.example', 'HTTPS://a.example'],
			['https://user:pass@word@a.example/x', 'https://a.example/x'],
			[' https://:password@a.example/', 'https://a.example/'],
			['ftp+s3://user:password@a.example/', 'ftp+s3://a.example/'],
			['https://a.example/@user?mail=me@b.example#@', 'https://a.example/@user?mail=me@b.example#@'],
			['https://a.example?user@b.example', 'https://a.example?user@b.example'],
			['me@a.example', 'me@a.example'],
		])('user info is cut: %s', (text, expected) => {
			expect(shown(text)).toBe(expected);
		});

		it.each([
			[`data:image/png;base64,${'iVBORw0KGgo'.repeat(20)}`, 'data:image/png;base64,[cut]'],
			['data:image/gif;base64,R0lGODlhAQABAAAAACw=', 'data:image/gif;base64,[cut]'],
			['DATA:image/svg+xml,%3Csvg%20width%3D\n%221%22', 'DATA:image/svg+xml,[cut]'],
			['iVBORw0KGgo'.repeat(20), '[cut]'],
		])('bytes are cut: %.40s', (text, expected) => {
			expect(shown(text)).toBe(expected);
		});

		it('secrets are cut, and tokens', () => {
			expect(shown('https://a.example/x?key=sk-0123456789', ['sk-0123456789'])).toBe('https://a.example/x?key=[cut]');
			expect(shown('Bearer abc0123456789.def')).toBe('[cut]');
		});

		it('a text of 200 characters is told, and of a longer one the first 200: without a secret that begins there', () => {
			const long = `https://a.example/${'x/'.repeat(200)}`;
			expect(shown(long.slice(0, 200))).toBe(long.slice(0, 200));
			expect(shown(long)).toBe(long.slice(0, 200));
			const secret = 'sk-0123456789';
			expect(shown(`${long.slice(0, 195)}${secret}`, [secret])).toBe(`${long.slice(0, 195)}[cut]`);
		});

		it('what is no text stays as it is', () => {
			expect(fitToTell({ field: null, taskId: 7, name: 'a' }, ['secret-key-1'])).toEqual({ field: null, taskId: 7, name: 'a' });
		});
	});
});
