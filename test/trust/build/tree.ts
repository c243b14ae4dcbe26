import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = join(__dirname, '..', '..', '..');
const SOURCES = ['nodes', 'credentials', 'scripts', 'gulpfile.js', 'package.json', 'tsconfig.json'];

/** What esbuild says went into a bundle. */
export interface Metafile {
	inputs: Record<string, unknown>;
}

/** Makes the build write down what went into it, without changing what comes out. */
const WITH_METAFILE = `
const esbuild = require('esbuild');
const { writeFileSync } = require('node:fs');
const build = async (options) => {
	const result = await esbuild.build({ ...options, metafile: true });
	writeFileSync('metafile.json', JSON.stringify(result.metafile));
	return result;
};
require.cache[require.resolve('esbuild')].exports = { ...esbuild, build };
require('./gulpfile.js').build((error) => { if (error) throw error; });
`;

/**
 * Builds the package in a folder of its own, from a copy of its sources.
 * @param bundled libraries that go into the bundle: copied as well, so that no path leads outside
 * @returns the metafile
 */
export function buildIn(folder: string, bundled: readonly string[]): Metafile {
	mkdirSync(join(folder, 'node_modules'), { recursive: true });
	for (const source of SOURCES) cpSync(join(PACKAGE, source), join(folder, source), { recursive: true });
	for (const name of readdirSync(join(PACKAGE, 'node_modules'))) {
		const target = join(folder, 'node_modules', name);
		if (bundled.includes(name)) cpSync(join(PACKAGE, 'node_modules', name), target, { recursive: true });
		else symlinkSync(join(PACKAGE, 'node_modules', name), target);
	}
	writeFileSync(join(folder, 'build.js'), WITH_METAFILE);
	execFileSync(process.execPath, ['build.js'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
	return JSON.parse(readFileSync(join(folder, 'metafile.json'), 'utf8')) as Metafile;
}

/** Every file below a folder, by its path. */
export function filesOf(folder: string): Map<string, Buffer> {
	const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();
	return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path)]));
}

/** The libraries that stand in a bundle. */
export function librariesIn({ inputs }: Metafile): string[] {
	const names = Object.keys(inputs).flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []);
	return [...new Set(names)].sort();
}
