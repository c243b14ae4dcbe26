import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

export interface PackedFile {
	path: string;
	/** In bytes. */
	size: number;
}

/**
 * Packs a package as `npm publish` would, and unpacks it again.
 * @param root the package's folder
 * @param folder where to put the result
 */
export function pack(root: string, folder: string): { unpacked: string; files: PackedFile[] } {
	const text = execFileSync('npm', ['pack', '--json', '--loglevel', 'error', '--pack-destination', folder], {
		cwd: root,
		encoding: 'utf8',
		shell: process.platform === 'win32',
	});
	// npm up to 11 writes an array, later ones an object by package name.
	const [packed] = Object.values(JSON.parse(text) as Record<string, { filename: string; files: PackedFile[] }>);
	execFileSync('tar', ['-xzf', join(folder, packed!.filename), '-C', folder]);
	return { unpacked: join(folder, 'package'), files: packed!.files };
}
