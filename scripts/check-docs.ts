import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkCommands } from './docs/commands';
import { checkExpressions, REQUESTS_PAGE } from './docs/expressions';
import { projectFiles } from './docs/files';
import { checkLinks } from './docs/links';
import { checkPlaceholders } from './docs/placeholders';

const ROOT = join(__dirname, '..');

/** `npm run docs:check`: links, commands, expressions and placeholders in the documentation. */
async function main(): Promise<string[]> {
	const files = projectFiles(ROOT);
	const pages = files
		.filter((path) => path.endsWith('.md'))
		.map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
	return [
		...pages.flatMap((page) => checkLinks(ROOT, page)),
		...pages.flatMap((page) => checkCommands(ROOT, page)),
		...checkPlaceholders(ROOT, files),
		...(await checkExpressions(pages.find(({ path }) => path === REQUESTS_PAGE)!.text)),
	];
}

main().then(
	(problems) => {
		if (problems.length > 0) console.error(problems.join('\n'));
		process.exit(problems.length === 0 ? 0 : 1);
	},
	(error: Error) => {
		console.error(error.stack);
		process.exit(1);
	},
);
