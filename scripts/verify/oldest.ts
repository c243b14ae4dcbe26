import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * Compiles node and credential against the types of the oldest n8n-workflow that the README names: what they import from it,
 * what they call on n8n's context and its helpers, and what they write into descriptions has to exist there already.
 * `oldest/ignored.d.ts` lists what it may pass over. @returns what is wrong, one text for each problem
 */
export function checkOldest(root: string): string[] {
	const args = [require.resolve('typescript/bin/tsc'), '-p', join(root, 'scripts', 'verify', 'oldest'), '--pretty', 'false'];
	const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
	if (status === 0) return [];
	return `${stdout}${stderr}`
		.trim()
		.split('\n')
		.map((line) => `    ${line}`);
}
