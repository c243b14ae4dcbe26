import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { HOSTS, nodeOf, type Host } from './hosts';
import { E2E, ROOT } from './paths';
import { run } from './processes';

const NPM_CI = ['ci', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund'];
const INSTALL_TIMEOUT_MS = 15 * 60_000;
const INSTALLED_AT_ONCE = 2;

/** Installs the suite's own tools, unless they are there. */
export async function ensureTools(): Promise<void> {
	if (isCurrent(E2E, ['playwright-core'])) return;
	await npm(E2E, NPM_CI);
	writeFileSync(stampOf(E2E), lockOf(E2E));
}

/** Installs hosts as `ensureHost` does, the oldest first: one is fetched while another's modules are built. */
export async function ensureHosts(hosts: readonly Host[]): Promise<void> {
	await ensureTools();
	const waiting = [...hosts].reverse();
	const installInTurn = async (): Promise<void> => {
		for (let host = waiting.shift(); host; host = waiting.shift()) await ensureHost(host);
	};
	await Promise.all(Array.from({ length: INSTALLED_AT_ONCE }, installInTurn));
}

/** Whether a host was installed for this lock file, or is said to be. */
export const isInstalled = ({ folder }: Host): boolean => process.env.KLING_E2E_HOSTS !== undefined || isCurrent(folder, ['n8n']);

/** Installs a host from its lock file and builds its native modules, unless that was done. Tells when it begins and when it is done. */
export async function ensureHost(host: Host, tell: (what: string) => void = console.log): Promise<void> {
	if (isInstalled(host)) return;
	await ensureTools();
	const start = performance.now();
	tell(`Installing n8n ${host.version}; this takes some minutes.`);
	await npm(host.folder, NPM_CI);
	await inTurn(async () => {
		for (const name of host.nativeModules) await buildNative(host, name);
	});
	writeFileSync(stampOf(host.folder), lockOf(host.folder));
	tell(`Installed n8n ${host.version} in ${((performance.now() - start) / 1000).toFixed(0)} s.`);
}

let lastBuild: Promise<void> = Promise.resolve();

/** Begins when the builds before it have ended: what one has built, the next may take. */
async function inTurn(build: () => Promise<void>): Promise<void> {
	const before = lastBuild.catch(() => {});
	lastBuild = before.then(build);
	await lastBuild;
}

/**
 * Builds a native module, or takes it from an older host that has built the same version: by Node-API, what was built for one
 * Node.js serves the newer ones.
 */
async function buildNative(host: Host, name: string): Promise<void> {
	const folderIn = ({ folder }: Host): string => join(folder, 'node_modules', name);
	const versionIn = (row: Host): unknown => JSON.parse(readFileSync(join(folderIn(row), 'package.json'), 'utf8')).version;
	const isBuilt = (row: Host): boolean => existsSync(join(folderIn(row), 'build', 'Release'));
	const older = HOSTS.slice(HOSTS.indexOf(host) + 1);
	const twin = older.filter(isBuilt).find((row) => versionIn(row) === versionIn(host));
	if (twin) cpSync(join(folderIn(twin), 'build'), join(folderIn(host), 'build'), { recursive: true });
	else
		await npm(host.folder, ['rebuild', name], {
			JOBS: 'max',
			...(nodeOf(host) === process.execPath ? headersIn(E2E) : ownNode(host)),
		});
}

/** Builds the package and packs it as npm would publish it. @returns the tarball's path */
export async function packPackage(): Promise<string> {
	const folder = mkdtempSync(join(tmpdir(), 'kling-e2e-package-'));
	await npm(ROOT, ['run', 'build']);
	await npm(ROOT, ['pack', '--pack-destination', folder]);
	const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { name: string; version: string };
	return join(folder, `${name}-${version}.tgz`);
}

/** Installs a packed package where n8n looks for community packages, in the way n8n does it: without peers. */
export async function installCommunityPackage(nodesFolder: string, tarball: string): Promise<void> {
	writeFileSync(join(nodesFolder, 'package.json'), JSON.stringify({ name: 'installed-nodes', private: true, dependencies: {} }));
	await npm(nodesFolder, ['install', tarball, '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund']);
}

/** The hosts that the name chooses; without one, all. */
export function hostsNamed(name: string | undefined): Host[] {
	return HOSTS.filter((host) => name === undefined || host.name === name);
}

async function npm(cwd: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
	const result = await run('npm', args, { cwd, env: { ...process.env, ...env }, timeoutMs: INSTALL_TIMEOUT_MS });
	if (result.code !== 0) throw new Error(`npm ${args.join(' ')} failed in ${cwd}\n${result.stdout}\n${result.stderr}`);
}

const lockOf = (folder: string): string => readFileSync(join(folder, 'package-lock.json'), 'utf8');
const stampOf = (folder: string): string => join(folder, 'node_modules', '.installed-lock');

function isCurrent(folder: string, packages: string[]): boolean {
	const isThere = packages.every((name) => existsSync(join(folder, 'node_modules', name)));
	return isThere && existsSync(stampOf(folder)) && readFileSync(stampOf(folder), 'utf8') === lockOf(folder);
}

/** Where the headers of the Node.js are that a folder brings. Without them node-gyp downloads them. */
function headersIn(folder: string): NodeJS.ProcessEnv {
	const node = join(folder, 'node_modules', `node-${process.platform}-${process.arch}`);
	return existsSync(join(node, 'include')) ? { npm_config_nodedir: node } : {};
}

/** Lets npm build for the Node.js that a host brings. */
const ownNode = (host: Host): NodeJS.ProcessEnv => ({
	...headersIn(host.folder),
	PATH: [dirname(nodeOf(host)), process.env.PATH].join(delimiter),
});
