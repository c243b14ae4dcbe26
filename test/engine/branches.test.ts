import { NodeHelpers, Workflow, type IDataObject, type INode, type INodeExecutionData } from 'n8n-workflow';

import { sampleBytes } from '../samples/manifest';
import { SINK, SOURCE } from './nodeTypes';
import { imageUrl, originsOf, urlItem, useStage, videoUrl } from './stage';

const stage = useStage();

/** Item 0 shows all, 1 a head and a face, 2 nothing, 3 clothing. */
const IMAGES = [
	imageUrl('a', 'object', 'head', 'face', 'cloth'),
	imageUrl('b', 'head', 'face'),
	imageUrl('c'),
	imageUrl('d', 'cloth'),
].map((url) => urlItem(url));
/** Item 0 shows two faces, 1 none, 2 one. */
const VIDEOS = [videoUrl('a', '0-5200', '100-900'), videoUrl('b'), videoUrl('c', '0-2000')].map((url) => urlItem(url));

/** An item as `origin:what`: an image by all that was found in it, a segment or face by its name. */
const brief = ({ json, pairedItem }: INodeExecutionData): string => {
	const { item } = pairedItem as { item: number };
	const { segment, detected, faceIndex, faceCount } = json as Record<string, string>;
	if (segment !== undefined) return `${item}:${segment}${detected ? '' : '?'}`;
	if (Array.isArray(detected)) return `${item}:${detected.join('+') || 'nothing'}`;
	return faceIndex === undefined ? `${item}:video of ${faceCount}` : `${item}:face${faceIndex}`;
};
const ALL = 'object+head+face+cloth';
const TWO = 'head+face';

interface Row {
	parameters: IDataObject;
	expected: string[][];
}

describe('Recognize Image', () => {
	const requirement = (requiredSegments: string[], requiredMatch?: string, more: IDataObject = {}): IDataObject => ({
		branchBy: 'requirement',
		requiredSegments,
		...(requiredMatch && { requiredMatch }),
		...more,
	});
	const segment = { output: 'segment' };
	const detectedOnly = { ...segment, options: { detectedOnly: true } };
	const four = (item: number, found: string) =>
		['object', 'head', 'face', 'cloth'].map((name) => `${item}:${name}${found.includes(name) ? '' : '?'}`);
	const rows: Row[] = [
		{ parameters: {}, expected: [[`0:${ALL}`, `1:${TWO}`, '2:nothing', '3:cloth']] },
		{ parameters: segment, expected: [[...four(0, ALL), ...four(1, TWO), ...four(2, ''), ...four(3, 'cloth')]] },
		{
			parameters: detectedOnly,
			expected: [['0:object', '0:head', '0:face', '0:cloth', '1:head', '1:face', '3:cloth']],
		},
		{
			parameters: { branchBy: 'segment' },
			expected: [[`0:${ALL}`], [`0:${ALL}`, `1:${TWO}`], [`0:${ALL}`, `1:${TWO}`], [`0:${ALL}`, '3:cloth'], ['2:nothing']],
		},
		{
			parameters: { branchBy: 'segment', ...segment },
			expected: [['0:object'], ['0:head', '1:head'], ['0:face', '1:face'], ['0:cloth', '3:cloth'], ['2:nothing']],
		},
		{
			parameters: { branchBy: 'segment', ...detectedOnly },
			expected: [['0:object'], ['0:head', '1:head'], ['0:face', '1:face'], ['0:cloth', '3:cloth'], ['2:nothing']],
		},
		{
			parameters: { branchBy: 'requirement' },
			expected: [
				[`0:${ALL}`, `1:${TWO}`],
				['2:nothing', '3:cloth'],
			],
		},
		{ parameters: requirement(['face', 'cloth']), expected: [[`0:${ALL}`], [`1:${TWO}`, '2:nothing', '3:cloth']] },
		{ parameters: requirement(['face', 'cloth'], 'all'), expected: [[`0:${ALL}`], [`1:${TWO}`, '2:nothing', '3:cloth']] },
		{ parameters: requirement(['face', 'cloth'], 'any'), expected: [[`0:${ALL}`, `1:${TWO}`, '3:cloth'], ['2:nothing']] },
		{ parameters: requirement(['object']), expected: [[`0:${ALL}`], [`1:${TWO}`, '2:nothing', '3:cloth']] },
		{
			parameters: requirement(['head'], 'all', segment),
			expected: [
				[...four(0, ALL), ...four(1, TWO)],
				['2:nothing', ...four(3, 'cloth')],
			],
		},
		{
			parameters: requirement(['head'], 'any', detectedOnly),
			expected: [
				['0:object', '0:head', '0:face', '0:cloth', '1:head', '1:face'],
				['2:nothing', '3:cloth'],
			],
		},
		{ parameters: { branchBy: 'lipSyncReady' }, expected: [[`0:${ALL}`, `1:${TWO}`, '2:nothing', '3:cloth']] },
		{ parameters: { branchBy: 'faceCount' }, expected: [[`0:${ALL}`, `1:${TWO}`, '2:nothing', '3:cloth']] },
		{ parameters: { output: 'face' }, expected: [[`0:${ALL}`, `1:${TWO}`, '2:nothing', '3:cloth']] },
		{ parameters: { options: { detectedOnly: true } }, expected: [[`0:${ALL}`, `1:${TWO}`, '2:nothing', '3:cloth']] },
	];

	it.each(rows)('$parameters', async ({ parameters, expected }) => {
		const run = await stage.recognize(IMAGES, parameters);
		expect(run.error).toBeUndefined();
		expect(run.outputs.map((items) => items.map(brief))).toEqual(expected);
		expect(stage.gateway.requests).toHaveLength(4);
	});
});

describe('Identify Face', () => {
	const FACES = ['0:face0', '0:face1', '2:face0'];
	const video = { output: 'video' };
	const rows: Row[] = [
		{ parameters: {}, expected: [FACES] },
		{ parameters: { output: 'face' }, expected: [FACES] },
		{ parameters: video, expected: [['0:video of 2', '1:video of 0', '2:video of 1']] },
		{ parameters: { branchBy: 'faceCount' }, expected: [['2:face0'], ['0:face0', '0:face1'], ['1:video of 0']] },
		{ parameters: { branchBy: 'faceCount', ...video }, expected: [['2:video of 1'], ['0:video of 2'], ['1:video of 0']] },
		{
			parameters: { branchBy: 'lipSyncReady' },
			expected: [
				['0:face0', '2:face0'],
				['0:face1', '1:video of 0'],
			],
		},
		{
			parameters: { branchBy: 'lipSyncReady', ...video },
			expected: [['0:video of 2', '2:video of 1'], ['1:video of 0']],
		},
		{ parameters: { branchBy: 'segment' }, expected: [FACES] },
		{ parameters: { branchBy: 'requirement' }, expected: [FACES] },
		{ parameters: { output: 'segment' }, expected: [FACES] },
	];

	it.each(rows)('$parameters', async ({ parameters, expected }) => {
		const run = await stage.identify(VIDEOS, parameters);
		expect(run.error).toBeUndefined();
		expect(run.outputs.map((items) => items.map(brief))).toEqual(expected);
	});
});

describe('by lip-sync ready', () => {
	const READY = { branchBy: 'lipSyncReady' };
	const faces = [
		videoUrl('exact', '0-2000'),
		videoUrl('short', '0-1999'),
		videoUrl('mixed', '0-1999', '100-2100', '5-6'),
		videoUrl('shorts', '0-1', '0-2'),
		videoUrl('nobody'),
	].map((url) => urlItem(url));

	it.each<[output: string, ready: string[], notReady: string[]]>([
		['face', ['0:face0', '2:face1'], ['1:face0', '2:face0', '2:face2', '3:face0', '3:face1', '4:video of 0']],
		['video', ['0:video of 1', '2:video of 3'], ['1:video of 1', '3:video of 2', '4:video of 0']],
	])('one item per %s: 2000 ms are ready, 1999 are not', async (output, ready, notReady) => {
		const run = await stage.identify(faces, { ...READY, output });
		expect(run.outputs.map((items) => items.map(brief))).toEqual([ready, notReady]);
		for (const { json } of run.outputs[0]!) {
			const found = output === 'face' ? [json] : (json.faces as IDataObject[]);
			expect(found.some(({ lipSyncReady }) => lipSyncReady === true)).toBe(true);
		}
	});

	it.each(['face', 'video'])('one item per %s: a face whose times nobody knows is not ready', async (output) => {
		const credential = stage.credential('chainHub');
		const run = await stage.identify([faces[0]!], { ...READY, output }, { credential });
		expect(run.outputs.map((items) => items.length)).toEqual([0, 1]);
		const [{ json }] = run.outputs[1] as [INodeExecutionData];
		expect(output === 'face' ? json : (json.faces as IDataObject[])[0]).toMatchObject({ faceId: '0', lipSyncReady: null });
	});

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'%s: a video that failed is never ready',
		async (onError) => {
			stage.gateway.control({ faults: [{ kind: 'code', status: 429, code: 1102, match: '/n/mixed' }] });
			const run = await stage.identify(faces.slice(0, 3), READY, { onError });
			expect(run.outputs[0]!.map(brief)).toEqual(['0:face0']);
			expect(
				run.outputs
					.at(-1)!
					.filter(({ json }) => 'error' in json)
					.map(({ json }) => json.details),
			).toMatchObject([{ input: { videoUrl: faces[2]!.json.url } }]);
		},
	);
});

describe('the items themselves', () => {
	it('a segment', async () => {
		const run = await stage.recognize([IMAGES[1]!], { output: 'segment' });
		const both = {
			imageUrl: IMAGES[1]!.json.url,
			requestId: expect.any(String),
			unitsDeducted: 0.1,
			balanceDeducted: 0.1,
			reused: false,
		};
		expect(run.outputs[0]!.map(({ json }) => json)).toStrictEqual([
			{ segment: 'object', detected: false, url: null, ...both },
			{ segment: 'head', detected: true, url: expect.stringContaining('/head_seg.png'), ...both },
			{ segment: 'face', detected: true, url: expect.stringContaining('/face_seg.png'), ...both },
			{ segment: 'cloth', detected: false, url: null, ...both },
		]);
	});

	it('a face', async () => {
		const run = await stage.identify([VIDEOS[0]!], { output: 'face' });
		const both = {
			videoUrl: VIDEOS[0]!.json.url,
			videoId: null,
			sessionId: expect.any(String),
			faceCount: 2,
			requestId: expect.any(String),
			reused: false,
		};
		const faceImageUrl = expect.stringMatching(/face-\d\.jpg$/);
		expect(run.outputs[0]!.map(({ json }) => json)).toStrictEqual([
			{ faceId: '0', faceImageUrl, startTime: 0, endTime: 5200, duration: 5200, lipSyncReady: true, faceIndex: 0, ...both },
			{ faceId: '1', faceImageUrl, startTime: 100, endTime: 900, duration: 800, lipSyncReady: false, faceIndex: 1, ...both },
		]);
	});

	it('the items that one image sends to several outputs are independent', async () => {
		const run = await stage.recognize([IMAGES[0]!], { branchBy: 'segment' });
		const [one, other] = [run.outputs[0]![0]!, run.outputs[1]![0]!];
		expect(one.json).toEqual(other.json);
		(one.json.detected as string[]).push('changed');
		expect(other.json.detected).not.toContain('changed');
	});

	it.each<[string, IDataObject]>([
		['one item per image', {}],
		['one item per segment', { output: 'segment' }],
		['branches', { branchBy: 'segment' }],
	])('take the binary data along by reference: %s', async (_name, parameters) => {
		await stage.engine.binaryMode('filesystem');
		const data = await stage.engine.binary(sampleBytes('portrait.jpg'), 'portrait.jpg', 'image/jpeg');
		const other = await stage.engine.binary(Buffer.from('notes'), 'notes.txt', 'text/plain');
		const run = await stage.recognize([{ json: {}, binary: { data, other } }], { imageSource: 'binary', ...parameters });
		const items = run.outputs.flat();
		expect(items.length).toBeGreaterThan(0);
		for (const { binary } of items) {
			expect(Object.keys(binary!)).toEqual(['data', 'other']);
			expect(binary!.data!.id).toBe(data.id);
			expect(binary!.other!.id).toBe(other.id);
		}
	});
});

describe("the outputs that n8n's editor shows", () => {
	const SEGMENT = ['Object', 'Head', 'Face', 'Clothing', 'None'];
	const REQUIREMENT = ['Match', 'No Match'];
	const FACE_COUNT = ['One Face', 'Several Faces', 'No Face'];
	const LIP_SYNC_READY = ['Ready', 'Not Ready'];
	const rows: Array<[operation: string, branchBy: string, names: Array<string | undefined>]> = [
		['recognizeImage', 'none', [undefined]],
		['recognizeImage', 'segment', SEGMENT],
		['recognizeImage', 'requirement', REQUIREMENT],
		['recognizeImage', 'faceCount', [undefined]],
		['recognizeImage', 'lipSyncReady', [undefined]],
		['identifyFace', 'none', [undefined]],
		['identifyFace', 'faceCount', FACE_COUNT],
		['identifyFace', 'lipSyncReady', LIP_SYNC_READY],
		['identifyFace', 'segment', [undefined]],
		['identifyFace', 'requirement', [undefined]],
	];

	const outputsOf = (parameters: IDataObject, onError?: INode['onError']) => {
		const node: INode = {
			id: 'n',
			name: 'Kling',
			type: 'n8n-nodes-kling-recognition.klingRecognition',
			typeVersion: 1,
			position: [0, 0],
			parameters: parameters as INode['parameters'],
			onError,
		};
		const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes: stage.engine.types });
		return NodeHelpers.getNodeOutputs(workflow, workflow.getNode('Kling')!, stage.engine.types.description);
	};
	const namesOf = (outputs: ReturnType<typeof outputsOf>) =>
		outputs.map((output) => (typeof output === 'string' ? output : output.displayName));

	it.each(rows)('%s, %s', async (operation, branchBy, names) => {
		const outputs = outputsOf({ operation, branchBy });
		expect(namesOf(outputs)).toEqual(names);
		expect(outputs.every((output) => typeof output !== 'string' && output.type === 'main')).toBe(true);
	});

	it.each(rows)('%s, %s: as many as the node fills', async (operation, branchBy, names) => {
		const items = [urlItem(operation === 'identifyFace' ? videoUrl('a', '0-5200') : imageUrl('a', 'face'))];
		const run = await stage.recognize(items, { operation, branchBy, videoUrl: '={{ $json.url }}' });
		expect(run.error).toBeUndefined();
		expect(run.outputs).toHaveLength(names.length);
	});

	it('the error output comes last', () => {
		expect(namesOf(outputsOf({ branchBy: 'requirement' }, 'continueErrorOutput'))).toEqual([...REQUIREMENT, 'Error']);
		expect(namesOf(outputsOf({}, 'continueErrorOutput'))).toEqual(['Success', 'Error']);
	});
});

describe('an expression of a later node', () => {
	const kling = (parameters: IDataObject, onError?: INode['onError']): INode => ({
		id: 'n',
		name: 'Kling',
		type: 'n8n-nodes-kling-recognition.klingRecognition',
		typeVersion: 1,
		position: [200, 0],
		parameters: parameters as INode['parameters'],
		credentials: { klingRecognitionApi: { id: 'c', name: 'c' } },
		onError,
	});
	const source: INode = { id: 's', name: 'Source', type: SOURCE, typeVersion: 1, position: [0, 0], parameters: {} };
	const sink = (index: number): INode => ({
		id: `k${index}`,
		name: `Sink ${index}`,
		type: SINK,
		typeVersion: 1,
		position: [400, 100 * index],
		parameters: { value: "={{ $('Source').item.json.name }}" },
	});

	async function namesBehind(items: INodeExecutionData[], node: INode, outputs: number): Promise<unknown[][]> {
		stage.engine.types.sourceItems = items;
		const sinks = Array.from({ length: outputs }, (_, index) => sink(index));
		const run = await stage.engine.runWorkflow({
			nodes: [source, node, ...sinks],
			connections: {
				Source: { main: [[{ node: 'Kling', type: 'main', index: 0 }]] },
				Kling: { main: sinks.map(({ name }) => [{ node: name, type: 'main', index: 0 }]) },
			},
			credentials: { klingRecognitionApi: stage.credential('klingGlobal') },
		});
		expect(run.data.resultData.error).toBeUndefined();
		return sinks.map(({ name }) => (run.data.resultData.runData[name]?.[0]?.data?.main?.[0] ?? []).map(({ json }) => json.value));
	}

	it('behind a branch finds the item that the image came from', async () => {
		const items = IMAGES.map((item, index) => ({ json: { ...item.json, name: `image ${index}` } }));
		const node = kling({ imageUrl: '={{ $json.url }}', branchBy: 'segment', output: 'segment' });
		expect(await namesBehind(items, node, 5)).toEqual([
			['image 0'],
			['image 0', 'image 1'],
			['image 0', 'image 1'],
			['image 0', 'image 3'],
			['image 2'],
		]);
	});

	it('behind the faces of a video finds the video', async () => {
		const items = VIDEOS.map((item, index) => ({ json: { ...item.json, name: `video ${index}` } }));
		const node = kling({ operation: 'identifyFace', videoUrl: '={{ $json.url }}', branchBy: 'faceCount', output: 'face' });
		expect(await namesBehind(items, node, 3)).toEqual([['video 2'], ['video 0', 'video 0'], ['video 1']]);
	});

	it('behind the error output finds the item that failed', async () => {
		const items = [urlItem('no URL', { name: 'bad' }), urlItem(imageUrl('a', 'face'), { name: 'good' })];
		const node = kling({ imageUrl: '={{ $json.url }}', branchBy: 'requirement' }, 'continueErrorOutput');
		expect(await namesBehind(items, node, 3)).toEqual([['good'], [], ['bad']]);
	});
});

it('pairedItem is there for every item of every output', async () => {
	const run = await stage.recognize(IMAGES, { branchBy: 'segment' });
	expect(run.outputs.map(originsOf)).toEqual([[0], [0, 1], [0, 1], [0, 3], [2]]);
});
