import type { Environment, Instance } from './instance';

/** An item as n8n hands it from node to node. */
export interface Item {
	json: Record<string, any>;
	binary?: Record<string, { data?: string; id?: string; mimeType: string; fileName?: string }>;
	pairedItem?: unknown;
	error?: unknown;
}

interface NodeRun {
	executionStatus: string;
	data?: { main: Array<Item[] | null> };
	error?: Record<string, any>;
	startTime: number;
	source: unknown[];
}

/** How a workflow ran. */
export interface Execution {
	status: string;
	/** The error that ended it. */
	error?: Record<string, any>;
	/** What came out of each output of a node, in its run with this number. */
	outputs(node: string, run?: number): Item[][];
	/** The items of a node's first output, in its first run. */
	items(node: string): Item[];
	/** How often a node ran. */
	runs(node: string): number;
	/** What a partial execution starts from. */
	runData: Record<string, unknown>;
	/** Everything that n8n printed or stored, to search for what must not be in it. */
	text: string;
}

interface StoredExecution {
	status?: string;
	data: { resultData: { runData: Record<string, NodeRun[]>; error?: Record<string, any> } };
}

/** Runs an imported workflow to its end by `n8n execute`. */
export async function execute(instance: Instance, workflow: { id: string }, env: Environment = {}): Promise<Execution> {
	const { stdout, stderr, code } = await instance.command(['execute', `--id=${workflow.id}`, '--rawOutput'], env);
	const stored = parseOutput(stdout);
	if (!stored) throw new Error(`n8n execute said nothing that can be read (exit code ${code})\n${stdout}\n${stderr}`);
	// n8n up to 1.12x prints how the execution stood before its last line was written.
	if (stored.status === 'running') delete stored.status;
	return readExecution(stored, stdout + stderr);
}

/** Gives a stored execution the look that tests read. */
export function readExecution(stored: StoredExecution, text: string): Execution {
	const { runData, error } = stored.data.resultData;
	const outputs = (node: string, run = 0): Item[][] => {
		const result = runData[node]?.[run];
		if (!result) throw new Error(`"${node}" did not run ${run + 1} times: ${error?.message ?? 'no error'}`);
		return (result.data?.main ?? []).map((items) => items ?? []);
	};
	return {
		status: stored.status ?? (error ? 'error' : 'success'),
		error,
		outputs,
		items: (node) => outputs(node)[0] ?? [],
		runs: (node) => runData[node]?.length ?? 0,
		runData,
		text,
	};
}

// Logging may stand before the JSON and, after a failure, behind it; only the JSON's own braces stand at the start of a line.
function parseOutput(stdout: string): StoredExecution | undefined {
	const json = /^\{$[\s\S]*?^\}$/m.exec(stdout)?.[0];
	return json === undefined ? undefined : (JSON.parse(json) as StoredExecution);
}
