import { Buffer } from 'node:buffer';

import { PROVIDERS } from '../../nodes/shared/kling/account/providers';
import { ACCESS, rowOf } from '../gateway';
import { imageUrl, jsonOf, PAIR, urlItem, useStage, videoUrl } from './stage';

const stage = useStage();

const ROWS = PROVIDERS.map(({ name }) => rowOf(name));
const IMAGE = imageUrl('a', 'head', 'face');
const VIDEO = videoUrl('a', '0-5200', '100-900');

interface Operation {
	name: string;
	path: string;
	parameters: Record<string, string>;
	body: Record<string, string>;
}

const OPERATIONS: Operation[] = [
	{ name: 'recognizeImage', path: '/v1/videos/image-recognize', parameters: { imageUrl: IMAGE }, body: { image: IMAGE } },
	{
		name: 'identifyFace',
		path: '/v1/videos/identify-face',
		parameters: { videoSource: 'url', videoUrl: VIDEO },
		body: { video_url: VIDEO },
	},
	{
		name: 'identifyFace',
		path: '/v1/videos/identify-face',
		parameters: { videoSource: 'id', videoId: ' 827297867148050499 ', videoUrl: VIDEO },
		body: { video_id: '827297867148050499' },
	},
];

const CALLS = ROWS.flatMap(({ name: provider, host, prefixes }) =>
	OPERATIONS.map((operation) => ({ provider, host: host ?? '127.0.0.1', prefix: prefixes.at(-1), ...operation })),
);

const PAIR_OF_KLING = { provider: 'klingGlobal', ...PAIR };

async function call(credential: Record<string, unknown>, { name, parameters }: Operation) {
	return await stage.recognize([{ json: {} }], { operation: name, ...parameters }, { credential: credential as never });
}

it.each(CALLS)('$provider, $name: the request is the documented one', async ({ provider, host, prefix, ...operation }) => {
	const credential = stage.credential(provider);
	const { status, error } = await call(credential, operation);
	expect(error).toBeUndefined();
	expect(status).toBe('success');
	expect(stage.gateway.requests).toHaveLength(1);
	const request = stage.gateway.requests[0]!;
	expect(request).toMatchObject({ method: 'POST', path: prefix + operation.path, provider, status: 200, json: operation.body });
	expect(request.host.replace(/:\d+$/, '')).toBe(host);
	expect(request.headers).toMatchObject({
		authorization: `Bearer ${credential.apiKey as string}`,
		'content-type': 'application/json',
		accept: 'application/json',
		'content-length': String(Buffer.byteLength(JSON.stringify(operation.body))),
	});
	expect(stage.gateway.downloads).toEqual([]);
});

it('a result names its source as it was sent, and null for the other one', async () => {
	const sources = await Promise.all(OPERATIONS.map(async (operation) => jsonOf(await call(PAIR_OF_KLING, operation))[0]![0]!));
	expect(sources.map(({ imageUrl, videoUrl, videoId }) => ({ imageUrl, videoUrl, videoId }))).toStrictEqual([
		{ imageUrl: IMAGE, videoUrl: undefined, videoId: undefined },
		{ imageUrl: undefined, videoUrl: VIDEO, videoId: null },
		{ imageUrl: undefined, videoUrl: null, videoId: '827297867148050499' },
	]);
});

const PAIRS = (['klingGlobal', 'klingChina'] as const).flatMap((provider) =>
	OPERATIONS.slice(0, 2).map((operation) => ({ provider, ...operation })),
);

it.each(PAIRS)('$provider, $name: an access key and a secret key sign a token', async ({ provider, ...operation }) => {
	const { status } = await call({ provider, ...PAIR }, operation);
	expect(status).toBe('success');
	const token = /^Bearer (.+)$/.exec(stage.gateway.requests[0]!.headers.authorization!)![1]!;
	const [header, claims] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString('utf8'));
	expect(JSON.parse(header!)).toEqual({ alg: 'HS256', typ: 'JWT' });
	expect(JSON.parse(claims!)).toEqual({ iss: ACCESS.accessKey, exp: expect.any(Number), nbf: expect.any(Number) });
});

describe('what comes out', () => {
	const isUrl = expect.stringMatching(/^https?:\/\/.+\.png$/);

	it.each(ROWS)('$name: one item per image', async ({ name: provider, shape }) => {
		const kling = shape === 'kling';
		const url = kling ? isUrl : null;
		expect(jsonOf(await call(stage.credential(provider), OPERATIONS[0]!))).toStrictEqual([
			[
				{
					imageUrl: IMAGE,
					hasObject: false,
					hasHead: true,
					hasFace: true,
					hasCloth: false,
					detected: ['head', 'face'],
					objectUrl: null,
					headUrl: url,
					faceUrl: url,
					clothUrl: null,
					requestId: kling ? expect.any(String) : null,
					unitsDeducted: kling ? 0.1 : null,
					balanceDeducted: kling ? 0.1 : null,
					reused: false,
				},
			],
		]);
	});

	it.each(ROWS)('$name: one item per video', async ({ name: provider, shape }) => {
		const kling = shape === 'kling';
		const timed = shape !== 'faceList';
		const face = (faceId: string, startTime: number, endTime: number, duration: number, lipSyncReady: boolean) =>
			timed
				? { faceId, faceImageUrl: expect.stringMatching(/^http.+\.jpg$/), startTime, endTime, duration, lipSyncReady }
				: { faceId, faceImageUrl: null, startTime: null, endTime: null, duration: null, lipSyncReady: null };
		const perVideo = { ...OPERATIONS[1]!, parameters: { ...OPERATIONS[1]!.parameters, output: 'video' } };
		expect(jsonOf(await call(stage.credential(provider), perVideo))).toStrictEqual([
			[
				{
					videoUrl: VIDEO,
					videoId: null,
					sessionId: expect.any(String),
					faceCount: 2,
					hasFace: true,
					faces: [face('0', 0, 5200, 5200, true), face('1', 100, 900, 800, false)],
					requestId: kling ? expect.any(String) : null,
					unitsDeducted: kling ? 0.05 : null,
					balanceDeducted: kling ? 0.05 : null,
					reused: false,
				},
			],
		]);
	});
});

it('the defaults of the node are Recognize Image by URL, one item per image, no branches', async () => {
	const run = await stage.recognize([urlItem(IMAGE)], { operation: undefined });
	expect(run.outputs).toHaveLength(1);
	expect(jsonOf(run)[0]).toMatchObject([{ detected: ['head', 'face'] }]);
});
