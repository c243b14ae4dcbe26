import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gateway } from '../../gateway';
import { PROVIDERS as KLING_PROVIDERS } from '../../../nodes/shared/kling/account/providers';
import { KEYS, ACCESS } from '../../gateway/keys';
import { rowOf } from '../../gateway/providers';
import { sampleBytes } from '../../samples/manifest';
import { allCredentials, CREDENTIAL_TYPE, useCredential, type CredentialName } from '../harness/credentials';
import { execute, type Execution } from '../harness/execution';
import { currentHost } from '../harness/hosts';
import type { Instance } from '../harness/instance';
import { CLOSES_MS, OPENS_MS, openDesk, type Desk } from '../harness/stand';
import {
	fetchSample,
	generation,
	kling,
	manualStart,
	noOp,
	sampleUrl,
	setJson,
	workflow,
	type NodeDraft,
} from '../harness/workflows';

const host = currentHost();
let desk: Desk;
let gateway: Gateway;
let instance: Instance;

/** Which credential calls which host, with which token. */
const PROVIDERS: Array<[CredentialName, string]> = [
	...KLING_PROVIDERS.map(({ name }): [CredentialName, string] => [name, rowOf(name).host ?? '127.0.0.1']),
	['globalAccessKey', 'api-singapore.klingai.com'],
	['chinaAccessKey', 'api-beijing.klingai.com'],
];

const byUrl = (file: string): Record<string, unknown> => ({
	operation: 'recognizeImage',
	imageSource: 'url',
	imageUrl: sampleUrl(file),
});
const EACH_URL = { operation: 'recognizeImage', imageSource: 'url', imageUrl: '={{ $json.url }}' };
/** Without it, a result is reused by the next node of the same execution. */
const ASK_AGAIN = { options: { deduplicate: false } };
const threeImages = setJson('Images', [
	{ url: sampleUrl('portrait.jpg'), tag: 1 },
	{ url: sampleUrl('missing.jpg'), tag: 2 },
	{ url: sampleUrl('garment.jpg'), tag: 3 },
]);

const flows = {
	providers: workflow('providers', [
		manualStart(),
		...PROVIDERS.map(([name]) => kling(name, { ...byUrl('portrait.jpg'), ...ASK_AGAIN }, name)),
	]),
	binary: workflow('binary', [
		manualStart(),
		fetchSample('Fetch', 'portrait.png'),
		kling('Recognize', { operation: 'recognizeImage', imageSource: 'binary', options: { downloadResults: true } }),
		toBase64('Image as Text', 'data'),
		kling('Again', { operation: 'recognizeImage', imageSource: 'base64', imageBase64: '={{ $json.text }}', ...ASK_AGAIN }),
	]),
	combined: workflow(
		'combined',
		[
			manualStart(),
			fetchSample('Fetch', 'portrait.png'),
			kling('Recognize', { operation: 'recognizeImage', imageSource: 'binary' }),
			generation('Make', { operation: 'imageToVideo', prompt: 'A smile' }),
			kling('By Expression', {
				operation: 'recognizeImage',
				imageSource: 'binary',
				binaryPropertyName: "={{ $('Fetch').item.json._files.data }}",
				...ASK_AGAIN,
			}),
			kling('Wrong Name', { operation: 'recognizeImage', imageSource: 'binary', binaryPropertyName: 'photo' }, 'klingGlobal', {
				onError: 'continueRegularOutput',
			}),
		],
		undefined,
		{ settings: { executionOrder: 'v1', binaryMode: 'combined' } },
	),
	httpRequest: workflow('httpRequest', [manualStart(), ...PROVIDERS.map(([name, called]) => httpRequest(name, called))]),
	errorOutput: workflow(
		'errorOutput',
		[
			manualStart(),
			threeImages,
			kling('Recognize', EACH_URL, 'klingGlobal', { onError: 'continueErrorOutput' }),
			noOp('Good'),
			noOp('Bad'),
		],
		[
			['Start', 'Images'],
			['Images', 'Recognize'],
			['Recognize', 'Good', 0],
			['Recognize', 'Bad', 1],
		],
	),
	errorBranch: workflow(
		'errorBranch',
		[
			manualStart(),
			threeImages,
			kling('Segments', { ...EACH_URL, branchBy: 'segment' }, 'klingGlobal', { onError: 'continueRegularOutput' }),
			kling('Requirement', { ...EACH_URL, branchBy: 'requirement' }, 'klingGlobal', { onError: 'continueErrorOutput' }),
		],
		[
			['Start', 'Images'],
			['Images', 'Segments'],
			['Images', 'Requirement'],
		],
	),
	refused: workflow('refused', [manualStart(), kling('Recognize', byUrl('portrait.jpg'), 'badKey')]),
	faces: workflow('faces', [
		manualStart(),
		setJson(
			'Videos',
			['one-face.mp4', 'two-faces.mp4', 'no-face.mp4'].map((file) => ({
				url: `https://images.kling-samples.test/samples/${file}`,
			})),
		),
		kling('Identify', { operation: 'identifyFace', videoSource: 'url', videoUrl: '={{ $json.url }}', branchBy: 'faceCount' }),
		kling('By ID', { operation: 'identifyFace', videoSource: 'id', videoId: '827297867148050499' }, 'cometApi'),
	]),
};

function toBase64(name: string, field: string): NodeDraft {
	return {
		name,
		type: 'n8n-nodes-base.extractFromFile',
		typeVersion: 1,
		parameters: {
			operation: 'binaryToPropery',
			binaryPropertyName: field,
			destinationKey: 'text',
			options: { encoding: 'utf8', keepSource: 'binary' },
		},
	};
}

function httpRequest(name: CredentialName, called: string): NodeDraft {
	const isKling = called.endsWith('klingai.com');
	return {
		name,
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		credentials: useCredential(name),
		parameters: {
			method: 'POST',
			url: name === 'custom' ? '={{ $json.custom }}' : `https://${called}${isKling ? '' : '/kling'}/v1/videos/image-recognize`,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: CREDENTIAL_TYPE,
			sendBody: true,
			specifyBody: 'json',
			jsonBody: JSON.stringify({ image: sampleUrl('garment.jpg') }),
			options: {},
		},
	};
}

/** The token of an Authorization header, without what changes from call to call. */
function tokenKind(header: string | undefined): string {
	const token = header?.replace(/^Bearer /, '') ?? '';
	if (!token.startsWith('eyJ')) return token;
	const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, number | string>;
	expect(Number(claims.exp)).toBeGreaterThan(Date.now() / 1000);
	return `JWT of ${claims.iss}`;
}

const expectedToken = (name: CredentialName): string =>
	name.endsWith('AccessKey') ? `JWT of ${ACCESS.accessKey}` : KEYS[name as keyof typeof KEYS];
const calls = (): Array<[string, string]> =>
	gateway.requests.map((request) => [request.host.replace(/:\d+$/, ''), tokenKind(request.headers.authorization)]);
const expectNoSecrets = ({ text }: Execution): void => {
	for (const secret of [...Object.values(KEYS), ACCESS.secretKey]) expect(text.includes(secret)).toBe(false);
};

beforeAll(async () => {
	desk = await openDesk('cli');
	({ gateway, instance } = desk);
	for (const draft of flows.httpRequest.nodes) {
		if (draft.name === 'custom') draft.parameters.url = `${gateway.url}/kling/v1/videos/image-recognize`;
	}
	await instance.importCredentials(allCredentials(gateway));
	await instance.importWorkflows(Object.values(flows));
}, OPENS_MS);

afterAll(async () => await desk?.close(), CLOSES_MS);

beforeEach(() => gateway.reset());

test('every provider answers through the proxy, with an API key or an access key', async () => {
	const result = await execute(instance, flows.providers);
	expect(result.error?.message).toBeUndefined();
	for (const [name] of PROVIDERS) {
		expect(result.items(name)).toMatchObject([
			{ json: { detected: ['object', 'head', 'face', 'cloth'], hasFace: true }, pairedItem: { item: 0 } },
		]);
	}
	expect(calls()).toEqual(PROVIDERS.map(([name, called]) => [called, expectedToken(name)]));
	expectNoSecrets(result);
});

test('the HTTP Request node signs with the same credential', async () => {
	const result = await execute(instance, flows.httpRequest);
	expect(result.error?.message).toBeUndefined();
	expect(calls()).toEqual(PROVIDERS.map(([name, called]) => [called, expectedToken(name)]));
	expect(result.items('chinaAccessKey')[0]?.json).toMatchObject({ code: 0 });
});

test.each(host.binaryModes)('binary data comes from and goes to %s storage', async (mode) => {
	const env = {
		N8N_DEFAULT_BINARY_DATA_MODE: mode,
		...(mode === 'default' ? {} : { N8N_AVAILABLE_BINARY_DATA_MODES: `filesystem,${mode}` }),
	};
	const result = await execute(instance, flows.binary, env);
	expect(result.error?.message).toBeUndefined();
	const [item] = result.items('Recognize');
	expect(item?.json).toMatchObject({ hasFace: true, hasCloth: true });
	expect(Object.keys(item?.binary ?? {}).sort()).toEqual(['cloth', 'data', 'face', 'head', 'object']);
	for (const stored of Object.values(item?.binary ?? {})) expect(storageOf(stored)).toBe(mode);
	const sha256 = createHash('sha256').update(sampleBytes('portrait.png')).digest('hex');
	expect(gateway.requests.map((request) => request.json)).toMatchObject([{ image: { sha256 } }, { image: { sha256 } }]);
	expect(result.items('Again')[0]?.json).toMatchObject({ detected: ['object', 'head', 'face', 'cloth'] });
});

const whereCombined = host.combinesFiles ? test : test.skip;

whereCombined('files that a workflow keeps in the JSON of its items are sent, and go along', async () => {
	const result = await execute(instance, flows.combined, { N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' });
	expect(result.error?.message).toBeUndefined();
	const filesOf = (node: string) => {
		const [item] = result.items(node);
		expect(item?.binary).toBeUndefined();
		const files = Object.entries(item?.json._files as Record<string, { fileName: string; id: string }>);
		return files.map(([field, { fileName, id }]) => [field, fileName, storageOf({ id })]);
	};
	const portrait = ['data', 'portrait.png', 'filesystem'];
	expect(filesOf('Recognize')).toEqual([portrait]);
	expect(result.items('Recognize')[0]?.json).toMatchObject({ hasFace: true, imageUrl: null });
	expect(filesOf('Make')).toEqual([['video', 'portrait.mp4', 'filesystem'], portrait]);
	expect(result.items('Make')[0]?.json).toMatchObject({ status: 'succeeded' });
	expect(result.items('By Expression')[0]?.json).toMatchObject({ hasFace: true });
	expect(result.items('Wrong Name')[0]?.json).toMatchObject({
		error: 'The item has no file in the field "photo"',
		details: {
			input: { field: 'photo', fileName: null },
			description: expect.stringMatching(/^The files of the item: video \(portrait\.mp4\), data \(portrait\.png\)\./),
		},
	});
	const sha256 = createHash('sha256').update(sampleBytes('portrait.png')).digest('hex');
	const sent = gateway.requests.filter(({ route }) => route === 'recognize' || route === 'create');
	expect(sent.map(({ route, json }) => [route, (json as { image: { sha256: string } }).image.sha256])).toEqual([
		['recognize', sha256],
		['create', sha256],
		['recognize', sha256],
	]);
});

function storageOf({ id, data }: { id?: string; data?: string }): string {
	if (id === undefined) return data ? 'default' : 'nowhere';
	return id.replace(/(-v2)?:.*$/s, '');
}

test('an item that failed leaves by the error output with its details', async () => {
	gateway.control({
		faults: [{ kind: 'code', status: 429, code: 1102, message: 'Resource pack used up', match: 'missing.jpg' }],
	});
	const result = await execute(instance, flows.errorOutput);
	expect(result.status).toBe('success');
	expect(result.items('Good')).toMatchObject(
		[
			{ json: { hasFace: true }, pairedItem: { item: 0 } },
			{ json: { hasCloth: true, hasFace: false }, pairedItem: { item: 2 } },
		].map(({ json }) => ({ json })),
	);
	const bad = result.items('Bad');
	expect(bad).toHaveLength(1);
	expect(bad[0]?.json).toEqual({
		url: sampleUrl('missing.jpg'),
		tag: 2,
		error: expect.any(String),
		details: {
			input: { imageUrl: sampleUrl('missing.jpg') },
			description: expect.any(String),
			serviceCode: 1102,
			httpStatus: 429,
			requestId: expect.any(String),
			attempts: 1,
			retryable: false,
		},
	});
	expectNoSecrets(result);
});

test('where the node branches, an item that failed leaves by the last output, or by the error output', async () => {
	gateway.control({ faults: [{ kind: 'code', status: 400, code: 1301, match: 'missing.jpg' }] });
	const result = await execute(instance, flows.errorBranch);
	const segments = result.outputs('Segments');
	expect(segments.map((items) => items.length)).toEqual([2, 1, 1, 2, 1]);
	expect(segments[4]?.[0]?.json).toMatchObject({ error: expect.any(String), details: { serviceCode: 1301 } });
	const requirement = result.outputs('Requirement');
	expect(requirement.map((items) => items.length)).toEqual([1, 1, 1]);
	expect(requirement[2]?.[0]?.json).toMatchObject({ tag: 2, details: { serviceCode: 1301 } });
});

test('a refused key ends the execution with a readable error and without a secret', async () => {
	const result = await execute(instance, flows.refused);
	expect(result.status).not.toBe('success');
	expect(result.error).toMatchObject({ node: { name: 'Recognize' }, message: expect.stringMatching(/\S/) });
	expect(result.text).not.toContain('kg-bad-key-of-nobody');
});

test('faces in videos are identified by URL and by ID', async () => {
	const result = await execute(instance, flows.faces);
	expect(result.error?.message).toBeUndefined();
	expect(result.outputs('Identify').map((items) => items.map((item) => item.json.faceCount as number))).toEqual([
		[1],
		[2, 2],
		[0],
	]);
	expect(result.items('By ID')[0]?.json).toMatchObject({
		faceIndex: 0,
		faceCount: 1,
		sessionId: expect.any(String),
		lipSyncReady: true,
	});
});

test('no key and no token stands in what n8n keeps of all this', () => {
	const folder = join(instance.folder, '.n8n');
	const files = readdirSync(folder).filter((name) => /^(database\.sqlite|n8nEventLog)/.test(name));
	const kept = files.map((name) => readFileSync(join(folder, name), 'latin1')).join('\n');
	expect(kept).toContain(sampleUrl('missing.jpg'));
	for (const secret of [...Object.values(KEYS), ACCESS.secretKey, 'kg-bad-key-of-nobody'])
		expect(kept.includes(secret)).toBe(false);
	expect(kept).not.toMatch(/Bearer (?!\{)[\w-]{12,}|eyJ[\w-]{10,}\.[\w-]{10,}\./);
});
