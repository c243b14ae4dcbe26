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

async function run(
	parameters: IDataObject,
	items: INodeExecutionData[],
	onError: 'stop' | 'continue' = 'continue',
): Promise<NodeRun> {
	return await world.engine.run({
		parameters: { operation: 'recognizeImage', ...parameters },
		credential: credentialOf('custom', world.gateway.url),
		onError: onError === 'continue' ? 'continueRegularOutput' : undefined,
		items,
	});
}

const isTypedFailure = ({ json }: INodeExecutionData): boolean =>
	Object.keys(json).join() === 'error,details' &&
	typeof json.error === 'string' &&
	json.error !== '' &&
	'attempts' in (json.details as object);
const isResult = ({ json }: INodeExecutionData): boolean => 'requestId' in json;

/** Each item left once, as a result or as a typed error, and nothing broke. */
function expectWhole({ error, outputs }: NodeRun, count: number): void {
	expect(error?.message).toBeUndefined();
	const items = outputs.flat();
	expect(new Set(items.map(({ pairedItem }) => (pairedItem as { item: number }).item)).size).toBe(count);
	expect(items.filter((item) => !isResult(item) && !isTypedFailure(item))).toEqual([]);
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
	['a video URL', { operation: 'identifyFace', videoSource: 'url', videoUrl: '={{ $json.text }}' }],
	['a video id', { operation: 'identifyFace', videoSource: 'id', videoId: '={{ $json.text }}' }],
])('any value as %s', async (_name, parameters) => {
	await fc.assert(
		fc.asyncProperty(fc.array(fc.oneof(anyText, anyValue), BATCH), async (values) => {
			const items = values.map((text) => ({ json: { text } as IDataObject }));
			expectWhole(await run({ options: { maxAttempts: 1 }, ...parameters }, items), values.length);
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
const anyParameters = fc.record(
	{
		operation: mostly('recognizeImage', 'identifyFace'),
		imageSource: mostly('url', 'base64', 'binary'),
		imageUrl: mostly('https://images.kling-samples.test/a.jpg'),
		imageBase64: anyValue,
		binaryPropertyName: anyValue,
		videoSource: mostly('url', 'id'),
		videoUrl: mostly('https://videos.kling-samples.test/a.mp4'),
		videoId: anyValue,
		output: mostly('image', 'segment', 'video', 'face'),
		branchBy: mostly('none', 'segment', 'requirement', 'faceCount', 'constructor', '__proto__'),
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
async function runAnyParameters(parameters: IDataObject, onError: 'stop' | 'continue') {
	return await run(parameters, [{ json: {} }, { json: {} }], onError).catch((refusal: Error) => {
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
			expect(outputs.slice(0, -1).flat().every(isResult)).toBe(true);
			expect((outputs.at(-1) ?? []).every((item) => isResult(item) || isTypedFailure(item))).toBe(true);
		}),
		{ numRuns: 300 },
	);
});

const anyBody = fc.oneof(
	{ weight: 4, arbitrary: anyAnswer.map((value) => Buffer.from(JSON.stringify(value) ?? '')) },
	{ weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
);
const anyStatus = fc.oneof(
	{ weight: 3, arbitrary: fc.constant(200) },
	{ weight: 1, arbitrary: fc.integer({ min: 200, max: 599 }) },
);
const anyCase = fc.record({ body: anyBody, status: anyStatus });

test.each(['recognizeImage', 'identifyFace'])('any answer to %s', async (operation) => {
	await fc.assert(
		fc.asyncProperty(fc.array(anyCase, BATCH), fc.boolean(), async (cases, rawResponse) => {
			const faults: Fault[] = cases.map(({ body, status }, index) => ({
				kind: 'answer',
				status,
				bodyBase64: body.toString('base64'),
				match: `/any/${index}.`,
			}));
			world.gateway.control({ faults });
			const items = cases.map((_case, index) => ({ json: { url: `https://images.kling-samples.test/any/${index}.` } }));
			const url = '={{ $json.url }}';
			const parameters = { operation, imageUrl: url, videoUrl: url, imageSource: 'url', videoSource: 'url' };
			expectWhole(await run({ ...parameters, options: { maxAttempts: 1, rawResponse } }, items), cases.length);
		}),
		FEW,
	);
});

test('an answer nested deeper than any stack: the other items do not suffer', async () => {
	const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
	const body = `{"code":0,"data":{"session_id":"s","face_data":[],"deep":${deep},"task_result":{"images":[],"deep":${deep}}}}`;
	for (const operation of ['recognizeImage', 'identifyFace']) {
		world.gateway.control({ faults: [{ kind: 'answer', status: 200, body, match: '/deep.' }] });
		const items = ['deep.', 'flat.'].map((name) => ({ json: { url: `https://images.kling-samples.test/any/${name}` } }));
		const url = '={{ $json.url }}';
		const parameters = {
			operation,
			imageUrl: url,
			videoUrl: url,
			imageSource: 'url',
			videoSource: 'url',
			options: { rawResponse: true },
		};
		expectWhole(await run(parameters, items), 2);
	}
});
