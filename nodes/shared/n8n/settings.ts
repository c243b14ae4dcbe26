import type { IExecuteFunctions } from 'n8n-workflow';

import { flag, whole } from '../kling/fields';
import { refusal } from '../kling/klingError';
import type { Fields } from './fields';
import type { Branch, NodeKind, Operation, Settings } from './operation';

/** Reads what holds for all items, from the first, and nothing else of it. @throws KlingError where it makes no sense */
export function readSettings(first: Fields, kind: NodeKind): Settings {
	const { context } = first;
	const operation = operationOf(context, kind);
	if (!operation) throw refusal('The operation is unknown', 'Open the node and choose an operation.');
	if (isBranchByUnknown(context, kind)) {
		throw refusal(
			'Branch By is none of its choices',
			'Choose it in the node itself, not by an expression: n8n names the outputs before there is an item to evaluate one for.',
		);
	}
	const output = String(first.value('output') ?? '');
	const { label, preset } = kind.maxConcurrency;
	return {
		operation,
		output: operation.outputs.includes(output) ? output : operation.outputs[0]!,
		branchBy: readBranchBy(context, operation),
		maxConcurrency: whole(first.value('options.maxConcurrency'), preset, label),
		deduplicate: flag(first.value('options.deduplicate'), true, 'Reuse Results for Identical Inputs'),
		first,
	};
}

/**
 * The outputs that the node has in n8n's eyes, also where nothing else about it can be read; empty where it has one.
 * Never throws.
 */
export function readBranches(context: IExecuteFunctions, kind: NodeKind): readonly Branch[] {
	try {
		const operation = operationOf(context, kind);
		return operation ? (operation.branches[readBranchBy(context, operation)] ?? []) : [];
	} catch {
		return [];
	}
}

/**
 * Whether Branch By is something else than any operation knows, such as an expression in a workflow that was written by hand. n8n
 * then knows of one output, whatever is connected behind it: that would be the one that leads to a paid step.
 */
export function isBranchByUnknown(context: IExecuteFunctions, { operations }: NodeKind): boolean {
	const branchBy = context.getNode().parameters.branchBy ?? '';
	if (isTool(context) || branchBy === '' || branchBy === 'none') return false;
	return typeof branchBy !== 'string' || !operations.some(({ branches }) => Object.hasOwn(branches, branchBy));
}

/** Whether n8n runs the node as the tool of an AI agent, which has one output. */
export function isTool(context: IExecuteFunctions): boolean {
	return context.getNode().type.endsWith('Tool');
}

/** The operation that is chosen; undefined where none is known. @throws Error of its expression */
export function operationOf(context: IExecuteFunctions, { operations }: NodeKind): Operation | undefined {
	const chosen = context.getNodeParameter('operation', 0, '');
	return operations.find(({ name }) => name === chosen);
}

/** What is left over from the other operation counts as `none`. */
function readBranchBy(context: IExecuteFunctions, operation: Operation): string {
	const branchBy = isTool(context) ? 'none' : String(context.getNodeParameter('branchBy', 0, ''));
	return Object.hasOwn(operation.branches, branchBy) ? branchBy : 'none';
}
