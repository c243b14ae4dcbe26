import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { testCredential } from '../shared/n8n/credentialTest';
import { execute } from '../shared/n8n/execute';
import type { NodeKind } from '../shared/n8n/operation';
import { outputsExpression } from '../shared/n8n/outputs';
import { operationFields, subtitleOf } from '../shared/n8n/resources';
import { OPERATIONS } from './operations';
import { RESOURCES } from './operations/resources';
import { MAX_CONCURRENCY, options, readOptions } from './options';

const KIND: NodeKind = {
	operations: OPERATIONS,
	maxConcurrency: MAX_CONCURRENCY,
	readsAllFirst: false,
	filesStand: 'last',
	readOptions,
	advice: ({ handling, details }) => {
		if (handling.notBegun) return '';
		if (handling.congestion) return 'Lower Max Concurrent Requests, or raise Max Attempts to wait longer.';
		const isAnswered = details.httpStatus !== null;
		return handling.retryable && isAnswered ? 'Raise Max Attempts to wait longer within one run.' : '';
	},
};

export class KlingRecognition implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kling Recognition',
		name: 'klingRecognition',
		icon: { light: 'file:klingRecognition.svg', dark: 'file:klingRecognition.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: subtitleOf(RESOURCES),
		description: 'Recognize subject, head, face and clothing in images, and identify faces in videos, with the Kling API',
		defaults: { name: 'Kling Recognition' },
		usableAsTool: true,
		builderHint: {
			searchHint:
				'Check images and videos with the Kling API before paid Kling steps: avatar (needs face and head), virtual try-on (needs clothing), image to video (needs a subject), lip-sync (needs a face that is lipSyncReady). Set branchBy to route items (lipSyncReady for lip-sync); the paid steps are operations of Kling Generation, with the same klingRecognitionApi credential.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-kling-recognition.klingGeneration',
					relationHint:
						'Makes what this node checks for: avatar, virtual try-on, image to video, and lip-sync from the items of Identify Face',
				},
			],
		},
		inputs: [NodeConnectionTypes.Main],
		outputs: outputsExpression(OPERATIONS),
		credentials: [{ name: 'klingRecognitionApi', required: true, testedBy: 'testCredential' }],
		properties: [...operationFields(RESOURCES), ...OPERATIONS.flatMap(({ description }) => description), options],
	};

	methods = { credentialTest: { testCredential } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute(this, KIND);
	}
}
