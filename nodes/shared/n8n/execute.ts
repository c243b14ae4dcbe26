import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { runBatch } from '../engine/batch';
import type { Outcome } from '../engine/failure';
import type { Task } from '../engine/task';
import { asKlingError, refusal, type KlingError } from '../kling/klingError';
import { withoutSecrets } from '../kling/quote';
import { downloadOnce } from './downloads';
import { interrupted, toNodeError } from './errors';
import { failureItem, resultItem, type Emitted } from './items';
import type { Answered, Item, NodeKind, Settings } from './operation';
import type { ItemOptions } from './options';
import { Outputs } from './outputs';
import { startRun, type Run } from './run';
import { isTool, readSettings } from './settings';
import { tasksLeft } from './tasksLeft';

/** What became of the items of a run. */
interface Results {
	outcomes: Array<Outcome<Emitted[]>>;
	/** The options of the items that were begun. */
	options: Array<ItemOptions | undefined>;
}

/** The first failure of a run, in time: what stops the workflow where errors do. */
interface Stopper {
	index: number;
	failure: KlingError;
}

/**
 * Runs a node: parameters, calls, items, branches. Where the workflow goes on after an error this never throws: n8n
 * would pass the input on by the first output then, which leads to a paid step.
 * @throws NodeApiError, NodeOperationError where errors stop the workflow
 */
export async function execute(context: IExecuteFunctions, kind: NodeKind): Promise<INodeExecutionData[][]> {
	const inputs = context.getInputData();
	if (inputs.length === 0) return [[]];
	try {
		const settings = readSettings(context, kind);
		const run = await startRun(context, settings);
		try {
			const results = await runItems(run, kind, settings, inputs.length);
			hintAtExpiry(context, settings, results);
			run.reuse.handedOut();
			return collect(context, kind, inputs, results);
		} finally {
			run.end();
		}
	} catch (error) {
		if (!context.continueOnFail()) throw isNodeError(error) ? error : toNodeError(context.getNode(), asKlingError(error), 0);
		const outcomes = inputs.map(() => ({ failure: asKlingError(error) }));
		return collect(context, kind, inputs, { outcomes, options: [] });
	}
}

const CANCELED = refusal('The execution was canceled', 'Run the workflow again.');

async function runItems(run: Run, kind: NodeKind, settings: Settings, count: number): Promise<Results> {
	const { context } = run;
	const options: Results['options'] = [];
	let stopper: Stopper | null = null;
	const prepare = async (index: number) => {
		options[index] = kind.readOptions(context, index);
		return await prepareItem({ run, settings, index, options: options[index] });
	};
	const outcomes = await runBatch(count, prepare, {
		...run.calls,
		reuse: settings.deduplicate ? run.reuse : null,
		// Only what the provider said holds for an identical input as well.
		mayShare: (failure) => asKlingError(failure).details.httpStatus !== null,
		failed: (index, failure) => {
			// What fails after the stop button was pressed fails because of it.
			if (!run.calls.stop.aborted) stopper ??= { index, failure: asKlingError(failure) };
			if (!context.continueOnFail()) run.halt();
		},
	});
	logTasksLeft(context, outcomes);
	if (!context.continueOnFail()) stopOnError(context, stopper, outcomes);
	return { outcomes, options };
}

/** Reads one item and makes the task of it that the engine runs. */
async function prepareItem(item: Item): Promise<Task<Answered, Emitted[]>> {
	const { run, settings, options } = item;
	const { operation } = settings;
	const view = operation.readView(item);
	const input = await operation.readInput(item);
	// Whose input is not checked may get an answer to what another's check refuses.
	const keyed = (key: string | null) => (key === null ? null : `${operation.name} ${options.checkInput} ${key}`);
	return {
		...input,
		key: keyed(input.key),
		build: async () => {
			const body = await input.build();
			return { ...body, key: keyed(body.key) };
		},
		maxAttempts: options.maxAttempts,
		send: async (body, begun) => await operation.call(item, body, begun),
		finish: async ({ result, raw }, reused) =>
			await Promise.all(
				view.emit(result, reused).map(async (emission) => ({
					...emission,
					raw: options.rawResponse ? (withoutSecrets(raw, run.connection.secrets) as IDataObject) : null,
					options,
					downloaded: options.downloadResults ? await downloadOnce(run, result, emission.files, options) : null,
				})),
			),
	};
}

const isNodeError = (error: unknown) => error instanceof NodeApiError || error instanceof NodeOperationError;

/** @throws NodeApiError, NodeOperationError: what stopped the batch, or that the execution was canceled; with the tasks that go on */
function stopOnError(context: IExecuteFunctions, stopper: Stopper | null, outcomes: Results['outcomes']): void {
	// n8n tells an execution that was stopped from one that failed by this word.
	const failure = stopper?.failure ?? (isCanceled(context) ? CANCELED : null);
	if (!failure) return;
	const left = tasksLeft(outcomes, stopper?.index ?? null);
	const description = [failure.details.description, left].filter(Boolean).join(' ');
	throw toNodeError(context.getNode(), failure.with({ description }), stopper?.index ?? 0);
}

const isCanceled = (context: IExecuteFunctions): boolean => context.getExecutionCancelSignal()?.aborted === true;

/** n8n keeps nothing of a node whose execution was stopped: its log is where the tasks that go on are named. */
function logTasksLeft(context: IExecuteFunctions, outcomes: Results['outcomes']): void {
	const left = isCanceled(context) ? tasksLeft(outcomes, null) : '';
	if (left !== '') context.logger.warn(`${context.getNode().name}: the execution was stopped. ${left}`);
}

function hintAtExpiry(context: IExecuteFunctions, { operation }: Settings, { outcomes }: Results): void {
	const emitted = outcomes.flatMap((outcome) => ('result' in outcome ? outcome.result : []));
	if (isTool(context) || !emitted.some(({ files, options }) => files.length > 0 && !options.downloadResults)) return;
	try {
		context.addExecutionHints({ message: operation.expiryHint, location: 'outputPane' });
	} catch {
		// A hint costs no result: older versions of n8n have none.
	}
}

function collect(
	context: IExecuteFunctions,
	kind: NodeKind,
	inputs: INodeExecutionData[],
	results: Results,
): INodeExecutionData[][] {
	const outputs = new Outputs(context, kind);
	const node = context.getNode();
	results.outcomes.forEach((outcome, index) => {
		const input = inputs[index]!;
		if ('result' in outcome) {
			for (const emitted of outcome.result) outputs.add(emitted.branch, resultItem(emitted, input, index));
			return;
		}
		const failure = 'failure' in outcome ? asKlingError(outcome.failure) : interrupted(outcome.interrupted);
		const error = node.onError === 'continueErrorOutput' ? toNodeError(node, failure, index) : null;
		outputs.addFailure(failureItem(failure, input, index, results.options[index] ?? null, error));
	});
	return outputs.items;
}
