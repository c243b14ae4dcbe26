import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import { sampleBytes } from '../samples/manifest';
import { KEYS } from '../gateway';
import { kling as klingNode, runRow } from './chain';
import { SINK, SOURCE } from './nodeTypes';
import { imageUrl, jsonOf, PAIR, urlItem, useStage, videoUrl } from './stage';

const stage = useStage();
const A = urlItem(imageUrl('a', 'face'));
const B = urlItem(imageUrl('b', 'head'));
const binaryItem = async (file: string): Promise<INodeExecutionData> => ({
	json: {},
	binary: { data: await stage.engine.binary(sampleBytes(file), file, 'image/jpeg') },
});
const calls = () => stage.gateway.requests.length;

it.each<[string, IDataObject, number]>([
	['once by itself', {}, 2],
	['once', { deduplicate: true }, 2],
	['each with the option off', { deduplicate: false }, 5],
])('the same URL is sent %s', async (_name, options, expected) => {
	const run = await stage.recognize([A, B, A, A, B], { options });
	expect(calls()).toBe(expected);
	expect(jsonOf(run)[0]!.map(({ detected }) => detected)).toEqual([['face'], ['head'], ['face'], ['face'], ['head']]);
});

it('results that are shared are independent items', async () => {
	const run = await stage.recognize([A, A]);
	const [one, other] = run.outputs[0]!;
	expect(one!.json.detected).toEqual(other!.json.detected);
	(one!.json.detected as string[]).push('changed');
	expect(other!.json.detected).not.toContain('changed');
});

it.each(['default', 'filesystem'] as const)('the same bytes under different names are sent once (%s mode)', async (mode) => {
	await stage.engine.binaryMode(mode);
	const items = [await binaryItem('portrait.jpg'), await binaryItem('portrait.jpg'), await binaryItem('garment.jpg')];
	const run = await stage.recognize(items, { imageSource: 'binary' });
	expect(calls()).toBe(2);
	expect(jsonOf(run)[0]!.map(({ hasFace }) => hasFace)).toEqual([true, true, false]);
});

it('the same bytes as a file and as Base64 are sent once', async () => {
	const image = sampleBytes('portrait.jpg').toString('base64url');
	const byText = { imageSource: 'base64', imageBase64: "={{ $('Source').item.json.image }}" };
	const row = await runRow(
		stage,
		[{ ...(await binaryItem('portrait.jpg')), json: { image } }],
		[klingNode('File', 'klingRecognition', { imageSource: 'binary' }), klingNode('Text', 'klingRecognition', byText)],
	);
	expect(row.json('File')).toMatchObject([{ hasFace: true, reused: false }]);
	expect(row.json('Text')).toMatchObject([{ hasFace: true, reused: true }]);
	expect(calls()).toBe(1);
});

it('the same video is sent once, whichever way; its ID is another input', async () => {
	await stage.identify([urlItem(videoUrl('a')), urlItem(videoUrl('a'))]);
	expect(calls()).toBe(1);
	await stage.identify([{ json: {} }, { json: {} }], { videoSource: 'id', videoId: '827297867148050499' });
	expect(calls()).toBe(2);
});

it('a failure is shared as well', async () => {
	stage.gateway.control({ faults: [{ kind: 'code', status: 400, code: 1301 }] });
	const run = await stage.recognize([A, A, A], {}, { onError: 'continueRegularOutput' });
	expect(calls()).toBe(1);
	expect(jsonOf(run)[0]!.map(({ details }) => (details as IDataObject).serviceCode)).toEqual([1301, 1301, 1301]);
});

it('each item is shown as it wishes', async () => {
	const run = await stage.recognize([A, { json: { ...A.json, raw: true } }], {
		options: { rawResponse: '={{ $json.raw === true }}' },
	});
	expect(calls()).toBe(1);
	expect(jsonOf(run)[0]!.map((json) => 'raw' in json)).toEqual([false, true]);
});

describe('what is counted', () => {
	const costs = ({ json }: INodeExecutionData) => [json.unitsDeducted, json.balanceDeducted, json.reused];
	const sum = (items: INodeExecutionData[], field: string) => items.reduce((total, { json }) => total + Number(json[field]), 0);

	it('five identical images add up to one call', async () => {
		const run = await stage.recognize([A, A, A, A, A]);
		expect(run.outputs[0]!.map(costs)).toEqual([[0.1, 0.1, false], ...Array.from({ length: 4 }, () => [0, 0, true])]);
		expect(calls()).toBe(1);
	});

	it('identical files, too, whichever was the first', async () => {
		const items = await Promise.all(Array.from({ length: 5 }, () => binaryItem('portrait.jpg')));
		const [out] = (await stage.recognize(items, { imageSource: 'binary' })).outputs as [INodeExecutionData[]];
		expect(sum(out, 'unitsDeducted')).toBe(0.1 * calls());
		expect(sum(out, 'balanceDeducted')).toBe(0.1 * calls());
		expect(out.filter(({ json }) => json.reused === false)).toHaveLength(1);
	});

	it('identical videos', async () => {
		const video = urlItem(videoUrl('a', '0-5200', '100-900'));
		const run = await stage.identify([video, video], { output: 'video' });
		expect(run.outputs[0]!.map(costs)).toEqual([
			[0.05, 0.05, false],
			[0, 0, true],
		]);
	});

	it("faces carry no cost, and say whose answer it was; segments repeat their call's", async () => {
		const video = urlItem(videoUrl('a', '0-5200'));
		const faces = await stage.identify([video, video], { output: 'face' });
		expect(faces.outputs[0]!.map(costs)).toEqual([
			[undefined, undefined, false],
			[undefined, undefined, true],
		]);
		const segments = await stage.recognize([A, A], { output: 'segment' });
		const four = (cost: unknown[]) => Array.from({ length: 4 }, () => cost);
		expect(segments.outputs[0]!.map(costs)).toEqual([...four([0.1, 0.1, false]), ...four([0, 0, true])]);
	});

	it('where the provider names no cost, only what was reused is known to cost nothing', async () => {
		const run = await stage.recognize([A, A], {}, { credential: stage.credential('deerApi') });
		expect(run.outputs[0]!.map(costs)).toEqual([
			[null, null, false],
			[0, 0, true],
		]);
	});

	it('what was sent twice costs twice', async () => {
		const run = await stage.recognize([A, A], { options: { deduplicate: false } });
		expect(run.outputs[0]!.map(costs)).toEqual([
			[0.1, 0.1, false],
			[0.1, 0.1, false],
		]);
	});
});

describe('another way to the answer inherits no failure', () => {
	const continues = { onError: 'continueRegularOutput' as const };

	it('a refusal of our own', async () => {
		await stage.engine.binaryMode('filesystem');
		const stored = await binaryItem('small-200.png');
		const items = [stored, stored, stored];
		const checkInput = '={{ $itemIndex !== 1 }}';
		const run = await stage.recognize(items, { imageSource: 'binary', options: { checkInput } }, continues);
		const details = jsonOf(run)[0]!.map((json) => json.details as IDataObject);
		expect(details.map(({ serviceCode, attempts }) => [serviceCode, attempts])).toEqual([
			[null, 0],
			[1201, 1],
			[null, 0],
		]);
		expect(calls()).toBe(1);
	});

	it('a time-out of another length', async () => {
		stage.gateway.control({ latencyMs: 800 });
		const options = { timeout: '={{ $itemIndex === 0 ? 0.3 : 20 }}', maxAttempts: 1 };
		const run = await stage.recognize([A, A], { options }, continues);
		expect(jsonOf(run)[0]).toMatchObject([{ error: expect.stringContaining('0.3 seconds') }, { hasFace: true, reused: false }]);
	});

	it('nor a time-out of the same length', async () => {
		stage.gateway.control({ faults: [{ kind: 'hang', times: 1 }] });
		const run = await stage.recognize([A, A], { options: { timeout: 1, maxAttempts: 1 } }, continues);
		expect(jsonOf(run)[0]).toMatchObject([{ error: expect.stringContaining('1 second') }, { hasFace: true }]);
		expect(calls()).toBe(2);
	});

	it('nor a file that could not be fetched first', async () => {
		stage.gateway.control({ faults: [{ kind: 'empty', status: 404, route: 'download' }] });
		const options = { downloadImageFirst: '={{ $itemIndex === 0 }}' };
		const run = await stage.recognize([A, A], { options }, continues);
		expect(jsonOf(run)[0]).toMatchObject([{ error: expect.stringContaining('404') }, { hasFace: true }]);
	});
});

const kling = (name: string, deduplicate: boolean, credential = 'c') => ({
	id: name,
	name,
	type: 'n8n-nodes-kling-recognition.klingRecognition',
	typeVersion: 1,
	position: [200, 0] as [number, number],
	parameters: { imageUrl: imageUrl('a', 'face'), options: { deduplicate } },
	credentials: { klingRecognitionApi: { id: credential, name: credential } },
});
const source = { id: 's', name: 'Source', type: SOURCE, typeVersion: 1, position: [0, 0] as [number, number], parameters: {} };
const to = (node: string) => ({ main: [[{ node, type: 'main' as const, index: 0 }]] });

/** Runs nodes one after the other. @returns what came out of each, by its name */
async function inARow(nodes: INode[], credentials: Record<string, IDataObject>): Promise<Record<string, IDataObject[]>> {
	stage.engine.types.sourceItems = [{ json: {} }];
	const row = [source, ...nodes];
	const run = await stage.engine.runWorkflow({
		nodes: row,
		connections: Object.fromEntries(row.slice(0, -1).map(({ name }, index) => [name, to(row[index + 1]!.name)])),
		credentials,
	});
	expect(run.data.resultData.error).toBeUndefined();
	const ran = Object.entries(run.data.resultData.runData);
	expect(ran).toHaveLength(row.length);
	return Object.fromEntries(ran.map(([name, [record]]) => [name, record!.data!.main![0]!.map(({ json }) => json)]));
}

it.each([
	['the same credential', 'global', true, 1],
	['another credential with the same keys', 'same', true, 1],
	['another account', 'china', true, 2],
	['another key of the same provider', 'pair', true, 2],
	['the option off', 'global', false, 2],
])('a second run in the same execution, with %s', async (_name, credential, deduplicate, expected) => {
	const { Two } = await inARow([kling('One', deduplicate, 'global'), kling('Two', deduplicate, credential)], {
		global: stage.credential('klingGlobal'),
		same: { ...stage.credential('klingGlobal'), baseUrl: 'left over' },
		china: stage.credential('klingChina'),
		pair: { provider: 'klingGlobal', ...PAIR },
	});
	expect(calls()).toBe(expected);
	expect(Two).toMatchObject([{ hasFace: true, reused: expected === 1, unitsDeducted: expected === 1 ? 0 : 0.1 }]);
});

it('one credential whose expressions lead to another account shares no session with itself', async () => {
	const keys = { klingGlobal: KEYS.klingGlobal, cometApi: KEYS.cometApi };
	const provider = '$json.value ?? "klingGlobal"';
	const video = { operation: 'identifyFace', videoUrl: videoUrl('a', '0-5200') };
	const other = { ...source, id: 'o', name: 'Other', type: SINK, parameters: { value: 'cometApi' } };
	const one = { ...kling('One', true), parameters: video };
	const { One, Two } = await inARow([one, other, { ...one, id: 'Two', name: 'Two' }], {
		c: { provider: `={{ ${provider} }}`, apiKey: `={{ (${JSON.stringify(keys)})[${provider}] }}` },
	});
	expect(stage.gateway.requests.map((request) => request.provider)).toEqual(['klingGlobal', 'cometApi']);
	expect(Two![0]!.sessionId).toEqual(expect.any(String));
	expect(Two![0]!.sessionId).not.toBe(One![0]!.sessionId);
});

it('another execution pays anew', async () => {
	await stage.recognize([A]);
	await stage.recognize([A]);
	expect(calls()).toBe(2);
});

it("n8n's Retry On Fail does not pay for what came through, and counts it in full: nobody has seen it yet", async () => {
	stage.gateway.control({ faults: [{ kind: 'code', status: 400, code: 1201, match: '/n/b', times: 1 }] });
	const node = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
	const run = await stage.recognize([A, B], { options: { maxConcurrency: 1 } }, { node });
	expect(run.status).toBe('success');
	expect(jsonOf(run)[0]!.map(({ detected }) => detected)).toEqual([['face'], ['head']]);
	expect(stage.gateway.requests.map(({ status }) => status)).toEqual([200, 400, 200]);
	expect(jsonOf(run)[0]!.map(({ unitsDeducted, reused }) => [unitsDeducted, reused])).toEqual([
		[0.1, false],
		[0.1, false],
	]);
});

it("the sum is the bill after n8n's Retry On Fail, with each way to continue", async () => {
	for (const onError of ['continueRegularOutput', 'continueErrorOutput'] as const) {
		stage.gateway.reset();
		stage.gateway.control({ faults: [{ kind: 'code', status: 400, code: 1201, match: '/n/b', times: 1 }] });
		const node = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
		// n8n runs a node again where the first item of its first output is an error.
		const run = await stage.recognize([B, A, A], {}, { node, onError });
		const items = jsonOf(run).flat();
		expect(items.map(({ unitsDeducted }) => unitsDeducted)).toEqual([0.1, 0.1, 0]);
		const paid = stage.gateway.requests.filter(({ status }) => status === 200).length;
		const sum = items.reduce((total, { unitsDeducted }) => total + Number(unitsDeducted), 0);
		expect(sum).toBeCloseTo(0.1 * paid);
	}
});

it('what a node before has put out costs nothing in the next one, also in its second try', async () => {
	stage.gateway.control({ faults: [{ kind: 'code', status: 400, code: 1201, match: '/n/b', times: 1 }] });
	const two = { ...kling('Two', true), retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
	two.parameters.imageUrl = '={{ $json.value }}';
	stage.engine.types.add('test.both', async function () {
		return [[{ json: { value: A.json.url } }, { json: { value: B.json.url } }]];
	});
	const { Two } = await inARow([kling('One', true), { ...source, id: 'b', name: 'Both', type: 'test.both' }, two], {
		c: stage.credential('klingGlobal'),
	});
	expect(Two!.map(({ unitsDeducted, reused }) => [unitsDeducted, reused])).toEqual([
		[0, true],
		[0.1, false],
	]);
	expect(stage.gateway.requests.map(({ status }) => status)).toEqual([200, 400, 200]);
});
