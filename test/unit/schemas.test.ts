import { readFileSync } from 'node:fs';

import Ajv from 'ajv';

import { schemaFile, SCHEMAS } from '../../scripts/schemaFiles';
import { makeSchema } from '../../scripts/schemas';
import { OPERATIONS as GENERATION } from '../../nodes/KlingGeneration/operations';
import { OPERATIONS as RECOGNITION } from '../../nodes/KlingRecognition/operations';

describe('output schemas', () => {
	test('there is one for each operation', () => {
		expect(SCHEMAS.map(({ operation }) => operation)).toEqual([...RECOGNITION, ...GENERATION].map(({ name }) => name));
	});

	test.each(SCHEMAS)('that of $operation is what its type says (npm run schemas)', (schema) => {
		expect(readFileSync(schemaFile(schema), 'utf8')).toBe(makeSchema(schema));
	});

	test.each(SCHEMAS)('that of $operation is a JSON Schema', (schema) => {
		expect(new Ajv().validateSchema(JSON.parse(readFileSync(schemaFile(schema), 'utf8')))).toBe(true);
	});
});
