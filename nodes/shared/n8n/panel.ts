import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { priceOf, timeOf, type Priced } from '../kling/prices';
import type { FileField } from './files';

/** The display of what a node has in a workflow, and of what it has as the tool of an AI agent. */
export const notAsTool = { '@tool': [true] };
const asTool = { show: { '@tool': [true] } };

/**
 * A field that takes its value from the item in a workflow. As the tool of an agent it is empty: there it looked done, and failed.
 */
export function ofWorkflowAndTool(field: INodeProperties): INodeProperties[] {
	const { show } = field.displayOptions ?? {};
	if (field.default === '') return [field];
	return [
		{ ...field, displayOptions: { show: show ?? {}, hide: notAsTool } },
		{ ...field, default: '', displayOptions: { show: { ...show, ...asTool.show } } },
	];
}

/**
 * The field that says where something comes from. It takes no expression: n8n would show, and ask for, all alternatives.
 * @param preset what is chosen when the node is new; of a tool, the URL
 */
export function sourceField(
	{ name, label }: { name: string; label: string },
	description: string,
	preset: string,
	options: INodePropertyOptions[],
): INodeProperties[] {
	const field: INodeProperties = {
		displayName: label,
		name,
		type: 'options',
		noDataExpression: true,
		options,
		default: preset,
		description,
	};
	return [
		{ ...field, displayOptions: { hide: notAsTool } },
		{
			...field,
			// It has no item to look at.
			options: options.filter(({ value }) => value !== 'auto'),
			default: 'url',
			displayOptions: asTool,
		},
	];
}

/** The field for a file, by the name of its field or by itself. @param what it contains, in words */
export function fileField(
	{ name, label, preset }: FileField,
	choice: string,
	what: string,
	description: string,
): INodeProperties {
	return {
		displayName: label,
		name,
		type: 'string',
		typeOptions: { binaryDataProperty: true },
		displayOptions: { show: { [choice]: ['binary'] } },
		default: preset,
		required: true,
		placeholder: `e.g. ${preset}`,
		hint: `The name of the input field that contains ${what}, or the file itself by an expression`,
		description,
	};
}

/** What an operation costs, before anyone pays for it. @param perRun what each run pays for anew, as a sentence */
export function priceNotice(operation: Priced, perRun: string): INodeProperties {
	const words = [priceOf(operation), timeOf(operation)].filter(Boolean).join('; ');
	return {
		displayName: `${words[0]!.toUpperCase()}${words.slice(1)}. ${perRun} Gateways have prices of their own.`,
		name: `${operation}Notice`,
		type: 'notice',
		displayOptions: { hide: notAsTool },
		default: '',
	};
}

/**
 * What the model of an agent reads of each operation. n8n adds no choice of its own beside it; its versions before 1.121 know no fields of
 * tools alone, and read a hidden text where the type of the description is `manual`.
 * @param texts by operation: when to use it, what it costs, and what to do with the answer
 */
export function toolDescriptionFields(texts: Readonly<Record<string, string>>): INodeProperties[] {
	const fields = Object.entries(texts).flatMap(([operation, text]): INodeProperties[] => {
		const field: INodeProperties = {
			displayName: 'Tool Description',
			name: 'toolDescription',
			type: 'string',
			typeOptions: { rows: 4 },
			default: text,
			description: 'What the model reads: when to use this tool, and what it costs',
		};
		return [
			{ ...field, displayOptions: { show: { ...asTool.show, operation: [operation] } } },
			{ ...field, type: 'hidden', displayOptions: { show: { operation: [operation] }, hide: notAsTool } },
		];
	});
	const type: INodeProperties = {
		displayName: 'Tool Description Type',
		name: 'descriptionType',
		type: 'hidden',
		default: 'manual',
	};
	return [type, ...fields];
}
