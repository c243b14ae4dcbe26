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
import { kling, manualStart, noOp, sampleUrl, workflow, type Link, type NodeDraft } from '../harness/workflows';

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
});

test('credential', async () => {
	await openWith([kling(NODE, {})]);
	await editor.openNode(NODE);
	await editor.credential.begin();
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
			videoUrl: 'https://example.com/clip.mp4',
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

test('preview of the output before the first run', async () => {
	const next: NodeDraft = { name: 'Next', type: 'n8n-nodes-base.set', typeVersion: 3.4, parameters: { options: {} } };
	await openWith([kling(NODE, { imageUrl: sampleUrl('portrait.jpg') }), next]);
	await editor.openNode('Next');
	await picture('output-preview');
});
