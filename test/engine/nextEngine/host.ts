/**
 * n8n's next engine with the built package, as a process of its own: Jest cannot load the isolated expressions that it asks for.
 * Reads one play as a line of JSON and answers with one; ends with its input. n8n's folder and the proxy are given by the environment.
 */
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { Container } from '@n8n/di';
import type { StepRecord } from '@n8n/engine/dist/execution';
import { createEngineStepDataLoader, toStepOutputs, V1StepExecutor, V1WorkflowConverter } from '@n8n/node-engine-compatibility';
import { BinaryDataService, PackageDirectoryLoader } from 'n8n-core';
import { Expression, type INode, type IWorkflowBase, type IWorkflowExecuteAdditionalData } from 'n8n-workflow';

import { addressesOf, LOCAL } from '../addresses';
import { TestCredentials } from '../credentials';
import { NodeTypeTable, THROUGH } from '../nodeTypes';
import { LOOP, PROBE, TRIGGER, type Play, type Played, type PlayedStep } from './play';
import { runToEnd } from './schedule';
import { MemoryExecutions, MemorySteps } from './stores';

async function main(): Promise<void> {
	const types = await loadTypes();
	await Container.get(BinaryDataService).init();
	// n8n's defaults: `@n8n/config/dist/configs/expression-engine.config.js`.
	await Expression.initExpressionEngine({
		engine: 'vm',
		bridgeTimeout: 5000,
		bridgeMemoryLimit: 128,
		poolSize: 1,
		maxCodeCacheSize: 1024,
	});
	for await (const line of createInterface({ input: process.stdin })) {
		const played = await playOut(JSON.parse(line) as Play, types).catch(({ message }: Error): Played => ({ refused: message }));
		process.stdout.write(`${JSON.stringify(played)}\n`);
	}
	await Expression.disposeExpressionEngine();
}

async function loadTypes(): Promise<NodeTypeTable> {
	const loader = new PackageDirectoryLoader(join(__dirname, '..', '..', '..'));
	await loader.loadAll();
	const types = new NodeTypeTable(loader);
	for (const name of [TRIGGER, LOOP]) types.add(name, types.getByName(THROUGH).execute!);
	types.add(PROBE, async function () {
		const { parameters: _parameters, ...settings } = this.getNode();
		const json = { settings, executionId: this.getExecutionId(), hasCancelSignal: this.getExecutionCancelSignal() !== undefined };
		return [[{ json: json as never }]];
	});
	return types;
}

/** Plays one execution to its end. @throws Error where the next engine takes no such workflow, or breaks */
async function playOut(play: Play, types: NodeTypeTable): Promise<Played> {
	const { executionId, credential, items, nodes, connections } = play;
	const graph = new V1WorkflowConverter().convert({ id: 'w', name: 'Test', nodes, connections } as IWorkflowBase);
	const executions = new MemoryExecutions();
	const steps = new MemorySteps();
	const additionalData = {
		executionId,
		credentialsHelper: new TestCredentials(credential ? { klingRecognitionApi: credential } : {}, types),
		variables: {},
		...(play.isBare ? {} : addressesOf(LOCAL)),
	} as unknown as IWorkflowExecuteAdditionalData;
	const executor = new V1StepExecutor({
		nodeTypes: types,
		additionalDataFactory: async () => additionalData,
		loadStepData: createEngineStepDataLoader(executions, steps),
	});
	await runToEnd({ executionId, graph, triggerOutputs: toStepOutputs([items]) }, executions, steps, executor);
	const { status } = await executions.loadExecution(executionId);
	return { status, steps: byName(nodes, await steps.loadAllSteps(executionId)) };
}

const byName = (nodes: INode[], steps: StepRecord[]): Record<string, PlayedStep[]> =>
	Object.fromEntries(nodes.map(({ id, name }) => [name, steps.filter(({ nodeId }) => nodeId === id).map(asPlayed)]));

const asPlayed = ({ status, error, outputs }: StepRecord): PlayedStep => ({
	status,
	error: error ?? null,
	outputs: outputs as unknown as PlayedStep['outputs'],
});

void main();
