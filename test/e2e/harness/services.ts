import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresProgram } from './debian';
import type { Environment } from './instance';
import { freePort, run, start, waitUntil, type Running } from './processes';

/** A server beside n8n, and how n8n finds it. */
export interface Service {
	env: Environment;
	stop(): Promise<void>;
}

/** Starts a Redis that keeps nothing. */
export async function startRedis(log: string): Promise<Service> {
	const port = await freePort();
	const redis = start('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
		name: 'redis',
		log,
		cwd: tmpdir(),
	});
	await listening(redis, port);
	return {
		env: { QUEUE_BULL_REDIS_HOST: '127.0.0.1', QUEUE_BULL_REDIS_PORT: String(port) },
		stop: async () => await redis.stop(),
	};
}

/** Starts a PostgreSQL with an empty database. */
export async function startPostgres(log: string): Promise<Service> {
	const folder = mkdtempSync(join(tmpdir(), 'kling-e2e-postgres-'));
	const user = await postgresUser();
	if (user) chownSync(folder, user.uid, user.gid);
	const made = await run(program('initdb'), ['-D', join(folder, 'data'), '-U', 'n8n', '-A', 'trust', '-E', 'UTF8', '--no-sync'], {
		cwd: folder,
		...user,
	});
	if (made.code !== 0) throw new Error(`initdb failed\n${made.stderr}`);
	const port = await freePort();
	const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'fsync=off'].flatMap((setting) => [
		'-c',
		setting,
	]);
	const postgres = start(program('postgres'), ['-D', join(folder, 'data'), '-p', String(port), ...settings], {
		name: 'postgres',
		log,
		cwd: folder,
		...user,
	});
	await listening(postgres, port);
	return {
		env: {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(port),
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: 'n8n',
			DB_POSTGRESDB_PASSWORD: 'trusted',
		},
		stop: async () => {
			await postgres.stop('SIGINT');
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

function program(name: string): string {
	const path = postgresProgram(name);
	if (!path) throw new Error(`PostgreSQL's ${name} is not installed`);
	return path;
}

/** PostgreSQL refuses to run as root: then Debian's user for it is taken. */
async function postgresUser(): Promise<{ uid: number; gid: number } | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	const ids = await Promise.all(['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)));
	return { uid: ids[0] ?? 0, gid: ids[1] ?? 0 };
}

async function listening(service: Running, port: number): Promise<void> {
	await waitUntil(
		`${service.name} to listen`,
		async () => {
			if (service.hasEnded()) throw new Error(`${service.name} ended\n${service.output()}`);
			return await canConnect(port);
		},
		20_000,
	);
}

async function canConnect(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1');
		socket.once('connect', () => socket.destroy()).once('close', (hadError) => resolve(!hadError));
		socket.once('error', () => {});
	});
}
