import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { useBetween } from './between';
import { kling, runRow, through, type RowRun } from './chain';
import { useGeneration } from './generationStage';
import { imageUrl, videoUrl } from './stage';

/**
 * An item whose source n8n cannot look up: on its way to the error output it throws, and n8n passes the whole input on by the first
 * output, the one that leads to a paid step.
 */
const stage = useGeneration();

const between = useBetween(stage);

/** What n8n keeps of an execution, as far as the look-up of a source needs it. */
interface Kept {
	runExecutionData: { resultData: { runData: Record<string, unknown> } };
	executeData: { source: { main: Array<object | null> } | null };
}

/** Executions of which something is missing that n8n looks a source up by. */
const MISSING: Array<[what: string, remove: (kept: Kept) => void]> = [
	['the run of the node before is gone', ({ runExecutionData }) => delete runExecutionData.resultData.runData.Source],
	[
		'the node before has no outputs',
		({ runExecutionData }) => (runExecutionData.resultData.runData.Source = [{ data: { main: [] } }]),
	],
	[
		'the node before has fewer items',
		({ runExecutionData }) => (runExecutionData.resultData.runData.Source = [{ data: { main: [[]] } }]),
	],
	[
		'the source is another output',
		({ executeData }) => (executeData.source!.main[0] = { previousNode: 'Source', previousNodeOutput: 7 }),
	],
	[
		'the source is a run that never was',
		({ executeData }) => (executeData.source!.main[0] = { previousNode: 'Source', previousNodeRun: 9 }),
	],
];

const BAD = [imageUrl('bad1', 'object'), imageUrl('bad2', 'object')];
const ITEMS = [...BAD, imageUrl('good', 'object', 'head', 'face')].map((url) => ({
	json: { url, imageUrl: url, video: videoUrl(url.includes('bad') ? 'bad' : 'good', '0-5200') },
}));

const errorsOf = (items: INodeExecutionData[]) => items.map(({ json }) => typeof json.error);

async function recognize(parameters: object): Promise<RowRun> {
	stage.gateway.control({ faults: [{ kind: 'code', status: 429, code: 1102, match: '/n/bad' }] });
	return await runRow(stage, ITEMS, [
		kling(
			'Kling',
			'klingRecognition',
			{ imageUrl: '={{ $json.url }}', videoUrl: '={{ $json.video }}', ...parameters },
			{ onError: 'continueErrorOutput' },
		),
		through('Match'),
	]);
}

describe.each([
	['requirement', { branchBy: 'requirement' }, 2],
	['segment', { branchBy: 'segment', output: 'image' }, 5],
	['faceCount', { operation: 'identifyFace', branchBy: 'faceCount' }, 3],
	['lipSyncReady', { operation: 'identifyFace', branchBy: 'lipSyncReady' }, 2],
] as const)('by %s', (_name, parameters, errorOutput) => {
	it.each(MISSING)('%s: what failed leaves by the error output, and nothing of it by the first', async (_what, remove) => {
		between(async (execute, context) => {
			const outputs = await execute.call(withMissing(context, remove));
			remove(context as unknown as Kept);
			return outputs;
		});
		const row = await recognize(parameters);
		expect(row.run.status).toBe('success');
		const first = row.outputs('Kling')[0]!;
		expect(errorsOf(first)).toEqual(first.map(() => 'undefined'));
		expect(first.every(({ json }) => json.url === undefined)).toBe(true);
		expect(row.json('Match').every(({ url, error }) => url === undefined && error === undefined)).toBe(true);
		expect(row.outputs('Kling')[errorOutput]!.map(({ json }) => Object.keys(json))).toEqual(BAD.map(() => ['error', 'details']));
		expect(row.outputs('Kling')[errorOutput]!.map(({ pairedItem }) => pairedItem)).toEqual([0, 1]);
	});

	it('and where n8n finds it, it is paired and has the input, as ever', async () => {
		const row = await recognize(parameters);
		const failed = row.outputs('Kling')[errorOutput]!;
		expect(failed.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(failed.map(({ json }) => json)).toMatchObject(BAD.map((url) => ({ url, error: expect.any(String) })));
	});
});

it('an item that looked fine when the node was asked: n8n passes the whole input on, which is what the number is for', async () => {
	between(async (execute, context) => {
		const outputs = await execute.call(context);
		MISSING[0]![1](context as unknown as Kept);
		return outputs;
	});
	// The stage holds all that leaves the node against what is announced: here it is the first item of the input.
	await expect(recognize({ branchBy: 'requirement' })).rejects.toThrow(`in ${JSON.stringify(ITEMS[0]!.json)}`);
});

it('Kling Generation: nothing that failed leaves by Success', async () => {
	stage.gateway.control({ faults: [{ kind: 'code', status: 429, code: 1102, match: '/n/bad' }] });
	const [, remove] = MISSING[0]!;
	between(async (execute, context) => {
		const outputs = await execute.call(withMissing(context, remove));
		remove(context as unknown as Kept);
		return outputs;
	});
	const row = await runRow(stage, ITEMS, [
		kling('Kling', 'klingGeneration', { wait: false }, { onError: 'continueErrorOutput' }),
		through('Behind'),
	]);
	expect(row.outputs('Kling').map((items) => items.map(({ json }) => json.status ?? typeof json.error))).toEqual([
		['submitted'],
		['string', 'string'],
	]);
	expect(stage.account()).toMatchObject({ creates: 3, tasks: 1 });
});

describe('a node of which the source is not known at all', () => {
	it('n8n does not look it up, and neither does the node throw', async () => {
		between(async (execute, context) => {
			(context as unknown as Kept).executeData.source = null;
			return await execute.call(context);
		});
		const row = await recognize({ branchBy: 'requirement' });
		expect(row.run.status).toBe('success');
		expect(errorsOf(row.outputs('Kling')[0]!)).toEqual(['undefined']);
		expect(errorsOf(row.outputs('Kling')[2]!)).toEqual(['string', 'string']);
	});
});

/** What is missing is missing when the node looks, too. */
function withMissing(context: IExecuteFunctions, remove: (kept: Kept) => void): IExecuteFunctions {
	const { getInputSourceData, getWorkflowDataProxy } = context;
	const missing = <T extends (...given: never[]) => unknown>(ask: T) =>
		((...given: Parameters<T>) => {
			remove(context as unknown as Kept);
			return ask.apply(context, given);
		}) as unknown as T;
	return Object.create(context, {
		getInputSourceData: { value: missing(getInputSourceData) },
		getWorkflowDataProxy: { value: missing(getWorkflowDataProxy) },
	}) as IExecuteFunctions;
}
