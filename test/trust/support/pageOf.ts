import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The page of docs/ that a test writes: `npm run docs:errors` writes it anew.
 * @param name its file's name
 * @param page what it has to say
 * @returns what it says
 */
export function pageOf(name: string, page: string): string {
	const path = join(__dirname, '..', '..', '..', 'docs', name);
	if (process.env.UPDATE_DOCS) writeFileSync(path, page);
	return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
