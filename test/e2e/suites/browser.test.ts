import type { Gateway } from '../../gateway';
import { PROVIDERS } from '../../../nodes/shared/kling/account/providers';
import { ACCESS, KEYS } from '../../gateway/keys';
import { ACTIONS } from '../harness/actions';
import { openBrowser, type OpenBrowser } from '../harness/browser';
import { Editor } from '../harness/editor';
import { currentHost } from '../harness/hosts';
import type { Server } from '../harness/server';
import { CLOSES_MS, OPENS_MS, openStandWithEditor, type Stand } from '../harness/stand';
import { generation, kling, manualStart, sampleUrl, setJson, workflow, type NodeDraft } from '../harness/workflows';

const NODE = 'Kling Recognition';
const GENERATION = 'Kling Generation';

/** What each operation asks for, in the order of the panel, and what it says of the price. */
const PARAMETERS: Array<
	[node: string, choices: Array<[parameter: string, option: string]>, shown: string[], price: string | null]
> = [
	[NODE, [], ['operation', 'imageSource', 'imageUrl', 'output', 'branchBy'], '0.014 USD'],
	[NODE, [['operation', 'Identify Face']], ['operation', 'videoSource', 'videoUrl', 'output', 'branchBy'], '0.007 USD'],
	[GENERATION, [], ['resource', 'operation', 'imageSource', 'prompt', 'model', 'duration', 'mode', 'wait'], '0.21 USD'],
	[
		GENERATION,
		[['operation', 'Text to Video']],
		['resource', 'operation', 'prompt', 'model', 'duration', 'mode', 'aspectRatio', 'wait'],
		'0.21 USD',
	],
	[
		GENERATION,
		[['operation', 'Lip-Sync']],
		['resource', 'operation', 'audioSource', 'sessionId', 'faceId', 'faceStartTime', 'faceEndTime', 'wait'],
		'0.07 USD',
	],
	[
		GENERATION,
		[['operation', 'Talking Avatar']],
		['resource', 'operation', 'imageSource', 'audioSource', 'prompt', 'mode', 'wait'],
		'0.056 USD',
	],
	[
		GENERATION,
		[['resource', 'Image']],
		['resource', 'operation', 'humanSource', 'humanUrl', 'clothSource', 'model', 'wait'],
		'0.007 USD',
	],
	[GENERATION, [['resource', 'Audio']], ['resource', 'operation', 'text', 'voice', 'voiceLanguage'], '0.007 USD'],
	[GENERATION, [['resource', 'Task']], ['resource', 'operation', 'taskId', 'taskOperation', 'branchBy', 'wait'], null],
];
const host = currentHost();
let stand: Stand;
let gateway: Gateway;
let server: Server;
let browser: OpenBrowser;
let editor: Editor;

beforeAll(async () => {
	stand = await openStandWithEditor('browser');
	({ gateway, server } = stand);
	browser = await openBrowser(server, host);
	editor = new Editor(browser.page);
}, OPENS_MS);

afterAll(async () => {
	await browser?.close();
	await stand?.close();
}, CLOSES_MS);

beforeEach(() => gateway.reset());

/** A test that keeps a picture of the page where it fails. */
function step(name: string, body: () => Promise<void>): void {
	test(name, async () => {
		try {
			await body();
		} catch (error) {
			await browser.keepPicture(`browser-${name.replace(/\W+/g, '-')}`);
			throw error;
		}
	});
}

async function openWith(...nodes: NodeDraft[]): Promise<void> {
	const flow = await server.createWorkflow(workflow('by hand', [manualStart(), ...nodes]));
	await editor.open(flow.id);
}

step('a node is found in the node panel, added with an action, and called after it', async () => {
	await editor.openNew();
	await editor.search('manual');
	await editor.pick('Manual Trigger');
	expect(await editor.search('kling')).toEqual(expect.arrayContaining([NODE, GENERATION]));
	await editor.pick(NODE);
	expect(await editor.rows()).toEqual(ACTIONS[NODE]);
	await editor.pick('Recognize an image');
	await browser.page.getByTestId('node-execute-button').waitFor();
	expect(await editor.parameters()).toEqual(PARAMETERS[0]![2]);
	await editor.closeNode();
	await editor.node('Recognize an image').waitFor();
	expect(browser.complaints).toEqual([]);
});

step('the actions of Kling Generation are grouped by what they make', async () => {
	await openWith();
	await editor.search('kling');
	await editor.pick(GENERATION);
	expect(await editor.groups()).toEqual(['Video Actions', 'Image Actions', 'Audio Actions', 'Task Actions']);
	expect(await editor.rows()).toEqual(ACTIONS[GENERATION]);
	await editor.pick('Make a virtual try on');
	await browser.page.getByTestId('node-execute-button').waitFor();
	expect(await editor.parameters()).toEqual(['resource', 'operation', 'humanSource', 'humanUrl', 'clothSource', 'model', 'wait']);
	await editor.closeNode();
	await editor.node('Make a virtual try on').waitFor();
	expect(browser.complaints).toEqual([]);
});

step('the fields of a credential follow its provider', async () => {
	await openWith(kling(NODE, {}));
	await editor.openNode(NODE);
	await editor.credential.begin();
	expect(await credentialFields()).toEqual(['provider', 'authentication', 'apiKey']);
	await editor.choose('authentication', 'Access Key and Secret Key');
	expect(await credentialFields()).toEqual(['provider', 'authentication', 'accessKey', 'secretKey']);
	for (const secret of ['accessKey', 'secretKey']) expect(await editor.credential.isSecret(secret)).toBe(true);
	await editor.choose('provider', 'DeerAPI');
	expect(await credentialFields()).toEqual(['provider', 'apiKey']);
	expect(await editor.credential.isSecret('apiKey')).toBe(true);
	await editor.choose('provider', 'Custom Gateway');
	expect(await credentialFields()).toEqual(['provider', 'apiKey', 'baseUrl']);
	await editor.credential.close();
});

step('each provider says who should choose it', async () => {
	await editor.credential.begin();
	const options = await editor.describedOptionsOf('provider');
	expect(options.map(([name]) => name)).toEqual(PROVIDERS.map(({ displayName }) => displayName));
	for (const [, description] of options) expect(description).toMatch(/\w{4,}/);
	expect(options[0]![1]).toContain('Choose it where you do not know');
	await editor.credential.close();
});

/** What n8n adds to every credential is not ours. */
const credentialFields = async (): Promise<string[]> =>
	(await editor.credential.fields()).filter((field) => field !== 'allowedHttpRequestDomains');

type Fill = () => Promise<void>;
const fillKey =
	(provider: string, key: string): Fill =>
	async () => {
		await editor.choose('provider', provider);
		await editor.write('apiKey', key);
	};
const fillPair =
	(accessKey: string, secretKey: string): Fill =>
	async () => {
		await editor.choose('provider', 'Kling (Global)');
		await editor.choose('authentication', 'Access Key and Secret Key');
		await editor.write('accessKey', accessKey);
		await editor.write('secretKey', secretKey);
	};
const fillCustom =
	(key: string): Fill =>
	async () => {
		await editor.choose('provider', 'Custom Gateway');
		await editor.write('apiKey', key);
		await editor.write('baseUrl', `${gateway.url}/kling`);
	};

const KEY_TESTS: Array<[string, Fill, Fill]> = [
	['a Kling API key', fillKey('Kling (Global)', KEYS.klingGlobal), fillKey('Kling (Global)', 'kg-bad-key')],
	[
		'a Kling access key',
		fillPair(ACCESS.accessKey, ACCESS.secretKey),
		fillPair(ACCESS.accessKey, 'SK-bad-secret-key-that-is-long-enough-too'),
	],
	['a gateway key', fillKey('DeerAPI', KEYS.deerApi), fillKey('DeerAPI', 'sk-bad-key')],
	['a custom gateway key', fillCustom(KEYS.custom), fillCustom('sk-bad-key')],
];

for (const [kind, good, bad] of KEY_TESTS) {
	// The node of the former test is still open.
	step(`the credential test tells a good key from a bad one: ${kind}`, async () => {
		await editor.credential.begin();
		await bad();
		expect(await editor.credential.save()).toBe(false);
		expect(await editor.credential.text()).toMatch(/couldn.t connect/i);
		await good();
		expect(await editor.credential.save()).toBe(true);
		expect(await editor.credential.text()).toMatch(/connection tested successfully/i);
		await editor.credential.close();
		// A test that spends units would be a recognition that succeeded.
		expect(gateway.requests.filter(({ path, status }) => /recognize|identify/.test(path) && status === 200)).toEqual([]);
	});
}

step('each operation asks for what it needs, in order, and says what it costs', async () => {
	await openWith(kling(NODE, {}), generation(GENERATION, {}));
	const seen: typeof PARAMETERS = [];
	for (const node of [NODE, GENERATION]) {
		await editor.openNode(node);
		for (const [, choices, , price] of PARAMETERS.filter(([name]) => name === node)) {
			for (const [parameter, option] of choices) await editor.choose(parameter, option);
			const notices = await editor.notices();
			expect(notices).toHaveLength(price === null ? 0 : 1);
			const said = price === null ? null : expect.stringMatching(new RegExp(`^About ${price} for .+\\. .+`));
			if (price !== null) expect(notices).toEqual([said]);
			seen.push([node, choices, await editor.parameters(), price]);
		}
		await editor.closeNode();
	}
	expect(seen).toEqual(PARAMETERS);
});

step('the fields of a source appear and disappear', async () => {
	await openWith(kling(NODE, {}));
	await editor.openNode(NODE);
	expect(await editor.parameters()).toEqual(['operation', 'imageSource', 'imageUrl', 'output', 'branchBy']);
	await editor.choose('imageSource', 'Binary File');
	expect(await editor.parameters()).toEqual(['operation', 'imageSource', 'binaryPropertyName', 'output', 'branchBy']);
	await editor.choose('imageSource', 'Base64');
	expect(await editor.parameters()).toEqual(['operation', 'imageSource', 'imageBase64', 'output', 'branchBy']);
	await editor.choose('imageSource', 'From Item');
	expect(await editor.parameters()).toEqual(['operation', 'imageSource', 'output', 'branchBy']);
	await editor.choose('imageSource', 'Base64');
	await editor.choose('branchBy', 'Requirement');
	expect(await editor.parameters()).toEqual([
		'operation',
		'imageSource',
		'imageBase64',
		'output',
		'branchBy',
		'requiredSegments',
		'requiredMatch',
	]);
	await editor.choose('operation', 'Identify Face');
	expect(await editor.parameters()).toEqual(['operation', 'videoSource', 'videoUrl', 'output', 'branchBy']);
	await editor.choose('videoSource', 'Kling Video ID');
	expect(await editor.parameters()).toEqual(['operation', 'videoSource', 'videoId', 'output', 'branchBy']);
	expect(await editor.optionsOf('output')).toEqual(expect.arrayContaining(['One Item per Video', 'One Item per Face']));
	await editor.closeNode();
});

step('the outputs follow Branch By', async () => {
	await openWith(kling(NODE, {}));
	const labelsFor = async (operation: string, branchBy: string): Promise<string[]> => {
		await editor.openNode(NODE);
		await editor.choose('operation', operation);
		await editor.choose('branchBy', branchBy);
		await editor.closeNode();
		return await editor.outputLabels(NODE);
	};
	expect(await editor.outputLabels(NODE)).toEqual([]);
	expect(await labelsFor('Recognize Image', 'Segment')).toEqual(['Object', 'Head', 'Face', 'Clothing', 'None']);
	expect(await labelsFor('Recognize Image', 'Requirement')).toEqual(['Match', 'No Match']);
	expect(await labelsFor('Identify Face', 'Face Count')).toEqual(['One Face', 'Several Faces', 'No Face']);
	expect(await labelsFor('Identify Face', 'Lip-Sync Ready')).toEqual(['Ready', 'Not Ready']);
	expect(await labelsFor('Identify Face', 'None')).toEqual([]);
});

step('an image is recognised and the result is shown', async () => {
	await openWith(setJson('Images', [{ url: sampleUrl('garment.jpg') }]), kling(NODE, { branchBy: 'segment' }));
	await editor.openNode(NODE);
	await editor.write('imageUrl', sampleUrl('garment.jpg'));
	await editor.executeStep();
	const shown = await editor.output();
	for (const text of ['Object Branch', 'hasCloth', 'detected']) expect(shown).toContain(text);
	await editor.showOutputAs('json');
	const json = await editor.output();
	expect(json).toMatch(/"hasFace":\s*false/);
	expect([...json.matchAll(/"(\w+)":/g)].map(([, name]) => name)).toEqual([
		'imageUrl',
		'hasObject',
		'hasHead',
		'hasFace',
		'hasCloth',
		'detected',
		'objectUrl',
		'headUrl',
		'faceUrl',
		'clothUrl',
		'requestId',
		'unitsDeducted',
		'balanceDeducted',
		'reused',
	]);
	await editor.closeNode();
	await expect(editor.node(NODE).getByTestId('canvas-node-status-success').count()).resolves.toBe(1);
});

step('a refused image shows what is wrong with it', async () => {
	gateway.control({ faults: [{ kind: 'code', status: 400, code: 1301, message: 'The image violates the content policy' }] });
	await openWith(kling(NODE, { imageUrl: sampleUrl('portrait.jpg') }));
	await editor.openNode(NODE);
	await editor.executeStep();
	const shown = await editor.output();
	expect(shown).toContain('The image violates the content policy');
	expect(shown).not.toContain(KEYS.klingGlobal);
});

step('where the workflow goes on, it is said how many items failed, and why the first did', async () => {
	gateway.control({ faults: [{ kind: 'code', status: 400, code: 1301, message: 'Against the policy', match: 'statue.jpg' }] });
	const images = setJson('Images', [{ url: sampleUrl('statue.jpg') }, { url: sampleUrl('portrait.jpg') }]);
	await openWith(images, kling(NODE, { imageUrl: '={{ $json.url }}' }, 'klingGlobal', { onError: 'continueRegularOutput' }));
	await editor.openNode(NODE);
	await editor.executeStep();
	expect(await editor.output()).toContain("1 of 2 items failed: The input violates the platform's content security policy");
});

step('nothing went wrong in the page', async () => {
	expect(browser.complaints).toEqual([]);
});
