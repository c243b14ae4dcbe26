import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Fault } from '../gateway';
import { sampleBytes } from '../samples/manifest';
import { imageUrl, jsonOf, urlItem, useStage, videoUrl } from './stage';

const stage = useStage();
const URL = imageUrl('a', 'head', 'face');
const VIDEO = videoUrl('a', '0-5200', '100-900');
const VIDEO_ID = '827297867148050499';
const PNG = 'image/png';
const JPG = 'image/jpeg';

describe('Include Input Fields', () => {
	const options = { includeInputFields: true };
	const input = { keep: { a: [1] }, hasFace: 'input', requestId: 'input', segment: 'input', faceCount: 'input' };

	it('keeps the fields of the input, the own ones win', async () => {
		const [[json]] = jsonOf(await stage.recognize([urlItem(URL, input)], { options })) as [[IDataObject]];
		expect(json).toMatchObject({ url: URL, keep: { a: [1] }, hasFace: true, segment: 'input' });
		expect(json.requestId).not.toBe('input');
	});

	it.each([
		['segments', { output: 'segment' }, 4, { keep: { a: [1] }, hasFace: 'input', segment: expect.not.stringMatching('input') }],
		[
			'faces',
			{ operation: 'identifyFace', videoUrl: VIDEO, output: 'face' },
			2,
			{ keep: { a: [1] }, faceCount: 2, hasFace: 'input' },
		],
	])('on each of the %s', async (_name, parameters, count, expected) => {
		const [items] = jsonOf(await stage.recognize([urlItem(URL, input)], { ...parameters, options }));
		expect(items).toHaveLength(count);
		for (const json of items!) expect(json).toMatchObject(expected);
	});

	it('is off by itself', async () => {
		const [[json]] = jsonOf(await stage.recognize([urlItem(URL, input)])) as [[IDataObject]];
		expect(json).not.toHaveProperty('keep');
	});

	const image = sampleBytes('portrait.jpg').toString('base64');
	const sources = { imageUrl: 'my picture', videoUrl: 'my video', videoId: 'my ID' };
	const byId = { operation: 'identifyFace', videoSource: 'id', videoId: VIDEO_ID };
	it.each<[name: string, parameters: IDataObject, expected: IDataObject]>([
		['an image by URL', { imageUrl: URL }, { ...sources, imageUrl: URL }],
		['each segment of one', { imageUrl: URL, output: 'segment' }, { ...sources, imageUrl: URL }],
		['a file', { imageSource: 'binary' }, sources],
		['each segment of one', { imageSource: 'binary', output: 'segment' }, sources],
		['Base64', { imageSource: 'base64', imageBase64: image }, sources],
		['a video by URL', { operation: 'identifyFace', videoUrl: VIDEO, output: 'video' }, { ...sources, videoUrl: VIDEO }],
		['each face of one', { operation: 'identifyFace', videoUrl: VIDEO, output: 'face' }, { ...sources, videoUrl: VIDEO }],
		['a video by ID', { ...byId, output: 'video' }, { ...sources, videoId: VIDEO_ID }],
		['each face of one', { ...byId, output: 'face' }, { ...sources, videoId: VIDEO_ID }],
	])(
		"what was sent is named, and no source of ours that is null takes the input's place: %s",
		async (_name, parameters, expected) => {
			stage.gateway.control({ videos: { [VIDEO_ID]: [[0, 5200]] } });
			const data = await stage.engine.binary(sampleBytes('portrait.jpg'), 'portrait.jpg', JPG);
			const [items] = jsonOf(await stage.recognize([{ json: sources, binary: { data } }], { ...parameters, options }));
			expect(items!.length).toBeGreaterThan(0);
			for (const { imageUrl, videoUrl, videoId } of items!) expect({ imageUrl, videoUrl, videoId }).toEqual(expected);
		},
	);

	it('without it, the source of a file is null', async () => {
		const data = await stage.engine.binary(sampleBytes('portrait.jpg'), 'portrait.jpg', JPG);
		const items = [{ json: { imageUrl: 'my picture' }, binary: { data } }];
		expect(jsonOf(await stage.recognize(items, { imageSource: 'binary' }))).toMatchObject([[{ imageUrl: null }]]);
		expect(jsonOf(await stage.recognize(items, { imageSource: 'base64', imageBase64: image }))).toMatchObject([
			[{ imageUrl: null }],
		]);
	});

	it("the picture of a face never takes the place of the input's own", async () => {
		const items = [urlItem(VIDEO, { imageUrl: 'my picture' })];
		for (const output of ['video', 'face']) {
			const [found] = jsonOf(await stage.identify(items, { output, options }));
			expect(found!.map(({ imageUrl }) => imageUrl)).toEqual(found!.map(() => 'my picture'));
		}
	});
});

/** A boolean by expression may come as text. */
describe('a boolean option as text', () => {
	const runs = (option: string, text: string, parameters: IDataObject = {}) =>
		stage.recognize([urlItem(URL, { own: 1 })], { ...parameters, options: { [option]: `={{ "${text}" }}` } });

	it.each<[option: string, text: string, expected: boolean]>(
		['true', 'false'].flatMap((text) =>
			['rawResponse', 'includeInputFields', 'downloadResults', 'downloadImageFirst', 'detectedOnly'].map(
				(option): [string, string, boolean] => [option, text, text === 'true'],
			),
		),
	)('%s "%s" is %s', async (option, text, expected) => {
		const run = await runs(option, text, option === 'detectedOnly' ? { output: 'segment' } : {});
		const [items] = run.outputs as [INodeExecutionData[]];
		const isOn: Record<string, () => boolean> = {
			rawResponse: () => 'raw' in items[0]!.json,
			includeInputFields: () => 'own' in items[0]!.json,
			downloadResults: () => items[0]!.binary !== undefined,
			downloadImageFirst: () => stage.gateway.downloads.length > 0,
			detectedOnly: () => items.length === 2,
		};
		expect(run.error).toBeUndefined();
		expect(isOn[option]!()).toBe(expected);
	});

	it.each<[text: string, calls: number]>([
		['true', 1],
		['false', 2],
	])('deduplicate "%s": %i calls for two items', async (text, calls) => {
		await stage.recognize([urlItem(URL), urlItem(URL)], { options: { deduplicate: `={{ "${text}" }}` } });
		expect(stage.gateway.requests).toHaveLength(calls);
	});

	it.each<[text: string, calls: number]>([
		['true', 0],
		['false', 1],
	])('checkInput "%s": %i calls for an image that is too small', async (text, calls) => {
		const imageBase64 = sampleBytes('small-200.png').toString('base64');
		await stage.recognize([{ json: {} }], { imageSource: 'base64', imageBase64, options: { checkInput: `={{ "${text}" }}` } });
		expect(stage.gateway.requests).toHaveLength(calls);
	});

	it.each(['yes', '1', 'off', 'undefined'])('"%s" is refused before anything is sent', async (text) => {
		const run = await runs('rawResponse', text);
		expect(run.error!.message).toContain('Include Raw Response');
		expect(run.error!.description).toMatch(/true.*false/);
		expect(stage.gateway.requests).toEqual([]);
	});
});

describe('Include Raw Response', () => {
	it.each([
		['an image', {}, 1],
		['each segment', { output: 'segment' }, 4],
	])('the whole answer stands under raw: %s', async (_name, parameters, count) => {
		const [items] = jsonOf(await stage.recognize([urlItem(URL)], { ...parameters, options: { rawResponse: true } }));
		expect(items).toHaveLength(count);
		for (const { raw } of items!) {
			expect(raw).toMatchObject({
				code: 0,
				message: 'SUCCEED',
				data: { final_unit_deduction: '0.1', task_result: { images: [{}, {}, {}, {}] } },
			});
		}
	});

	it('is off by itself', async () => {
		const [[json]] = jsonOf(await stage.recognize([urlItem(URL)])) as [[IDataObject]];
		expect(json).not.toHaveProperty('raw');
	});
});

const file = (fileName: string, mimeType: string) => expect.objectContaining({ fileName, mimeType });

describe('Download Segment / Face Images', () => {
	const options = { downloadResults: true };
	const portrait = async (): Promise<INodeExecutionData> => ({
		json: {},
		binary: { data: await stage.engine.binary(sampleBytes('portrait.jpg'), 'portrait.jpg', JPG) },
	});

	it('the segments of an image, beside the binary data of the input', async () => {
		const run = await stage.recognize([await portrait()], { imageSource: 'binary', options });
		const [{ binary, json }] = run.outputs[0] as [INodeExecutionData];
		expect(binary).toEqual({
			data: file('portrait.jpg', JPG),
			object: file('object.png', PNG),
			head: file('head.png', PNG),
			face: file('face.png', PNG),
			cloth: file('cloth.png', PNG),
		});
		expect(json).not.toHaveProperty('downloadErrors');
		expect(Buffer.from(binary!.face!.data, 'base64').subarray(1, 4).toString()).toBe('PNG');
		expect(stage.gateway.downloads).toHaveLength(4);
		for (const { headers, host } of stage.gateway.downloads) {
			expect(host).toBe('results.kling-samples.test');
			expect(headers).not.toHaveProperty('authorization');
		}
	});

	it.each<[string, IDataObject, string[][]]>([
		['one item per segment', { output: 'segment' }, [[], ['head'], ['face'], []]],
		[
			'one item per detected segment',
			{ output: 'segment', options: { downloadResults: true, detectedOnly: true } },
			[['head'], ['face']],
		],
	])('each segment has its own: %s', async (_name, parameters, names) => {
		const run = await stage.recognize([urlItem(URL)], { options, ...parameters });
		expect(run.outputs[0]!.map(({ binary }) => Object.keys(binary ?? {}))).toEqual(names);
	});

	it('the faces of a video', async () => {
		const run = await stage.identify([urlItem(VIDEO)], { options, output: 'video' });
		expect(run.outputs[0]![0]!.binary).toEqual({ face0: file('face0.jpg', JPG), face1: file('face1.jpg', JPG) });
	});

	it('one item per face has one face', async () => {
		const run = await stage.identify([urlItem(VIDEO)], { options, output: 'face' });
		expect(run.outputs[0]!.map(({ binary }) => binary)).toEqual([
			{ face: file('face.jpg', JPG) },
			{ face: file('face.jpg', JPG) },
		]);
	});

	const isPng = ({ data }: IBinaryData): boolean => Buffer.from(data, 'base64').subarray(1, 4).toString() === 'PNG';

	it.each<[taken: string[], name: string]>([
		[['face'], 'face_1'],
		[['face', 'face_1', 'face_3'], 'face_2'],
	])("the input's files survive: where %p are taken, the new one is %s", async (taken, name) => {
		const portrait = await stage.engine.binary(sampleBytes('portrait.jpg'), 'mine.jpg', JPG);
		const binary = Object.fromEntries(taken.map((key) => [key, portrait]));
		const run = await stage.recognize([{ ...urlItem(URL), binary }], { options });
		const [out] = run.outputs[0] as [INodeExecutionData];
		expect(Object.keys(out.binary!)).toEqual([...taken, 'head', name]);
		for (const key of taken) expect(out.binary![key]).toEqual(portrait);
		expect(isPng(out.binary![name]!)).toBe(true);
	});

	it("the input's files survive beside the faces of a video, and beside each one", async () => {
		const portrait = await stage.engine.binary(sampleBytes('portrait.jpg'), 'mine.jpg', JPG);
		const item = { ...urlItem(VIDEO), binary: { face: portrait, face1: portrait } };
		const whole = await stage.identify([item], { options, output: 'video' });
		expect(Object.keys(whole.outputs[0]![0]!.binary!)).toEqual(['face', 'face1', 'face0', 'face1_1']);
		const each = await stage.identify([item], { options, output: 'face' });
		expect(each.outputs[0]!.map(({ binary }) => Object.keys(binary!))).toEqual([
			['face', 'face1', 'face_1'],
			['face', 'face1', 'face_1'],
		]);
		for (const { binary } of [...whole.outputs[0]!, ...each.outputs[0]!]) {
			expect([binary!.face, binary!.face1]).toEqual([portrait, portrait]);
		}
	});

	it('items that share a result fetch its files once, and each has them', async () => {
		const run = await stage.recognize([urlItem(URL), urlItem(URL), urlItem(URL)], { options });
		expect(run.outputs[0]!.map(({ binary }) => Object.keys(binary!))).toEqual([
			['head', 'face'],
			['head', 'face'],
			['head', 'face'],
		]);
		expect(stage.gateway.requests).toHaveLength(1);
		expect(stage.gateway.downloads).toHaveLength(2);
	});

	const bytes = (start: string): Fault => ({
		kind: 'answer',
		status: 200,
		headers: { 'content-type': 'image/jpeg' },
		bodyBase64: Buffer.concat([Buffer.from(start, 'latin1'), Buffer.alloc(20)]).toString('base64'),
		route: 'download',
	});
	it.each([
		['PNG', '\x89PNG\r\n\x1a\n', 'face.png', PNG],
		['JPEG', '\xff\xd8\xff\xe0', 'face.jpg', JPG],
		['WebP', 'RIFF\0\0\0\0WEBP', 'face.webp', 'image/webp'],
		['something else', 'nothing known', 'face', 'application/octet-stream'],
	])('the type is that of the bytes, not of the URL or the header: %s', async (_name, start, fileName, mimeType) => {
		stage.gateway.control({ faults: [bytes(start)] });
		const run = await stage.recognize([urlItem(imageUrl('t', 'face'))], { options });
		expect(run.outputs[0]![0]!.binary).toEqual({ face: file(fileName, mimeType) });
	});

	it('one that fails leaves the result and the others standing', async () => {
		stage.gateway.control({ faults: [{ kind: 'empty', status: 404, route: 'download', match: '/head_seg' }] });
		const run = await stage.recognize([urlItem(URL)], { options });
		expect(run.status).toBe('success');
		const [{ binary, json }] = run.outputs[0] as [INodeExecutionData];
		expect(Object.keys(binary!)).toEqual(['face']);
		expect(json).toMatchObject({
			detected: ['head', 'face'],
			downloadErrors: { head: 'The server of the file answered with HTTP 404' },
		});
	});

	it.each<[string, Fault, number, RegExp]>([
		['larger than 25 MB', { kind: 'big', bytes: 26_214_401 }, 20, /larger than 25 MB/],
		['from a server that only breaks', { kind: 'resetBefore' }, 20, /connection to the server of the file broke/],
		['empty', { kind: 'empty', status: 200 }, 20, /is empty/],
		['not sent in time', { kind: 'hang' }, 0.3, /did not answer within 0.3 seconds/],
	])('one %s', async (_name, fault, timeout, message) => {
		stage.gateway.control({ faults: [{ ...fault, route: 'download' }] });
		const more = { downloadResults: true, maxAttempts: 1, timeout };
		const run = await stage.recognize([urlItem(imageUrl('t', 'face'))], { options: more });
		expect(run.outputs[0]![0]!.json).toMatchObject({ hasFace: true, downloadErrors: { face: expect.stringMatching(message) } });
	});

	it('one that comes the second time is no failure, and the call is not repeated', async () => {
		stage.gateway.control({
			faults: [{ kind: 'answer', status: 503, headers: { 'retry-after': '0' }, route: 'download', times: 1 }],
		});
		const run = await stage.recognize([urlItem(imageUrl('t', 'face'))], { options });
		expect(run.outputs[0]![0]!.binary).toEqual({ face: file('face.png', PNG) });
		expect(stage.gateway.requests).toHaveLength(1);
	});

	const perSegment = { output: 'segment' };
	it('without the option n8n says with One Item per Segment that the links end, and nothing is fetched', async () => {
		const run = await stage.recognize([urlItem(URL)], perSegment);
		expect(run.hints).toEqual([
			{
				message: 'Kling deletes the segment images after 30 days. Turn on the option Download Segment Images to keep them.',
				location: 'outputPane',
			},
		]);
		expect(stage.gateway.downloads).toEqual([]);
	});

	it('with the option, without links, or with another Output, it says nothing', async () => {
		expect((await stage.recognize([urlItem(URL)], { ...perSegment, options })).hints).toEqual([]);
		expect((await stage.recognize([urlItem(imageUrl('none'))], perSegment)).hints).toEqual([]);
		expect((await stage.recognize([urlItem(URL)])).hints).toEqual([]);
		for (const output of ['face', 'video']) expect((await stage.identify([urlItem(VIDEO)], { output })).hints).toEqual([]);
	});

	it.each(['face', 'head', 'object'])('files stand in the order of the segments, also where %s comes last', async (late) => {
		stage.gateway.control({ faults: [{ kind: 'delay', ms: 400, route: 'download', match: `/${late}_seg` }] });
		const run = await stage.recognize([urlItem(imageUrl('o', 'object', 'head', 'face'))], { options });
		expect(Object.keys(run.outputs[0]![0]!.binary!)).toEqual(['object', 'head', 'face']);
	});
});

describe('settings', () => {
	const items = [urlItem(imageUrl('s1', 'face'), { first: true }), urlItem(imageUrl('s2', 'face')), urlItem(VIDEO)];
	const firstElse = (first: string, other: string) => `={{ $json.first ? "${first}" : "${other}" }}`;

	it('output is read from the first item for all', async () => {
		const run = await stage.recognize(items.slice(0, 2), { output: firstElse('image', 'segment') });
		expect(jsonOf(run)).toMatchObject([[{ detected: ['face'] }, { detected: ['face'] }]]);
	});

	it('requiredMatch is read from the first item, requiredSegments from each', async () => {
		const run = await stage.recognize(items.slice(0, 2), {
			branchBy: 'requirement',
			requiredMatch: firstElse('any', 'all'),
			requiredSegments: '={{ $json.first ? ["face", "head"] : ["cloth", "face"] }}',
		});
		expect(run.outputs.map((output) => output.length)).toEqual([2, 0]);
	});

	it('the concurrency is read from the first item', async () => {
		stage.gateway.control({ latencyMs: 20 });
		const many = Array.from({ length: 6 }, (_, index) => urlItem(imageUrl(`c${index}`), { first: index === 0 }));
		await stage.recognize(many, { options: { maxConcurrency: '={{ $json.first ? 2 : 6 }}' } });
		expect(stage.gateway.stats()).toMatchObject({ calls: 6, peakConcurrency: 2 });
	});

	it('by itself ten calls run at once', async () => {
		stage.gateway.control({ latencyMs: 3000 });
		await stage.recognize(Array.from({ length: 15 }, (_, index) => urlItem(imageUrl(`c${index}`))));
		expect(stage.gateway.stats()).toMatchObject({ calls: 15, peakConcurrency: 10 });
	});

	it.each<[string, string, IDataObject, (json: IDataObject) => boolean]>([
		['rawResponse', 'the raw answer', {}, (json) => 'raw' in json],
		['includeInputFields', 'the fields of the input', {}, (json) => 'url' in json],
	])('%s is read from each item', async (option, _name, parameters, has) => {
		const run = await stage.recognize(items.slice(0, 2), { ...parameters, options: { [option]: '={{ $json.first === true }}' } });
		expect(jsonOf(run)[0]!.map(has)).toEqual([true, false]);
	});

	it.each([
		['imageSource', 'Image Source', 'auto, url, binary, base64', {}],
		['videoSource', 'Video Source', 'auto, url, binary, id', { operation: 'identifyFace', videoUrl: VIDEO }],
	])('%s takes no expression: refused by its name, and nothing is sent', async (name, label, choices, parameters) => {
		const run = await stage.recognize([urlItem(URL)], { ...parameters, [name]: '={{ "url" }}' });
		expect(run.error).toMatchObject({
			message: `${label} is "{{ "url" }}", it must be one of ${choices}`,
			description: `Choose ${label} in the node itself: it takes no expression.`,
		});
		expect(stage.gateway.requests).toEqual([]);
	});
});

it('as the tool of an agent it has one output, whatever is left over from its time as a node', async () => {
	const node = { type: 'n8n-nodes-kling-recognition.klingRecognitionTool' };
	const run = await stage.recognize([urlItem(URL)], { branchBy: 'requirement', requiredSegments: ['cloth'] }, { node });
	expect(jsonOf(run)).toMatchObject([[{ detected: ['head', 'face'] }]]);
	expect(run.hints).toEqual([]);
});

it('finds the limit of an account below its own, and loses no item', async () => {
	stage.gateway.control({ concurrency: 3, latencyMs: 60, defaultFlags: ['face'] });
	const items = Array.from({ length: 25 }, (_, index) => urlItem(`https://a.example/${index}.jpg`));
	const run = await stage.recognize(items);
	expect(run.outputs[0]!.map(({ json }) => json.hasFace)).toEqual(items.map(() => true));
	expect(stage.gateway.stats().rejected).toBeGreaterThan(0);
});
