import type { Page } from './files';

const UNFINISHED = /\b(TODO|FIXME|XXX|TBD|REPLACE-WITH|lorem ipsum)\b/i;

/** Checks that a page has no words that stand for what is still to be written. */
export function checkUnfinished({ path, text }: Page): string[] {
	const found = UNFINISHED.exec(text);
	return found ? [`${path} is not finished: ${found[0]}`] : [];
}
