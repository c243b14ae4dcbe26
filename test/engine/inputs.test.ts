import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { GatewayRequest } from '../gateway';
import { makeImage } from '../samples/images';
import { sampleBytes, sha256Of } from '../samples/manifest';
import { imageOf, imageUrl, jsonOf, originsOf, urlItem, useStage } from './stage';

const stage = useStage();
const PORTRAIT = sampleBytes('portrait.jpg');
const EVERYTHING = ['object', 'head', 'face', 'cloth'];

const binaryItem = async (bytes: Buffer, name = 'data', fileName = 'photo.jpg'): Promise<INodeExecutionData> => ({
	json: {},
	binary: { [name]: await stage.engine.binary(bytes, fileName, 'image/jpeg') },
});

describe.each(['default', 'filesystem'] as const)('a binary file, n8n keeping files in its %s mode', (mode) => {
	beforeEach(async () => stage.engine.binaryMode(mode));

	it.each([
		['a small one', PORTRAIT],
		['a PNG', sampleBytes('portrait.png')],
	])('%s is sent as bare Base64', async (_name, bytes) => {
		const run = await stage.recognize([await binaryItem(bytes)], { imageSource: 'binary' });
		expect(jsonOf(run)).toMatchObject([[{ detected: EVERYTHING }]]);
		expect(imageOf(stage.gateway.requests[0]!)).toEqual({ sha256: sha256Of(bytes), bytes: bytes.length });
		expect(stage.gateway.requests[0]!.headers['content-type']).toBe('application/json');
	});

	it.each([0, 1, 2])('every byte of a large file arrives (10,485,760 bytes less %i)', async (less) => {
		const bytes = await makeImage({ width: 640, height: 480, format: 'jpeg', bytes: 10_485_760 - less });
		const run = await stage.recognize([await binaryItem(bytes)], { imageSource: 'binary' });
		expect(run.error).toBeUndefined();
		expect(imageOf(stage.gateway.requests[0]!)).toEqual({ sha256: sha256Of(bytes), bytes: bytes.length });
	});

	it('of another field', async () => {
		const item = await binaryItem(PORTRAIT, 'photo');
		const run = await stage.recognize([item], { imageSource: 'binary', binaryPropertyName: 'photo' });
		expect(jsonOf(run)).toMatchObject([[{ detected: EVERYTHING }]]);
	});

	it.each([
		[
			'one byte too many',
			() => makeImage({ width: 640, height: 480, format: 'jpeg', bytes: 10_485_761 }),
			'10.01 MB, at most 10 MB',
			'smaller',
		],
		['nothing in it', async () => Buffer.alloc(0), 'The image is empty', 'previous node'],
		['299 px', () => makeImage({ width: 299, height: 400, format: 'png' }), '299 x 400 px, each side at least 300 px', 'larger'],
		['a ratio above 2.5', () => makeImage({ width: 751, height: 300, format: 'png' }), '751 x 300 px, the ratio must be', 'Crop'],
		['WebP, whatever its name', async () => sampleBytes('webp-named.jpg'), 'a WebP image, not a JPEG or PNG', 'Convert'],
		['GIF, whatever its name', async () => sampleBytes('gif-named.jpg'), 'a GIF image, not a JPEG or PNG', 'Convert'],
		[
			'a page',
			async () => Buffer.from('<!doctype html><title>no</title>'),
			'a web page, not a JPEG or PNG',
			'the URL of the file itself',
		],
		['half a header', async () => PORTRAIT.subarray(0, 30), 'damaged', 'save it again'],
	])('%s: refused here, with the limit, the value and the remedy', async (_name, make, message, remedy) => {
		const run = await stage.recognize([await binaryItem(await make())], { imageSource: 'binary' });
		expect(run.status).toBe('error');
		expect(run.error!.message).toContain(message);
		expect(run.error!.description).toContain(remedy);
		expect(stage.gateway.requests).toEqual([]);
	});

	it('with the check switched off the provider decides', async () => {
		const item = await binaryItem(sampleBytes('small-200.png'));
		const run = await stage.recognize([item], { imageSource: 'binary', options: { checkInput: false } });
		expect(run.error!.message).toBe('Kling refused the input');
		expect(run.error!.description).toContain('at least 300px, got 200x200');
		expect(stage.gateway.requests).toHaveLength(1);
	});

	it('an image whose size stands behind 200 KB of metadata', async () => {
		const bytes = await makeImage({ width: 640, height: 480, format: 'jpeg', bytes: 300_000, padding: 'front' });
		const run = await stage.recognize([await binaryItem(bytes)], { imageSource: 'binary' });
		expect(run.error).toBeUndefined();
		expect(stage.gateway.requests).toHaveLength(1);
	});
});

describe('Base64', () => {
	const plain = PORTRAIT.toString('base64');
	it.each([
		['bare', plain],
		['as a data URL', `data:image/jpeg;base64,${plain}`],
		['with line breaks', plain.replace(/(.{76})/g, '$1\r\n')],
		['in the URL alphabet, without padding', PORTRAIT.toString('base64url')],
		['with space around it', `\n ${plain} \n`],
	])('%s', async (_name, imageBase64) => {
		const run = await stage.recognize([{ json: { imageBase64 } }], {
			imageSource: 'base64',
			imageBase64: '={{ $json.imageBase64 }}',
		});
		expect(jsonOf(run)).toMatchObject([[{ detected: EVERYTHING }]]);
		expect(imageOf(stage.gateway.requests[0]!)).toEqual({ sha256: sha256Of(PORTRAIT), bytes: PORTRAIT.length });
	});
});

describe('refused here, without a request', () => {
	const base64 = (file: string) => sampleBytes(file).toString('base64');
	it.each<[string, IDataObject, string]>([
		['a URL of space', { imageUrl: ' ' }, 'The image URL is empty'],
		['an expression that finds nothing', { imageUrl: '={{ $json.nothing }}' }, 'The image URL is empty'],
		['a URL that is none', { imageUrl: 'photo.jpg' }, 'The image URL is not a valid http or https URL'],
		['a data URL as URL', { imageUrl: 'data:image/png;base64,AAAA' }, 'The image URL is a data URL'],
		['no Base64', { imageSource: 'base64', imageBase64: '={{ "" }}' }, 'The Base64 text is empty'],
		['wrong Base64', { imageSource: 'base64', imageBase64: 'not an image!' }, 'The text is not valid Base64'],
		['a URL as Base64', { imageSource: 'base64', imageBase64: 'https://a.example/b.jpg' }, 'The Base64 field contains a URL'],
		['a small image in Base64', { imageSource: 'base64', imageBase64: base64('small-200.png') }, '200 x 200 px'],
		['a wide image in Base64', { imageSource: 'base64', imageBase64: base64('wide-3to1.jpg') }, '900 x 300 px'],
		['an item without binary data', { imageSource: 'binary' }, 'The item has no file in the field "data"'],
		['no required segments', { branchBy: 'requirement', requiredSegments: '={{ [] }}' }, 'No required segment is chosen'],
		['an unknown required segment', { branchBy: 'requirement', requiredSegments: ['hand'] }, '"hand" is not a segment'],
		['a number that is none', { options: { maxAttempts: 'many' } }, 'Max Attempts is not a positive number'],
		['a timeout of nothing', { options: { timeout: -1 } }, 'Timeout is not a positive number'],
		['an unknown operation', { operation: 'other' }, 'The operation is unknown'],
		['no video URL', { operation: 'identifyFace', videoUrl: ' ' }, 'The video URL is empty'],
		['no video ID', { operation: 'identifyFace', videoSource: 'id', videoId: ' ' }, 'Kling Video ID is empty'],
		['another video type', { operation: 'identifyFace', videoUrl: 'https://a.example/b.webm' }, 'The video is a .webm file'],
	])('%s', async (_name, parameters, message) => {
		const run = await stage.recognize([urlItem(imageUrl('a'))], parameters);
		expect(run.status).toBe('error');
		expect(run.error!.message).toContain(message);
		expect(run.error!.description).toEqual(expect.any(String));
		expect(run.outputs).toEqual([]);
		expect(stage.gateway.requests).toEqual([]);
	});

	it.each<[string, IDataObject]>([
		['Image URL', { imageUrl: '' }],
		['Image Base64', { imageSource: 'base64', imageBase64: '' }],
		['Input Data Field Name', { imageSource: 'binary', binaryPropertyName: '' }],
		['Required Segments', { branchBy: 'requirement', requiredSegments: [] }],
		['Video URL', { operation: 'identifyFace', videoUrl: '' }],
		['Kling Video ID', { operation: 'identifyFace', videoSource: 'id', videoId: '' }],
	])('n8n itself asks for %s where the field is empty', async (label, parameters) => {
		await expect(stage.recognize([urlItem(imageUrl('a'))], parameters)).rejects.toMatchObject({
			message: expect.stringContaining(`Parameter "${label}" is required.`),
		});
		expect(stage.gateway.requests).toEqual([]);
	});

	it('a video type is left to the provider where the check is off', async () => {
		const parameters = { operation: 'identifyFace', videoUrl: 'https://a.example/b.webm', options: { checkInput: false } };
		const run = await stage.recognize([{ json: {} }], parameters);
		expect(run.error!.description).toContain('video files must be .mp4/.mov');
	});

	it.each<[string, IDataObject, string]>([
		['no key', { provider: 'klingGlobal', apiKey: '' }, 'The credential has no API Key'],
		['a wrong base URL', { provider: 'custom', apiKey: 'k', baseUrl: 'gateway' }, 'The base URL is not a valid'],
	])('a credential with %s', async (_name, credential, message) => {
		const items = [urlItem(imageUrl('a')), urlItem(imageUrl('b'))];
		const stopped = await stage.recognize(items, {}, { credential });
		expect(stopped.error!.message).toContain(message);
		expect(stopped.outputs).toEqual([]);
		const run = await stage.recognize(items, {}, { credential, onError: 'continueRegularOutput' });
		expect(run.outputs.map(originsOf)).toEqual([[0, 1]]);
		for (const { json } of run.outputs[0]!) {
			expect(json).toMatchObject({ error: expect.stringContaining(message), details: { attempts: 0 } });
			expect(Object.keys(json)).toEqual(['error', 'details']);
		}
		expect(stage.gateway.requests).toEqual([]);
	});
});

/** How many of these were under way at one moment at most. */
function mostAtOnce(requests: readonly GatewayRequest[]): number {
	return Math.max(...requests.map(({ at }) => requests.filter((other) => other.at <= at && at < other.at + other.ms).length));
}

describe('an image by URL that is fetched here first', () => {
	const options = { downloadImageFirst: true };

	it('is sent as Base64, and fetched without the key', async () => {
		const run = await stage.recognize([urlItem(imageUrl('a', 'face'))], { options });
		expect(jsonOf(run)).toMatchObject([[{ detected: ['face'] }]]);
		expect(stage.gateway.downloads).toHaveLength(1);
		expect(stage.gateway.downloads[0]).toMatchObject({ method: 'GET', path: '/n/a.jpg?flags=face' });
		expect(stage.gateway.downloads[0]!.headers).not.toHaveProperty('authorization');
		expect(imageOf(stage.gateway.requests[0]!)).toEqual({ sha256: expect.any(String), bytes: expect.any(Number) });
	});

	it.each([
		['too small', 'https://images.kling-samples.test/samples/small-200.png', '200 x 200 px'],
		['of another type', 'https://images.kling-samples.test/samples/webp-named.jpg', 'WebP'],
		['not there', 'https://images.kling-samples.test/samples/none.jpg', 'The server of the file answered with HTTP 404'],
		['too large', 'https://images.kling-samples.test/n/big.jpg?bytes=10485761', 'larger than 10 MB'],
	])('%s: refused without a call', async (_name, url, message) => {
		const run = await stage.recognize([urlItem(url)], { options });
		expect(run.error!.message).toContain(message);
		expect(stage.gateway.requests).toEqual([]);
	});

	it('the result names the URL', async () => {
		const url = imageUrl('a', 'face');
		expect(jsonOf(await stage.recognize([urlItem(url)], { options }))).toMatchObject([[{ imageUrl: url }]]);
	});

	it('once, however often the call is tried', async () => {
		stage.gateway.control({
			faults: [{ kind: 'code', status: 500, code: 5000, headers: { 'retry-after': '0' }, route: 'recognize', times: 2 }],
		});
		const run = await stage.recognize([urlItem(imageUrl('a', 'face'))], { options });
		expect(jsonOf(run)).toMatchObject([[{ detected: ['face'] }]]);
		expect(stage.gateway.requests).toHaveLength(3);
		expect(stage.gateway.downloads).toHaveLength(1);
	});

	it('identical ones are fetched and sent once', async () => {
		const url = imageUrl('a', 'face');
		await stage.recognize([urlItem(url), urlItem(url), urlItem(url)], { options });
		expect(stage.gateway.downloads).toHaveLength(1);
		expect(stage.gateway.requests).toHaveLength(1);
	});

	it('small files do not wait for room for the largest: more than four at once', async () => {
		stage.gateway.control({ faults: [{ kind: 'delay', ms: 300, route: 'download' }], defaultFlags: ['face'] });
		const items = Array.from({ length: 8 }, (_, index) => urlItem(imageUrl(`f${index}`, 'face')));
		const run = await stage.recognize(items, { options });
		expect(run.outputs[0]!.map(({ json }) => json.hasFace)).toEqual(items.map(() => true));
		expect(mostAtOnce(stage.gateway.downloads)).toBeGreaterThan(4);
	});

	it('Timeout is for the file and for the call apart', async () => {
		stage.gateway.control({ latencyMs: 600, faults: [{ kind: 'delay', ms: 600, route: 'download' }] });
		const more = { ...options, timeout: 1, maxAttempts: 1 };
		const run = await stage.recognize([urlItem(imageUrl('a', 'face'))], { options: more });
		expect(jsonOf(run)).toMatchObject([[{ detected: ['face'] }]]);
	});

	it('a file that does not come within Timeout is refused without a call', async () => {
		stage.gateway.control({ faults: [{ kind: 'hang', afterHeaders: true, route: 'download' }] });
		const more = { ...options, timeout: 0.3, maxAttempts: 1 };
		const run = await stage.recognize([urlItem(imageUrl('a', 'face'))], { options: more });
		expect(run.error!.message).toBe('The server of the file did not answer within 0.3 seconds');
		expect(stage.gateway.downloads).toHaveLength(1);
		expect(stage.gateway.requests).toEqual([]);
	});

	it('a file server that fails is tried again, and counts as no call', async () => {
		stage.gateway.control({ faults: [{ kind: 'html', status: 503, route: 'download', times: 1 }] });
		const run = await stage.recognize([urlItem(imageUrl('a', 'face'))], { options });
		expect(jsonOf(run)).toMatchObject([[{ detected: ['face'] }]]);
		expect(stage.gateway.downloads).toHaveLength(2);
		expect(stage.gateway.requests).toHaveLength(1);
	});
});
