import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './processes';

/** A Debian package that the suite drives, and the program of it that is looked for. */
interface Program {
	package: string;
	path: () => string | undefined;
}

/** Chromium without windows: the same pages take it two thirds of the time. */
export const BROWSER = '/usr/bin/chromium-headless-shell';

const POSTGRES_DIR = '/usr/lib/postgresql';

const PROGRAMS: Program[] = [
	{ package: 'chromium-headless-shell', path: () => existing(BROWSER) },
	{ package: 'redis-server', path: () => existing('/usr/bin/redis-server') },
	{ package: 'postgresql', path: () => postgresProgram('initdb') },
	{ package: 'graphicsmagick', path: () => existing('/usr/bin/gm') },
];

/** What pictures need besides: some voices have Chinese names. */
const FONT: Program = { package: 'fonts-wqy-zenhei', path: () => existing('/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc') };

/**
 * Installs the Debian packages that are missing.
 * @param forPictures whether the documentation's pictures are taken
 * @throws Error that names them, where this is not allowed to install
 */
export async function ensurePrograms(forPictures = false): Promise<void> {
	const wanted = forPictures ? [...PROGRAMS, FONT] : PROGRAMS;
	const missing = wanted.filter((program) => program.path() === undefined).map((program) => program.package);
	if (missing.length === 0) return;
	if (process.getuid?.() !== 0) throw new Error(`Install these Debian packages first: apt-get install ${missing.join(' ')}`);
	console.log(`Installing ${missing.join(', ')}.`);
	await aptGet(['update']);
	await aptGet(['install', '-y', '--no-install-recommends', ...missing]);
}

/** The newest PostgreSQL's program of this name. */
export function postgresProgram(name: string): string | undefined {
	if (!existsSync(POSTGRES_DIR)) return undefined;
	const versions = readdirSync(POSTGRES_DIR).sort((a, b) => Number(b) - Number(a));
	return versions.map((version) => join(POSTGRES_DIR, version, 'bin', name)).find((path) => existsSync(path));
}

const existing = (path: string): string | undefined => (existsSync(path) ? path : undefined);

async function aptGet(args: string[]): Promise<void> {
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	const result = await run('apt-get', args, { env, timeoutMs: 10 * 60_000 });
	if (result.code !== 0) throw new Error(`apt-get ${args.join(' ')} failed\n${result.stdout}\n${result.stderr}`);
}
