import { ESLint, type Linter } from 'eslint';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What of n8n's scanner is used here. */
interface Scanner {
	SOURCE_FILE_PATTERNS: string[];
	buildScanConfig(): Promise<Linter.Config[]>;
	analyzePackage(folder: string, patterns: string[]): Promise<{ passed: boolean; message?: string; details?: string }>;
}

/** The files that n8n's scanner looks at in the sources. */
export const SCANNED_SOURCES = async (): Promise<string[]> => (await scanner()).SOURCE_FILE_PATTERNS;

/** The files that it looks at in a published package. */
export const SCANNED_TARBALL = ['**/*.js', 'package.json'];

/**
 * Scans a folder as n8n does before it verifies a community node; its warnings count as well.
 * @returns what it found, one text for each problem
 */
export async function scan(folder: string, patterns: string[]): Promise<string[]> {
	const { analyzePackage } = await scanner();
	const { passed, message = '', details = '' } = await analyzePackage(folder, patterns);
	return passed ? await lint(folder, patterns) : [message, details];
}

/** The scanner passes what has warnings only: this runs its rules once more, and reports these too. */
async function lint(folder: string, patterns: string[]): Promise<string[]> {
	const eslint = new ESLint({
		cwd: folder,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig: await (await scanner()).buildScanConfig(),
	});
	const files = await filesOf(folder, patterns);
	if (files.length === 0) return [`no files to scan in ${folder}`];
	const results = await eslint.lintFiles(files);
	return results.flatMap(({ filePath, messages }) =>
		messages.map(({ line, column, message, ruleId }) => `    ${filePath}:${line}:${column} ${message} (${ruleId})`),
	);
}

async function filesOf(folder: string, patterns: string[]): Promise<string[]> {
	const files: string[] = [];
	const exclude = (name: string) => name === 'node_modules';
	for await (const file of glob(patterns, { cwd: folder, exclude })) files.push(join(folder, file));
	return files;
}

async function scanner(): Promise<Scanner> {
	const file = require.resolve('@n8n/scan-community-package/scanner/scanner.mjs');
	return (await import(pathToFileURL(file).href)) as Scanner;
}
