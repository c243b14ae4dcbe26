import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { NodeKind } from '../../nodes/shared/n8n/operation';
import { isBranchByUnknown, readBranches } from '../../nodes/shared/n8n/settings';
import { fakeContext } from './fakeContext';

const fails = () => {
	throw new Error('an expression that fails');
};

const branches = (...keys: string[]) => keys.map((key) => ({ key, displayName: key }));
const kind = {
	operations: [
		{ name: 'look', branches: { segment: branches('a', 'b', 'c'), requirement: branches('match', 'noMatch') } },
		{ name: 'find', branches: { faceCount: branches('one', 'none') } },
		{ name: 'make', branches: {} },
	],
} as unknown as NodeKind;

/** A node of which n8n gives the parameters as they are saved, or can evaluate nothing. */
const nodeOf = (parameters: IDataObject, isEvaluated: boolean, { type = 'klingRecognition', onError = 'stopWorkflow' } = {}) =>
	({
		getNode: () => ({ type, parameters, onError }),
		getNodeParameter: (name: string) => {
			if (!isEvaluated) throw new Error('nothing can be evaluated');
			return parameters[name];
		},
	}) as unknown as IExecuteFunctions;

describe.each([
	['as n8n evaluates it', true],
	['where n8n can evaluate nothing of it', false],
])('the outputs of a node, %s', (_how, isEvaluated) => {
	it.each<[string, IDataObject, string[] | undefined]>([
		['those of its Branch By', { operation: 'look', branchBy: 'requirement' }, ['match', 'noMatch']],
		["one, where another operation's Branch By is left over", { operation: 'look', branchBy: 'faceCount' }, []],
		['one, without branching', { operation: 'look', branchBy: 'none' }, []],
		['one, where Branch By is hidden', { operation: 'look' }, []],
		['one, of an operation that never branches, whatever is left over', { operation: 'make', branchBy: { toString: '' } }, []],
		['unknown, with a Branch By that is a name of every object', { operation: 'look', branchBy: 'constructor' }, undefined],
		['unknown, with a Branch By that is no text', { operation: 'look', branchBy: {} }, undefined],
		['unknown, where the operation is none', { operation: '{{ $json.operation }}' }, undefined],
		['unknown, where nothing is saved', {}, undefined],
	])('%s', (_what, parameters, keys) => {
		expect(readBranches(nodeOf(parameters, isEvaluated), kind)?.map(({ key }) => key)).toEqual(keys);
	});

	it.each<[string, unknown, unknown]>([
		['one, where the operation is none: n8n sorts that one', '{{ $json.operation }}', []],
		['one, where it is another value', 0, []],
		['unknown, where it can become no text: n8n knows of no output', { toString: '' }, null],
	])("with n8n's error output: %s", (_what, operation, branchesRead) => {
		const node = nodeOf({ operation } as IDataObject, isEvaluated, { onError: 'continueErrorOutput' });
		expect(readBranches(node, kind)).toEqual(branchesRead);
	});

	it('one, of a tool', () => {
		const parameters = { operation: 'none', branchBy: 'requirement' };
		expect(readBranches(nodeOf(parameters, isEvaluated, { type: 'klingRecognitionTool' }), kind)).toEqual([]);
	});
});

describe('a Branch By that is none of the choices', () => {
	const operations = [
		{ name: 'makes', branches: {} },
		{ name: 'looks', branches: { status: [] } },
	];
	const kind = { operations } as unknown as NodeKind;

	it.each<[what: string, operation: unknown, isUnknown: boolean]>([
		['an operation that branches', 'looks', true],
		['one that never does', 'makes', false],
		['one that is none', 'other', true],
		['one that cannot be read', fails, true],
	])('of %s', (_what, operation, isUnknown) => {
		const { context } = fakeContext({ parameters: { operation }, node: { parameters: { branchBy: '={{ "status" }}' } } });
		expect(isBranchByUnknown(context, kind)).toBe(isUnknown);
	});
});
