import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { NAMED_FAULTS, namedFault, type GatewaySettings, type TaskShape } from '..';
import { WRITINGS } from '../tasks/shapes';

export const USAGE = `A local gateway that plays Kling and its resellers: recognition, lip-sync, avatars, image to video, try-on.
It answers from a script, costs nothing, and can be reached from this machine only.

  --port n             where to listen (default 4010)
  --task-seconds n     how long a task takes (default 10)
  --task-limit n       tasks of one model at once; more are refused with code 1303 (default: no limit)
  --call-limit n       recognition calls at once; more are refused with code 1303 (default: no limit)
  --latency n          how long an answer takes, in ms (default 0)
  --shape name         how answers about tasks are written: kling, nested, oneVideo, flat, flatId (default kling)
  --fault name[:n]     a failure to play, for ever or n times; can be given several times
  --script file        a JSON file with settings, for everything else (see docs/development/gateway.md)
  --help               this text

Faults:
${NAMED_FAULTS.map(({ name, note }) => `  ${name.padEnd(24)} ${note}`).join('\n')}`;

/** A command line that makes no sense; the message says why. */
export class UsageError extends Error {}

/** What the command line asks for. */
export interface ToolOptions {
	port: number;
	settings: Partial<GatewaySettings>;
}

const SHAPES = Object.keys(WRITINGS) as TaskShape[];

/**
 * Reads the command line. What is said there wins over the script; its faults are played before the script's.
 * @returns the options, or `help`
 * @throws UsageError
 */
export function readOptions(args: string[]): ToolOptions | 'help' {
	const values = parse(args);
	if (values.help) return 'help';
	const script = values.script === undefined ? {} : readScript(values.script);
	const faults = [...orUsage(() => (values.fault ?? []).map(namedFault)), ...(script.faults ?? [])];
	const given: Partial<GatewaySettings> = {
		taskMs: seconds(values['task-seconds']) ?? script.taskMs ?? 10_000,
		taskLimit: count('task-limit', values['task-limit']),
		concurrency: count('call-limit', values['call-limit']),
		latencyMs: count('latency', values.latency),
		taskShape: shape(values.shape),
	};
	const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
	return { port: count('port', values.port) ?? 4010, settings: { ...script, ...set, faults } };
}

const text = { type: 'string' } as const;

function parse(args: string[]) {
	return orUsage(
		() =>
			parseArgs({
				args,
				options: {
					help: { type: 'boolean', short: 'h' },
					port: text,
					'task-seconds': text,
					'task-limit': text,
					'call-limit': text,
					latency: text,
					shape: text,
					fault: { type: 'string', multiple: true },
					script: text,
				},
			}).values,
	);
}

function orUsage<T>(read: () => T): T {
	try {
		return read();
	} catch (error) {
		throw new UsageError((error as Error).message);
	}
}

function count(name: string, value: string | undefined): number | undefined {
	if (value === undefined) return undefined;
	if (!/^\d+$/.test(value)) throw new UsageError(`--${name} takes a whole number, not "${value}".`);
	return Number(value);
}

function seconds(value: string | undefined): number | undefined {
	if (value === undefined) return undefined;
	if (!/^\d+(\.\d+)?$/.test(value)) throw new UsageError(`--task-seconds takes a number, not "${value}".`);
	return Math.round(Number(value) * 1000);
}

function shape(value: string | undefined): GatewaySettings['taskShape'] | undefined {
	const found = SHAPES.find((name) => name === value);
	if (value !== undefined && !found) throw new UsageError(`There is no shape "${value}". There are: ${SHAPES.join(', ')}.`);
	return found;
}

function readScript(path: string): Partial<GatewaySettings> {
	return orUsage(() => {
		const settings: unknown = JSON.parse(readFileSync(path, 'utf8'));
		if (typeof settings !== 'object' || settings === null || Array.isArray(settings))
			throw new TypeError(`${path} is not a JSON object.`);
		return settings as Partial<GatewaySettings>;
	});
}
