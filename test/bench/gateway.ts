import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { AccountStats, GatewaySettings, GatewayStats } from '../gateway/types';

/** The local gateway in a process of its own, so that what it costs is not measured. */
export interface GatewayProcess {
	url: string;
	/** Forgets what was, and sets what shall be. */
	prepare(settings: Partial<GatewaySettings>): Promise<void>;
	stats(): Promise<GatewayStats>;
	/** What the account of the contestants was asked for tasks. */
	account(): Promise<AccountStats>;
	close(): void;
}

/** Starts the gateway. @throws Error where it does not start */
export async function startGatewayProcess(): Promise<GatewayProcess> {
	const args = ['--import', 'tsx', join(__dirname, '..', 'gateway', 'cli.ts'), '--until-stdin-closes'];
	const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
	const ended = once(child, 'exit').then(() => Promise.reject(new Error('The gateway did not start')));
	const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as [string];
	ended.catch(() => undefined);
	const { url } = JSON.parse(line) as { url: string };
	const call = async (name: string, method: string, body?: object) => {
		const answer = await fetch(`${url}/__gateway/${name}`, { method, body: body && JSON.stringify(body) });
		if (!answer.ok) throw new Error(`The gateway refused ${name}: ${await answer.text()}`);
		return await answer.json();
	};
	return {
		url,
		prepare: async (settings) => {
			await call('reset', 'POST');
			await call('control', 'POST', settings);
		},
		stats: async () => (await call('stats', 'GET')) as GatewayStats,
		account: async () => ((await call('accounts', 'GET')) as Record<'custom', AccountStats>).custom,
		close: () => child.stdin.end(),
	};
}
