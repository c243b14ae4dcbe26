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
import { noModeActions } from './operations/modeField';
import { modelSearches } from './operations/modelField';
import { RESOURCES } from './operations/resources';
import { voiceSearches } from './operations/textToSpeech/fields';
import { MAX_CONCURRENCY, OF_CREATES, options, readOptions, waitFields } from './options';

const KIND: NodeKind = {
	operations: OPERATIONS,
	maxConcurrency: MAX_CONCURRENCY,
	readsAllFirst: true,
	filesStand: 'first',
	readOptions,
	advice: ({ handling }, operation) =>
		handling.notBegun && OF_CREATES.includes(String(operation)) ? 'Raise Max Wait to wait longer for a place.' : '',
};

export class KlingGeneration implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kling Generation',
		name: 'klingGeneration',
		icon: { light: 'file:klingGeneration.svg', dark: 'file:klingGeneration.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: subtitleOf(RESOURCES),
		description:
			'Make videos, lip-syncs, talking avatars, virtual try-ons and speech with the Kling API, each paid for once; getting a task is free',
		defaults: { name: 'Kling Generation' },
		usableAsTool: true,
		builderHint: {
			searchHint:
				'The paid step after Kling Recognition, with the same klingRecognitionApi credential: waits for the result by itself and downloads it, so no Wait node or loop is needed; where many executions wait at once, a Wait node and Get Task with branchBy "status" do that without holding a place. Check images with Kling Recognition first (avatar needs face and head, virtual try-on needs clothing, image to video needs a subject). Lip-sync takes the items of Identify Face as they are; images and audio are taken from the item, too.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-kling-recognition.klingRecognition',
					relationHint:
						'Checks the images before they are paid for, and finds the faces of a video (Identify Face, One Item per Face) for lip-sync',
				},
			],
		},
		inputs: [NodeConnectionTypes.Main],
		outputs: outputsExpression(OPERATIONS),
		credentials: [{ name: 'klingRecognitionApi', required: true, testedBy: 'testCredential' }],
		properties: [
			...operationFields(RESOURCES),
			noModeActions,
			...OPERATIONS.flatMap(({ description }) => description),
			...waitFields,
			options,
		],
	};

	methods = { credentialTest: { testCredential }, listSearch: { ...modelSearches, ...voiceSearches } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute(this, KIND);
	}
}
