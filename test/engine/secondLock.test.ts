import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import { sampleBytes } from '../samples/manifest';
import { kling, runRow, through, type RowRun } from './chain';
import { useGeneration } from './generationStage';
import { imageUrl, jsonOf, videoUrl } from './stage';

const stage = useGeneration();

const QUICK = { wait: false };
const CONTINUE = { onError: 'continueRegularOutput' as const };
const IMAGE = imageUrl('a', 'object');
const SPOKEN = { audioSource: 'audioId', audioId: '7' };
const FACE = { sessionId: '1', faceId: '0', startTime: 0, endTime: 5200 };
const GOOD = { hasObject: true, hasHead: true, hasFace: true, hasCloth: true };

const unchecked = { options: { checkInput: false } };
const errorsOf = (json: IDataObject[]) => json.map(({ error }) => error);

interface Lock {
	operation: string;
	parameters: IDataObject;
	flag: string;
	message: string;
}

const LOCKS: Lock[] = [
	{ operation: 'avatar', parameters: SPOKEN, flag: 'hasFace', message: 'The image shows no face that could speak' },
	{ operation: 'avatar', parameters: SPOKEN, flag: 'hasHead', message: 'The image shows no head that could speak' },
	{
		operation: 'virtualTryOn',
		parameters: { humanUrl: imageUrl('h', 'object') },
		flag: 'hasCloth',
		message: 'The image shows no clothing that could be tried on',
	},
];

describe.each(LOCKS)('$operation of an item with $flag false', ({ operation, parameters, flag, message }) => {
	const items = (): INodeExecutionData[] => [
		{ json: { imageUrl: IMAGE, ...GOOD } },
		{ json: { imageUrl: imageUrl('b', 'object'), ...GOOD, [flag]: false } },
	];

	it('is refused free of charge, and the other one is made', async () => {
		const run = await stage.make(items(), { operation, ...parameters, ...QUICK }, CONTINUE);
		expect(errorsOf(jsonOf(run)[0]!)).toEqual([undefined, message]);
		expect(jsonOf(run)[0]![1]).toMatchObject({
			details: {
				attempts: 0,
				serviceCode: null,
				description: `Kling Recognition gave ${flag} as false. Connect its output Match, or switch Check Input Before Sending off to make it all the same.`,
			},
		});
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});

	it('with On Error: Stop nothing at all is created', async () => {
		const run = await stage.make(items(), { operation, ...parameters, ...QUICK });
		expect(run.error).toMatchObject({ message, context: { itemIndex: 1 } });
		expect(stage.gateway.requests).toEqual([]);
	});

	it('is made with Check Input Before Sending off', async () => {
		const run = await stage.make(items(), { operation, ...parameters, ...QUICK, ...unchecked });
		expect(errorsOf(jsonOf(run)[0]!)).toEqual([undefined, undefined]);
		expect(stage.account()).toMatchObject({ creates: 2, tasks: 2 });
	});

	it.each([[true], [null], [undefined], ['false']])('is made where the flag is %j: nobody said no', async (value) => {
		const json = { imageUrl: IMAGE, ...(value !== undefined && { [flag]: value }) };
		const run = await stage.make([{ json }], { operation, ...parameters, ...QUICK });
		expect(run.error).toBeUndefined();
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});
});

describe('flags that say nothing against it', () => {
	it.each<[operation: string, parameters: IDataObject, json: IDataObject]>([
		['imageToVideo', {}, { hasObject: false, hasHead: false, hasFace: false, hasCloth: false }],
		['avatar', SPOKEN, { hasObject: false, hasHead: true, hasFace: true, hasCloth: false }],
		['virtualTryOn', { humanUrl: IMAGE }, { hasObject: false, hasHead: false, hasFace: false, hasCloth: true }],
	])('%s is made', async (operation, parameters, flags) => {
		const run = await stage.make([{ json: { imageUrl: IMAGE, ...flags } }], { operation, ...parameters, ...QUICK });
		expect(run.error).toBeUndefined();
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});

	it('hasCloth false is about the item: clothing of another source is tried on by it', async () => {
		const parameters = {
			operation: 'virtualTryOn',
			humanUrl: '={{ $json.imageUrl }}',
			clothSource: 'url',
			clothUrl: imageUrl('c', 'cloth'),
		};
		const run = await stage.make([{ json: { imageUrl: IMAGE, hasCloth: false } }], { ...parameters, ...QUICK });
		expect(run.error).toBeUndefined();
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});

	it("hasCloth false is about the item's own file as well", async () => {
		const binary = { data: await stage.sample('landscape.jpg', 'image/jpeg') };
		const run = await stage.make(
			[{ json: { hasCloth: false }, binary }],
			{ operation: 'virtualTryOn', humanUrl: IMAGE, ...QUICK },
			CONTINUE,
		);
		expect(errorsOf(jsonOf(run)[0]!)).toEqual(['The image shows no clothing that could be tried on']);
		expect(stage.gateway.requests).toEqual([]);
	});
});

describe('an empty item, as a trigger gives one', () => {
	it.each<[operation: string, parameters: IDataObject]>([
		['imageToVideo', { imageSource: 'url', imageUrl: IMAGE }],
		['avatar', { imageSource: 'url', imageUrl: IMAGE, ...SPOKEN }],
		['virtualTryOn', { humanUrl: IMAGE, clothSource: 'url', clothUrl: imageUrl('c', 'cloth') }],
	])('%s is made of what was typed into the fields', async (operation, parameters) => {
		const run = await stage.make([{ json: {} }], { operation, ...parameters, ...QUICK });
		expect(run.error).toBeUndefined();
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});

	it.each<[operation: string, parameters: IDataObject, message: string]>([
		['imageToVideo', {}, 'The item has no image: neither an image file nor a field imageUrl'],
		['avatar', SPOKEN, 'The item has no image: neither an image file nor a field imageUrl'],
		['virtualTryOn', { humanUrl: IMAGE }, 'The item has no image: neither an image file nor a field imageUrl'],
		['lipSync', SPOKEN, 'Session ID is empty'],
		['getTask', {}, 'Task Operation is empty'],
	])('%s of nothing is refused', async (operation, parameters, message) => {
		const run = await stage.make([{ json: {} }], { operation, ...parameters }, CONTINUE);
		expect(errorsOf(jsonOf(run)[0]!)).toEqual([message]);
		expect(stage.gateway.requests).toEqual([]);
	});
});

describe('an item that failed before', () => {
	const OURS = {
		error: 'used up',
		details: { input: {}, description: 'Buy more', serviceCode: 1102, attempts: 1, retryable: false },
	};
	const KINDS: Array<[what: string, json: IDataObject, message: string]> = [
		['of these nodes', OURS, 'used up'],
		['of these nodes, n8n having merged the input into it', { imageUrl: IMAGE, mine: 1, ...OURS }, 'used up'],
		['of any node of n8n', { error: 'went wrong' }, 'went wrong'],
		['of any node of n8n, with more words', { error: 'went wrong', message: 'really', details: 'so it is' }, 'went wrong'],
	];
	const ALL: Array<[operation: string, parameters: IDataObject, json: IDataObject]> = [
		['imageToVideo', { imageSource: 'url', imageUrl: IMAGE }, {}],
		['avatar', { imageSource: 'url', imageUrl: IMAGE, ...SPOKEN }, {}],
		['virtualTryOn', { humanUrl: IMAGE, clothSource: 'url', clothUrl: IMAGE }, {}],
		['lipSync', { sessionId: '1', faceId: '0', faceStartTime: '0', faceEndTime: '5200', ...SPOKEN }, FACE],
	];

	it.each(
		ALL.flatMap(([operation, parameters]) =>
			KINDS.map(([what, json, message]) => [operation, what, parameters, json, message] as const),
		),
	)(
		'%s, an error item %s: refused, with its file as well, and nothing is sent',
		async (operation, _what, parameters, json, message) => {
			const binary = { data: await stage.engine.binary(sampleBytes('portrait.jpg'), 'portrait.jpg', 'image/jpeg') };
			const run = await stage.make([{ json, binary }], { operation, ...parameters }, CONTINUE);
			expect(jsonOf(run)[0]).toMatchObject([
				{
					error: `The item failed in a node before this one: ${message}`,
					details: { attempts: 0, description: 'Connect the output of the items that succeeded, or filter this one out.' },
				},
			]);
			expect(stage.gateway.requests).toEqual([]);
		},
	);

	it('is made with Check Input Before Sending off', async () => {
		const json = { imageUrl: IMAGE, ...OURS };
		const run = await stage.make([{ json }], { ...QUICK, ...unchecked });
		expect(run.error).toBeUndefined();
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});

	it.each<[what: string, json: IDataObject]>([
		['an empty error', { error: '' }],
		['a field error of another kind, among fields of its own', { error: 'none', row: 7 }],
		['an object as error', { error: { code: 1 } }],
	])('%s is no failure', async (_what, json) => {
		const run = await stage.make([{ json: { imageUrl: IMAGE, ...json } }], QUICK);
		expect(run.error).toBeUndefined();
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});

	it('Get Task asks all the same: it costs nothing, and the error item of a task has its id', async () => {
		const run = await stage.make([{ json: { imageUrl: IMAGE } }], QUICK);
		const { taskId } = run.outputs[0]![0]!.json;
		const item = { json: { ...OURS, details: { ...OURS.details, taskId }, operation: 'imageToVideo' } };
		const asked = await stage.make([item], {
			operation: 'getTask',
			taskId: '={{ $json.details.taskId }}',
			options: { downloadResult: false },
		});
		expect(jsonOf(asked)[0]).toMatchObject([{ taskId, status: 'succeeded' }]);
	});
});

describe('behind a node that continues on its regular output', () => {
	const items = ['good', 'bad'].map((name) => ({ json: { imageUrl: imageUrl(name, 'object') } }));

	it('the item that failed is not made, though its input has a picture', async () => {
		stage.gateway.control({ faults: [{ kind: 'code', status: 429, code: 1102, match: '/n/bad', route: 'recognize' }] });
		const withFiles = await Promise.all(
			items.map(async (item) => ({ ...item, binary: { data: await stage.sample('portrait.jpg') } })),
		);
		const row = await runRow(stage, withFiles, [
			kling('Recognize', 'klingRecognition', { imageUrl: '={{ $json.imageUrl }}' }, CONTINUE),
			kling('Make', 'klingGeneration', QUICK, CONTINUE),
		]);
		expect(errorsOf(row.json('Make'))).toEqual([
			undefined,
			expect.stringMatching(/^The item failed in a node before this one: The video resource pack/),
		]);
		expect(stage.account()).toMatchObject({ creates: 1, tasks: 1 });
	});

	it("n8n's Stop and Error of another node", async () => {
		stage.engine.types.add('test.fails', async function () {
			return [this.getInputData().map(() => ({ json: { error: 'could not read the sheet' } }))];
		});
		const row = await runRow(stage, items, [
			{ name: 'Sheet', type: 'test.fails' },
			kling('Make', 'klingGeneration', { imageSource: 'url', imageUrl: IMAGE, ...QUICK }, CONTINUE),
			through('Behind'),
		]);
		expect(errorsOf(row.json('Make'))).toEqual(
			Array(2).fill('The item failed in a node before this one: could not read the sheet'),
		);
		expect(stage.gateway.requests).toEqual([]);
	});
});

describe('behind a deactivated Kling Recognition, which n8n passes its input through', () => {
	const off = (parameters: IDataObject, more: Partial<INode> = {}) =>
		kling('Recognize', 'klingRecognition', parameters, { disabled: true, ...more });
	const made = (row: RowRun) => row.json('Make').map(({ error, status }) => error ?? status);
	const form = { json: { imageUrl: imageUrl('nobody') } };

	it('the input comes by the first output, the one that leads to the paid step', async () => {
		const row = await runRow(stage, [form], [off({ branchBy: 'requirement' }), through('Behind')]);
		expect(row.json('Behind')).toEqual([form.json]);
		expect(stage.gateway.requests).toEqual([]);
	});

	it('Image to Video makes it: nobody has said that it must not', async () => {
		const row = await runRow(stage, [form], [off({ branchBy: 'requirement' }), kling('Make', 'klingGeneration', QUICK)]);
		expect(made(row)).toEqual(['submitted']);
		expect(stage.account()).toMatchObject({ creates: 1 });
	});

	it('what an earlier check said still counts', async () => {
		const avatar = kling('Make', 'klingGeneration', { resource: 'video', operation: 'avatar', ...SPOKEN, ...QUICK }, CONTINUE);
		const checked = { json: { ...form.json, hasFace: false, hasHead: true } };
		const row = await runRow(stage, [checked], [off({ branchBy: 'requirement' }), avatar, through('Behind')]);
		expect(made(row)).toEqual(['The image shows no face that could speak']);
		expect(stage.gateway.requests).toEqual([]);
	});

	it('Lip-Sync refuses a video that has no session yet', async () => {
		const lipSync = kling('Make', 'klingGeneration', { resource: 'video', operation: 'lipSync', ...SPOKEN }, CONTINUE);
		const video = { json: { videoUrl: videoUrl('v', '0-5200') } };
		const row = await runRow(
			stage,
			[video],
			[off({ operation: 'identifyFace', branchBy: 'lipSyncReady' }), lipSync, through('Behind')],
		);
		expect(made(row)).toEqual(['Session ID is empty']);
		expect(stage.gateway.requests).toEqual([]);
	});
});

it('Always Output Data: the empty item that n8n puts on Match makes nothing of its own', async () => {
	const row = await runRow(
		stage,
		[{ json: { imageUrl: imageUrl('nobody') } }],
		[
			kling(
				'Recognize',
				'klingRecognition',
				{ imageUrl: '={{ $json.imageUrl }}', branchBy: 'requirement' },
				{ alwaysOutputData: true },
			),
			kling('Make', 'klingGeneration', QUICK, CONTINUE),
			through('Behind'),
		],
	);
	expect(row.outputs('Recognize').map((items) => items.map(({ json }) => json.hasFace))).toEqual([[undefined], [false]]);
	expect(errorsOf(row.json('Make'))).toEqual(['The item has no image: neither an image file nor a field imageUrl']);
	expect(stage.account()).toMatchObject({ creates: 0 });
});
