import type { Credential } from './credentials';
import { readExecution, type Execution } from './execution';
import type { Host } from './hosts';
import type { Environment, Instance } from './instance';
import { freePort, waitUntil, type Running } from './processes';
import type { Workflow } from './workflows';

/** Who owns the instances of the tests. */
export const OWNER = { email: 'owner@example.com', firstName: 'Olga', lastName: 'Owner', password: 'Passw0rd-of-tests' };

/** An n8n that serves: its REST interface with the owner signed in. */
export interface Connection {
	url: string;
	rest<T = any>(method: string, path: string, body?: unknown): Promise<T>;
	/** Stores a credential; n8n chooses the id. */
	createCredential(credential: Omit<Credential, 'id'>): Promise<{ id: string }>;
	/** Stores a credential and tests it, as the editor does when it is saved. */
	testCredential(credential: Credential): Promise<{ status: 'OK' | 'Error'; message: string }>;
	/** Stores a workflow; n8n chooses the id. */
	createWorkflow(workflow: Workflow): Promise<Workflow & { versionId: string }>;
	/** Lets a stored workflow's triggers listen. */
	activate(workflow: { id: string; versionId: string }): Promise<void>;
	/** Makes a stored workflow one that other workflows can call. */
	publish(workflow: { id: string; versionId: string }): Promise<void>;
	/** Begins to run a stored workflow by hand, up to a node or all of it. @returns the execution's id */
	startManually(workflow: Workflow, destination?: string, runData?: Record<string, unknown>): Promise<string>;
	/** Runs a stored workflow by hand, up to a node and from what former runs left. */
	runManually(workflow: Workflow, destination?: string, runData?: Record<string, unknown>): Promise<Execution>;
	/** Stores a workflow and runs all of it by hand: in a fraction of the time that `n8n execute` takes to start. */
	execute(workflow: Workflow): Promise<Execution>;
	/** Calls an active workflow's webhook, as soon as it listens. */
	callWebhook(path: string, init?: RequestInit): Promise<Response>;
	/** The latest executions of a workflow, at most 100, the newest first. */
	executionsOf(workflowId: string): Promise<Array<{ id: string; status: string }>>;
	/** Stops a running execution, as the button in the editor does, and reads what is left of it. */
	stopExecution(executionId: string): Promise<Execution>;
	/** Sends a form, as its page does: what is in its fields, in their order. */
	submitForm(url: string, fields: Array<string | File>): Promise<Response>;
	/** Waits until an execution waits for somebody, and reads it. */
	waiting(executionId: string): Promise<Execution>;
	/** Waits until an execution has ended, and reads it. */
	finished(executionId: string): Promise<Execution>;
}

/** An n8n that was started here. */
export interface Server extends Connection {
	process: Running;
	stop(signal?: NodeJS.Signals): Promise<void>;
}

const READY_TIMEOUT_MS = 90_000;
const WEBHOOK_TIMEOUT_MS = 20_000;

/** Starts an instance's main server, and signs its owner in, who is made at the first start. */
export async function startServer(instance: Instance, env: Environment = {}): Promise<Server> {
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	const addresses = { N8N_PORT: String(port), N8N_EDITOR_BASE_URL: url, WEBHOOK_URL: url };
	const process = await instance.serve('main', ['start'], { ...addresses, ...env });
	await waitUntil('n8n to be ready', async () => await isReady(url, process), READY_TIMEOUT_MS);
	return { ...(await connect(url, instance.host)), process, stop: async (signal) => await process.stop(signal) };
}

/** Signs the owner in to an n8n that serves at this URL. */
export async function connect(url: string, host: Host): Promise<Connection> {
	const rest = await signIn(url);
	const reach = async (executionId: string, what: string, isReached: (status: string) => boolean): Promise<Execution> => {
		await waitUntil(`execution ${executionId} to ${what}`, async () =>
			isReached((await rest('GET', `/executions/${executionId}`)).status),
		);
		const stored = await rest('GET', `/executions/${executionId}`);
		return readExecution({ status: stored.status, data: unflatten(stored.data) }, stored.data);
	};
	const finished = async (executionId: string): Promise<Execution> => await reach(executionId, 'end', hasEnded);
	const startManually: Connection['startManually'] = async (workflow, destination, runData) => {
		const stored = host.publishesWorkflows ? {} : { workflowData: workflow };
		const run = { ...stored, ...manualRun(host, workflow, destination, runData) };
		// n8n 1.85 runs by hand in its old way unless told otherwise, as its editor does.
		const path = `/workflows/${workflow.id}/run?partialExecutionVersion=2`;
		return (await rest<{ executionId: string }>('POST', path, run)).executionId;
	};
	const activate: Connection['activate'] = async ({ id, versionId }) =>
		await (host.activatesByPatch
			? rest('PATCH', `/workflows/${id}`, { active: true, versionId })
			: rest('POST', `/workflows/${id}/activate`, { versionId }));
	const createWorkflow: Connection['createWorkflow'] = async ({ id: _chosenByN8n, ...workflow }) =>
		await rest('POST', '/workflows', workflow);
	const runManually: Connection['runManually'] = async (...run) => await finished(await startManually(...run));
	return {
		url,
		rest,
		finished,
		activate,
		createWorkflow,
		createCredential: async ({ name, type, data }) => await rest('POST', '/credentials', { name, type, data }),
		testCredential: async (credential) => {
			const { id } = await rest('POST', '/credentials', credential);
			return await rest('POST', '/credentials/test', { credentials: { ...credential, id } });
		},
		publish: async (workflow) => (host.publishesWorkflows ? await activate(workflow) : undefined),
		callWebhook: async (path, init) => await callWebhook(`${url}/webhook/${path}`, init),
		submitForm: async (form, fields) => {
			const body = new FormData();
			for (const [index, field] of fields.entries()) body.set(`field-${index}`, field);
			return await callWebhook(form, { method: 'POST', body });
		},
		waiting: async (executionId) => await reach(executionId, 'wait', (status) => status === 'waiting'),
		executionsOf: async (workflowId) => await latestExecutions(rest, workflowId),
		startManually,
		runManually,
		execute: async (workflow) => await runManually(await createWorkflow(workflow)),
		stopExecution: async (executionId) => {
			await rest('POST', `/executions/${executionId}/stop`);
			return await finished(executionId);
		},
	};
}

/** Whether an execution with this status goes no further. */
export const hasEnded = (status: string): boolean => ['success', 'error', 'crashed', 'canceled'].includes(status);

async function isReady(url: string, server: Running): Promise<boolean> {
	if (server.hasEnded()) throw new Error(`n8n ended while it started\n${server.output().slice(-3000)}`);
	const response = await fetch(`${url}/healthz/readiness`).catch(() => undefined);
	// It is healthy before it answers to anything else.
	return response?.ok === true && (await fetch(`${url}/rest/login`)).status !== 404;
}

async function signIn(url: string): Promise<Connection['rest']> {
	const ask = async (path: string, body: object) =>
		await fetch(`${url}/rest/${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
	const setup = await ask('owner/setup', OWNER);
	// An n8n that was started before has its owner. Older ones know the first field by its second name.
	const { email, password } = OWNER;
	const signedIn = setup.ok ? setup : await ask('login', { emailOrLdapLoginId: email, email, password });
	if (!signedIn.ok) throw new Error(`The owner could not be signed in: ${await setup.text()} ${await signedIn.text()}`);
	const cookie = signedIn.headers
		.getSetCookie()
		.map((line) => line.split(';')[0])
		.join('; ');
	return async (method, path, body) => {
		const response = await fetch(`${url}/rest${path}`, {
			method,
			headers: { cookie, 'content-type': 'application/json', 'push-ref': 'tests' },
			body: JSON.stringify(body),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${text.slice(0, 1000)}`);
		return (JSON.parse(text) as { data: any }).data;
	};
}

// A workflow that was published a moment ago may not listen yet.
async function callWebhook(url: string, init?: RequestInit): Promise<Response> {
	let response = await fetch(url, init);
	await waitUntil(
		`${url} to listen`,
		async () => {
			if (response.status !== 404) return true;
			response = await fetch(url, init);
			return false;
		},
		WEBHOOK_TIMEOUT_MS,
	);
	return response;
}

function manualRun(
	{ namesDestination }: Host,
	workflow: Workflow,
	destination?: string,
	runData?: Record<string, unknown>,
): object {
	const destinationNode = namesDestination || !destination ? destination : { nodeName: destination, mode: 'inclusive' };
	// The older n8n runs everything unless some node to start from is named; from which one it is, it finds out itself.
	const startNodes = namesDestination ? { startNodes: [{ name: destination, sourceData: null }] } : {};
	if (runData) return { destinationNode, runData, dirtyNodeNames: [], ...startNodes };
	const trigger = workflow.nodes.find(({ type }) => /trigger$/i.test(type)) ?? workflow.nodes[0];
	return { destinationNode, triggerToStartFrom: { name: trigger?.name } };
}

/** One page of n8n's list. Further pages skip executions that began at the same time. */
async function latestExecutions(rest: Connection['rest'], workflowId: string): Promise<Array<{ id: string; status: string }>> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const { results } = await rest<{ results: Array<{ id: string; status: string }> }>(
		'GET',
		`/executions?limit=100&filter=${filter}`,
	);
	return results.sort((a, b) => Number(b.id) - Number(a.id));
}

/** Reads the text in which n8n stores an execution: a list in which every string stands once, and is pointed at. */
function unflatten(text: string): any {
	const values = JSON.parse(text) as unknown[];
	const revived = new Map<number, unknown>();
	const at = (pointer: unknown): unknown => (typeof pointer === 'string' ? revive(Number(pointer)) : pointer);
	const revive = (index: number): unknown => {
		if (revived.has(index)) return revived.get(index);
		const value = values[index];
		if (value === null || typeof value !== 'object') return value;
		const copy: any = Array.isArray(value) ? [] : {};
		revived.set(index, copy);
		for (const [key, pointer] of Object.entries(value)) copy[key] = at(pointer);
		return copy;
	};
	return revive(0);
}
