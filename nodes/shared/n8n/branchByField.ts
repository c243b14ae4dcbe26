import type { INodeProperties } from 'n8n-workflow';

import { notAsTool } from './panel';

interface BranchChoice {
	name: string;
	value: string;
	description: string;
}

/**
 * The field that says by which outputs items leave. It takes no expression: n8n names the outputs before there is an item.
 * @param choices all but None, in the order of the alphabet
 * @param hint what an assistant that builds workflows should know
 */
export function branchByField(choices: BranchChoice[], hint: string): INodeProperties {
	const none = { name: 'None', value: 'none', description: 'All items go to one output' };
	return {
		displayName: 'Branch By',
		name: 'branchBy',
		type: 'options',
		noDataExpression: true,
		displayOptions: { hide: notAsTool },
		options: [...choices, none].sort((a, b) => a.name.localeCompare(b.name)),
		default: 'none',
		description:
			'Whether and how the items leave the node by different outputs. A deactivated node checks nothing: it passes its input on by the first output.',
		builderHint: { propertyHint: hint },
	};
}
