import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { n8nScript, nodeOf, type Host } from './hosts';
import { installCommunityPackage } from './install';
import { LOGS } from './paths';
import { freePort, run, start, type Finished, type Running } from './processes';
import type { Credential } from './credentials';
import type { Workflow } from './workflows';

/** Where n8n's outgoing calls go. */
export interface Network {
	proxyUrl: string;
	caFile: string;
}

export type Environment = Record<string, string>;

/** One n8n with a user folder of its own, in which the package under test is installed. */
export interface Instance {
	host: Host;
	/** What `N8N_USER_FOLDER` says. */
	folder: string;
	/** Runs one of n8n's commands to its end. */
	command(args: string[], env?: Environment): Promise<Finished>;
	/** Starts one of n8n's servers: `start`, `worker`. */
	serve(name: string, args: string[], env?: Environment): Promise<Running>;
	importCredentials(credentials: readonly Credential[], env?: Environment): Promise<void>;
	importWorkflows(workflows: readonly Workflow[], env?: Environment): Promise<void>;
	remove(): void;
}

const QUIET: Environment = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_SECURE_COOKIE: 'false',
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_RUNNERS_ENABLED: 'true',
	N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
	N8N_ENCRYPTION_KEY: 'end-to-end-tests-and-nothing-else',
	DB_SQLITE_POOL_SIZE: '2',
};

/** Makes an n8n with an empty user folder and the packed package in it. */
export async function createInstance(host: Host, network: Network, label: string): Promise<Instance> {
	const tarball = process.env.KLING_E2E_TARBALL;
	if (!tarball) throw new Error('KLING_E2E_TARBALL does not name the packed package: start the suite by its runner');
	const folder = newFolder(host, label);
	mkdirSync(join(folder, '.n8n', 'nodes'), { recursive: true });
	await installCommunityPackage(join(folder, '.n8n', 'nodes'), tarball);
	return instanceIn(folder, host, network, label);
}

/**
 * Makes an n8n from a copy of another's user folder, with all that was stored in it: to install the package and to make
 * the database takes longer than most suites.
 * @param env what its commands and servers find in their environment besides
 */
export function copyInstance(original: string, host: Host, network: Network, label: string, env: Environment): Instance {
	const folder = newFolder(host, label);
	cpSync(original, folder, { recursive: true });
	return instanceIn(folder, host, network, label, env);
}

const newFolder = (host: Host, label: string): string => mkdtempSync(join(tmpdir(), `kling-e2e-${host.name}-${label}-`));

function instanceIn(folder: string, host: Host, network: Network, label: string, own: Environment = {}): Instance {
	const envFor = async (extra: Environment): Promise<Environment> => ({
		...baseEnvironment(folder, network),
		// Each of the many starts reads the same thousands of modules.
		NODE_COMPILE_CACHE: join(host.folder, 'node_modules', '.compile-cache'),
		N8N_RUNNERS_BROKER_PORT: String(await freePort()),
		...host.env,
		...own,
		...extra,
	});
	const command = async (args: string[], env: Environment = {}): Promise<Finished> =>
		await run(nodeOf(host), [n8nScript(host), ...args], { cwd: folder, env: await envFor(env) });

	return {
		host,
		folder,
		command,
		serve: async (name, args, env = {}) =>
			start(nodeOf(host), [n8nScript(host), ...args], {
				name,
				log: logFile(host, `${label}-${name}`),
				cwd: folder,
				env: await envFor(env),
			}),
		importCredentials: async (credentials, env) => await importAs('credentials', credentials, folder, command, env),
		importWorkflows: async (workflows, env) => await importAs('workflow', workflows.map(withVersion), folder, command, env),
		remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
	};
}

/** The log file of this name, for this host. */
export const logFile = (host: Host, name: string): string => join(LOGS, host.name, `${name}.log`);

function baseEnvironment(folder: string, network: Network): Environment {
	return {
		PATH: process.env.PATH ?? '',
		HOME: folder,
		LANG: 'C.UTF-8',
		N8N_USER_FOLDER: folder,
		HTTP_PROXY: network.proxyUrl,
		HTTPS_PROXY: network.proxyUrl,
		NO_PROXY: 'localhost,127.0.0.1',
		NODE_EXTRA_CA_CERTS: network.caFile,
		...QUIET,
	};
}

/** n8n 1.121 stores no workflow without a version. */
const withVersion = (workflow: Workflow): Workflow & { versionId: string } => ({ versionId: randomUUID(), ...workflow });

async function importAs(
	what: string,
	entries: readonly unknown[],
	folder: string,
	command: Instance['command'],
	env?: Environment,
): Promise<void> {
	const file = join(folder, `${what}.json`);
	writeFileSync(file, JSON.stringify(entries));
	const result = await command([`import:${what}`, `--input=${file}`], env);
	if (result.code !== 0) throw new Error(`import:${what} failed\n${result.stdout}\n${result.stderr}`);
}
