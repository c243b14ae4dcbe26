import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PackedFile } from './pack';

/** Two nodes, each a file of its own with all that it imports, and the texts of their panels: a library more would be seen. */
const MOST_BYTES = 670 * 1024;

/** What the example workflows show: a CDN has every file of a package. */
const SAMPLES = readdirSync(join(__dirname, '..', '..', 'examples', 'files')).map((name) => `examples/files/${name}`);

/** What is in the package beside the built code; npm adds the file that package.json calls main. */
const EXPECTED = ['LICENSE', 'README.md', 'THIRD_PARTY_LICENSES', 'index.js', 'package.json', ...SAMPLES];

/** Checks what the package contains. @returns what is wrong, one text for each problem */
export function checkContent(files: PackedFile[]): string[] {
	const paths = files.map(({ path }) => path);
	const bytes = files.reduce((sum, { size }) => sum + size, 0);
	return [
		...EXPECTED.filter((path) => !paths.includes(path)).map((path) => `    ${path} is missing`),
		...paths
			.filter((path) => !path.startsWith('dist/') && !EXPECTED.includes(path))
			.map((path) => `    ${path} does not belong there`),
		...paths.filter((path) => /\.(map|ts|tsbuildinfo)$/.test(path)).map((path) => `    ${path} is of no use to n8n`),
		...(bytes > MOST_BYTES ? [`    ${bytes} bytes unpacked, at most ${MOST_BYTES}`] : []),
	];
}
