import { readFileSync } from 'node:fs';

import Ajv from 'ajv';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { schemaFile } from '../../scripts/schemas';

/** What tells the results of an operation, in the output that the editor previews. */
const SCHEMAS = [
	{ node: 'KlingRecognition', operation: 'recognizeImage', is: (json: IDataObject) => 'segments' in json },
	{ node: 'KlingRecognition', operation: 'identifyFace', is: (json: IDataObject) => 'faces' in json },
	{
		node: 'KlingGeneration',
		operation: 'imageToVideo',
		is: ({ taskId, videoUrl, operation }: IDataObject) => taskId && videoUrl !== undefined && operation !== 'virtualTryOn',
	},
	{
		node: 'KlingGeneration',
		operation: 'virtualTryOn',
		is: ({ taskId, operation }: IDataObject) => taskId && operation === 'virtualTryOn',
	},
].map(({ is, ...row }) => {
	// Options and the input add fields of their own beside the result's.
	const { additionalProperties: _closed, version: _version, ...schema } = JSON.parse(readFileSync(schemaFile(row), 'utf8'));
	return { is, validate: new Ajv({ allowUnionTypes: true }).compile(schema) };
});

/**
 * Holds results against the schemas that n8n's editor previews.
 * @throws Error with the first item that is not as announced
 */
export function checkAnnounced(outputs: INodeExecutionData[][]): void {
	for (const { json } of outputs.flat()) {
		const schema = SCHEMAS.find(({ is }) => is(json));
		if (schema && !schema.validate(json)) {
			throw new Error(`Not as the output schema says: ${JSON.stringify(schema.validate.errors)} in ${JSON.stringify(json)}`);
		}
	}
}
