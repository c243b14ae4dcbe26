import {
	AllowAllAdmittance,
	type EngineLogger,
	type ExecutionResponseChannel,
	type IStepExecutor,
	type StepSlots,
	type WorkflowGraph,
} from '@n8n/engine';
import {
	ExecutionStartHandler,
	OrchestrationWorker,
	StartExecutionService,
	StepReadyHandler,
	StepSettledHandler,
	StepWorker,
} from '@n8n/engine/dist/execution';
import { noopLifecycleEventPublisher } from '@n8n/engine/dist/lifecycle-events';
import { InMemoryWorkQueue, type OrchestrationMessage, type StepMessage } from '@n8n/engine/dist/queue';

import type { MemoryExecutions, MemorySteps } from './stores';

/** An execution, as n8n hands it to its next engine. */
export interface Execution {
	executionId: string;
	graph: WorkflowGraph;
	triggerOutputs: StepSlots;
}

/**
 * Runs an execution by the next engine's own rules, with its stores in memory. Put together as in
 * `@n8n/engine/dist/runtime/create-engine-runtime.js`, 0.21.0.
 * @throws Error where the engine does not take the graph, or breaks
 */
export async function runToEnd(
	execution: Execution,
	executions: MemoryExecutions,
	steps: MemorySteps,
	v1StepExecutor: IStepExecutor,
): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		const logger = loggerOf((error) => reject(error));
		const orchestration = new InMemoryWorkQueue<OrchestrationMessage>(logger);
		const work = new InMemoryWorkQueue<StepMessage>(logger);
		const publisher = noopLifecycleEventPublisher;
		const ended = { publish: () => resolve() } as unknown as ExecutionResponseChannel;
		new OrchestrationWorker(
			orchestration,
			new ExecutionStartHandler(executions, steps, orchestration, publisher),
			new StepSettledHandler(executions, steps, work, orchestration, publisher, ended),
		).start();
		new StepWorker(work, new StepReadyHandler(executions, steps, orchestration, { v1StepExecutor }, publisher)).start();
		const starting = new StartExecutionService(new AllowAllAdmittance(), executions, orchestration);
		// n8n's own name of how the execution came about: the adapter refuses a step without it.
		const callerContext = { hostMode: 'trigger' };
		starting.start({ ...execution, workflowId: 'w', workflow: {}, callerContext }).catch(reject);
	});
}

/** The queues log what their handlers throw, and go on. */
const loggerOf = (failed: (error: unknown) => void): EngineLogger => ({
	error: (_message, metadata) => failed(metadata?.error),
	warn: () => {},
	info: () => {},
	debug: () => {},
});
