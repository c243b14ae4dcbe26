import { execFileSync, spawnSync } from 'node:child_process';

/** What git answers. @throws Error where git refuses, unless `otherwise` is given */
export function git(root: string, args: string[], otherwise?: string): string {
	try {
		return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
	} catch (error) {
		if (otherwise === undefined) throw error;
		return otherwise;
	}
}

/** Runs npm in the foreground. @returns whether it succeeded */
export function npm(root: string, ...args: string[]): boolean {
	return (
		spawnSync('npm', args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' }).status ===
		0
	);
}
