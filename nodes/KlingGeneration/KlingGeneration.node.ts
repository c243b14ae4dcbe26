import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { testCredential } from '../shared/n8n/credentialTest';
import { execute } from '../shared/n8n/execute';
import { OPERATIONS } from './operations';
import { modelSearches } from './operations/modelField';
import { DEFAULT_MAX_CONCURRENCY, options, readOptions, waitFields } from './options';

export class KlingGeneration implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kling Generation',
		name: 'klingGeneration',
		icon: { light: 'file:klingGeneration.svg', dark: 'file:klingGeneration.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ ({ imageToVideo: "Image to Video", lipSync: "Lip-Sync", avatar: "Talking Avatar", virtualTryOn: "Virtual Try-On", getTask: "Get Task" })[$parameter["operation"]] }}',
		description: 'Make videos, lip-syncs, talking avatars and virtual try-ons with the Kling API, each paid for once',
		defaults: { name: 'Kling Generation' },
		usableAsTool: {
			replacements: {
				description:
					'Make a video from an image, a lip-sync, a talking avatar or a virtual try-on with the Kling API. Each call costs money: about 0.20 USD for 5 seconds of video, 0.06 USD for a second of an avatar. It answers with a taskId at once; ask for the result with the operation getTask, which costs nothing, and never create the same task again.',
			},
		},
		builderHint: {
			searchHint:
				'The paid step after Kling Recognition, with the same klingRecognitionApi credential: waits for the result by itself and downloads it, so no Wait node or loop is needed. Check images with Kling Recognition first (avatar needs face and head, virtual try-on needs clothing, image to video needs a subject). Lip-sync takes the items of Identify Face with output "face" as they are.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-kling-recognition.klingRecognition',
					relationHint:
						'Checks the images before they are paid for, and finds the faces of a video (Identify Face, One Item per Face) for lip-sync',
				},
			],
		},
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'klingRecognitionApi', required: true, testedBy: 'testCredential' }],
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: [
					{
						name: 'Get Task',
						value: 'getTask',
						description: 'Get the result of a task that was created before; costs nothing',
						action: 'Get a task',
					},
					{
						name: 'Image to Video',
						value: 'imageToVideo',
						description: 'Make a video that begins with an image',
						action: 'Make a video from an image',
					},
					{
						name: 'Lip-Sync',
						value: 'lipSync',
						description: 'Make a face in a video speak a sound, after Identify Face',
						action: 'Make a lip sync',
					},
					{
						name: 'Talking Avatar',
						value: 'avatar',
						description: 'Make a video in which a portrait speaks a sound',
						action: 'Make a talking avatar',
					},
					{
						name: 'Virtual Try-On',
						value: 'virtualTryOn',
						description: 'Make an image of a person who wears the clothing of another image',
						action: 'Make a virtual try on',
					},
				],
				default: 'imageToVideo',
			},
			...OPERATIONS.flatMap(({ description }) => description),
			...waitFields,
			options,
		],
	};

	methods = { credentialTest: { testCredential }, listSearch: modelSearches };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute(this, { operations: OPERATIONS, defaultMaxConcurrency: DEFAULT_MAX_CONCURRENCY, readOptions });
	}
}
