import { readFileSync } from 'node:fs';

import { makeSchema, schemaFile, SCHEMAS } from '../../scripts/schemas';
import { OPERATIONS as GENERATION } from '../../nodes/KlingGeneration/operations';
import { OPERATIONS as RECOGNITION } from '../../nodes/KlingRecognition/operations';

describe('output schemas', () => {
	test('there is one for each operation', () => {
		expect(SCHEMAS.map(({ operation }) => operation)).toEqual([...RECOGNITION, ...GENERATION].map(({ name }) => name));
	});

	test.each(SCHEMAS)('that of $operation is what its type says (npm run schemas)', (schema) => {
		expect(readFileSync(schemaFile(schema), 'utf8')).toBe(makeSchema(schema));
	});
});
