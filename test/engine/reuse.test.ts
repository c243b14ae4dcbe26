import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { sampleBytes } from '../samples/manifest';
import { SOURCE } from './nodeTypes';
import { imageUrl, jsonOf, urlItem, useStage, videoUrl } from './stage';

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
	expect(one!.json).toEqual(other!.json);
	(one!.json.segments as IDataObject).face = 'changed';
	expect((other!.json.segments as IDataObject).face).not.toBe('changed');
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
	const items = [await binaryItem('portrait.jpg'), { json: { image } }];
	await stage.recognize(items, { imageSource: '={{ $json.image ? "base64" : "binary" }}', imageBase64: '={{ $json.image }}' });
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

async function inARow(...nodes: Array<ReturnType<typeof kling>>): Promise<void> {
	stage.engine.types.sourceItems = [{ json: {} }];
	const row = [source, ...nodes];
	const run = await stage.engine.runWorkflow({
		nodes: row,
		connections: Object.fromEntries(row.slice(0, -1).map(({ name }, index) => [name, to(row[index + 1]!.name)])),
		credentials: { klingRecognitionApi: stage.credential('klingGlobal') },
	});
	expect(run.status).toBe('success');
	expect(Object.keys(run.data.resultData.runData)).toHaveLength(row.length);
}

it.each([
	['the same credential', 'c', true, 1],
	['another credential', 'd', true, 2],
	['the option off', 'c', false, 2],
])('a second run in the same execution, with %s', async (_name, credential, deduplicate, expected) => {
	await inARow(kling('One', deduplicate), kling('Two', deduplicate, credential));
	expect(calls()).toBe(expected);
});

it('another execution pays anew', async () => {
	await stage.recognize([A]);
	await stage.recognize([A]);
	expect(calls()).toBe(2);
});

it("n8n's Retry On Fail does not pay for what came through", async () => {
	stage.gateway.control({ faults: [{ kind: 'code', status: 400, code: 1201, match: '/n/b', times: 1 }] });
	const node = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
	const run = await stage.recognize([A, B], { options: { maxConcurrency: 1 } }, { node });
	expect(run.status).toBe('success');
	expect(jsonOf(run)[0]!.map(({ detected }) => detected)).toEqual([['face'], ['head']]);
	expect(stage.gateway.requests.map(({ status }) => status)).toEqual([200, 400, 200]);
});
