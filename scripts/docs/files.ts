import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** One page of the documentation. */
export interface Page {
	/** Path inside the project. */
	path: string;
	text: string;
}

const LEFT_OUT = ['node_modules', 'dist', 'coverage', '.git', '.cache', '.logs', 'THIRD_PARTY_LICENSES'];

/** All files of the project, without what is installed or built. */
export function projectFiles(root: string, folder = ''): string[] {
	return readdirSync(join(root, folder), { withFileTypes: true })
		.filter(({ name }) => !LEFT_OUT.includes(name))
		.flatMap((entry) => {
			const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
			return entry.isDirectory() ? projectFiles(root, path) : entry.isFile() ? [path] : [];
		});
}
