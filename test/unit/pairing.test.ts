import type { IExecuteFunctions } from 'n8n-workflow';

import { isPaired } from '../../nodes/shared/n8n/pairing';

const SOURCE = { previousNode: 'Before', previousNodeRun: 2, previousNodeOutput: 1 };

function contextOf(lookUp: (...asked: unknown[]) => unknown, source: () => unknown = () => SOURCE) {
	return {
		getInputSourceData: source,
		getWorkflowDataProxy: () => ({ $getPairedItem: lookUp }),
	} as unknown as IExecuteFunctions;
}

it('asks as n8n does: for the item of the node before, whatever its run and output', () => {
	const lookUp = jest.fn(() => ({ json: {} }));
	expect(isPaired(contextOf(lookUp), 3)).toBe(true);
	expect(lookUp.mock.calls).toEqual([['Before', SOURCE, { item: 3 }]]);
});

it.each([undefined, null])('is paired where the look-up gives %j: n8n goes on then', (found) => {
	expect(
		isPaired(
			contextOf(() => found),
			0,
		),
	).toBe(true);
});

const fails = (): never => {
	throw new Error('Paired item data is not available');
};
it.each([
	['the look-up throws', contextOf(fails)],
	['nobody knows where the items come from', contextOf(() => ({}), fails)],
	[
		'the input has no source',
		contextOf(
			() => ({}),
			() => undefined,
		),
	],
	[
		'n8n has no such look-up',
		{ getInputSourceData: () => SOURCE, getWorkflowDataProxy: () => ({}) } as unknown as IExecuteFunctions,
	],
	['n8n gives no data', { getInputSourceData: () => SOURCE, getWorkflowDataProxy: fails } as unknown as IExecuteFunctions],
])('is not paired where %s', (_name, context) => {
	expect(isPaired(context, 0)).toBe(false);
});
