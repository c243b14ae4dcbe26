import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { formatted } from './markdown';

const pathOf = (name: string): string => join(__dirname, '..', '..', '..', 'docs', name);

/**
 * The page of docs/ that a test writes: `npm run docs:errors` writes it anew.
 * @param name its file's name
 * @param page what it has to say
 * @returns what it says
 */
export function pageOf(name: string, page: string): string {
	const path = pathOf(name);
	if (process.env.UPDATE_DOCS) writeFileSync(path, page);
	return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/**
 * What a page of docs/ has to say of which the tests write some parts: each between `<!-- name: command -->` and `<!-- /name -->`.
 * @param name its file's name
 * @param parts Markdown by the part's name
 * @param command what writes them
 * @throws RangeError where the page has no place for a part
 */
export function pageWith(name: string, parts: Record<string, string>, command = 'npm run docs:errors'): string {
	const filled = Object.entries(parts).reduce(
		(page, [part, text]) => {
			const [begin, end] = [`<!-- ${part}: ${command} -->`, `<!-- /${part} -->`];
			const [from, to] = [page.indexOf(begin), page.indexOf(end)];
			if (from < 0 || to < from) throw new RangeError(`docs/${name} has no place for ${begin} ... ${end}`);
			return `${page.slice(0, from)}${begin}\n\n${text}\n\n${page.slice(to)}`;
		},
		readFileSync(pathOf(name), 'utf8'),
	);
	return formatted(filled, `docs/${name}`);
}
