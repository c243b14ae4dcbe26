import type { IDataObject, INode, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { useBetween } from './between';
import type { NodeSetup } from './engine';
import {
	ALL,
	AT_SET_UP,
	BRANCHINGS,
	brief,
	casesOf,
	expected,
	fileOf,
	INPUTS,
	NOTHING_WRONG,
	OF_ONE_ITEM,
	originOf,
	WAYS,
	type Branching,
	type Wrong,
} from './placementTable';
import { useStage } from './stage';

const stage = useStage();

async function inputs(): Promise<INodeExecutionData[]> {
	const data = await stage.engine.binary(Buffer.from('notes'), 'notes.txt', 'text/plain');
	return ALL.map((item) => ({
		json: INPUTS[item]!,
		binary: { data: { ...data, fileName: fileOf(item) } },
	}));
}

const setUp = (items: INodeExecutionData[], { parameters }: Branching, wrong: Wrong): NodeSetup => ({
	items,
	parameters: { ...parameters, ...wrong.parameters },
	credential: wrong.credential === undefined ? stage.credential('klingGlobal') : wrong.credential,
	node: wrong.node,
});

it.each(casesOf([...NOTHING_WRONG, ...AT_SET_UP, ...OF_ONE_ITEM]))('$title', async ({ wrong, branching, onError }) => {
	const failing = wrong.items ?? ALL;
	if (wrong.fault) stage.gateway.control({ faults: [wrong.fault] });
	const items = await inputs();
	const run = await stage.engine.runThrough({ ...setUp(items, branching, wrong), onError });

	expect(run.error?.message).toBeUndefined();
	expect(run.status).toBe('success');
	expect(run.reached.map((reached) => reached.map(brief))).toEqual(expected(branching, failing, onError));
	expect(stage.gateway.requests).toHaveLength(wrong.calls ?? ALL.length - failing.length);

	for (const item of run.outputs.flat()) {
		expect(item.pairedItem).toEqual({ item: originOf(item) });
		if (!('error' in item.json)) continue;
		expect(item.json.error).toMatch(wrong.message);
		expect(item.json.details).toMatchObject({ attempts: wrong.fault ? 1 : 0, description: expect.any(String) });
	}
});

describe('an operation that is unknown, so that n8n knows of one output, which may lead to a paid step', () => {
	it.each(WAYS)('%s: each item is an error item of its own, and none reaches what is behind it', async (onError) => {
		const items = await inputs();
		const run = await stage.engine.runThrough({
			items,
			parameters: { operation: 'other', branchBy: 'requirement' },
			credential: stage.credential('klingGlobal'),
			onError,
		});
		expect(run.status).toBe('success');
		expect(run.outputs.flat().map(brief)).toEqual(['0:failed', '1:failed', '2:failed']);
		// n8n's error output is one that it knows.
		const sorted = expected({ name: '', parameters: {}, good: [], outputs: 1 }, ALL, onError);
		const reached = onError === 'continueErrorOutput' ? sorted : [[]];
		expect(run.reached.map((items) => items.map(brief))).toEqual(reached);
		expect(stage.gateway.requests).toEqual([]);
	});
});

describe('what n8n names the outputs by, given by an expression', () => {
	const leave = async (parameters: Record<string, string>, onError: (typeof WAYS)[number]) => {
		const items = await inputs();
		const credential = stage.credential('klingGlobal');
		const all = { operation: 'recognizeImage', imageUrl: '={{ $json.image }}', ...parameters };
		return await stage.engine.runThrough({ items, parameters: all, credential, onError });
	};

	it.each([
		['a constant', '={{ "requirement" }}'],
		['of the item', '={{ $json.by ?? "segment" }}'],
		['a name that every object has', 'toString'],
	])('Branch By, %s: each item fails, and none reaches what is behind the first output', async (_name, branchBy) => {
		const regular = await leave({ branchBy }, 'continueRegularOutput');
		expect(regular.status).toBe('success');
		expect(regular.reached[0]).toEqual([]);
		expect(regular.outputs.flat().map(brief)).toEqual(['0:failed', '1:failed', '2:failed']);
		expect(regular.outputs.flat()[0]!.json.error).toBe('Branch By is none of its choices');

		const apart = await leave({ branchBy }, 'continueErrorOutput');
		expect(apart.reached.flat()).toEqual([]);
		expect(apart.outputs.flat().map(brief)).toEqual(['0:failed', '1:failed', '2:failed']);
		expect(stage.gateway.requests).toEqual([]);
	});

	it('an operation whose expression fails: each item fails, and nothing is sent', async () => {
		const run = await leave({ operation: '={{ $("Nowhere").item.json.x }}' }, 'continueErrorOutput');
		expect(run.reached[0]).toEqual([]);
		expect(run.reached.at(-1)!.map(brief)).toEqual(['0:failed', '1:failed', '2:failed']);
		expect(stage.gateway.requests).toEqual([]);
	});
});

describe('in an older n8n', () => {
	const between = useBetween(stage);

	const byRequirementRun = async (onError: INode['onError']) => {
		const setup = setUp(await inputs(), BRANCHINGS[2]!, NOTHING_WRONG[0]!);
		return await stage.engine.runThrough({ ...setup, onError });
	};
	const noHints = () => {
		throw new Error('no hints today');
	};

	it.each([
		['is missing', undefined],
		['throws', noHints],
	])('addExecutionHints %s: no paid answer is lost', async (_name, value) => {
		between(async (execute, context) => await execute.call(Object.create(context, { addExecutionHints: { value } })));
		for (const onError of [undefined, ...WAYS]) {
			const { status, reached } = await byRequirementRun(onError);
			expect(status).toBe('success');
			expect(reached[0]!.map(brief)).toEqual(['0:good', '1:good', '2:good']);
			expect(reached.slice(1).flat()).toEqual([]);
		}
	});

	// n8n 1.85 and 1.121 evaluate the expression of a field that takes none; 2.41 hands it on as text.
	it('the operation is an expression that fails: each item fails as a typed error that tells of no input', async () => {
		between(async (execute, context) => {
			const value = (name: string, ...more: [number]) => {
				if (name === 'operation') throw new Error('Referenced node does not exist');
				return context.getNodeParameter(name, ...more) as unknown;
			};
			return await execute.call(Object.create(context, { getNodeParameter: { value } }));
		});
		const { reached } = await byRequirementRun('continueRegularOutput');
		const failed = reached.flat();
		expect(failed.map(brief)).toEqual(['0:failed', '1:failed', '2:failed']);
		expect(failed.map(({ json }) => (json.details as IDataObject).input)).toEqual([{}, {}, {}]);
		expect(stage.gateway.requests).toEqual([]);
	});

	// n8n-core up to 1.119.2 does so while it sorts the error output.
	it('the error is taken off an item by assigning to it', async () => {
		const given: INodeExecutionData[] = [];
		between(async (execute, context) => {
			const outputs = await execute.call(context);
			given.push(...outputs.flat());
			return outputs;
		});
		stage.gateway.control({ faults: [{ kind: 'code', status: 429, code: 1102, match: '/n/p1.' }] });
		await byRequirementRun('continueErrorOutput');
		const failed = given.filter(({ error }) => error !== undefined);
		expect(failed.map(brief)).toEqual(['1:failed']);
		const [item] = failed as [INodeExecutionData];
		expect(Object.keys(item)).not.toContain('error');
		expect(() => {
			item.error = undefined;
		}).not.toThrow();
		expect(item.error).toBeUndefined();
		expect(item.json).toMatchObject({ error: expect.any(String), details: { serviceCode: 1102 } });
	});
});

it('branchBy takes no expression: n8n names the outputs before there is an item', () => {
	const isBranchBy = ({ name }: INodeProperties): boolean => name === 'branchBy';
	const found = stage.engine.types.description.properties.filter(isBranchBy);
	expect(found.map(({ noDataExpression }) => noDataExpression)).toEqual([true, true]);
});
