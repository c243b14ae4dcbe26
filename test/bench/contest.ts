import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import type { AccountStats, GatewaySettings, GatewayStats } from '../gateway/types';
import type { GatewayProcess } from './gateway';
import type { Job, Outcome } from './job';

/** What a job needs beside itself. */
export interface Arena {
	gateway: GatewayProcess;
	/** Folder of the installed n8n. */
	host: string;
	/** Folder of the image files. */
	files: string;
	/** Smaller sizes, to see that everything runs. */
	quick: boolean;
}

/** What a contestant did, as itself and the gateway saw it; null where it did not come to an end. */
export type Run = (Outcome & { calls: GatewayStats; tasks: AccountStats }) | null;

/** A job without what the arena gives. */
export type Task = Omit<Job, 'gatewayUrl' | 'files'>;

const LONGEST_RUN_MS = 240_000;

/** Lets a contestant do a job in a fresh process. */
export async function contest(arena: Arena, task: Task, settings: Partial<GatewaySettings>): Promise<Run> {
	await arena.gateway.prepare({});
	const job = { ...task, gatewayUrl: arena.gateway.url, files: arena.files };
	// What the gateway does at which moment counts from the start of the work.
	const outcome = await inFreshProcess(job, arena.host, async () => await arena.gateway.prepare(settings));
	return outcome && { ...outcome, calls: await arena.gateway.stats(), tasks: await arena.gateway.account() };
}

/** Lets a contestant do a job several times. @returns the run whose figure is the middle one; one that did not finish is the worst */
export async function contestRepeatedly(
	arena: Arena,
	task: Task,
	settings: Partial<GatewaySettings>,
	repeats: number,
	figure: (run: NonNullable<Run>) => number,
): Promise<Run> {
	const runs: Run[] = [];
	for (let turn = 0; turn < repeats; turn += 1) runs.push(await contest(arena, task, settings));
	const worth = (run: Run) => (run ? figure(run) : Infinity);
	return runs.toSorted((a, b) => worth(a) - worth(b))[Math.floor(repeats / 2)] ?? null;
}

async function inFreshProcess(job: Job, host: string, beforeStart: () => Promise<void>): Promise<Outcome | null> {
	const child = fork(join(__dirname, 'worker', 'main.ts'), {
		execArgv: ['--import', 'tsx'],
		env: { ...process.env, KLING_BENCH_HOST: host },
		stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
		timeout: LONGEST_RUN_MS,
		killSignal: 'SIGKILL',
	});
	const said: string[] = [];
	child.stderr?.on('data', (text: Buffer) => said.push(text.toString()));
	let outcome: Outcome | null = null;
	child.on('message', (message: Outcome | 'ready') => {
		if (message === 'ready') void beforeStart().then(() => child.send('go'));
		else outcome = message;
	});
	child.send(job);
	await once(child, 'exit');
	if (outcome === null) console.error(`${job.contestant} did not finish: ${said.join('').slice(-600)}`);
	return outcome;
}
