import { useCredential, type CredentialName } from './credentials';

/** A node as a workflow file holds it. */
export interface WorkflowNode {
	id: string;
	name: string;
	type: string;
	typeVersion: number;
	position: [number, number];
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
	[setting: string]: unknown;
}

interface Target {
	node: string;
	type: 'main';
	index: number;
}

/** A workflow as `n8n import:workflow` reads it. */
export interface Workflow {
	id: string;
	name: string;
	active: boolean;
	nodes: WorkflowNode[];
	connections: Record<string, { main: Target[][] }>;
	settings: Record<string, unknown>;
	pinData?: Record<string, unknown>;
}

/** What a node is made from; the rest is filled in. */
export type NodeDraft = Partial<WorkflowNode> & Pick<WorkflowNode, 'name' | 'type' | 'typeVersion'>;

/** From which node, to which node, out of which output. */
export type Link = [from: string, to: string, output?: number];

/** How the types of the package's nodes begin in n8n. */
export const PACKAGE = 'n8n-nodes-kling-recognition.';

/** The type of Kling Recognition. */
export const KLING = `${PACKAGE}klingRecognition`;
/** The type of Kling Generation. */
export const GENERATION = `${PACKAGE}klingGeneration`;

/** Where the gateway serves the sample images. */
export const sampleUrl = (file: string): string => `https://images.kling-samples.test/samples/${file}`;

/** A workflow of these nodes; without `links` they stand in a row. */
export function workflow(id: string, drafts: NodeDraft[], links?: Link[], rest: Partial<Workflow> = {}): Workflow {
	const nodes = drafts.map((draft, index): WorkflowNode => ({
		id: `${id}-${index}`,
		position: [index * 240, 0],
		parameters: {},
		...draft,
	}));
	const chain = nodes.slice(1).map((node, index): Link => [nodes[index]?.name ?? '', node.name]);
	return {
		id: id.padEnd(16, '0').slice(0, 16),
		name: id,
		active: false,
		nodes,
		connections: connect(links ?? chain),
		settings: { executionOrder: 'v1' },
		// A partial execution of n8n 2.x stumbles over a workflow that was stored without.
		pinData: {},
		...rest,
	};
}

/** The node that a run by hand, or by command line, starts from. */
export const manualStart = (name = 'Start'): NodeDraft => ({ name, type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 });

/** A node that starts a run for each request to `webhook/<path>`, and answers with the last node's first item, or at once. */
export const webhook = (path: string, answers: 'lastNode' | 'onReceived' = 'lastNode'): NodeDraft => ({
	name: 'Webhook',
	type: 'n8n-nodes-base.webhook',
	typeVersion: 2,
	webhookId: path,
	parameters: {
		path,
		httpMethod: 'POST',
		responseMode: answers,
		...(answers === 'lastNode' && { responseData: 'firstEntryJson' }),
		options: {},
	},
});

/** n8n's Wait, for some seconds; from 65 on it keeps the execution in its database. */
export const waitSeconds = (name: string, amount: number): NodeDraft => ({
	name,
	type: 'n8n-nodes-base.wait',
	typeVersion: 1.1,
	webhookId: name,
	parameters: { amount, unit: 'seconds' },
});

/** One of n8n's Set nodes that puts out this JSON; an array becomes several items. */
export const setJson = (name: string, json: object): NodeDraft => ({
	name,
	type: 'n8n-nodes-base.code',
	typeVersion: 2,
	parameters: {
		jsCode: `return ${JSON.stringify(Array.isArray(json) ? json.map((entry: unknown) => ({ json: entry })) : [{ json }])};`,
	},
});

/** A node that fetches a sample image into the binary field `data`. */
export const fetchSample = (name: string, file: string): NodeDraft => ({
	name,
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	parameters: { url: sampleUrl(file), options: { response: { response: { responseFormat: 'file' } } } },
});

/** The node under test. */
export const kling = (
	name: string,
	parameters: Record<string, unknown>,
	use: CredentialName = 'klingGlobal',
	rest: Partial<WorkflowNode> = {},
): NodeDraft => ({
	name,
	type: KLING,
	typeVersion: 1,
	parameters,
	credentials: useCredential(use),
	...rest,
});

/** The operations that the node has elsewhere than under Video, its default. */
const RESOURCES: Record<string, string> = { virtualTryOn: 'image', textToSpeech: 'audio', getTask: 'task', getTasks: 'task' };

/** The node that makes what recognition leads to; the resource follows the operation, as in a workflow that the editor saves. */
export const generation = (name: string, parameters: Record<string, unknown>, rest: Partial<WorkflowNode> = {}): NodeDraft => {
	const resource = RESOURCES[String(parameters.operation)];
	return kling(name, { ...(resource && { resource }), ...parameters }, 'klingGlobal', { type: GENERATION, ...rest });
};

/** A node that does nothing: an end to link an output to. */
export const noOp = (name: string): NodeDraft => ({ name, type: 'n8n-nodes-base.noOp', typeVersion: 1 });

/**
 * The loop that makes something and holds no place while it waits: begun by this trigger, a look after each wait.
 * @returns its nodes and how they are linked: Make, Wait, Get Task, and Done or Failed
 */
export function waitForTask(trigger: NodeDraft, make: Record<string, unknown>, seconds: number): [NodeDraft[], Link[]] {
	const nodes = [
		trigger,
		generation('Make', { ...make, wait: false }),
		waitSeconds('Wait', seconds),
		generation('Get Task', { operation: 'getTask', branchBy: 'status' }),
		noOp('Done'),
		noOp('Failed'),
	];
	const links: Link[] = [
		[trigger.name, 'Make'],
		['Make', 'Wait'],
		['Wait', 'Get Task'],
		['Get Task', 'Done', 0],
		['Get Task', 'Wait', 1],
		['Get Task', 'Failed', 2],
	];
	return [nodes, links];
}

function connect(links: Link[]): Workflow['connections'] {
	const connections: Workflow['connections'] = {};
	for (const [from, to, output = 0] of links) {
		const outputs = (connections[from] ??= { main: [] }).main;
		while (outputs.length <= output) outputs.push([]);
		outputs[output]?.push({ node: to, type: 'main', index: 0 });
	}
	return connections;
}
