import { readFileSync } from 'node:fs';

import Ajv from 'ajv';
import type { INodeExecutionData } from 'n8n-workflow';

import { schemaFile } from '../../scripts/schemas';

/** A field that only results of this operation have, in the output that the editor previews. */
const SCHEMAS = [
	{ operation: 'recognizeImage', field: 'segments' },
	{ operation: 'identifyFace', field: 'faces' },
].map(({ operation, field }) => {
	// Options and the input add fields of their own beside the result's.
	const { additionalProperties: _closed, version: _version, ...schema } = JSON.parse(readFileSync(schemaFile(operation), 'utf8'));
	return { field, validate: new Ajv({ allowUnionTypes: true }).compile(schema) };
});

/**
 * Holds results against the schemas that n8n's editor previews.
 * @throws Error with the first item that is not as announced
 */
export function checkAnnounced(outputs: INodeExecutionData[][]): void {
	for (const { json } of outputs.flat()) {
		const schema = SCHEMAS.find(({ field }) => field in json);
		if (schema && !schema.validate(json)) {
			throw new Error(`Not as the output schema says: ${JSON.stringify(schema.validate.errors)} in ${JSON.stringify(json)}`);
		}
	}
}
