import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createGenerator, type SchemaGenerator } from 'ts-json-schema-generator';

import { NODES, schemaFile, SCHEMAS, type Schema } from './schemaFiles';

let generator: SchemaGenerator | undefined;

/** Made once: it reads all sources of both nodes. */
const theGenerator = (): SchemaGenerator =>
	(generator ??= createGenerator({
		path: join(NODES, '**', '*.ts'),
		tsconfig: join(__dirname, '..', 'tsconfig.json'),
		expose: 'none',
		topRef: false,
		sortProps: false,
		jsDoc: 'none',
		skipTypeCheck: true,
	}));

/** Makes the schema of a type. @returns the text of its file */
export function makeSchema({ type }: Pick<Schema, 'type'>): string {
	const { $schema, definitions, ...schema } = theGenerator().createSchema(type);
	return `${JSON.stringify({ ...schema, version: 1 }, null, '\t')}\n`;
}

if (require.main === module) {
	for (const schema of SCHEMAS) {
		const file = schemaFile(schema);
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, makeSchema(schema));
	}
}
