import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';

/** A server that was started here. */
export interface Running {
	name: string;
	pid: number;
	/** Everything it has said so far. */
	output(): string;
	/** Whether it has ended, for whatever reason. */
	hasEnded(): boolean;
	/** Ends it, and what it started; resolves when it is gone. */
	stop(signal?: NodeJS.Signals): Promise<void>;
}

/** What a command that ran to its end said. */
export interface Finished {
	code: number;
	stdout: string;
	stderr: string;
}

export interface StartOptions extends Pick<SpawnOptions, 'cwd' | 'env' | 'uid' | 'gid'> {
	name: string;
	/** File that receives its output. */
	log: string;
}

const KILL_AFTER_MS = 15_000;
const alive = new Set<ChildProcess>();

process.on('exit', () => {
	for (const child of alive) signalGroup(child, 'SIGKILL');
});
// Without this, a run that is ended leaves its servers behind.
const END_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
const leave = (): void => process.exit(1);
for (const signal of END_SIGNALS) process.once(signal, leave);

/** Hands over the signals that end a run, to somebody who has more to do then than to exit. */
export function takeSignals(take: (signal: (typeof END_SIGNALS)[number]) => void): void {
	for (const signal of END_SIGNALS) process.off(signal, leave).on(signal, take);
}

/** Starts a server in a process group of its own, so that what it starts ends with it. */
export function start(command: string, args: string[], options: StartOptions): Running {
	const { name, log, ...rest } = options;
	mkdirSync(dirname(log), { recursive: true });
	const child = spawn(command, args, { ...rest, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
	const output = collect(child, log);
	const ended = new Promise<void>((resolve) => {
		child.once('error', () => resolve());
		child.once('exit', () => resolve());
	}).finally(() => alive.delete(child));
	alive.add(child);
	if (child.pid === undefined) throw new Error(`${name} could not be started: ${command}`);
	return {
		name,
		pid: child.pid,
		output,
		hasEnded: () => !alive.has(child),
		stop: async (signal = 'SIGTERM') => await stop(child, ended, signal),
	};
}

/** Runs a command to its end. */
export async function run(
	command: string,
	args: string[],
	options: SpawnOptions & { timeoutMs?: number } = {},
): Promise<Finished> {
	const { timeoutMs = 120_000, ...rest } = options;
	const child = spawn(command, args, { ...rest, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
	alive.add(child);
	const stdout: Buffer[] = [];
	const stderr: Buffer[] = [];
	child.stdout?.on('data', (part: Buffer) => stdout.push(part));
	child.stderr?.on('data', (part: Buffer) => stderr.push(part));
	const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), timeoutMs);
	const code = await new Promise<number>((resolve) => {
		child.once('error', () => resolve(127));
		child.once('close', (value) => resolve(value ?? 1));
	});
	clearTimeout(timer);
	alive.delete(child);
	return { code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() };
}

/** Runs a command to its end in view of whoever watches. @returns its exit code */
export async function runThrough(
	command: string,
	args: string[],
	options: SpawnOptions & { timeoutMs: number },
): Promise<number> {
	const child = spawn(command, args, { ...options, stdio: 'inherit' });
	process.once('exit', () => child.kill());
	const timer = setTimeout(() => child.kill('SIGTERM'), options.timeoutMs);
	const code = await new Promise<number>((resolve) => {
		child.once('error', () => resolve(127));
		child.once('close', (value) => resolve(value ?? 1));
	});
	clearTimeout(timer);
	return code;
}

/**
 * Below those that the system gives to outgoing connections: of those, one may be taken before its server listens.
 * Suites that run side by side have ranges of their own.
 */
const COUNT = 3000;
const FIRST = 20_000 + COUNT * (Number(process.env.JEST_WORKER_ID ?? 0) % 4);

/** Those that were given away: their servers may not listen yet, or be between two starts. */
const given = new Set<number>();

/** A port of the loopback interface that nobody uses; none is given twice. */
export async function freePort(): Promise<number> {
	for (let tries = 0; tries < 100; tries += 1) {
		const port = FIRST + randomInt(COUNT);
		if (given.has(port) || !(await isFree(port))) continue;
		given.add(port);
		return port;
	}
	throw new Error('No free port');
}

async function isFree(port: number): Promise<boolean> {
	const server = createServer();
	return await new Promise<boolean>((resolve) => {
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}

/** Waits until `isReady` says so. @throws Error with `what` in it when the time is over */
export async function waitUntil(
	what: string,
	isReady: () => Promise<boolean> | boolean,
	timeoutMs = 60_000,
	everyMs = 200,
): Promise<void> {
	const until = Date.now() + timeoutMs;
	while (!(await isReady())) {
		if (Date.now() > until) throw new Error(`Waited ${timeoutMs / 1000} s in vain for ${what}`);
		await new Promise((resolve) => setTimeout(resolve, everyMs));
	}
}

function collect(child: ChildProcess, log: string): () => string {
	const file = createWriteStream(log, { flags: 'a' });
	const parts: string[] = [];
	for (const stream of [child.stdout, child.stderr]) {
		stream?.on('data', (part: Buffer) => {
			parts.push(part.toString());
			file.write(part);
		});
	}
	return () => parts.join('');
}

async function stop(child: ChildProcess, ended: Promise<void>, signal: NodeJS.Signals): Promise<void> {
	if (alive.has(child)) {
		signalGroup(child, signal);
		const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), KILL_AFTER_MS);
		await ended;
		clearTimeout(timer);
	}
	// A server that was killed leaves what it had started behind.
	signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
	try {
		if (child.pid !== undefined) process.kill(-child.pid, signal);
	} catch {
		// It is gone already.
	}
}
