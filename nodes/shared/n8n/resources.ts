import type { INodeProperties } from 'n8n-workflow';

import { toolDescriptionFields } from './panel';

/** What is said of an operation. */
export interface OperationText {
	value: string;
	name: string;
	description: string;
	/** In n8n's list of actions; a node that is added there is called so. */
	action: string;
	/** What the model of an agent reads. */
	tool: string;
}

/** Operations that n8n lists under one heading; the first is the one that a new node has. */
export interface Resource {
	value: string;
	name: string;
	operations: readonly OperationText[];
}

/**
 * The fields Resource and Operation, and what the model of an agent reads. By Resource n8n groups the actions, names new nodes after what
 * they do, and tells the tools of an agent apart. One resource alone is hidden: people have nothing to choose.
 * Source: n8n-editor-ui 2.41, the actions of the node creator, and n8n-workflow, `makeNodeName`.
 */
export function operationFields(resources: readonly Resource[]): INodeProperties[] {
	const resource: INodeProperties = {
		displayName: 'Resource',
		name: 'resource',
		type: resources.length > 1 ? 'options' : 'hidden',
		noDataExpression: true,
		options: resources.map(({ name, value }) => ({ name, value })),
		default: firstOf(resources),
	};
	const operations = resources.map((of): INodeProperties => ({
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [of.value] } },
		options: of.operations.map(({ value, name, description, action }) => ({ name, value, description, action })),
		default: firstOf(of.operations),
	}));
	return [
		resource,
		...operations,
		...toolDescriptionFields(Object.fromEntries(textsOf(resources).map(({ value, tool }) => [value, tool]))),
	];
}

/** The node's subtitle on the canvas, as n8n's expression: the name of its operation. */
export function subtitleOf(resources: readonly Resource[]): string {
	const names = Object.fromEntries(textsOf(resources).map(({ value, name }) => [value, name]));
	return `={{ (${JSON.stringify(names)})[$parameter["operation"]] }}`;
}

function textsOf(resources: readonly Resource[]): OperationText[] {
	return resources.flatMap(({ operations }) => operations);
}

const firstOf = ([first]: ReadonlyArray<{ value: string }>): string => first!.value;
