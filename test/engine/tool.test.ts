import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { imageItem, useGeneration } from './generationStage';
import { imageUrl, jsonOf, videoUrl } from './stage';

/** The nodes as the tools of an agent: n8n calls the type of one by the node's, with Tool behind it. */
const stage = useGeneration();

const PACKAGE = 'n8n-nodes-kling-recognition.';
const GENERATION = { node: { type: `${PACKAGE}klingGenerationTool` }, onError: 'continueRegularOutput' as const };
const RECOGNITION = { node: { type: `${PACKAGE}klingRecognitionTool` }, onError: 'continueRegularOutput' as const };
const IMAGE = imageUrl('a', 'object', 'head', 'face');

const OPERATIONS: Array<[node: 'klingRecognition' | 'klingGeneration', operation: string, resource: string]> = [
	['klingRecognition', 'recognizeImage', 'media'],
	['klingRecognition', 'identifyFace', 'media'],
	['klingGeneration', 'imageToVideo', 'video'],
	['klingGeneration', 'textToVideo', 'video'],
	['klingGeneration', 'lipSync', 'video'],
	['klingGeneration', 'avatar', 'video'],
	['klingGeneration', 'virtualTryOn', 'image'],
	['klingGeneration', 'textToSpeech', 'audio'],
	['klingGeneration', 'getTask', 'task'],
	['klingGeneration', 'getTasks', 'task'],
];

/** The parameters that n8n fills in for a node that is new. */
function defaultsOf(node: string, operation: string, resource: string, isTool: boolean): IDataObject {
	const type = `${PACKAGE}${node}${isTool ? 'Tool' : ''}`;
	const { description } = stage.engine.types.getByName(type);
	const of = { typeVersion: 1, type };
	return NodeHelpers.getNodeParameters(
		description.properties,
		{ resource, operation },
		true,
		false,
		of,
		description,
	) as IDataObject;
}

const SOURCES = ['imageSource', 'videoSource', 'audioSource', 'humanSource', 'clothSource'];
const fieldsOf = (parameters: IDataObject, names: string[]) =>
	Object.entries(parameters).filter(([name]) => names.includes(name));

describe.each(OPERATIONS)('%s, %s', (node, operation, resource) => {
	it('no field of a tool takes anything from an item: it has none', () => {
		expect(JSON.stringify(defaultsOf(node, operation, resource, true))).not.toContain('$json');
	});

	it('where something comes from is a URL by itself, and From Item is no choice', () => {
		for (const [, value] of fieldsOf(defaultsOf(node, operation, resource, true), SOURCES)) expect(value).toBe('url');
		const { properties } = stage.engine.types.getByName(PACKAGE + node).description;
		const ofTools = properties.filter(
			({ name, displayOptions }) => SOURCES.includes(name) && JSON.stringify(displayOptions?.show?.['@tool'] ?? []) === '[true]',
		);
		const choices = (field: INodeProperties) => (field.options as Array<{ value: string }>).map(({ value }) => value);
		for (const field of ofTools) expect(choices(field)).not.toContain('auto');
		expect(ofTools.length).toBeGreaterThan(0);
	});

	it('what the model reads says what it costs, and is one text for each operation', () => {
		const { toolDescription, descriptionType } = defaultsOf(node, operation, resource, true);
		expect(descriptionType).toBe('manual');
		expect(toolDescription).toMatch(resource === 'task' ? /free/ : /costs money.*USD/);
		const all = OPERATIONS.map(([of, name, resourceOf]) => defaultsOf(of, name, resourceOf, true).toolDescription);
		expect(new Set(all).size).toBe(OPERATIONS.length);
	});
});

it('in a workflow the same fields take what they need from the item', () => {
	const of = (operation: string, resource: string) => defaultsOf('klingGeneration', operation, resource, false);
	expect(of('imageToVideo', 'video')).toMatchObject({ imageSource: 'auto', duration: 5, mode: 'std' });
	expect(of('avatar', 'video')).toMatchObject({ imageSource: 'auto', audioSource: 'auto', mode: 'std' });
	expect(of('virtualTryOn', 'image')).toMatchObject({ humanSource: 'url', humanUrl: '', clothSource: 'auto' });
	expect(of('lipSync', 'video')).toMatchObject({
		audioSource: 'auto',
		sessionId: '={{ $json.sessionId }}',
		faceId: '={{ $json.faceId }}',
		faceStartTime: '={{ $json.startTime }}',
		faceEndTime: '={{ $json.endTime }}',
	});
	expect(of('getTask', 'task')).toMatchObject({ taskId: '={{ $json.taskId }}', taskOperation: '={{ $json.operation }}' });
	expect(defaultsOf('klingRecognition', 'recognizeImage', 'media', false)).toMatchObject({ imageSource: 'url', imageUrl: '' });
	expect(defaultsOf('klingRecognition', 'identifyFace', 'media', false)).toMatchObject({
		videoSource: 'url',
		videoUrl: '',
		output: 'face',
	});
});

describe('called by an agent', () => {
	it('Image to Video answers with a task at once, takes what the model gave, and downloads nothing', async () => {
		stage.gateway.control({ taskMs: 60_000 });
		const run = await stage.make([imageItem('of the item')], { imageUrl: IMAGE }, GENERATION);
		expect(jsonOf(run)[0]).toMatchObject([{ status: 'submitted', imageUrl: IMAGE, taskId: expect.any(String) }]);
		expect(run.outputs[0]![0]).not.toHaveProperty('binary');
		expect(stage.account()).toMatchObject({ creates: 1, queries: 0 });
		expect(stage.gateway.downloads).toEqual([]);
	});

	it('Get Task by what the model gave', async () => {
		const made = await stage.make([{ json: {} }], { imageUrl: IMAGE }, GENERATION);
		const { taskId } = made.outputs[0]![0]!.json;
		const run = await stage.make([{ json: {} }], { operation: 'getTask', taskId: String(taskId) }, GENERATION);
		expect(jsonOf(run)[0]).toMatchObject([{ taskId, operation: 'imageToVideo', status: 'succeeded' }]);
	});

	it('Get Many Tasks of the kind that the model chose, at most so many', async () => {
		stage.gateway.seedTasks('avatar', 3);
		const parameters = { ...defaultsOf('klingGeneration', 'getTasks', 'task', true), taskOperation: 'avatar', limit: 2 };
		const run = await stage.make([{ json: {} }], parameters, GENERATION);
		expect(jsonOf(run)[0]).toMatchObject([{ operation: 'avatar' }, { operation: 'avatar' }]);
		expect(run.outputs[0]).toHaveLength(2);
		expect(parameters).not.toHaveProperty('wait');
	});

	it('Recognize Image and Identify Face', async () => {
		const image = await stage.recognize([{ json: {} }], { imageUrl: IMAGE }, RECOGNITION);
		expect(jsonOf(image)[0]).toMatchObject([{ hasFace: true }]);
		const url = videoUrl('v', '0-5200');
		const video = await stage.recognize([{ json: {} }], { operation: 'identifyFace', videoUrl: url }, RECOGNITION);
		expect(jsonOf(video)[0]).toMatchObject([{ faceId: '0', lipSyncReady: true, videoUrl: url }]);
	});

	it.each<[operation: string, parameters: IDataObject, label: string]>([
		['imageToVideo', {}, 'Image URL'],
		['avatar', { imageUrl: IMAGE }, 'Audio URL'],
		['lipSync', { audioUrl: 'https://a.test/a.mp3' }, 'Session ID'],
		['virtualTryOn', { humanUrl: IMAGE }, 'Clothing URL'],
		['getTask', {}, 'Task ID'],
	])(
		'%s: what nobody filled in is asked for by n8n, and nothing is taken from the item',
		async (operation, parameters, label) => {
			const item = { json: { imageUrl: IMAGE, audioUrl: IMAGE, sessionId: '1', faceId: '0', taskId: '1', operation: 'avatar' } };
			await expect(stage.make([item], { operation, ...parameters }, GENERATION)).rejects.toMatchObject({
				message: expect.stringContaining(`Parameter "${label}" is required.`),
			});
			expect(stage.gateway.requests).toEqual([]);
		},
	);
});

it('makes speech, and keeps no file of it', async () => {
	const parameters = { ...defaultsOf('klingGeneration', 'textToSpeech', 'audio', true), text: 'Hello' };
	const run = await stage.make([{ json: {} }], parameters, GENERATION);
	expect(jsonOf(run)[0]).toMatchObject([
		{ operation: 'textToSpeech', audioUrl: expect.any(String), audioId: expect.any(String) },
	]);
	expect(run.outputs[0]![0]!.binary).toBeUndefined();
});
