import type { IConnections, INode, INodeParameters } from 'n8n-workflow';

import { SOURCE } from '../../engine/nodeTypes';
import type { Job } from '../job';
import { LOOP } from './loopNode';

/** A workflow, and the node whose output counts. */
export interface BenchWorkflow {
	nodes: INode[];
	connections: IConnections;
	last: string;
}

type Step = Pick<INode, 'type' | 'typeVersion' | 'parameters'>;

/** The steps of each contestant that n8n runs. */
const STEPS: Record<string, (job: Job) => Step[]> = {
	nothing: () => [{ type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} }],
	node: ({ input, options = {} }) => [
		{
			type: 'n8n-nodes-kling-recognition.klingRecognition',
			typeVersion: 1,
			parameters: {
				operation: 'recognizeImage',
				...imageOf(input),
				output: 'image',
				branchBy: 'none',
				options,
			},
		},
	],
	generation: ({ input, options = {} }) => [
		{
			type: 'n8n-nodes-kling-recognition.klingGeneration',
			typeVersion: 1,
			parameters: { operation: 'imageToVideo', ...imageOf(input), options },
		},
	],
	httpRequest: (job) => [...(job.input.kind === 'file' ? [EXTRACT] : []), httpRequest(job)],
	loop: ({ input, gatewayUrl, atOnce }) => [
		{
			type: LOOP,
			typeVersion: 1,
			parameters: {
				source: input.kind,
				url: '={{ $json.url }}',
				endpoint: endpoint(gatewayUrl),
				atOnce: atOnce?.[0]?.calls ?? 1,
			},
		},
	],
};

const imageOf = ({ kind }: Job['input']): INodeParameters =>
	kind === 'url' ? { imageSource: 'url', imageUrl: '={{ $json.url }}' } : { imageSource: 'binary', binaryPropertyName: 'data' };

/** With a File Encoding, because without one it spends seconds on guessing that of each large file. */
const EXTRACT: Step = {
	type: 'n8n-nodes-base.extractFromFile',
	typeVersion: 1.1,
	parameters: { operation: 'binaryToPropery', binaryPropertyName: 'data', destinationKey: 'data', options: { encoding: 'utf8' } },
};

/** The HTTP Request node with n8n's newest behaviour, and the same credential. */
function httpRequest({ input, gatewayUrl, batch }: Job): Step {
	const batching = batch && { batching: { batch: { batchSize: batch.size, batchInterval: batch.intervalMs } } };
	const image = input.kind === 'url' ? '$json.url' : '$json.data';
	const parameters: INodeParameters = {
		method: 'POST',
		url: endpoint(gatewayUrl),
		authentication: 'predefinedCredentialType',
		nodeCredentialType: 'klingRecognitionApi',
		sendBody: true,
		contentType: 'json',
		specifyBody: 'json',
		jsonBody: `={{ { image: ${image} } }}`,
		options: { ...batching },
	};
	return { type: 'n8n-nodes-base.httpRequest', typeVersion: 4.4, parameters };
}

const endpoint = (gatewayUrl: string) => `${gatewayUrl}/v1/videos/image-recognize`;

/** The workflow of a job: a source of its items, and the contestant's steps. */
export function workflowOf(job: Job): BenchWorkflow {
	const steps: Step[] = [{ type: SOURCE, typeVersion: 1, parameters: {} }, ...(STEPS[job.contestant]?.(job) ?? [])];
	const nodes = steps.map((step, index): INode => ({
		id: String(index),
		name: String(index),
		position: [index * 200, 0],
		credentials: { klingRecognitionApi: { id: 'c', name: 'c' } },
		// So that an item that fails can be counted, and does not end the contest; an execution of one item may end.
		onError: job.apart ? 'stopWorkflow' : 'continueRegularOutput',
		...step,
	}));
	if (job.retryOnFail) Object.assign(nodes.at(-1)!, { retryOnFail: true, ...job.retryOnFail });
	const connections: IConnections = {};
	for (const { name } of nodes.slice(0, -1))
		connections[name] = { main: [[{ node: String(Number(name) + 1), type: 'main', index: 0 }]] };
	return { nodes, connections, last: nodes.at(-1)!.name };
}
