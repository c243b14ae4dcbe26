import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const PRETTIER = join(__dirname, '..', '..', '..', 'node_modules', '.bin', 'prettier');

/** A text as it stands in a cell of a table. */
export function cell(text: string): string {
	return text.replace(/\|/g, '\\|').replace(/</g, '&lt;').replace(/\s+/g, ' ');
}

/** A text without the ids of requests, which are new each time. */
export function withoutIds(text: string): string {
	return text.replace(/\b[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\b/g, '...').replace(/request ID [\w-]{20,}/g, 'request ID ...');
}

/** A page as the project's formatter would leave it. @param path where it stands */
export function formatted(page: string, path: string): string {
	return execFileSync(PRETTIER, ['--stdin-filepath', path], { input: page, encoding: 'utf8' });
}
