import { join } from 'node:path';

import { RESOURCES as GENERATION } from '../nodes/KlingGeneration/operations/resources';
import { RESOURCES as RECOGNITION } from '../nodes/KlingRecognition/operations/resources';

/**
 * The output schemas that n8n's editor previews before the first run, made from the types that shape the results.
 * n8n reads them at `__schema__/v<version>/<resource>/<operation>.json` beside the node. Source: n8n-core, `resolveOutputSchemaPath`.
 */
export const SCHEMAS = [
	{ node: 'KlingRecognition', operation: 'recognizeImage', type: 'ImageItem' },
	{ node: 'KlingRecognition', operation: 'identifyFace', type: 'FaceItem' },
	{ node: 'KlingGeneration', operation: 'imageToVideo', type: 'VideoTaskItem' },
	{ node: 'KlingGeneration', operation: 'textToVideo', type: 'VideoTaskItem' },
	{ node: 'KlingGeneration', operation: 'lipSync', type: 'VideoTaskItem' },
	{ node: 'KlingGeneration', operation: 'avatar', type: 'VideoTaskItem' },
	{ node: 'KlingGeneration', operation: 'virtualTryOn', type: 'ImageTaskItem' },
	{ node: 'KlingGeneration', operation: 'textToSpeech', type: 'SpeechItem' },
	{ node: 'KlingGeneration', operation: 'getTask', type: 'VideoTaskItem' },
	{ node: 'KlingGeneration', operation: 'getTasks', type: 'ListedTaskItem' },
];

export type Schema = (typeof SCHEMAS)[number];

/** The folder of both nodes. */
export const NODES = join(__dirname, '..', 'nodes');

/** Where the schema of an operation is kept. */
export function schemaFile({ node, operation }: Pick<Schema, 'node' | 'operation'>): string {
	return join(NODES, node, '__schema__', 'v1.0.0', resourceOf(operation), `${operation}.json`);
}

/** The resource that an operation belongs to. @throws Error where none does */
function resourceOf(operation: string): string {
	const resource = [...RECOGNITION, ...GENERATION].find(({ operations }) => operations.some(({ value }) => value === operation));
	if (!resource) throw new Error(`no resource has the operation ${operation}`);
	return resource.value;
}
