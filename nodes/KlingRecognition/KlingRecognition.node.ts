import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import { testCredential } from '../shared/n8n/credentialTest';
import { execute } from '../shared/n8n/execute';
import { outputsExpression } from '../shared/n8n/outputs';
import { OPERATIONS } from './operations';
import { DEFAULT_MAX_CONCURRENCY, options, readOptions } from './options';

export class KlingRecognition implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Kling Recognition',
		name: 'klingRecognition',
		icon: { light: 'file:klingRecognition.svg', dark: 'file:klingRecognition.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] === "identifyFace" ? "Identify Face" : "Recognize Image" }}',
		description: 'Recognize subject, head, face and clothing in images, and identify faces in videos, with the Kling API',
		defaults: { name: 'Kling Recognition' },
		usableAsTool: {
			replacements: {
				description:
					'Find out what an image shows before paying for image or video generation: whether it contains a subject (hasObject), a head (hasHead), a face (hasFace) and clothing (hasCloth). Or list the faces in a video with their times in milliseconds.',
			},
		},
		builderHint: {
			searchHint:
				'Check images and videos with the Kling API before paid Kling steps: avatar (needs face and head), virtual try-on (needs clothing), image to video (needs a subject), lip-sync (needs a face that is lipSyncReady). Set branchBy to route items; the paid steps are operations of Kling Generation, with the same klingRecognitionApi credential.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-kling-recognition.klingGeneration',
					relationHint:
						'Makes what this node checks for: avatar, virtual try-on, image to video, and lip-sync from the items of Identify Face with output "face"',
				},
			],
		},
		inputs: [NodeConnectionTypes.Main],
		outputs: outputsExpression(OPERATIONS),
		credentials: [{ name: 'klingRecognitionApi', required: true, testedBy: 'testCredential' }],
		properties: [
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: [
					{
						name: 'Identify Face',
						value: 'identifyFace',
						description: 'Find the faces in a video, and from when to when each is on screen',
						action: 'Identify faces in a video',
					},
					{
						name: 'Recognize Image',
						value: 'recognizeImage',
						description: 'Find out whether an image contains a subject, a head, a face or clothing',
						action: 'Recognize an image',
					},
				],
				default: 'recognizeImage',
			},
			...OPERATIONS.flatMap(({ description }) => description),
			options,
		],
	};

	methods = { credentialTest: { testCredential } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await execute(this, { operations: OPERATIONS, defaultMaxConcurrency: DEFAULT_MAX_CONCURRENCY, readOptions });
	}
}
