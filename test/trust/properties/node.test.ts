import '../../engine/quickTime';

import fc from 'fast-check';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { NodeRun } from '../../engine/engine';
import type { Fault } from '../../gateway';
import { sha256Of } from '../../samples/manifest';
import { credentialOf, startWorld, type World } from '../support/world';
import { anyAnswer, anyBytes, anyText, anyValue, damagedImages, mostly } from './inputs';

let world: World;

beforeAll(async () => {
	world = await startWorld();
});

afterEach(() => world.gateway.reset());
afterAll(() => world.close());

type OnError = 'stop' | 'continue' | 'errorOutput';

const ON_ERROR = { stop: undefined, continue: 'continueRegularOutput', errorOutput: 'continueErrorOutput' } as const;

async function run(parameters: IDataObject, items: INodeExecutionData[], onError: OnError = 'continue'): Promise<NodeRun> {
	return await world.engine.run({
		parameters: { operation: 'recognizeImage', ...parameters },
		credential: credentialOf('custom', world.gateway.url),
		onError: ON_ERROR[onError],
		items,
	});
}

/** What an error may tell of its item's input: texts that are short enough, or nothing. */
const isToldShortly = (input: unknown): boolean =>
	typeof input === 'object' &&
	input !== null &&
	Object.values(input).every((value) => value === null || (typeof value === 'string' && value !== '' && value.length <= 200));
const isTypedFailure = ({ json }: INodeExecutionData): boolean =>
	Object.keys(json).join() === 'error,details' &&
	typeof json.error === 'string' &&
	json.error !== '' &&
	Object.keys(json.details as object)[0] === 'input' &&
	isToldShortly((json.details as IDataObject).input) &&
	'attempts' in (json.details as object);
const isResult = ({ json }: INodeExecutionData): boolean => 'requestId' in json;

/** Each item left once, as a result or as a typed error, and nothing broke. */
function expectWhole({ error, outputs }: NodeRun, count: number): void {
	expect(error?.message).toBeUndefined();
	const items = outputs.flat();
	expect(new Set(items.map(({ pairedItem }) => (pairedItem as { item: number }).item)).size).toBe(count);
	expect(items.filter((item) => !isResult(item) && !isTypedFailure(item))).toEqual([]);
}

const VIDEO = { operation: 'identifyFace', output: 'video' };

/** Whether a file is an image: by its type, or where that says nothing by its first bytes. */
function isImage({ mimeType, bytes }: { mimeType: string; bytes: Buffer }): boolean {
	if (mimeType !== 'application/octet-stream') return mimeType.startsWith('image/');
	return /^(\xff\xd8\xff|\x89PNG|GIF8|RIFF[\s\S]{4}WEBP|[\s\S]{4}ftyp(avi[fs]|hei|hev|mif1|msf1))/.test(
		bytes.toString('latin1', 0, 12),
	);
}

/** No text was sent that nobody wrote: an object or a list turned into one. */
function expectNoMadeUpText(): void {
	expect(world.gateway.requests.filter(({ json }) => JSON.stringify(json).includes('[object'))).toEqual([]);
}

const BATCH = { minLength: 30, maxLength: 60 };
const FEW = { numRuns: 12 };

test('any bytes as a binary file: what is sent are exactly those bytes', async () => {
	const images = fc.array(fc.oneof(anyBytes, damagedImages), BATCH);
	await fc.assert(
		fc.asyncProperty(images, fc.boolean(), async (files, checkInput) => {
			world.gateway.reset();
			const items = await Promise.all(
				files.map(async (bytes) => ({ json: {}, binary: { data: await world.engine.binary(bytes, 'any.jpg', 'image/jpeg') } })),
			);
			expectWhole(await run({ imageSource: 'binary', options: { checkInput, maxAttempts: 1 } }, items), files.length);
			const known = new Set(files.map(sha256Of));
			const sent = world.gateway.requests.map(({ json }) => (json as { image: { sha256: string } | string }).image);
			expect(sent.filter((image) => typeof image === 'object' && !known.has(image.sha256))).toEqual([]);
		}),
		FEW,
	);
});

test.each([
	['Base64', { imageSource: 'base64', imageBase64: '={{ $json.text }}' }],
	['an image URL', { imageSource: 'url', imageUrl: '={{ $json.text }}' }],
	[
		'an image URL to fetch first',
		{ imageSource: 'url', imageUrl: '={{ $json.text }}', options: { downloadImageFirst: true, maxAttempts: 1 } },
	],
	['the name of a binary field', { imageSource: 'binary', binaryPropertyName: '={{ $json.text }}' }],
	['a video URL', { ...VIDEO, videoSource: 'url', videoUrl: '={{ $json.text }}' }],
	['a video id', { ...VIDEO, videoSource: 'id', videoId: '={{ $json.text }}' }],
])('any value as %s', async (_name, parameters) => {
	await fc.assert(
		fc.asyncProperty(fc.array(fc.oneof(anyText, anyValue), BATCH), async (values) => {
			const items = values.map((text) => ({ json: { text } as IDataObject }));
			expectWhole(await run({ options: { maxAttempts: 1 }, ...parameters }, items), values.length);
			expectNoMadeUpText();
		}),
		FEW,
	);
});

const ITEM_FIELDS = ['imageUrl', 'videoId', 'videoUrl', '_files', 'error', 'hasFace'];
const anyItem = fc.record(Object.fromEntries(ITEM_FIELDS.map((name) => [name, fc.oneof(anyText, anyValue)])), {
	requiredKeys: [],
});

test.each([
	['an image', { imageSource: 'auto' }],
	['a video', { ...VIDEO, videoSource: 'auto' }],
])('any item that %s is taken from', async (_name, parameters) => {
	await fc.assert(
		fc.asyncProperty(fc.array(anyItem, BATCH), fc.boolean(), async (values, includeInputFields) => {
			world.gateway.reset();
			const items = values.map((json) => ({ json: json as IDataObject }));
			expectWhole(await run({ options: { maxAttempts: 1, includeInputFields }, ...parameters }, items), values.length);
			expectNoMadeUpText();
		}),
		FEW,
	);
});

test('any files of an item: what is sent is the first that is an image, by its type or else its bytes', async () => {
	const types = fc.constantFrom(
		'image/jpeg',
		'image/png',
		'audio/mpeg',
		'video/mp4',
		'application/pdf',
		'application/octet-stream',
	);
	const file = fc.record({ bytes: fc.oneof(anyBytes, damagedImages), mimeType: types });
	const files = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), file, { maxKeys: 4 });
	await fc.assert(
		fc.asyncProperty(fc.array(files, { minLength: 10, maxLength: 20 }), async (all) => {
			world.gateway.reset();
			const items = await Promise.all(
				all.map(async (own) => {
					const stored = Object.entries(own).map(async ([name, { bytes, mimeType }]) => [
						name,
						await world.engine.binary(bytes, name, mimeType),
					]);
					return { json: {}, binary: Object.fromEntries(await Promise.all(stored)) };
				}),
			);
			const parameters = { imageSource: 'auto', options: { checkInput: false, maxAttempts: 1, deduplicate: false } };
			expectWhole(await run(parameters, items), all.length);
			const wanted = all.flatMap((own) => Object.values(own).find(isImage) ?? []).map(({ bytes }) => sha256Of(bytes));
			const sent = world.gateway.requests.map(({ json }) => {
				const { image } = json as { image: { sha256: string } | string };
				// The gateway keeps short texts as they are.
				return typeof image === 'string' ? sha256Of(Buffer.from(image, 'base64')) : image.sha256;
			});
			expect(sent.sort()).toEqual(wanted.sort());
		}),
		FEW,
	);
});

const OPTIONS = [
	'maxConcurrency',
	'maxAttempts',
	'timeout',
	'deduplicate',
	'checkInput',
	'downloadImageFirst',
	'downloadResults',
	'detectedOnly',
	'includeInputFields',
	'rawResponse',
];
const BRANCHES = ['none', 'segment', 'requirement', 'faceCount', 'lipSyncReady'] as const;
const anyParameters = fc.record(
	{
		operation: mostly('recognizeImage', 'identifyFace'),
		imageSource: mostly('url', 'base64', 'binary', 'auto'),
		imageUrl: mostly('https://images.kling-samples.test/a.jpg'),
		imageBase64: anyValue,
		binaryPropertyName: anyValue,
		videoSource: mostly('url', 'id', 'auto'),
		videoUrl: mostly('https://videos.kling-samples.test/a.mp4'),
		videoId: anyValue,
		output: mostly('image', 'segment', 'video', 'face'),
		branchBy: mostly(...BRANCHES, 'constructor', '__proto__'),
		requiredSegments: fc.oneof(anyValue, fc.subarray(['object', 'head', 'face', 'cloth']), fc.array(anyValue, { maxLength: 3 })),
		requiredMatch: mostly('all', 'any'),
		options: fc.oneof(
			{ weight: 4, arbitrary: fc.record(Object.fromEntries(OPTIONS.map((name) => [name, anyValue])), { requiredKeys: [] }) },
			{ weight: 1, arbitrary: anyValue },
		),
	},
	// n8n itself refuses to run a node without what it requires.
	{ requiredKeys: ['operation', 'imageUrl', 'imageBase64', 'binaryPropertyName', 'videoUrl', 'videoId', 'requiredSegments'] },
);

/** Runs the node on two items; where n8n itself refuses to, nothing comes out. */
async function runAnyParameters(parameters: IDataObject, onError: OnError) {
	const json = { imageUrl: 'https://images.kling-samples.test/b.jpg', videoUrl: 'https://videos.kling-samples.test/b.mp4' };
	return await run(parameters, [{ json }, { json: {} }], onError).catch((refusal: Error) => {
		if (refusal.name !== 'WorkflowHasIssuesError') throw refusal;
		return { error: undefined, outputs: [] };
	});
}

test('any values as parameters', async () => {
	await fc.assert(
		fc.asyncProperty(anyParameters, async (parameters) => {
			const { error, outputs } = await runAnyParameters(parameters as IDataObject, 'stop');
			if (error) expect(['NodeApiError', 'NodeOperationError']).toContain(error.name);
			else expect(outputs.flat().every(isResult)).toBe(true);
		}),
		{ numRuns: 300 },
	);
});

test('any values as parameters, where errors do not stop: what failed leaves by the last output, and the node never throws', async () => {
	await fc.assert(
		fc.asyncProperty(anyParameters, async (parameters) => {
			const { error, outputs } = await runAnyParameters(parameters as IDataObject, 'continue');
			expect(error?.message).toBeUndefined();
			expectByLastOutput(outputs);
		}),
		{ numRuns: 300 },
	);
});

/** Nothing that failed, and nothing unrecognised, leaves by the first of several outputs: it leads to a paid step. */
function expectByLastOutput(outputs: NodeRun['outputs']): void {
	expect(outputs.slice(0, -1).flat().every(isResult)).toBe(true);
	expect((outputs.at(-1) ?? []).every((item) => isResult(item) || isTypedFailure(item))).toBe(true);
}

test("any values as parameters, with n8n's error output: what failed leaves by it, and nothing else", async () => {
	await fc.assert(
		fc.asyncProperty(anyParameters, async (parameters) => {
			const { error, outputs } = await runAnyParameters(parameters as IDataObject, 'errorOutput');
			expect(error?.message).toBeUndefined();
			expect(outputs.slice(0, -1).flat().every(isResult)).toBe(true);
			// n8n itself sorts only the outputs that it knows of: of an item behind them it keeps the message alone.
			const isKnown = BRANCHES.some((name) => name === parameters.branchBy) || parameters.branchBy === undefined;
			const isFailure = ({ json }: INodeExecutionData) => typeof json.error === 'string' && (!isKnown || 'details' in json);
			expect((outputs.at(-1) ?? []).every(isFailure)).toBe(true);
		}),
		{ numRuns: 150 },
	);
});

test.each(['continue', 'errorOutput'] as const)('a Branch By that cannot even become a text, with %s', async (onError) => {
	const parameters = {
		operation: 'recognizeImage',
		imageUrl: 'https://images.kling-samples.test/a.jpg',
		branchBy: { toString: '' },
	};
	const { error, outputs } = await runAnyParameters(parameters, onError);
	expect(error?.message).toBeUndefined();
	expect(outputs.slice(0, -1).flat()).toEqual([]);
	expect(outputs.at(-1)!.map(({ json }) => json.error)).toEqual(Array(2).fill('Branch By is none of its choices'));
});

test.each([
	['recognizeImage', 'requirement', ({ json }: INodeExecutionData) => json.hasFace === true],
	['identifyFace', 'faceCount', ({ json }: INodeExecutionData) => json.faceCount === 1],
	['identifyFace', 'lipSyncReady', isReady],
] as const)(
	'%s by %s: whatever comes in, nothing unrecognised leaves by the first output',
	async (operation, branchBy, isFit) => {
		const source = mostly<unknown>('url', 'auto', 'binary');
		const item = fc.oneof(
			anyItem,
			fc
				.constantFrom('face', 'object', 'none')
				.map((flags) => ({ imageUrl: `https://images.kling-samples.test/a.jpg?flags=${flags}` })),
			fc
				.constantFrom('', '0-5200', '0-100', '0-5200,0-3000')
				.map((faces) => ({ videoUrl: `https://videos.kling-samples.test/a.mp4?faces=${faces}` })),
		);
		const output = mostly('image', 'segment', 'video', 'face');
		let fit = 0;
		await fc.assert(
			fc.asyncProperty(fc.array(item, BATCH), source, source, output, async (values, imageSource, videoSource, wanted) => {
				const sources = { imageSource, videoSource, imageUrl: '={{ $json.imageUrl }}', videoUrl: '={{ $json.videoUrl }}' };
				const parameters = {
					operation,
					branchBy,
					output: wanted,
					binaryPropertyName: 'data',
					options: { maxAttempts: 1 },
					...sources,
				};
				const items = values.map((json) => ({ json: json as IDataObject }));
				const { error, outputs } = await run(parameters as IDataObject, items);
				expect(error?.message).toBeUndefined();
				expectByLastOutput(outputs);
				expect(outputs[0]!.filter((one) => !isFit(one) && !('segment' in one.json))).toEqual([]);
				fit += outputs[0]!.length;
			}),
			FEW,
		);
		expect(fit).toBeGreaterThan(0);
	},
);

/** A face, or a video with a face, that is on screen for long enough. */
function isReady({ json }: INodeExecutionData): boolean {
	const faces = (json.faces ?? [json]) as IDataObject[];
	return faces.some(({ lipSyncReady }) => lipSyncReady === true);
}

const anyBody = fc.oneof(
	{ weight: 4, arbitrary: anyAnswer.map((value) => Buffer.from(JSON.stringify(value) ?? '')) },
	{ weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
);
const anyStatus = fc.oneof(
	{ weight: 3, arbitrary: fc.constant(200) },
	{ weight: 1, arbitrary: fc.integer({ min: 200, max: 599 }) },
);
const anyCase = fc.record({ body: anyBody, status: anyStatus });

test.each(['recognizeImage', 'identifyFace'])(
	'any answer to %s',
	async (operation) => {
		await fc.assert(
			fc.asyncProperty(fc.array(anyCase, BATCH), fc.boolean(), async (cases, rawResponse) => {
				const faults: Fault[] = cases.map(({ body, status }, index) => ({
					kind: 'answer',
					status,
					bodyBase64: body.toString('base64'),
					match: `/any/${index}.`,
					// What says that nothing was begun is heard once: it would be waited out for a minute.
					times: 1,
				}));
				world.gateway.control({ faults });
				const items = cases.map((_case, index) => ({ json: { url: `https://images.kling-samples.test/any/${index}.` } }));
				const url = '={{ $json.url }}';
				const output = operation === 'identifyFace' ? 'video' : 'image';
				const parameters = { operation, output, imageUrl: url, videoUrl: url, imageSource: 'url', videoSource: 'url' };
				expectWhole(await run({ ...parameters, options: { maxAttempts: 1, rawResponse } }, items), cases.length);
			}),
			FEW,
		);
		// What is rejected as one too many slows the account down.
	},
	280_000,
);

test('an answer nested deeper than any stack: the other items do not suffer', async () => {
	const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
	const body = `{"code":0,"data":{"session_id":"s","face_data":[],"deep":${deep},"task_result":{"images":[],"deep":${deep}}}}`;
	for (const operation of ['recognizeImage', 'identifyFace']) {
		world.gateway.control({ faults: [{ kind: 'answer', status: 200, body, match: '/deep.' }] });
		const items = ['deep.', 'flat.'].map((name) => ({ json: { url: `https://images.kling-samples.test/any/${name}` } }));
		const url = '={{ $json.url }}';
		const parameters = {
			operation,
			output: operation === 'identifyFace' ? 'video' : 'image',
			imageUrl: url,
			videoUrl: url,
			imageSource: 'url',
			videoSource: 'url',
			options: { rawResponse: true },
		};
		expectWhole(await run(parameters, items), 2);
	}
});
