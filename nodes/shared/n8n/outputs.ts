import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { NodeKind, Operation } from './operation';
import { readBranches } from './settings';

/**
 * The node's outputs as n8n's expression over its parameters, from the same table that routes the items. The keys are
 * flat, because two closing braces would end the expression.
 */
export function outputsExpression(operations: readonly Operation[]): `={{${string}}}` {
	const named = operations.flatMap((operation) =>
		Object.entries(operation.branches).map(([branchBy, branches]) => [
			`${operation.name} ${branchBy}`,
			branches.map(({ displayName }) => ({ type: 'main', displayName })),
		]),
	);
	const table = JSON.stringify(Object.fromEntries(named));
	return `={{ (${table})[$parameter["operation"] + " " + $parameter["branchBy"]] ?? [{ type: "main" }] }}`;
}

/** The items that leave the node, by output. */
export class Outputs {
	readonly items: INodeExecutionData[][];
	private readonly keys: string[];
	private readonly failures: INodeExecutionData[];

	constructor(context: IExecuteFunctions, kind: NodeKind) {
		const branches = readBranches(context, kind);
		this.keys = (branches ?? []).map(({ key }) => key);
		const outputs = branches ? Math.max(1, branches.length) : mostOutputs(context, kind);
		this.items = Array.from({ length: outputs }, () => []);
		this.failures = this.items.at(-1)!;
	}

	/** Adds an item to a branch; where the node does not branch, to its one output. */
	add(branch: string, item: INodeExecutionData): void {
		this.items[Math.max(0, this.keys.indexOf(branch))]!.push(item);
	}

	/** Adds an item that failed: never to an output that leads to a paid step. */
	addFailure(item: INodeExecutionData): void {
		this.failures.push(item);
	}
}

/** Where nobody knows how the node branches, what failed leaves by the last output that it could have, n8n's error output included. */
function mostOutputs(context: IExecuteFunctions, { operations }: NodeKind): number {
	const named = Math.max(1, ...operations.flatMap(({ branches }) => Object.values(branches).map(({ length }) => length)));
	return context.getNode().onError === 'continueErrorOutput' ? named + 1 : named;
}
