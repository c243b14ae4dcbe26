import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { DEFAULT_KIND, kindField } from '../taskKinds';

/** What Get Many Tasks asks for. */
export const fields: INodeProperties[] = updateDisplayOptions({ show: { operation: ['getTasks'] } }, [
	kindField(
		DEFAULT_KIND,
		'What they are tasks of. Kling has a list for each; whether it names tasks of models with a dot in their ID is not known.',
	),
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		displayOptions: { show: { returnAll: [false] } },
		default: 50,
		description: 'Max number of results to return',
	},
]);
