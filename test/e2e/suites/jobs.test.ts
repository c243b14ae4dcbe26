import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gateway } from '../../gateway';
import { sampleBytes, sha256Of } from '../../samples/manifest';
import { ACTIONS } from '../harness/actions';
import { openBrowser, type OpenBrowser } from '../harness/browser';
import { Builder } from '../harness/builder';
import { lastingCredentials } from '../harness/credentials';
import { writeEfforts, type Taken } from '../harness/efforts';
import type { Execution } from '../harness/execution';
import type { Effort } from '../harness/hands';
import { currentHost } from '../harness/hosts';
import { startModel, type ScriptedModel } from '../harness/model';
import { A_VIDEO, sent, tasksMade } from '../harness/paid';
import { ROOT } from '../harness/paths';
import { waitUntil } from '../harness/processes';
import { hasEnded, type Server } from '../harness/server';
import { CLOSES_MS, OPENS_MS, openStandWithEditor, type Stand } from '../harness/stand';
import { sampleUrl } from '../harness/workflows';

/** What people come for, built from an empty canvas in the real editor: by clicking and typing, both counted. */

const ANNA = 'https://example.com/anna.jpg';
const INTERVIEW = 'https://example.com/interview.mp4';
const HELLO = 'https://example.com/hello.mp3';

/** The tools of an agent, as n8n calls them after what they do. */
const MAKE_VIDEO = 'Make_a_video_from_an_image_in_Kling_Generation';
const GET_TASK = 'Get_a_task_in_Kling_Generation';

/** A job is many clicks, each with a pause in which the page comes to rest. */
const JOB_TIMEOUT_MS = 240_000;

const host = currentHost();
const taken: Taken[] = [];
let stand: Stand;
let gateway: Gateway;
let server: Server;
let browser: OpenBrowser;
let model: ScriptedModel;

beforeAll(async () => {
	model = await startModel([
		{ tool: MAKE_VIDEO, arguments: () => ({ Image_URL: ANNA, Prompt: 'She smiles' }) },
		{ tool: GET_TASK, arguments: (before) => ({ Task_ID: (JSON.parse(before) as [{ taskId: string }])[0].taskId }) },
	]);
	stand = await openStandWithEditor('jobs');
	({ gateway, server } = stand);
	await server.createCredential({ name: 'Scripted', type: 'openAiApi', data: { apiKey: 'none', url: model.url } });
	// One of a kind: a new node takes it by itself.
	const others = lastingCredentials().filter(({ name }) => name !== 'klingGlobal');
	for (const { id } of others) await server.rest('DELETE', `/credentials/${id}`);
	browser = await openBrowser(server, host);
}, OPENS_MS);

afterAll(async () => {
	writeEfforts(host, taken);
	await browser?.close();
	await stand?.close();
	await model?.close();
}, CLOSES_MS);

beforeEach(() => {
	gateway.reset();
	gateway.control({
		images: { 'anna.jpg': ['object', 'head', 'face'], 'tree.jpg': ['object'] },
		videos: { 'interview.mp4': [[0, 5200]] },
		sounds: { 'hello.mp3': 3000 },
	});
});

/** A job: what its user builds, and what that takes at most. Where it fails, a picture of the page is kept. */
function job(name: string, most: Effort, build: (builder: Builder) => Promise<void>): void {
	test(
		name,
		async () => {
			const builder = new Builder(browser.page);
			try {
				await build(builder);
			} catch (error) {
				await browser.keepPicture(`jobs-${name.replace(/\W+/g, '-')}`);
				throw error;
			}
			const { effort } = builder.hands;
			taken.push({ job: name, nodes: (await builder.nodes()).length, effort, most });
			expect(effort.clicks).toBeLessThanOrEqual(most.clicks);
			expect(effort.characters).toBeLessThanOrEqual(most.characters);
		},
		JOB_TIMEOUT_MS,
	);
}

/** What came of the workflow that is on the canvas, as soon as it has run. */
async function ended(): Promise<Execution> {
	let id = '';
	await waitUntil(
		'the workflow to have run',
		async () => {
			const workflowId = /\/workflow\/([^/?#]+)/.exec(browser.page.url())?.[1] ?? 'new';
			const [latest] = workflowId === 'new' ? [] : await server.executionsOf(workflowId);
			id = latest?.id ?? '';
			return latest !== undefined && hasEnded(latest.status);
		},
		60_000,
	);
	return await server.finished(id);
}

/** The bodies of the creates that arrived. */
const creates = (): Array<Record<string, any>> => sent(gateway, 'create');

/** How many tasks were made; each is paid for. */
const paid = (): number => tasksMade(gateway);

/** The code that puts pictures into a workflow. */
const PICTURES = "return ['anna', 'tree'].map(n => ({ imageUrl: `https://example.com/${n}.jpg` }))";

/** What the README's five steps tell a newcomer to type. */
const [, FIRST_IMAGE = '', FIRST_PROMPT = ''] =
	/\*\*Image URL\*\* to `(.+?)`[^]*In \*\*Prompt\*\*[^`]*`(.+?)`/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];

job("the README's first video", { clicks: 10, characters: 140 }, async (builder) => {
	const start = await builder.begin(['', 'Trigger manually']);
	const video = await builder.addBehind(start, ['kling', 'Kling Generation', 'Make a video from an image']);
	await builder.choose('imageSource', 'URL');
	await builder.write('imageUrl', FIRST_IMAGE);
	await builder.write('prompt', FIRST_PROMPT);
	await builder.runStep();
	const run = await ended();
	expect(run.error?.message).toBeUndefined();
	expect(run.items(video)).toMatchObject([
		{ json: { operation: 'imageToVideo', status: 'succeeded' }, binary: { video: A_VIDEO } },
	]);
	expect(creates()).toMatchObject([{ image: FIRST_IMAGE, prompt: FIRST_PROMPT }]);
	expect(paid()).toBe(1);
});

job('portrait gate from URLs', { clicks: 23, characters: 126 }, async (builder) => {
	const start = await builder.begin(['', 'Trigger manually']);
	const pictures = await builder.addBehind(start, ['code', 'Code', 'Code in JavaScript']);
	await builder.write('jsCode', PICTURES);
	await builder.close();
	const gate = await builder.addBehind(pictures, ['kling', 'Kling Recognition', 'Recognize an image']);
	expect(gate).toBe('Recognize an image');
	await builder.choose('imageSource', 'From Item');
	await builder.choose('branchBy', 'Requirement');
	await builder.close();
	expect(await builder.editor.outputLabels(gate)).toEqual(['Match', 'No Match']);
	const avatar = await builder.addBehind(gate, ['avatar', 'Kling Generation', 'Make a talking avatar']);
	expect(avatar).toBe('Make a talking avatar');
	await builder.choose('audioSource', 'URL');
	await builder.write('audioUrl', HELLO);
	await builder.close();
	await builder.run();
	const run = await ended();
	expect(run.error?.message).toBeUndefined();
	expect(run.outputs(gate).map((items) => items.map(({ json }) => [json.imageUrl, json.hasFace]))).toEqual([
		[[ANNA, true]],
		[['https://example.com/tree.jpg', false]],
	]);
	expect(run.items(avatar)).toMatchObject([
		{ json: { operation: 'avatar', status: 'succeeded', imageUrl: ANNA }, binary: { video: A_VIDEO } },
	]);
	expect(creates()).toMatchObject([{ image: ANNA }]);
	expect(paid()).toBe(1);
});

job('interview to lip-sync, with speech from another branch', { clicks: 21, characters: 151 }, async (builder) => {
	const start = await builder.begin(['', 'Trigger manually']);
	await builder.addBehind(start, ['http', 'HTTP Request']);
	await builder.write('url', sampleUrl('tone-3s.mp3'));
	await builder.rename('Speech');
	await builder.close();
	expect(await builder.nodes()).toContain('Speech');
	const faces = await builder.addBranch(start, ['kling', 'Kling Recognition', 'Identify faces in a video']);
	expect(faces).toBe('Identify faces in a video');
	await builder.write('videoUrl', INTERVIEW);
	await builder.close();
	const lipSync = await builder.addBehind(faces, ['lip sync', 'Kling Generation', 'Make a lip sync']);
	await builder.choose('audioSource', 'Binary File');
	// `.item` would need a way back to Speech, which another branch has not.
	await builder.writeExpression('audioPropertyName', "{{ $('Speech').first().binary.data }}");
	await builder.close();
	await builder.run();
	const run = await ended();
	expect(run.error?.message).toBeUndefined();
	expect(run.items(lipSync)).toMatchObject([{ json: { operation: 'lipSync', status: 'succeeded' }, binary: { video: A_VIDEO } }]);
	const [
		{
			face_choose: [face],
		},
	] = creates() as [{ face_choose: [Record<string, any>] }];
	expect(face.sound_file.sha256).toBe(sha256Of(sampleBytes('tone-3s.mp3')));
	expect(paid()).toBe(1);
});

job('form upload to video', { clicks: 22, characters: 25 }, async (builder) => {
	const form = await builder.begin(['', 'On form submission']);
	await builder.write('formTitle', 'Photo');
	await builder.hands.click(browser.page.getByTestId('fixed-collection-add'));
	await builder.write('fieldLabel', 'Your photo');
	await builder.choose('fieldType', 'File');
	await builder.close();
	const gate = await builder.addBehind(form, ['kling', 'Kling Recognition', 'Recognize an image']);
	await builder.choose('imageSource', 'From Item');
	await builder.close();
	const video = await builder.addBehind(gate, ['kling', 'Kling Generation', 'Make a video from an image']);
	expect(video).toBe('Make a video from an image');
	await builder.close();
	await builder.runForm({ name: 'me.jpg', mimeType: 'image/jpeg', buffer: sampleBytes('portrait.jpg') });
	const run = await ended();
	expect(run.error?.message).toBeUndefined();
	expect(run.items(gate)).toMatchObject([{ json: { hasFace: true }, binary: { Your_photo: { fileName: 'me.jpg' } } }]);
	const [made] = run.items(video);
	expect(made).toMatchObject({ json: { operation: 'imageToVideo', status: 'succeeded' }, binary: { video: A_VIDEO } });
	expect(Object.keys(made!.binary!)).toEqual(['video', 'Your_photo']);
	expect(made!.binary!.video!.fileName).toMatch(/^me.*\.mp4$/);
	expect(creates()).toMatchObject([{ image: { sha256: sha256Of(sampleBytes('portrait.jpg')) } }]);
	expect(paid()).toBe(1);
});

job('two faces of which one is too short', { clicks: 14, characters: 76 }, async (builder) => {
	gateway.control({ videos: { 'interview.mp4': [[0, 5200], [1000, 2000]] } }); // prettier-ignore
	const start = await builder.begin(['', 'Trigger manually']);
	const faces = await builder.addBehind(start, ['kling', 'Kling Recognition', 'Identify faces in a video']);
	await builder.write('videoUrl', INTERVIEW);
	await builder.close();
	await builder.addBehind(faces, ['lip sync', 'Kling Generation', 'Make a lip sync']);
	await builder.choose('audioSource', 'URL');
	await builder.write('audioUrl', HELLO);
	await builder.runStep();
	expect(await builder.editor.output()).toMatch(/on screen for 1000 ms.*at least 2000 ms.*item 1[^]*Lip-Sync Ready/);
	const run = await ended();
	expect(run.status).toBe('error');
	expect(run.items(faces).map(({ json }) => json.lipSyncReady)).toEqual([true, false]);
	expect(creates()).toEqual([]);
	expect(paid()).toBe(0);
});

job('agent with two tools', { clicks: 20, characters: 42 }, async (builder) => {
	const agent = await builder.begin(['agent', 'AI Agent']);
	await builder.close();
	await builder.addBelow(agent, 'Chat Model', ['openai', 'OpenAI Chat Model']);
	// The scripted model speaks the older of OpenAI's two interfaces.
	const newer = builder.editor.field('responsesApiEnabled');
	if (await newer.isVisible()) await builder.hands.click(newer);
	await builder.close();
	await builder.addBelow(agent, 'Tool', ['kling', 'Kling Generation Tool']);
	await builder.leaveToModel('imageUrl');
	await builder.leaveToModel('prompt');
	await builder.close();
	await builder.addBelow(agent, 'Tool', ['kling', 'Kling Generation Tool']);
	await builder.choose('resource', 'Task');
	await builder.leaveToModel('taskId');
	await builder.close();
	await builder.chat('Make a video of Anna');
	const run = await ended();
	expect(run.error?.message).toBeUndefined();
	const tools = new Map(model.requests[0]!.tools!.map(({ function: tool }) => [tool.name, tool]));
	expect([...tools.keys()].sort()).toEqual([GET_TASK, MAKE_VIDEO]);
	expect(tools.get(MAKE_VIDEO)!.description).toMatch(/costs money: about 0\.\d+ USD.*taskId at once.*Get Task.*free/);
	expect(tools.get(GET_TASK)!.description).toMatch(/free/);
	expect(tools.get(GET_TASK)!.description).not.toMatch(/USD/);
	const answers = model.requests.at(-1)!.messages.filter(({ role }) => role === 'tool').map(({ content }) => JSON.parse(String(content))[0]); // prettier-ignore
	expect(answers).toMatchObject([{ status: 'submitted' }, { status: 'succeeded', taskId: answers[0].taskId }]);
	expect(paid()).toBe(1);
});

job('wrong key', { clicks: 12, characters: 44 }, async (builder) => {
	const { page, hands, editor } = builder;
	const start = await builder.begin(['', 'Trigger manually']);
	await builder.addBehind(start, ['kling', 'Kling Recognition', 'Recognize an image']);
	await builder.write('imageUrl', ANNA);
	await hands.click(page.getByTestId('node-credentials-select'));
	await hands.click(page.getByTestId('node-credentials-select-item-new'));
	await page.getByTestId('credential-connection-parameter').first().waitFor();
	await builder.write('apiKey', 'kg-mistyped');
	await hands.click(page.getByTestId('credential-save-button'));
	const form = editor.credential.form();
	await form
		.getByText(/couldn.t connect/i)
		.first()
		.waitFor();
	await hands.click(form.locator('.el-dialog__headerbtn'));
	await form.waitFor({ state: 'hidden' });
	await builder.runStep();
	const shown = await editor.output();
	expect(shown).toMatch(
		/Kling does not know this credential[^]*Open the credential, check that the provider and the key belong together/,
	);
	expect(shown).not.toContain('kg-mistyped');
	expect((await ended()).status).toBe('error');
	expect(gateway.requests.filter(({ status }) => status === 200)).toEqual([]);
});

/** What people search for, and which of the two nodes they shall find first. */
const SEARCHES: Array<[search: string, first: string]> = [
	['kling', 'Kling Generation'],
	['try on', 'Kling Generation'],
	['lip sync', 'Kling Generation'],
	['avatar', 'Kling Generation'],
	['face', 'Kling Recognition'],
];

test.each(SEARCHES)('the node panel finds, for "%s", %s first', async (search, first) => {
	const builder = new Builder(browser.page);
	await builder.search(search);
	// n8n shows what it finds a moment after the last key.
	await browser.page.getByTestId('node-creator-item-name').filter({ hasText: 'Kling' }).first().waitFor();
	const found = await builder.editor.rows();
	expect(found.filter((name) => name.startsWith('Kling'))[0]).toBe(first);
});

test.each(Object.entries(ACTIONS))('the node panel says what %s does, and nothing else', async (node, actions) => {
	const rows = await new Builder(browser.page).search('kling', node);
	// On an empty canvas n8n offers some of its own triggers first.
	expect(rows.filter((row) => !row.startsWith('On a '))).toEqual(actions);
});

test('nothing went wrong in the page', () => {
	expect(browser.complaints).toEqual([]);
});
