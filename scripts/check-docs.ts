import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { checkCommands } from './docs/commands';
import { checkExpressions, REQUESTS_PAGE } from './docs/expressions';
import { checkFigures } from './docs/figures';
import { projectFiles } from './docs/files';
import { checkLinks } from './docs/links';
import { checkPackagePage } from './docs/packagePage';
import { checkProviders } from './docs/providers';
import { checkUnfinished } from './docs/unfinished';

const ROOT = join(__dirname, '..');

/** `npm run docs:check`: links, commands, figures, expressions and providers in the documentation, and that nothing in it is unfinished. */
async function main(): Promise<string[]> {
	const files = projectFiles(ROOT);
	const pages = files
		.filter((path) => path.endsWith('.md'))
		.map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
	return [
		...pages.flatMap((page) => checkLinks(ROOT, page)),
		...pages.flatMap((page) => checkCommands(ROOT, page)),
		...checkFigures(pages),
		...pages.flatMap(checkUnfinished),
		...checkProviders(ROOT),
		...checkPackagePage(ROOT, files),
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
