import type { IExecuteFunctions } from 'n8n-workflow';

import { refusal } from '../../shared/kling/klingError';
import { readOptions } from '../../shared/n8n/settings';
import { identifyFace } from './identifyFace';
import type { Branch, Operation, RunSettings } from './operation';
import { recognizeImage } from './recognizeImage';

export const OPERATIONS: readonly Operation[] = [recognizeImage, identifyFace];

/** Reads what holds for all items, from the first. @throws KlingError where the operation is unknown */
export function readRunSettings(context: IExecuteFunctions): RunSettings {
	const parameter = (name: string) => context.getNodeParameter(name, 0, '') as string;
	const operation = OPERATIONS.find(({ name }) => name === parameter('operation'));
	if (!operation) throw refusal('The operation is unknown', 'Open the node and choose an operation.');
	const { maxConcurrency, deduplicate } = readOptions(context, 0);
	const output = parameter('output');
	return {
		operation,
		output: operation.outputs.includes(output) ? output : operation.outputs[0]!,
		branchBy: isTool(context) ? 'none' : readBranchBy(operation, parameter('branchBy')),
		requiredMatch: parameter('requiredMatch') === 'any' ? 'any' : 'all',
		maxConcurrency,
		deduplicate,
	};
}

/** What is left over from the other operation counts as `none`. */
function readBranchBy(operation: Operation, branchBy: string): string {
	return Object.hasOwn(operation.branches, branchBy) ? branchBy : 'none';
}

/** Whether n8n runs the node as the tool of an AI agent, which has one output. */
export function isTool(context: IExecuteFunctions): boolean {
	return context.getNode().type.endsWith('Tool');
}

/** The branches that items leave by; empty where all leave by one output. */
export function branchesOf({ operation, branchBy }: RunSettings): readonly Branch[] {
	return operation.branches[branchBy] ?? [];
}

/**
 * The node's outputs as n8n's expression over its parameters, from the same table that routes the items. The keys are
 * flat, because two closing braces would end the expression.
 */
export function outputsExpression(): `={{${string}}}` {
	const named = OPERATIONS.flatMap((operation) =>
		Object.entries(operation.branches).map(([branchBy, branches]) => [
			`${operation.name} ${branchBy}`,
			branches.map(({ displayName }) => ({ type: 'main', displayName })),
		]),
	);
	const table = JSON.stringify(Object.fromEntries(named));
	return `={{ (${table})[$parameter["operation"] + " " + $parameter["branchBy"]] ?? [{ type: "main" }] }}`;
}
