import { build } from 'esbuild';
import { Linter } from 'eslint';
import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';

/** What n8n itself provides, and what of Node.js its verification lets through. */
const ALLOWED_MODULES = ['n8n-workflow', 'crypto'];

/** n8n's verification forbids timers and the process to a node that runs in its cloud. */
const FORBIDDEN_GLOBALS = [
	...['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate'],
	...['process', 'global', 'globalThis', '__dirname', '__filename', 'eval', 'fetch', 'XMLHttpRequest', 'WebSocket'],
];

/** Checks the built code of an unpacked package. @returns what is wrong, one text for each problem */
export async function checkCode(folder: string): Promise<string[]> {
	const files: string[] = [];
	for await (const file of glob('dist/**/*.js', { cwd: folder })) files.push(file);
	if (files.length === 0) return ['    there is no built code'];
	const problems = await Promise.all(
		files.map(async (file) => {
			const code = readFileSync(join(folder, file), 'utf8');
			const sourceMap = code.includes('sourceMappingURL') ? ['names a source map'] : [];
			return [...(await foreignModules(join(folder, file))), ...globalsOf(code), ...sourceMap].map(
				(text) => `    ${file} ${text}`,
			);
		}),
	);
	return problems.flat();
}

async function foreignModules(file: string): Promise<string[]> {
	const { metafile } = await build({
		entryPoints: [file],
		bundle: true,
		write: false,
		platform: 'node',
		packages: 'external',
		metafile: true,
		logLevel: 'silent',
	});
	const modules = Object.values(metafile.inputs).flatMap(({ imports }) => imports.map(({ path }) => path));
	return modules.filter((path) => !ALLOWED_MODULES.includes(path)).map((path) => `requires ${path}`);
}

function globalsOf(code: string): string[] {
	const rules: Linter.RulesRecord = { 'no-restricted-globals': ['error', ...FORBIDDEN_GLOBALS] };
	const config: Linter.Config = { languageOptions: { ecmaVersion: 2024, sourceType: 'commonjs' }, rules };
	return new Linter().verify(code, [config], { allowInlineConfig: false }).map(({ line, message }) => `line ${line}: ${message}`);
}
