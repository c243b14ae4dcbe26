import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { HOSTS, type Host } from '../harness/hosts';

export const USAGE = `A whole n8n in the browser, with the nodes, the examples and a local gateway that answers for every provider.
It runs until Ctrl+C, which removes what it made.

  --n8n folder     the n8n to use: a folder whose node_modules holds n8n, or the prefix of a global installation
                   (npm prefix -g). Without it, n8n ${HOSTS[0]?.version} is installed the first time
  --help           this text`;

/** The oldest n8n that the nodes run on. */
const OLDEST = '1.85';

/** A command line that makes no sense; the message says why. */
export class UsageError extends Error {}

/**
 * Reads the command line.
 * @returns the n8n to run, nothing for the tests' own, or `help`
 * @throws UsageError
 */
export function readOptions(args: string[]): { given?: Host } | 'help' {
	const { help, n8n } = parse(args);
	if (help) return 'help';
	// npm runs scripts in the folder of the package, and says where it was called.
	return n8n === undefined ? {} : { given: hostIn(resolve(process.env.INIT_CWD ?? '', n8n)) };
}

function parse(args: string[]) {
	try {
		return parseArgs({ args, options: { help: { type: 'boolean', short: 'h' }, n8n: { type: 'string' } } }).values;
	} catch (error) {
		throw new UsageError((error as Error).message);
	}
}

/** The n8n that is installed in a folder. @throws UsageError where there is none, or one that is too old for the nodes */
function hostIn(given: string): Host {
	const manifestIn = (folder: string): string => join(folder, 'node_modules', 'n8n', 'package.json');
	const folder = [given, join(given, 'lib')].find((one) => existsSync(manifestIn(one)));
	if (!folder) throw new UsageError(`There is no n8n in ${given}: neither in its node_modules nor in its lib/node_modules.`);
	const { version } = JSON.parse(readFileSync(manifestIn(folder), 'utf8')) as { version: string };
	const like = HOSTS.find((host) => isSince(version, minorOf(host.version)));
	if (!like || !isSince(version, OLDEST)) {
		throw new UsageError(`n8n ${version} in ${given} is too old: the nodes need n8n ${OLDEST} or newer.`);
	}
	return { ...like, version, folder, node: nodeBeside(given) };
}

/** The Node.js that a given n8n was installed with: the prefix's own, or else the one that npm runs on. */
function nodeBeside(prefix: string): string | undefined {
	const own = join(prefix, 'bin', 'node');
	return existsSync(own) ? own : process.env.npm_node_execpath;
}

const minorOf = (version: string): string => version.split('.').slice(0, 2).join('.');
const isSince = (version: string, other: string): boolean => version.localeCompare(other, 'en', { numeric: true }) >= 0;
