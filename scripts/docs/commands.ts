import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from './files';

/** Checks that every `npm run X` that a page speaks of exists, and every script and workflow by its path. */
export function checkCommands(root: string, { path, text }: Page): string[] {
	const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
	const named = [...text.matchAll(/npm run (?:-s |--silent )?([a-z0-9][\w:-]*)/g)].map(([, name]) => name!);
	const missing = [...new Set(named)].filter((name) => !(name in scripts));
	const files = [...text.matchAll(/`((?:\.ci|scripts|test|docs|examples|nodes|credentials)\/[\w./-]+)`/g)].map(
		([, file]) => file!,
	);
	const lost = [...new Set(files)].filter((file) => !existsSync(join(root, file)));
	return [
		...missing.map((name) => `${path}: there is no "npm run ${name}"`),
		...lost.map((file) => `${path}: there is no ${file}`),
	];
}
