import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startGateway, type Gateway } from '../../gateway';
import { KEYS } from '../../gateway/keys';
import { openBrowser, type OpenBrowser } from '../harness/browser';
import { allCredentials } from '../harness/credentials';
import { Editor } from '../harness/editor';
import { currentHost } from '../harness/hosts';
import { createInstance, type Instance } from '../harness/instance';
import { PICTURES } from '../harness/paths';
import { startServer, type Server } from '../harness/server';
import {
	generation,
	kling,
	manualStart,
	noOp,
	sampleUrl,
	setJson,
	workflow,
	type Link,
	type NodeDraft,
} from '../harness/workflows';

const NODE = 'Kling Recognition';
const host = currentHost();
let gateway: Gateway;
let instance: Instance;
let server: Server;
let browser: OpenBrowser;
let editor: Editor;
let page: Page;

beforeAll(async () => {
	mkdirSync(PICTURES, { recursive: true });
	gateway = await startGateway();
	instance = await createInstance(host, gateway, 'screenshots');
	await instance.importCredentials(
		allCredentials(gateway)
			.filter(({ name }) => name === 'klingGlobal')
			.map((credential) => ({ ...credential, name: 'Kling API' })),
	);
	server = await startServer(instance);
	browser = await openBrowser(server, host, { width: 1280, height: 800 });
	page = browser.page;
	editor = new Editor(page);
});

afterAll(async () => {
	await browser?.close();
	await server?.stop();
	await gateway?.close();
	instance?.remove();
});

/** Takes a picture of the page without the messages that n8n lets pop up. */
async function picture(name: string, clip?: { x: number; y: number; width: number; height: number }): Promise<void> {
	await page.addStyleTag({ content: '.el-notification, [data-sonner-toaster], [class*="toast" i] { display: none !important }' });
	await page.mouse.move(1, 799);
	await editor.settle();
	await page.screenshot({ path: join(PICTURES, `${name}.png`), ...(clip && { clip }) });
}

async function openWith(nodes: NodeDraft[], links?: Link[]): Promise<void> {
	const flow = await server.createWorkflow(workflow('Kling', [manualStart(), ...nodes], links));
	await editor.open(flow.id);
}

/** The middle of the canvas, where n8n shows the whole workflow. */
const CANVAS = { x: 340, y: 230, width: 760, height: 380 };

const BRANCHINGS: Array<[string, Record<string, unknown>]> = [
	['none', {}],
	['segment', { branchBy: 'segment' }],
	['requirement', { branchBy: 'requirement', requiredSegments: ['face', 'head'] }],
	['lip-sync-ready', { operation: 'identifyFace', branchBy: 'lipSyncReady', videoUrl: 'https://example.com/clip.mp4' }],
	['face-count', { operation: 'identifyFace', branchBy: 'faceCount', videoUrl: 'https://example.com/clip.mp4' }],
];

test.each(BRANCHINGS)('canvas, branching: %s', async (name, parameters) => {
	await openWith([kling(NODE, { imageUrl: sampleUrl('portrait.jpg'), ...parameters })]);
	await picture(`canvas-${name}`, CANVAS);
});

test('node panel', async () => {
	await openWith([noOp('Before')]);
	await editor.search('kling');
	await picture('node-panel');
	await editor.pick(NODE);
	await picture('node-actions');
	await openWith([noOp('Before')]);
	await editor.search('kling');
	await editor.pick('Kling Generation');
	await picture('generation-actions');
});

test('credential', async () => {
	await openWith([kling(NODE, {})]);
	await editor.openNode(NODE);
	await editor.credential.begin();
	await editor.field('provider').click();
	await picture('credential-providers');
	await editor.field('provider').click();
	await editor.write('apiKey', 'not-a-key');
	await editor.credential.save();
	await picture('credential-failed');
	await editor.write('apiKey', KEYS.klingGlobal);
	await editor.credential.save();
	await editor.credential.text();
	await picture('credential-ok');
	await editor.choose('authentication', 'Access Key and Secret Key');
	await picture('credential-access-key');
	await editor.choose('provider', 'Custom Gateway');
	await picture('credential-custom');
});

test('parameters', async () => {
	await openWith([
		kling(NODE, {
			imageUrl: sampleUrl('portrait.jpg'),
			branchBy: 'requirement',
			requiredSegments: ['face', 'head'],
		}),
	]);
	await editor.openNode(NODE);
	await picture('parameters-recognize-image');
	await page.getByTestId('node-parameters').getByPlaceholder('Add option').click();
	await editor.settle();
	await picture('options');
	await editor.closeNode();
	await editor.openNode(NODE);
	await editor.choose('operation', 'Identify Face');
	await editor.write('videoUrl', 'https://example.com/clip.mp4');
	// A field that is being written into hides the next one's label.
	await page.evaluate('document.activeElement?.blur()');
	await picture('parameters-identify-face');
});

test('output', async () => {
	await openWith([kling(NODE, { imageUrl: sampleUrl('garment.jpg') })]);
	await editor.openNode(NODE);
	await editor.executeStep();
	await editor.showOutputAs('json');
	await picture('output');
});

test('error of a refused image', async () => {
	await openWith([kling(NODE, { imageUrl: sampleUrl('wide-3to1.jpg'), options: { downloadImageFirst: true } })]);
	await editor.openNode(NODE);
	await editor.executeStep();
	await picture('error');
});

test('items that failed where the workflow goes on', async () => {
	await openWith([
		setJson('Pictures', [{ imageUrl: sampleUrl('portrait.jpg') }, { imageUrl: sampleUrl('wide-3to1.jpg') }]),
		kling(NODE, { imageUrl: '={{ $json.imageUrl }}', options: { downloadImageFirst: true } }, 'klingGlobal', {
			onError: 'continueRegularOutput',
		}),
	]);
	await editor.openNode(NODE);
	await editor.executeStep();
	await picture('failed-items');
});

test('preview of the output before the first run', async () => {
	const next: NodeDraft = { name: 'Next', type: 'n8n-nodes-base.set', typeVersion: 3.4, parameters: { options: {} } };
	await openWith([kling(NODE, { imageUrl: sampleUrl('portrait.jpg') }), next]);
	await editor.openNode('Next');
	await picture('output-preview');
});

/** A picture of each operation of Kling Generation: what stands before it, and its parameters. */
const MAKING: Array<[name: string, before: NodeDraft[], parameters: Record<string, unknown>]> = [
	[
		'image-to-video',
		[kling(NODE, { imageUrl: sampleUrl('portrait.jpg') })],
		{ operation: 'imageToVideo', prompt: 'She turns to the camera and smiles' },
	],
	['text-to-video', [], { operation: 'textToVideo', prompt: 'A presenter in a bright studio greets the audience' }],
	['text-to-speech', [], { operation: 'textToSpeech', text: 'Welcome! It is good to see you.' }],
	[
		'lip-sync',
		[
			kling(NODE, {
				operation: 'identifyFace',
				videoUrl: 'https://videos.kling-samples.test/n/interview.mp4?faces=0-5200',
			}),
		],
		{ operation: 'lipSync', audioSource: 'url', audioUrl: sampleUrl('tone-3s.mp3') },
	],
	[
		'talking-avatar',
		[kling(NODE, { imageUrl: sampleUrl('portrait.jpg') })],
		{ operation: 'avatar', audioSource: 'url', audioUrl: sampleUrl('tone-3s.mp3'), prompt: 'Friendly, calm' },
	],
	[
		'virtual-try-on',
		[kling(NODE, { imageUrl: sampleUrl('garment.jpg') })],
		{ operation: 'virtualTryOn', humanUrl: sampleUrl('portrait.jpg') },
	],
	[
		'get-task',
		[
			kling(NODE, { imageUrl: sampleUrl('portrait.jpg') }),
			generation('Make a Video', { operation: 'imageToVideo', prompt: 'A smile', wait: false }),
		],
		{ operation: 'getTask', taskId: '={{ $json.taskId }}', taskOperation: 'imageToVideo' },
	],
];

test.each(MAKING)('making: %s', async (name, before, parameters) => {
	const made = 'Kling Generation';
	await openWith([...before, generation(made, parameters)]);
	await editor.openNode(made);
	await editor.executeStep();
	await picture(`generation-${name}`);
});

test('a finished video plays', async () => {
	await openWith([kling(NODE, { imageUrl: sampleUrl('portrait.jpg') }), generation('Make a Video', { prompt: 'A smile' })]);
	await editor.openNode('Make a Video');
	await editor.executeStep();
	await page.getByTestId('output-panel').getByTestId('radio-button-binary').click();
	await page.getByTestId('ndv-view-binary-data').first().click();
	await page.locator('video').first().waitFor();
	await picture('video-plays');
});

test('the two nodes in a workflow', async () => {
	const positions: Array<[number, number]> = [
		[0, 0],
		[240, 0],
		[560, -100],
		[560, 100],
	];
	const drafts = [
		setJson('Pictures', [{ imageUrl: sampleUrl('portrait.jpg') }, { imageUrl: sampleUrl('landscape.jpg') }]),
		kling(NODE, { imageUrl: '={{ $json.imageUrl }}', branchBy: 'requirement', requiredSegments: ['face', 'head'] }),
		generation('Kling Generation', { operation: 'avatar', audioSource: 'url', audioUrl: sampleUrl('tone-3s.mp3') }),
		noOp('Nothing to Pay For'),
	].map((draft, index) => ({ ...draft, position: positions[index]! }));
	const start = { ...manualStart(), position: [-240, 0] as [number, number] };
	const flow = await server.createWorkflow(
		workflow(
			'Kling',
			[start, ...drafts],
			[
				['Start', 'Pictures'],
				['Pictures', NODE],
				[NODE, 'Kling Generation', 0],
				[NODE, 'Nothing to Pay For', 1],
			],
		),
	);
	await editor.open(flow.id);
	await picture('two-nodes', { x: 430, y: 180, width: 780, height: 440 });
});
