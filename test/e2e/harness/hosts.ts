import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** What a host can store binary data in. */
export type BinaryMode = 'default' | 'filesystem' | 'database';

/** One version of n8n that the package is tried on. */
export interface Host {
	name: string;
	version: string;
	/** Where its package.json, its lock file and its node_modules are. */
	folder: string;
	/** The Node.js that it runs on, where that is another than `nodeOf` finds. */
	node?: string;
	/** Packages whose native part is built here: their own install scripts download. */
	nativeModules: string[];
	binaryModes: BinaryMode[];
	/** What queue mode stores binary data in: every worker has to reach it. */
	queueBinaryMode: BinaryMode;
	/**
	 * Whether a workflow has a published version, as in 2.x: what another workflow calls must be published, and a run by
	 * hand takes the workflow from the database. Before, it takes it from the request.
	 */
	publishesWorkflows: boolean;
	/** Whether another worker runs again what a lost worker had begun; else it ends as failed. */
	runsLostAgain: boolean;
	/** Whether a run by hand is told its last node by its name alone, as before 1.122. */
	namesDestination: boolean;
	/** Whether a workflow is activated by changing it, as before 1.122. */
	activatesByPatch: boolean;
	/** Whether a workflow can keep its files in the JSON of its items: n8n's workflow setting `binaryMode`. */
	combinesFiles: boolean;
	/** Whether a node can give a file a public URL: `createBinarySignedUrl`, from 1.90 on. */
	signsLinks: boolean;
	/** What its n8n needs in its environment beside what all have. */
	env?: Record<string, string>;
	/** The suites that it runs, by their names in suites/; absent: all. */
	suites?: string[];
}

// To save the installation while working on the suite, a folder with hosts that are installed already may be named.
const HOSTS_DIR = process.env.KLING_E2E_HOSTS ?? join(__dirname, '..', 'hosts');

/** What an older n8n is asked: whether the node does there what it promises, not how n8n itself works. */
const SUITES_OF_OLDER = ['cli', 'credential', 'placement', 'pairing', 'generation', 'examples', 'recipes', 'links'];

/** All but the jobs in the editor, whose clicks are counted in the newest one. */
const ALL_BUT_JOBS = [...SUITES_OF_OLDER, 'browser', 'engine', 'queue', 'webhooks', 'waiting', 'tools'];

/** The hosts, the newest first; one row for each. */
export const HOSTS: Host[] = [
	{
		name: 'n8n-2',
		version: '2.41.1',
		folder: join(HOSTS_DIR, 'n8n-2'),
		nativeModules: ['sqlite3', 'isolated-vm'],
		binaryModes: ['default', 'filesystem', 'database'],
		queueBinaryMode: 'database',
		publishesWorkflows: true,
		runsLostAgain: false,
		namesDestination: false,
		activatesByPatch: false,
		combinesFiles: true,
		signsLinks: true,
	},
	{
		name: 'n8n-1',
		version: '1.123.81',
		folder: join(HOSTS_DIR, 'n8n-1'),
		nativeModules: ['sqlite3'],
		binaryModes: ['default', 'filesystem', 'database'],
		queueBinaryMode: 'database',
		publishesWorkflows: false,
		runsLostAgain: true,
		namesDestination: false,
		activatesByPatch: false,
		combinesFiles: false,
		signsLinks: true,
		suites: ALL_BUT_JOBS,
	},
	{
		name: 'n8n-1.121',
		version: '1.121.3',
		folder: join(HOSTS_DIR, 'n8n-1.121'),
		nativeModules: ['sqlite3'],
		binaryModes: ['default', 'filesystem'],
		queueBinaryMode: 'filesystem',
		publishesWorkflows: false,
		runsLostAgain: true,
		namesDestination: true,
		activatesByPatch: true,
		combinesFiles: false,
		signsLinks: true,
		suites: SUITES_OF_OLDER,
	},
	{
		name: 'n8n-1.85',
		version: '1.85.4',
		folder: join(HOSTS_DIR, 'n8n-1.85'),
		nativeModules: ['sqlite3'],
		binaryModes: ['default', 'filesystem'],
		queueBinaryMode: 'filesystem',
		publishesWorkflows: false,
		runsLostAgain: true,
		namesDestination: true,
		activatesByPatch: true,
		combinesFiles: false,
		signsLinks: false,
		// Its Code node waits for ever for a task runner in `n8n execute`, and it lets agents use community nodes only when told.
		env: { N8N_RUNNERS_ENABLED: 'false', N8N_COMMUNITY_PACKAGES_ALLOW_TOOL_USAGE: 'true' },
		suites: SUITES_OF_OLDER,
	},
];

/** What the runner tells the suites of a host. */
export interface Tested {
	/** Its name. */
	host: string;
	/** The user folder that its stands are copied from. */
	original: string;
}

/** What the runner told this suite: jest makes it a global. @throws Error where no runner did */
export function toldByRunner(): Tested {
	const { tested } = globalThis as { tested?: Tested };
	if (!tested) throw new Error('No host is named: start the suite by its runner');
	return tested;
}

/** The host that this suite tests, as the runner chose it. */
export function currentHost(): Host {
	const { host: name } = toldByRunner();
	const host = HOSTS.find((row) => row.name === name);
	if (!host) throw new Error(`No host is called "${name}"`);
	return host;
}

/** The Node.js that this host runs on: one of its own where its lock file brings one, else that of the tests. */
export function nodeOf(host: Host): string {
	if (host.node) return host.node;
	const own = join(host.folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
	return existsSync(own) ? own : process.execPath;
}

/** The script that starts this host's n8n. */
export const n8nScript = (host: Host): string => join(host.folder, 'node_modules', 'n8n', 'bin', 'n8n');
