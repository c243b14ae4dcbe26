import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { hasPlaceholder, PLACEHOLDER_FILES } from '../placeholders';

/** Where placeholders are spoken of. */
const ABOUT_THEM = ['RELEASING.md', 'scripts/placeholders.ts'];
const UNFINISHED = /\b(TODO|FIXME|XXX|TBD|lorem ipsum)\b/;
const TEXT_FILE = /(^|\/)(LICENSE|[^/]+\.(ts|js|mjs|json|md|ya?ml|svg))$/;

/** Checks that placeholders stand only where RELEASING.md says, and that no page is unfinished. */
export function checkPlaceholders(root: string, files: string[]): string[] {
	const releasing = readFileSync(join(root, 'RELEASING.md'), 'utf8');
	const unlisted = PLACEHOLDER_FILES.filter((file) => !releasing.includes(`](${file})`));
	const texts = files
		.filter((file) => TEXT_FILE.test(file))
		.map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
	return [
		...unlisted.map((file) => `RELEASING.md does not list ${file}`),
		...texts
			.filter(({ file, text }) => hasPlaceholder(text) && !PLACEHOLDER_FILES.includes(file) && !ABOUT_THEM.includes(file))
			.map(({ file }) => `${file} has a placeholder that RELEASING.md does not list`),
		...texts
			.filter(({ file, text }) => file.endsWith('.md') && UNFINISHED.test(text))
			.map(({ file, text }) => `${file} is not finished: ${UNFINISHED.exec(text)![0]}`),
	];
}
