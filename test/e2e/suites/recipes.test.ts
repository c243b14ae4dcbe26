import { randomUUID } from 'node:crypto';
import { KLING_SAMPLE, PUBLISHED_URL } from '../../gateway/fileHosts';
import type { Gateway } from '../../gateway';
import { sampleBytes, sha256Of } from '../../samples/manifest';
import { readExample, scriptExamples, standIn, withParameters } from '../harness/examples';
import { A_VIDEO, creates, ROUTES, sent, tasksMade } from '../harness/paid';
import type { Execution, Item } from '../harness/execution';
import { waitUntil } from '../harness/processes';
import type { Server } from '../harness/server';
import { CLOSES_MS, OPENS_MS, openStand, type Stand } from '../harness/stand';
import { fetchSample, noOp, setJson, type Workflow } from '../harness/workflows';

const LANDSCAPE = `${PUBLISHED_URL}landscape.png`;
const SMALL = `${PUBLISHED_URL}small-200.png`;
const MISSING = `${PUBLISHED_URL}this-file-does-not-exist.png`;
const SPEECH_SHA = sha256Of(sampleBytes('tone-3s.mp3'));

let stand: Stand;
let gateway: Gateway;
let server: Server;
let before: number;
/** An execution of the approval that nobody answers: n8n looks once a minute for those whose time is over. */
let unanswered: string;

beforeAll(async () => {
	stand = await openStand('recipes');
	({ gateway, server } = stand);
	scriptExamples(gateway);
	const impatient = withParameters(readExample('5-approval'), 'Approval', { resumeAmount: 1, resumeUnit: 'seconds' });
	unanswered = await server.startManually(await server.createWorkflow(impatient));
	await server.waiting(unanswered);
}, OPENS_MS);

beforeEach(() => {
	gateway.control({ defaultFlags: [], tasks: [], taskMs: 0 });
	scriptExamples(gateway);
	gateway.requests.length = 0;
	before = tasksMade(gateway);
});

afterAll(async () => await stand?.close(), CLOSES_MS);

async function run(example: Workflow): Promise<Execution> {
	return ended(await server.execute(example));
}

/** Runs an example by its form, as somebody does who opens the page. */
async function runByForm(example: Workflow, form: string, fields: Array<string | File>): Promise<Execution> {
	// A form of the example may be open already.
	const webhookId = randomUUID();
	const nodes = example.nodes.map((node) => (node.name === form ? { ...node, webhookId } : node));
	const flow = await server.createWorkflow({ ...example, nodes });
	await server.activate(flow);
	const response = await server.submitForm(`${server.url}/form/${webhookId}`, fields);
	expect(response.status).toBe(200);
	let begun: string | undefined;
	// Who sends a form is answered before its execution is in the list.
	await waitUntil('the execution', async () => (begun = (await server.executionsOf(flow.id))[0]?.id) !== undefined);
	return ended(await server.finished(begun!));
}

function ended(execution: Execution): Execution {
	expect(execution.error?.message).toBeUndefined();
	expect(execution.status).toBe('success');
	return execution;
}

const paid = (): number => tasksMade(gateway) - before;
const jsonOf = (items: Item[]): Array<Item['json']> => items.map(({ json }) => json);
/** What came to a node, in whichever of its runs. */
const arrived = (execution: Execution, node: string): Array<Item['json']> =>
	Array.from({ length: execution.runs(node) }, (_, index) => jsonOf(execution.outputs(node, index)[0] ?? [])).flat();
const file = (name: string, type: string): File => new File([new Uint8Array(sampleBytes(name))], name, { type });

/** The recipe with Google Drive, without what needs an account. */
const photoByForm = async (name: string): Promise<Execution> =>
	await runByForm(
		standIn(readExample('2-photo-to-drive'), { 'Save Video': noOp('Save Video') }, ['New File', 'Download']),
		'Form',
		[file(name, 'image/jpeg')],
	);

const interviewByForm = async (faces: string): Promise<[url: string, execution: Execution]> => {
	const url = `https://videos.kling-samples.test/n/interview.mp4?faces=${faces}`;
	return [url, await runByForm(readExample('3-lip-sync'), 'Your Interview', [url])];
};

/** Runs the approval, opens its form, and answers. */
async function answer(decision: string, comment: string): Promise<Execution> {
	const id = await server.startManually(await server.createWorkflow(readExample('5-approval')));
	const waiting = await server.waiting(id);
	expect([paid(), waiting.runs('Make Video')]).toEqual([0, 0]);
	const { approvalUrl } = waiting.items('Ask')[0]!.json;
	expect(await (await fetch(approvalUrl)).text()).toContain('Make this video?');
	expect([paid(), (await server.waiting(id)).runs('Make Video')]).toEqual([0, 0]);
	await server.submitForm(approvalUrl, [decision, comment]);
	return ended(await server.finished(id));
}

describe('a portrait speaks a text', () => {
	const notMade = [{ imageUrl: LANDSCAPE, message: 'No face and head found. Found: nothing', solution: 'Use a portrait.' }];

	test('with the voice of Text to Speech: only the portrait is paid for', async () => {
		const execution = await run(readExample('1-talking-avatar'));
		const [speech] = execution.items('Speech');
		expect(sent(gateway, 'speech')).toHaveLength(1);
		expect(sent(gateway, 'create')).toMatchObject([{ image: KLING_SAMPLE, audio_id: speech!.json.audioId }]);
		expect(creates(gateway)).toEqual([[ROUTES.avatar, KLING_SAMPLE, 200]]);
		expect(paid()).toBe(1);
		expect(execution.outputs('Talking Avatar')).toMatchObject([
			[{ json: { operation: 'avatar', status: 'succeeded' }, binary: { video: A_VIDEO } }],
			[],
		]);
		expect(jsonOf(execution.items('Say Why Not'))).toEqual(notMade);
	});

	test('with the audio of another node, as the note says', async () => {
		const note = readExample('1-talking-avatar').nodes.find(({ name }) => name === 'Note: Credential')!;
		const [audio, image] = String(note.parameters.content).match(/\{\{.*?\}\}/g)!;
		const own = standIn(readExample('1-talking-avatar'), { Speech: fetchSample('Speech', 'tone-3s.mp3') });
		const avatar = { audioSource: 'binary', audioPropertyName: `=${audio}`, imageSource: 'url', imageUrl: `=${image}` };
		const execution = await run(withParameters(own, 'Talking Avatar', avatar));
		expect(sent(gateway, 'speech')).toEqual([]);
		expect(sent(gateway, 'create')).toMatchObject([{ image: KLING_SAMPLE, sound_file: { sha256: SPEECH_SHA } }]);
		expect(paid()).toBe(1);
		expect(execution.items('Talking Avatar')).toMatchObject([{ binary: { video: A_VIDEO } }]);
		expect(jsonOf(execution.items('Say Why Not'))).toEqual(notMade);
	});
});

describe('a photo becomes a video in Google Drive', () => {
	/** The field that Save Video uploads. */
	const uploaded = (): string =>
		String(readExample('2-photo-to-drive').nodes.find(({ name }) => name === 'Save Video')!.parameters.inputDataFieldName);

	const byFolder = (name: string): Workflow => {
		const instead = { 'New File': setJson('', { id: 'file' }), Download: fetchSample('', name), 'Save Video': noOp('') };
		const example = standIn(readExample('2-photo-to-drive'), instead, ['Form']);
		const start = { ...example.nodes.find(({ name: one }) => one === 'New File')!, ...MANUAL, id: 'start', name: 'Start' };
		const toFile = { main: [[{ node: 'New File', type: 'main' as const, index: 0 }]] };
		return { ...example, nodes: [...example.nodes, start], connections: { ...example.connections, Start: toFile } };
	};

	const MANUAL = { type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} };

	test('from a form', async () => {
		const execution = await photoByForm('portrait.jpg');
		expect(sent(gateway, 'create')).toMatchObject([{ image: { sha256: sha256Of(sampleBytes('portrait.jpg')) } }]);
		expect(paid()).toBe(1);
		const [saved] = execution.items('Save Video');
		expect(saved!.binary![uploaded()]).toMatchObject({ ...A_VIDEO, fileName: expect.stringMatching(/^portrait.*\.mp4$/) });
	});

	test('from a folder', async () => {
		const execution = await run(byFolder('portrait.jpg'));
		expect(sent(gateway, 'create')).toMatchObject([{ image: { sha256: sha256Of(sampleBytes('portrait.jpg')) } }]);
		expect(paid()).toBe(1);
		expect(execution.items('Save Video')[0]!.binary![uploaded()]).toMatchObject(A_VIDEO);
	});

	test('a photo without a subject is not paid for, and nothing is uploaded', async () => {
		const execution = await photoByForm('landscape.jpg');
		expect([paid(), execution.runs('Make Video'), execution.runs('Save Video')]).toEqual([0, 0, 0]);
		expect(jsonOf(execution.items('Not Made'))).toEqual([
			{ reason: 'No subject found', solution: 'Use a photo with a subject that stands out.' },
		]);
	});
});

describe('the faces of an interview speak a text', () => {
	const face = (face_id: string, sound_insert_time: number, sound_end_time: number) => ({
		face_id,
		sound_file: { sha256: SPEECH_SHA, bytes: sampleBytes('tone-3s.mp3').length },
		sound_start_time: 0,
		sound_end_time,
		sound_insert_time,
	});

	test('of a video that is made for it: every face that is ready, with nothing filled in by hand', async () => {
		const execution = await run(readExample('3-lip-sync'));
		const [interview] = execution.items('Interview');
		expect(sent(gateway, 'identify')).toEqual([{ video_id: interview!.json.videoId }]);
		const [ready, notReady] = execution.outputs('Identify Face').map((items) => items.map(({ json }) => json.faceId));
		expect([ready, notReady]).toEqual([['1', '2'], ['0']]);
		expect(sent(gateway, 'speech')).toHaveLength(1);
		const [first, ...others] = creates(gateway);
		expect(first).toEqual([ROUTES.textToVideo, expect.stringContaining('interview'), 200]);
		expect(others).toHaveLength(2);
		expect(others).toEqual(
			expect.arrayContaining([
				[ROUTES.lipSync, [face('1', 400, 2950)], 200],
				[ROUTES.lipSync, [face('2', 1000, 2950)], 200],
			]),
		);
		expect(paid()).toBe(3);
		const made = { json: { operation: 'lipSync', status: 'succeeded' }, binary: { video: A_VIDEO } };
		expect(execution.items('Lip-Sync')).toMatchObject([made, made]);
		expect(execution.items('Not Made').map(({ json }) => [json.faceId, json.lipSyncReady])).toEqual([['0', false]]);
	});

	test('of a video whose URL a form takes', async () => {
		const [url, execution] = await interviewByForm('0-5200,1000-2500');
		expect(sent(gateway, 'identify')).toEqual([{ video_url: url }]);
		expect(creates(gateway)).toEqual([[ROUTES.lipSync, [face('0', 0, 2950)], 200]]);
		expect(paid()).toBe(1);
		expect(execution.items('Lip-Sync')).toMatchObject([{ binary: { video: A_VIDEO } }]);
		expect(execution.items('Not Made').map(({ json }) => json.faceId)).toEqual(['1']);
	});

	test('a video without a face costs nothing more', async () => {
		const [, execution] = await interviewByForm('');
		expect([paid(), sent(gateway, 'speech').length, execution.runs('Lip-Sync')]).toEqual([0, 0, 0]);
		expect(execution.items('Not Made')).toMatchObject([{ json: { faceCount: 0 } }]);
	});

	test('from a face to its finished video it takes at most four nodes, and no expression', () => {
		const nodes = readExample('3-lip-sync').nodes.filter(({ type }) => !type.endsWith('.stickyNote'));
		const beginnings = ['Start', 'Interview', 'Your Interview'];
		expect(nodes.length).toBeLessThanOrEqual(4 + beginnings.length);
		expect(nodes.map(({ name }) => name)).toEqual(expect.arrayContaining(beginnings));
		const expressions = JSON.stringify(nodes.map(({ parameters }) => parameters)).match(/"=[^"]*"/g);
		expect(expressions).toBeNull();
	});
});

describe('a sheet of 50 products is tried on', () => {
	type Row = Record<'sku' | 'imageUrl' | 'status' | 'result' | 'reason', string>;

	const row = (sku: string, imageUrl: string, status = ''): Row => ({ sku, imageUrl, status, result: '', reason: '' });
	const rows = (begin: string, count: number, flags: string, status?: string): Row[] =>
		Array.from({ length: count }, (_, index) =>
			row(`${begin}-${index}`, `https://images.kling-samples.test/n/${begin}-${index}.jpg?flags=${flags}`, status),
		);

	/** Twelve of them show clothing. */
	const PRODUCTS: Row[] = [
		...rows('lamp', 20, 'object'),
		...rows('shirt', 12, 'object,cloth'),
		row('gone', MISSING),
		...rows('wall', 7, ''),
		...rows('old', 10, 'object,cloth', 'made'),
	];

	const withSheet = (products: Row[]): Workflow =>
		standIn(readExample('4-product-sheet'), { Products: setJson('', products), 'Write Back': noOp('') });

	const written = (execution: Execution): Row[] => arrived(execution, 'Write Back') as Row[];

	test('each result goes back to its row; what shows no clothing, or failed, is marked and not paid', async () => {
		gateway.control({ tasks: [{ match: 'shirt-7', failure: 'The image was refused' }] });
		const execution = await run(withSheet(PRODUCTS));
		expect(PRODUCTS).toHaveLength(50);
		expect(sent(gateway, 'recognize')).toHaveLength(40);
		const shirts = PRODUCTS.filter(({ sku }) => sku.startsWith('shirt'));
		expect(creates(gateway)).toHaveLength(12);
		expect(creates(gateway)).toEqual(expect.arrayContaining(shirts.map(({ imageUrl }) => [ROUTES.tryOn, imageUrl, 200])));
		expect(paid()).toBe(12);

		const found = new Map(written(execution).map((one) => [one.sku, one]));
		const open = PRODUCTS.filter(({ status }) => status === '');
		expect([...found.keys()].sort()).toEqual(open.map(({ sku }) => sku).sort());
		expect(written(execution)).toHaveLength(40);
		const taskOf = new Map(execution.items('Try On').map(({ json }) => [json.imageUrl as string, json.taskId as string]));
		for (const { sku, imageUrl } of shirts.filter((one) => one.sku !== 'shirt-7')) {
			const { status, result, reason } = found.get(sku)!;
			expect([status, reason]).toEqual(['made', '']);
			const task = gateway.tasks().find(({ id }) => id === taskOf.get(result));
			expect(task!.names).toContain(imageUrl);
		}
		const notMade = (sku: string, reason: unknown) => ({ sku, status: 'not made', result: '', reason });
		expect(found.get('shirt-7')).toEqual(notMade('shirt-7', expect.stringContaining('The image was refused')));
		expect(found.get('lamp-0')).toEqual(notMade('lamp-0', 'The image shows no clothing'));
		expect(found.get('wall-6')).toEqual(notMade('wall-6', 'The image shows no clothing'));
		expect(found.get('gone')).toEqual(notMade('gone', expect.stringContaining('Kling refused the input. ')));
	});

	test('a second run asks and pays for nothing that has a status', async () => {
		const execution = await run(withSheet(PRODUCTS.map((one) => ({ ...one, status: 'not made' }))));
		expect([gateway.requests.length, paid(), execution.runs('Write Back')]).toEqual([0, 0, 0]);
	});
});

describe('a person approves before the paid step', () => {
	test('who says yes gets the video that was asked for; opening the form is no answer', async () => {
		const execution = await answer('Make the video', '');
		expect(creates(gateway)).toEqual([[ROUTES.imageToVideo, KLING_SAMPLE, 200]]);
		expect(sent(gateway, 'create')).toMatchObject([{ prompt: 'Slow camera move around the subject' }]);
		expect(paid()).toBe(1);
		expect(execution.items('Make Video')).toMatchObject([{ binary: { video: A_VIDEO } }]);
		expect(execution.runs('Not Made')).toBe(0);
	});

	test('who says no pays nothing', async () => {
		const execution = await answer('Do not make it', 'Too dear');
		expect([paid(), execution.runs('Make Video')]).toEqual([0, 0]);
		expect(jsonOf(execution.items('Not Made'))).toEqual([{ imageUrl: KLING_SAMPLE, reason: 'Declined: Too dear' }]);
	});

	test('an image without a subject is not asked about', async () => {
		gateway.control({ images: { 'multi-1.png': [] } });
		const execution = await run(readExample('5-approval'));
		expect([paid(), execution.runs('Approval')]).toEqual([0, 0]);
		expect(jsonOf(execution.items('Not Made'))).toEqual([{ imageUrl: KLING_SAMPLE, reason: 'No subject found' }]);
	});
});

describe('what to do with No Match', () => {
	const askFor = (imageUrl: string, reason: unknown, what: unknown) => ({ imageUrl, reason, askFor: what });
	const others = [
		askFor(MISSING, expect.stringContaining('404'), 'A URL that anyone can open'),
		askFor(LANDSCAPE, 'No face and head found. Found: nothing', 'A photo of a person'),
	];
	const listed = (execution: Execution) => arrived(execution, 'Why Not');

	test('a file that is too small is enlarged, checked again, and then paid for; the rest is listed with its reason', async () => {
		// What the gateway does not know is the enlarged image.
		gateway.control({ defaultFlags: ['object', 'head', 'face'] });
		const execution = await run(readExample('6-no-match'));
		expect(sent(gateway, 'recognize')).toHaveLength(3);
		const images = sent(gateway, 'create').map(({ image }) => image.sha256 as string);
		expect(images).toHaveLength(2);
		expect(images).toContain(sha256Of(sampleBytes('two-people.png')));
		expect(execution.items('Make It Fit')).toMatchObject([{ binary: { data: { mimeType: 'image/jpeg' } } }]);
		expect(paid()).toBe(2);
		expect(listed(execution)).toHaveLength(2);
		expect(listed(execution)).toEqual(expect.arrayContaining(others));
	});

	test('what is still no match after that is listed, too', async () => {
		const execution = await run(readExample('6-no-match'));
		expect(sent(gateway, 'create')).toMatchObject([{ image: { sha256: sha256Of(sampleBytes('two-people.png')) } }]);
		expect(paid()).toBe(1);
		expect(listed(execution)).toHaveLength(3);
		const small = askFor(SMALL, 'No face and head found. Found: nothing', 'A photo of a person');
		expect(listed(execution)).toEqual(expect.arrayContaining([...others, small]));
	});

	test('so is what cannot be enlarged', async () => {
		const execution = await run(withParameters(readExample('6-no-match'), 'Make It Fit', { dataPropertyName: 'nothing' }));
		expect(paid()).toBe(1);
		expect(listed(execution)).toHaveLength(3);
		expect(listed(execution)).toEqual(expect.arrayContaining([...others, expect.objectContaining({ imageUrl: SMALL })]));
	});
});

test.each<[recipe: string, paid: string, list: string, run: () => Promise<Execution>]>([
	['1-talking-avatar', 'Talking Avatar', 'Say Why Not', async () => await run(readExample('1-talking-avatar'))],
	['2-photo-to-drive', 'Make Video', 'Not Made', async () => await photoByForm('portrait.jpg')],
	['3-lip-sync', 'Lip-Sync', 'Not Made', async () => (await interviewByForm('0-5200'))[1]],
	['5-approval', 'Make Video', 'Not Made', async () => await answer('Make the video', '')],
	['6-no-match', 'Make Video', 'Why Not', async () => await run(readExample('6-no-match'))],
])('%s: what Kling fails to make is listed with the reason, and goes no further', async (recipe, paidNode, list, runIt) => {
	gateway.control({ tasks: [{ failure: 'The input was refused' }] });
	const execution = await runIt();
	expect(creates(gateway)).toHaveLength(1);
	expect(execution.outputs(paidNode).map((items) => items.length)).toEqual([0, 1]);
	expect(JSON.stringify(arrived(execution, list))).toContain('The input was refused');
	const [next = []] = readExample(recipe).connections[paidNode]!.main!;
	expect(next!.filter(({ node }) => execution.runs(node) > 0)).toEqual([]);
});

describe('the loop', () => {
	// Short enough for a test.
	const loop = (): Workflow => withParameters(readExample('7-waiting'), 'Wait', { amount: 2 });

	test('waits until the video is done', async () => {
		gateway.control({ taskMs: 5000 });
		const execution = await run(loop());
		expect(creates(gateway)).toEqual([[ROUTES.imageToVideo, KLING_SAMPLE, 200]]);
		expect(paid()).toBe(1);
		const last = execution.runs('Done?') - 1;
		expect(last).toBeGreaterThan(0);
		expect(execution.outputs('Done?', 0).map((items) => items.length)).toEqual([0, 1, 0]);
		expect(execution.outputs('Done?', last)).toMatchObject([
			[{ json: { status: 'succeeded' }, binary: { video: A_VIDEO } }],
			[],
			[],
		]);
		expect([execution.runs('Use the Video'), execution.runs('See What Failed')]).toEqual([1, 0]);
	});

	test('ends with a video that failed, and says why', async () => {
		gateway.control({ tasks: [{ failure: 'The image was refused' }] });
		const execution = await run(loop());
		expect(paid()).toBe(1);
		expect(execution.runs('Done?')).toBe(1);
		expect(jsonOf(execution.items('See What Failed'))).toMatchObject([
			{ details: { description: expect.stringContaining('The image was refused') } },
		]);
		expect(execution.runs('Use the Video')).toBe(0);
	});
});

test('an approval that nobody gave is none', async () => {
	const execution = ended(await server.finished(unanswered));
	expect(execution.runs('Make Video')).toBe(0);
	expect(jsonOf(execution.items('Not Made'))).toEqual([{ imageUrl: KLING_SAMPLE, reason: 'Nobody answered' }]);
});
