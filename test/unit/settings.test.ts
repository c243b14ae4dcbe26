import type { IExecuteFunctions } from 'n8n-workflow';

import type { NodeKind } from '../../nodes/shared/n8n/operation';
import { readBranches } from '../../nodes/shared/n8n/settings';

it('where not even the operation can be read, the node has the one output that n8n knows', () => {
	const context = {
		getNodeParameter: () => {
			throw new Error('an expression that fails');
		},
	} as unknown as IExecuteFunctions;
	expect(readBranches(context, { operations: [] } as unknown as NodeKind)).toEqual([]);
});
