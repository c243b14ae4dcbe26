import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { runBatch } from '../engine/batch';
import type { Outcome } from '../engine/failure';
import { Reuse } from '../engine/reuse';
import type { Task } from '../engine/task';
import { readAnswer, unexpectedAnswer } from '../kling/answer';
import { asKlingError, refusal } from '../kling/klingError';
import { branchesOf, isTool, readRunSettings } from '../../KlingRecognition/operations';
import type { RunSettings } from '../../KlingRecognition/operations/operation';
import { downloadAll, type Download, type Downloaded } from './downloads';
import { toNodeError } from './errors';
import { failureItem, resultItem, type Emitted } from './items';
import { resultsOf } from './results';
import { startRun, type Run } from './run';
import { readOptions } from './settings';
import { sendSigned } from './transport';

/** Answers of Kling are a few kilobytes long; what is longer is none. */
const MOST_ANSWER_BYTES = 2_097_152;

/** What an answer says, and the answer itself. */
interface Answered {
	result: unknown;
	raw: IDataObject;
}

type Outcomes = Array<Outcome<Emitted[]>>;

/** Runs the node: parameters, calls, items, branches. @throws NodeApiError, NodeOperationError where errors stop the workflow */
export async function execute(context: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const inputs = context.getInputData();
	if (inputs.length === 0) return [[]];
	const { run, settings } = await start(context);
	try {
		const outcomes = await runBatch(inputs.length, async (index) => await prepare(run, settings, index), {
			...run.calls,
			reuse: settings.deduplicate ? new Reuse<Answered>(resultsOf(context)) : null,
			mayShare: () => true,
			failed: () => {
				if (!context.continueOnFail()) run.halt();
			},
		});
		hintAtExpiry(context, settings, outcomes);
		if (context.getExecutionCancelSignal()?.aborted && !context.continueOnFail()) throw canceled(context);
		return collect(run, settings, inputs, outcomes);
	} finally {
		run.end();
	}
}

async function start(context: IExecuteFunctions): Promise<{ run: Run; settings: RunSettings }> {
	try {
		const settings = readRunSettings(context);
		return { settings, run: await startRun(context, settings.maxConcurrency) };
	} catch (error) {
		throw toNodeError(context.getNode(), asKlingError(error), 0);
	}
}

/** n8n tells an execution that was stopped from one that failed by this word. */
function canceled(context: IExecuteFunctions): Error {
	return toNodeError(context.getNode(), refusal('The execution was canceled', 'Run the workflow again.'), 0);
}

async function prepare(run: Run, settings: RunSettings, index: number): Promise<Task<Answered, Emitted[]>> {
	const { operation } = settings;
	const { connection } = run;
	const options = readOptions(run.context, index);
	const view = operation.readView(run, index, options, settings);
	const input = await operation.readInput(run, index, options);
	return {
		...input,
		maxAttempts: options.maxAttempts,
		send: async (body) => {
			const request = {
				method: 'POST' as const,
				url: connection.baseUrl + operation.path,
				headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
				body,
			};
			const bounds = { timeoutMs: options.timeoutMs, maxBytes: MOST_ANSWER_BYTES, secrets: connection.secrets };
			const answer = await sendSigned(run.context, request, run.clock, bounds);
			const { data, requestId, raw } = readAnswer(answer, connection.secrets);
			const result = operation.readResult(data, requestId);
			if (result === null) throw unexpectedAnswer(answer, operation.expected, connection.secrets);
			return { result, raw: raw as IDataObject };
		},
		finish: async ({ result, raw }) => {
			// An image that leaves by several branches is downloaded once.
			const downloads = new Map<string, Promise<Downloaded>>();
			const download = async (files: Download[]) => {
				const key = JSON.stringify(files);
				const downloaded = downloads.get(key) ?? downloadAll(run, files, options);
				downloads.set(key, downloaded);
				return await downloaded;
			};
			return await Promise.all(
				view.emit(result).map(async (emission) => ({
					...emission,
					raw,
					options,
					downloaded: options.downloadResults ? await download(emission.files) : null,
				})),
			);
		},
	};
}

function hintAtExpiry(context: IExecuteFunctions, { operation }: RunSettings, outcomes: Outcomes): void {
	const emitted = outcomes.flatMap((outcome) => ('result' in outcome ? outcome.result : []));
	if (isTool(context) || !emitted.some(({ files, options }) => files.length > 0 && !options.downloadResults)) return;
	context.addExecutionHints({ message: operation.expiryHint, location: 'outputPane' });
}

function collect(
	{ context }: Run,
	settings: RunSettings,
	inputs: INodeExecutionData[],
	outcomes: Outcomes,
): INodeExecutionData[][] {
	const branches = branchesOf(settings).map(({ key }) => key);
	const outputs: INodeExecutionData[][] = Array.from({ length: Math.max(1, branches.length) }, () => []);
	const node = context.getNode();
	const last = outputs[outputs.length - 1]!;

	outcomes.forEach((outcome, index) => {
		const input = inputs[index]!;
		if ('result' in outcome) {
			for (const emitted of outcome.result) {
				outputs[Math.max(0, branches.indexOf(emitted.branch))]!.push(resultItem(emitted, input, index));
			}
			return;
		}
		const failure = asKlingError(
			('failure' in outcome ? outcome.failure : outcome.interrupted) ??
				refusal('The item was not processed', 'The execution was stopped. Run the workflow again.'),
		);
		const error = toNodeError(node, failure, index);
		if (!context.continueOnFail()) throw error;
		last.push(failureItem(failure, input, index, node.onError === 'continueErrorOutput' ? error : null));
	});
	return outputs;
}
