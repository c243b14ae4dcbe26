import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// n8n-core reads its user folder when it is loaded.
const userFolder = mkdtempSync(join(tmpdir(), 'kling-engine-'));
process.env.N8N_USER_FOLDER = userFolder;
process.env.N8N_ENCRYPTION_KEY ??= 'only for tests';
process.env.N8N_LOG_LEVEL ??= 'silent';
process.once('exit', () => rmSync(userFolder, { recursive: true, force: true }));

import { Container } from '@n8n/di';
import { BinaryDataConfig, BinaryDataService, PackageDirectoryLoader, WorkflowExecute, ExecutionLifecycleHooks } from 'n8n-core';
import {
	NodeHelpers,
	Workflow,
	type IConnections,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type IRun,
	type IWorkflowExecuteAdditionalData,
	type IWorkflowSettings,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

import { addressesOf, LOCAL } from './addresses';
import { TestCredentials } from './credentials';
import { checkAnnounced } from './outputSchemas';
import { NodeTypeTable, SINK, SOURCE, THROUGH } from './nodeTypes';

export type BinaryMode = 'default' | 'filesystem';

/** n8n's engine with the built package loaded. */
export interface Engine {
	/** Runs a workflow and gives n8n's own record of the run. */
	runWorkflow(workflow: WorkflowSetup): Promise<IRun>;
	/** Runs the node on items, and gives what it did. */
	run(setup: NodeSetup): Promise<NodeRun>;
	/** Runs the node with a node behind each of its outputs. */
	runThrough(setup: NodeSetup): Promise<ThroughRun>;
	/** Starts the node on items; `cancel` does what n8n's stop button does. */
	start(setup: NodeSetup): { done: Promise<NodeRun>; cancel: () => void };
	/** Stores bytes in n8n's binary data, as a node before ours would. */
	binary(bytes: Buffer, fileName: string, mimeType: string): Promise<NonNullable<INodeExecutionData['binary']>[string]>;
	/** Switches n8n's binary mode. */
	binaryMode(mode: BinaryMode): Promise<void>;
	types: NodeTypeTable;
}

export interface WorkflowSetup {
	nodes: INode[];
	connections: IConnections;
	credentials: Record<string, IDataObject>;
	settings?: IWorkflowSettings;
	/** Absent: the same one for all. */
	executionId?: string;
	/** The address of the n8n that it runs in, WEBHOOK_URL; absent: one that is not public. */
	webhookUrl?: string;
	/** How it was started; absent: by hand. */
	mode?: WorkflowExecuteMode;
}

export interface NodeSetup extends Pick<WorkflowSetup, 'executionId' | 'webhookUrl' | 'mode'> {
	parameters: IDataObject;
	/** null: it was deleted since. */
	credential: IDataObject | null;
	items: INodeExecutionData[];
	onError?: INode['onError'];
	/** More of n8n's node settings, such as retryOnFail. */
	node?: Partial<INode>;
	/** As in `WorkflowSetup`. */
	settings?: IWorkflowSettings;
}

export interface NodeRun {
	/** Items by output; the error output is the last one where there is one. */
	outputs: INodeExecutionData[][];
	/** The error that stopped the workflow, as n8n records it. */
	error: (Error & { description?: string; context?: IDataObject; httpCode?: string }) | undefined;
	hints: Array<{ message: string }>;
	status: IRun['status'];
	run: IRun;
}

/** A run with a node behind each output. */
export interface ThroughRun extends NodeRun {
	/** What came to each of these nodes, by output; the error output is the last one where there is one. */
	reached: INodeExecutionData[][];
}

const PACKAGE = join(__dirname, '..', '..');

/** For the measure of coverage alone: the package's sources instead of what was built from them. */
const FROM_SOURCES = (globalThis as { LOAD_SOURCES?: boolean }).LOAD_SOURCES === true;

/** Loads the built package into n8n's engine. @throws Error where it was not built */
export async function loadEngine(): Promise<Engine> {
	const loader = new PackageDirectoryLoader(PACKAGE);
	if (FROM_SOURCES) loadSources(loader);
	await loader.loadAll();
	const types = new NodeTypeTable(loader);
	const engine: Engine = {
		types,
		runWorkflow: async (setup) => await begin(setup, types).done,
		run: async (setup) => await engine.start(setup).done,
		runThrough: async (setup) => await runThrough(setup, types),
		start: (setup) => {
			const { done, cancel } = begin(aroundTheNode(setup, types), types);
			return { done: done.then(readRun), cancel };
		},
		binary: async (bytes, fileName, mimeType) =>
			await Container.get(BinaryDataService).store({ type: 'execution', workflowId: 'w', executionId: 'e' }, bytes, {
				data: '',
				fileName,
				mimeType,
			}),
		binaryMode,
	};
	await binaryMode('default');
	return engine;
}

function loadSources({ packageJson: { n8n } }: PackageDirectoryLoader): void {
	const source = (file: string) => file.replace(/^dist\//, '').replace(/\.js$/, '.ts');
	n8n!.nodes = n8n!.nodes!.map(source);
	n8n!.credentials = n8n!.credentials!.map(source);
}

async function binaryMode(mode: BinaryMode): Promise<void> {
	Container.get(BinaryDataConfig).mode = mode;
	await Container.get(BinaryDataService).init();
}

const NODE = 'Kling';

function aroundTheNode(setup: NodeSetup, types: NodeTypeTable): WorkflowSetup {
	const node: INode = {
		id: 'n',
		name: NODE,
		type: 'n8n-nodes-kling-recognition.klingRecognition',
		typeVersion: 1,
		position: [200, 0],
		parameters: setup.parameters as INode['parameters'],
		credentials: { klingRecognitionApi: { id: 'c', name: 'c' } },
		onError: setup.onError,
		...setup.node,
	};
	const source = plain('Source', SOURCE, { value: types.bundle(setup.items) });
	return {
		nodes: [source, node],
		connections: { Source: { main: [[to(NODE)]] } },
		credentials: setup.credential ? { klingRecognitionApi: setup.credential } : {},
		executionId: setup.executionId,
		webhookUrl: setup.webhookUrl,
		mode: setup.mode,
		settings: setup.settings,
	};
}

const plain = (name: string, type: string, parameters: INode['parameters'] = {}): INode => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [0, 0],
	parameters,
});

const to = (node: string) => ({ node, type: 'main' as const, index: 0 });

/** n8n treats a failing node that is the last one of its workflow differently: here it never is. */
async function runThrough(setup: NodeSetup, types: NodeTypeTable): Promise<ThroughRun> {
	const around = aroundTheNode(setup, types);
	const behind = outputsOf(around, types).map((_output, index) => plain(`Behind ${index}`, THROUGH));
	const run = await begin(
		{
			...around,
			nodes: [...around.nodes, ...behind],
			connections: { ...around.connections, [NODE]: { main: behind.map(({ name }) => [to(name)]) } },
		},
		types,
	).done;
	const { runData } = run.data.resultData;
	const reached = behind.map(({ name }) => runData[name]?.[0]?.data?.main?.[0] ?? []);
	return { ...readRun(run), reached };
}

/** The node's outputs as n8n sees them, the error output with them. */
function outputsOf({ nodes }: WorkflowSetup, types: NodeTypeTable) {
	const workflow = new Workflow({ nodes, connections: {}, active: false, nodeTypes: types });
	const node = workflow.getNode(NODE)!;
	return NodeHelpers.getNodeOutputs(workflow, node, types.getByName(node.type).description);
}

function begin(setup: WorkflowSetup, types: NodeTypeTable): { done: Promise<IRun>; cancel: () => void } {
	const workflow = new Workflow({
		id: 'w',
		name: 'Test',
		nodes: setup.nodes,
		connections: setup.connections,
		active: false,
		nodeTypes: types,
		settings: setup.settings ?? {},
	});
	const { executionId = 'e', webhookUrl = LOCAL, mode = 'manual' } = setup;
	const additionalData = {
		credentialsHelper: new TestCredentials(setup.credentials, types),
		executionId,
		...addressesOf(webhookUrl),
		variables: {},
		hooks: new ExecutionLifecycleHooks(mode, executionId, { id: 'w', name: 'Test' } as never),
		logAiEvent: () => {},
	} as unknown as IWorkflowExecuteAdditionalData;
	const running = new WorkflowExecute(additionalData, mode).run({
		workflow,
		startNode: workflow.getNode(setup.nodes[0]!.name)!,
	});
	const checked = running.then((run) => {
		for (const node of setup.nodes) checkAnnounced(node, run);
		return run;
	});
	return { done: checked, cancel: () => running.cancel() };
}

function readRun(run: IRun): NodeRun {
	const record = run.data.resultData.runData[NODE]?.at(-1);
	const outputs = (record?.data?.main ?? []).map((items) => items ?? []);
	return {
		outputs,
		error: run.data.resultData.error as NodeRun['error'],
		hints: record?.hints ?? [],
		status: run.status,
		run,
	};
}

export { SINK };
