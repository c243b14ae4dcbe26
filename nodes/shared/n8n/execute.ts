import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';

import { runBatch } from '../engine/batch';
import type { Outcome } from '../engine/failure';
import type { Job } from '../engine/job';
import { Turns } from '../engine/turns';
import { withoutSecrets } from '../kling/answers/quote';
import { asKlingError, refusal, type KlingError } from '../kling/klingError';
import { downloadOnce } from './downloads';
import { interrupted, toNodeError } from './errors';
import { Fields } from './fields';
import { giveHints, hintAtFailure } from './hints';
import { failureItem, resultItem, type Emitted } from './items';
import type { Item, NodeKind, Settings } from './operation';
import { PATIENCE_MS, type ItemOptions } from './options';
import { Outputs } from './outputs';
import { isPaired } from './pairing';
import type { Answered } from './results';
import { clock, startRun, type Run } from './run';
import { operationOf, readSettings } from './settings';
import { fitToTell } from './sources';
import { tasksLeft } from './tasksLeft';

/** What became of the items of a run. */
interface Results {
	outcomes: Array<Outcome<Emitted[]>>;
	/** The fields and options of the items that were begun, until they have a result. */
	begun: Array<Begun | undefined>;
	secrets: readonly string[];
}

interface Begun {
	fields: Fields;
	options: ItemOptions | null;
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
	const first = new Fields(context, 0);
	try {
		const settings = readSettings(first, kind);
		const run = await startRun(context, settings.maxConcurrency);
		try {
			const results = await runItems(run, kind, settings, inputs.length);
			giveHints(context, settings, results.outcomes);
			return await collect(context, kind, inputs, results);
		} finally {
			run.end();
		}
	} catch (error) {
		if (!context.continueOnFail()) throw isNodeError(error) ? error : toNodeError(context.getNode(), asKlingError(error), 0);
		const outcomes = inputs.map(() => ({ failure: asKlingError(error) }));
		hintAtFailure(context, outcomes);
		return await collect(context, kind, inputs, { outcomes, begun: [{ fields: first, options: null }], secrets: [] });
	}
}

const CANCELED = refusal('The execution was canceled', 'Run the workflow again.');

async function runItems(run: Run, kind: NodeKind, settings: Settings, count: number): Promise<Results> {
	const { context, connection } = run;
	const begun: Results['begun'] = [];
	let stopper: Stopper | null = null;
	const prepare = async (index: number) => {
		const fields = index === 0 ? settings.first : new Fields(context, index);
		begun[index] = { fields, options: null };
		const options = kind.readOptions(fields);
		begun[index] = { fields, options };
		const task = await prepareItem({ run, settings, index, fields, options });
		const finish: typeof task.finish = async (...answered) => {
			begun[index] = undefined;
			return await task.finish(...answered);
		};
		return { ...task, finish };
	};
	const outcomes = await runBatch(count, prepare, {
		...run.tools,
		turns: new Turns(run.tools.clock),
		preparesAllFirst: kind.readsAllFirst,
		reuse: settings.deduplicate ? run.reuse : null,
		// Only what the provider said, or became of a task, holds for an identical input as well.
		mayShare: (failure) => {
			const { httpStatus, externalTaskId } = asKlingError(failure).details;
			return httpStatus !== null || externalTaskId !== undefined;
		},
		failed: (index, failure) => {
			if (settings.failuresLeave) return;
			// What fails after the stop button was pressed fails because of it.
			if (!run.tools.stop.aborted) stopper ??= { index, failure: asKlingError(failure) };
			if (!context.continueOnFail()) run.halt();
		},
	});
	const named = settings.operation.lists ? [] : outcomes;
	logTasksLeft(context, named);
	if (!context.continueOnFail()) stopOnError(context, kind, stopper, named);
	return { outcomes, begun, secrets: connection.secrets };
}

/** Reads one item and makes the job of it that the engine does. */
async function prepareItem(item: Item): Promise<Job<Answered, Emitted[]>> {
	const { run, settings, index, options } = item;
	const { operation } = settings;
	const { input, send, emit } = await operation.read(item);
	return {
		lane: run.lanes.calls,
		patienceMs: PATIENCE_MS,
		...input,
		// Whose input is not checked may get an answer to what another's check refuses.
		scope: `${operation.name} ${options.checkInput}`,
		payer: `${run.context.getNode().id} ${run.runIndex} ${index}`,
		maxAttempts: options.maxAttempts,
		send,
		finish: async ({ result, raw }, reused) =>
			await Promise.all(
				emit(result, reused).map(async (emission) => ({
					...emission,
					raw: options.rawResponse ? (withoutSecrets(emission.raw ?? raw, run.connection.secrets) as IDataObject) : null,
					options,
					downloaded: options.downloadResults ? await downloadOnce(run, result, emission.files, options) : null,
				})),
			),
	};
}

const isNodeError = (error: unknown) => error instanceof NodeApiError || error instanceof NodeOperationError;

/** @throws NodeApiError, NodeOperationError: what stopped the batch, or that the execution was canceled; with the tasks that go on */
function stopOnError(context: IExecuteFunctions, kind: NodeKind, stopper: Stopper | null, outcomes: Results['outcomes']): void {
	// n8n tells an execution that was stopped from one that failed by this word.
	const failure = stopper?.failure ?? (isCanceled(context) ? CANCELED : null);
	if (!failure) return;
	const left = tasksLeft(outcomes, stopper?.index ?? null);
	throw toNodeError(context.getNode(), advised(context, kind, failure, left), stopper?.index ?? 0);
}

/** A failure with what people can set in this node against it, and what else there is to say. */
function advised(context: IExecuteFunctions, kind: NodeKind, failure: KlingError, ...more: string[]): KlingError {
	const advice = kind.advice(failure, context.getNode().parameters.operation);
	const description = [failure.details.description, advice, ...more].filter(Boolean).join(' ');
	return failure.with({ description });
}

const isCanceled = (context: IExecuteFunctions): boolean => context.getExecutionCancelSignal()?.aborted === true;

/** n8n keeps nothing of a node whose execution was stopped: its log is where the tasks that go on are named. */
function logTasksLeft(context: IExecuteFunctions, outcomes: Results['outcomes']): void {
	const left = isCanceled(context) ? tasksLeft(outcomes, null) : '';
	if (left !== '') context.logger.warn(`${context.getNode().name}: the execution was stopped. ${left}`);
}

async function collect(
	context: IExecuteFunctions,
	kind: NodeKind,
	inputs: INodeExecutionData[],
	results: Results,
): Promise<INodeExecutionData[][]> {
	const outputs = new Outputs(context, kind);
	const turns = new Turns(clock);
	for (const [index, outcome] of results.outcomes.entries()) {
		await turns.next();
		const input = inputs[index]!;
		if ('result' in outcome) {
			for (const emitted of outcome.result) outputs.add(emitted.branch, resultItem(emitted, input, index, kind.filesStand));
		} else {
			outputs.addFailure(await failed(context, kind, index, outcome, results));
		}
	}
	return outputs.items;
}

async function failed(
	context: IExecuteFunctions,
	kind: NodeKind,
	index: number,
	outcome: Exclude<Outcome<Emitted[]>, { result: unknown }>,
	{ begun, secrets }: Results,
): Promise<INodeExecutionData> {
	const node = context.getNode();
	const { fields, options } = begun[index] ?? { fields: new Fields(context, index), options: null };
	const failure = advised(context, kind, 'failure' in outcome ? asKlingError(outcome.failure) : interrupted(outcome.interrupted));
	const isSorted = node.onError === 'continueErrorOutput';
	return failureItem(
		{
			failure,
			input: fitToTell(await tellOf(kind, fields), secrets),
			options,
			error: isSorted ? toNodeError(node, failure, index) : null,
			isPaired: !isSorted || isPaired(context, index),
		},
		fields.item,
		index,
	);
}

/** What tells of an item's input; nothing where not even its operation can be read. */
async function tellOf(kind: NodeKind, fields: Fields): Promise<IDataObject> {
	try {
		return (await operationOf(fields.context, kind)?.tell(fields)) ?? {};
	} catch {
		return {};
	}
}
