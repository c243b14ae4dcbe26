import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createGenerator } from 'ts-json-schema-generator';

import { RESOURCES as GENERATION } from '../nodes/KlingGeneration/operations/resources';
import { RESOURCES as RECOGNITION } from '../nodes/KlingRecognition/operations/resources';

/**
 * The output schemas that n8n's editor previews before the first run, made from the types that shape the results.
 * n8n reads them at `__schema__/v<version>/<resource>/<operation>.json` beside the node. Source: n8n-core, `resolveOutputSchemaPath`.
 */
export const SCHEMAS = [
	{ node: 'KlingRecognition', operation: 'recognizeImage', source: 'operations/recognizeImage/items.ts', type: 'ImageItem' },
	{ node: 'KlingRecognition', operation: 'identifyFace', source: 'operations/identifyFace/items.ts', type: 'FaceItem' },
	...['imageToVideo', 'textToVideo', 'lipSync', 'avatar'].map((operation) => taskSchema(operation, 'VideoTaskItem')),
	taskSchema('virtualTryOn', 'ImageTaskItem'),
	{
		node: 'KlingGeneration',
		operation: 'textToSpeech',
		source: 'operations/textToSpeech/index.ts',
		type: 'SpeechItem',
	},
	taskSchema('getTask', 'VideoTaskItem'),
	taskSchema('getTasks', 'ListedTaskItem'),
];

function taskSchema(operation: string, type: string) {
	return { node: 'KlingGeneration', operation, source: 'tasks/result.ts', type };
}

type Schema = (typeof SCHEMAS)[number];

const NODES = join(__dirname, '..', 'nodes');

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

/** Makes the schema of a type. @returns the text of its file */
export function makeSchema({ node, source, type }: Omit<Schema, 'operation'>): string {
	const { $schema, definitions, ...schema } = createGenerator({
		path: join(NODES, node, source),
		tsconfig: join(__dirname, '..', 'tsconfig.json'),
		type,
		expose: 'none',
		topRef: false,
		sortProps: false,
		jsDoc: 'none',
		skipTypeCheck: true,
	}).createSchema(type);
	return `${JSON.stringify({ ...schema, version: 1 }, null, '\t')}\n`;
}

if (require.main === module) {
	for (const schema of SCHEMAS) {
		const file = schemaFile(schema);
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, makeSchema(schema));
	}
}
