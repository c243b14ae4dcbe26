import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';

import type { Outcome } from '../engine/failure';
import { asKlingError } from '../kling/klingError';
import type { Emitted } from './items';
import type { Branch, Settings } from './operation';
import { isTool } from './settings';

/** What people should know of a run that went on: n8n shows it over the output. */
export function giveHints(context: IExecuteFunctions, settings: Settings, outcomes: ReadonlyArray<Outcome<Emitted[]>>): void {
	if (isTool(context)) return;
	const branches = settings.operation.branches[settings.branchBy] ?? [];
	const hints = [failed(outcomes), emptyItem(context, branches), expiry(settings, outcomes), ...said(outcomes)];
	for (const hint of hints) if (hint) give(context, hint);
}

/** The same where the node failed before its first item. */
export function hintAtFailure(context: IExecuteFunctions, outcomes: ReadonlyArray<Outcome<Emitted[]>>): void {
	const hint = isTool(context) ? null : failed(outcomes);
	if (hint) give(context, hint);
}

/** Behind a node that continues there is nothing red: without this, only the items themselves say that they failed. */
function failed(outcomes: ReadonlyArray<Outcome<Emitted[]>>): NodeExecutionHint | null {
	const failures = outcomes.flatMap((outcome) => ('failure' in outcome ? [asKlingError(outcome.failure)] : []));
	if (failures.length === 0) return null;
	const items = outcomes.length === 1 ? '1 item' : `${outcomes.length} items`;
	return { message: `${failures.length} of ${items} failed: ${failures[0]!.message}`, type: 'warning', location: 'outputPane' };
}

function emptyItem(context: IExecuteFunctions, [first]: readonly Branch[]): NodeExecutionHint | null {
	if (!first || context.getNode().alwaysOutputData !== true) return null;
	return {
		message: `Always Output Data is on: where no item goes to ${first.displayName}, n8n passes an empty one on there. Turn it off in the node's settings.`,
		type: 'warning',
		location: 'outputPane',
	};
}

function expiry({ operation, output }: Settings, outcomes: ReadonlyArray<Outcome<Emitted[]>>): NodeExecutionHint | null {
	if (operation.expiry?.output !== output) return null;
	const isLost = emittedOf(outcomes).some(({ files, options }) => files.length > 0 && !options.downloadResults);
	return isLost ? { message: operation.expiry.hint, location: 'outputPane' } : null;
}

/** What operations say of their results. */
function said(outcomes: ReadonlyArray<Outcome<Emitted[]>>): NodeExecutionHint[] {
	const messages = new Set(emittedOf(outcomes).flatMap(({ hint }) => hint ?? []));
	return [...messages].map((message) => ({ message, type: 'warning', location: 'outputPane' }));
}

function emittedOf(outcomes: ReadonlyArray<Outcome<Emitted[]>>): Emitted[] {
	return outcomes.flatMap((outcome) => ('result' in outcome ? outcome.result : []));
}

function give(context: IExecuteFunctions, hint: NodeExecutionHint): void {
	try {
		context.addExecutionHints(hint);
	} catch {
		// A hint costs no result: older versions of n8n have none.
	}
}
