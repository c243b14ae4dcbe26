import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { IConnections, IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import type { Gateway } from '../../gateway';

export const TRIGGER = 'n8n-nodes-base.manualTrigger';
export const LOOP = 'n8n-nodes-base.splitInBatches';
/** A node that puts out what the engine gives a node. */
export const PROBE = 'test.probe';

/** A workflow to be played; what the trigger puts out are `items`. */
export interface Play {
	executionId: string;
	nodes: INode[];
	connections: IConnections;
	credential: IDataObject | null;
	items: INodeExecutionData[];
	/** n8n gives the run nothing but its id and its credentials: then nothing can be evaluated, not even what is no expression. */
	isBare?: boolean;
}

/** One step of an execution: a node in an iteration. */
export interface PlayedStep {
	status: 'completed' | 'failed' | 'skipped' | 'cancelled' | 'running' | 'queued';
	error: { name: string; message: string } | null;
	/** By output; null where nothing left by it. */
	outputs: Array<INodeExecutionData[] | null> | null;
}

/** What became of it: the steps by the node's name, in order of iteration; or why the engine did not take it. */
export type Played = { status: string; steps: Record<string, PlayedStep[]> } | { refused: string };

/** The next engine in a process of its own. */
export interface Host {
	play(play: Play): Promise<Played>;
	/** Ends the process. */
	end(): Promise<void>;
}

const REPOSITORY = join(__dirname, '..', '..', '..');

/** Starts the next engine; its requests go to the gateway. */
export function startHost(gateway: Gateway): Host {
	const folder = mkdtempSync(join(tmpdir(), 'kling-next-'));
	const child = spawn(process.execPath, [join(REPOSITORY, 'node_modules/tsx/dist/cli.mjs'), join(__dirname, 'host.ts')], {
		cwd: REPOSITORY,
		stdio: ['pipe', 'pipe', 'inherit'],
		env: {
			...process.env,
			N8N_USER_FOLDER: folder,
			N8N_ENCRYPTION_KEY: 'only for tests',
			N8N_LOG_LEVEL: 'silent',
			HTTP_PROXY: gateway.proxyUrl,
			HTTPS_PROXY: gateway.proxyUrl,
			NO_PROXY: '127.0.0.1',
			NODE_EXTRA_CA_CERTS: gateway.caFile,
		},
	});
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	const exited = once(child, 'exit');
	return {
		play: async (play) => {
			child.stdin.write(`${JSON.stringify(play)}\n`);
			const { value, done } = await lines.next();
			if (done) throw new Error('The next engine ended without an answer');
			return JSON.parse(value) as Played;
		},
		end: async () => {
			child.stdin.end();
			await exited;
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
