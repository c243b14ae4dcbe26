import type { INodeExecutionData } from 'n8n-workflow';

import type { GenerationItem } from '../../nodes/KlingGeneration/options';
import { refuseFailed, refuseUnfit } from '../../nodes/KlingGeneration/tasks/fitness';
import { fieldsOf } from './fakeContext';
import { klingErrorOf, REFUSED_HERE } from './helpers';

const itemOf = (item: Partial<INodeExecutionData>, checkInput = true): GenerationItem =>
	({ fields: fieldsOf({ items: [item] }), options: { checkInput } }) as unknown as GenerationItem;

/** What a user reads of a refusal. */
const refusalOf = (refuse: () => unknown): [message: string, description: string] => {
	const { message, details } = klingErrorOf(refuse);
	expect(details).toEqual({ ...REFUSED_HERE, description: details.description });
	return [message, details.description];
};

describe('an item that failed before', () => {
	const failure = (json: object) => ({ json: json as INodeExecutionData['json'] });
	const failed: Array<[string, Partial<INodeExecutionData>]> = [
		['of this package', failure({ error: 'no face', details: { input: {}, attempts: 1 } })],
		['of this package, that was never sent', failure({ error: 'no face', details: { attempts: 0 } })],
		["of this package, with the input's fields beside it", failure({ id: 7, error: 'no face', details: { attempts: 1 } })],
		['of another node', failure({ error: 'no face' })],
		['of another node, with a message', failure({ error: 'no face', message: 'x', details: 'y' })],
		["on n8n's error output", { json: { id: 7 }, error: { message: 'no face' } as INodeExecutionData['error'] }],
	];

	it.each(failed)('%s is refused, and says why it failed', (_name, item) => {
		expect(refusalOf(() => refuseFailed(itemOf(item)))).toEqual([
			'The item failed in a node before this one: no face',
			'Connect the output of the items that succeeded, or filter this one out.',
		]);
	});

	it.each(failed)('%s is made where input is not checked', (_name, item) => {
		expect(() => refuseFailed(itemOf(item, false))).not.toThrow();
	});

	it.each([
		['an empty one', {}],
		['one of a trigger', { timestamp: 'x' }],
		['one with a field error of its own', { error: 'none', id: 7 }],
		['one whose error is empty', { error: '' }],
		['one whose error is no text', { error: { message: 'x' } }],
		['one whose error is null', { error: null, message: 'x' }],
		['one with a message', { message: 'hello', details: { attempts: 1 } }],
		['one with details of its own', { error: 'x', details: { attempts: 'many' }, id: 7 }],
		['one whose details are null', { error: 'x', details: null, id: 7 }],
	])('%s did not fail', (_name, json) => {
		expect(() => refuseFailed(itemOf({ json: json as INodeExecutionData['json'] }))).not.toThrow();
	});
});

describe('an item that does not show what is needed', () => {
	const needs = { hasFace: 'There is no face', hasHead: 'There is no head' };

	it.each([
		[{ hasFace: false }, 'There is no face', 'hasFace'],
		[{ hasFace: true, hasHead: false }, 'There is no head', 'hasHead'],
		[{ hasHead: false, hasFace: false }, 'There is no face', 'hasFace'],
	])('%j is refused', (json, message, flag) => {
		expect(refusalOf(() => refuseUnfit(itemOf({ json }), needs))).toEqual([
			message,
			`Kling Recognition gave ${flag} as false. Connect its output Match, or switch Check Input Before Sending off to make it all the same.`,
		]);
	});

	it('is made where input is not checked', () => {
		expect(() => refuseUnfit(itemOf({ json: { hasFace: false } }, false), needs)).not.toThrow();
	});

	it.each([
		[{}],
		[{ hasFace: true, hasHead: true }],
		[{ hasFace: null }],
		[{ hasFace: 0, hasHead: '' }],
		[{ hasFace: 'false' }],
		[{ hasCloth: false, hasObject: false }],
	])('%j is no reason to refuse', (json) => {
		expect(() => refuseUnfit(itemOf({ json }), needs)).not.toThrow();
	});
});
