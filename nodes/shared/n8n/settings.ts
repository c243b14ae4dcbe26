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
	const branchBy = readBranchBy(context, operation);
	const { label, preset } = kind.maxConcurrency;
	return {
		operation,
		output: operation.outputs.includes(output) ? output : operation.outputs[0]!,
		branchBy,
		failuresLeave: operation.failuresLeaveBy?.includes(branchBy) ?? false,
		maxConcurrency: whole(first.value('options.maxConcurrency'), preset, label),
		deduplicate: flag(first.value('options.deduplicate'), true, 'Reuse Results for Identical Inputs'),
		first,
	};
}

/**
 * The outputs that the node has in n8n's eyes, also where n8n can evaluate nothing of it; empty where it has one, null where nobody
 * can know. Never throws.
 */
export function readBranches(context: IExecuteFunctions, kind: NodeKind): readonly Branch[] | null {
	if (isTool(context)) return [];
	if (isBranchByUnknown(context, kind)) return null;
	const operation = operationOrSaved(context, kind);
	if (operation) return operation.branches[readBranchBy(context, operation)] ?? [];
	const { onError, parameters } = context.getNode();
	// n8n sorts what failed out of the one output that it knows of; it knows of none where it can make no text of the operation.
	return onError === 'continueErrorOutput' && canBecomeText(parameters.operation) ? [] : null;
}

function canBecomeText(value: unknown): boolean {
	try {
		return typeof String(value) === 'string';
	} catch {
		return false;
	}
}

/** The operation; by what is saved of the node, where n8n cannot evaluate even that. */
function operationOrSaved(context: IExecuteFunctions, kind: NodeKind): Operation | undefined {
	try {
		return operationOf(context, kind);
	} catch {
		const { operation } = context.getNode().parameters;
		return kind.operations.find(({ name }) => name === operation);
	}
}

/**
 * Whether Branch By is something else than any operation knows, such as an expression in a workflow that was written by hand. n8n
 * then knows of one output, whatever is connected behind it: that would be the one that leads to a paid step.
 */
export function isBranchByUnknown(context: IExecuteFunctions, kind: NodeKind): boolean {
	const branchBy = context.getNode().parameters.branchBy ?? '';
	if (isTool(context) || branchBy === '' || branchBy === 'none' || neverBranches(context, kind)) return false;
	return typeof branchBy !== 'string' || !kind.operations.some(({ branches }) => Object.hasOwn(branches, branchBy));
}

/** Whether the operation is known to have one output: there, whatever stands in Branch By is left over. */
function neverBranches(context: IExecuteFunctions, kind: NodeKind): boolean {
	const operation = operationOrSaved(context, kind);
	return operation !== undefined && Object.keys(operation.branches).length === 0;
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

/** By what is saved: the field takes no expression. What is left over from the other operation counts as `none`. */
function readBranchBy(context: IExecuteFunctions, operation: Operation): string {
	const { branchBy } = context.getNode().parameters;
	const isChosen = !isTool(context) && typeof branchBy === 'string' && Object.hasOwn(operation.branches, branchBy);
	return isChosen ? branchBy : 'none';
}
