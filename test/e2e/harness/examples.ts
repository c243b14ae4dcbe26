import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gateway } from '../../gateway';
import { CREDENTIAL_TYPE, useCredential } from './credentials';
import { EXAMPLES } from './paths';
import { PACKAGE, type NodeDraft, type Workflow, type WorkflowNode } from './workflows';

/** The names of the example workflows, in order. */
export const exampleNames = (): string[] =>
	readdirSync(EXAMPLES)
		.filter((file) => file.endsWith('.json'))
		.map((file) => file.replace(/\.json$/, ''))
		.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));

/** An example as people import it, with the Kling credential chosen where one is asked for. */
export function readExample(name: string): Workflow {
	const file = JSON.parse(readFileSync(join(EXAMPLES, `${name}.json`), 'utf8')) as Workflow;
	const id = `example${name.replace(/\D/g, '').padStart(2, '0')}`.padEnd(16, '0');
	return {
		...file,
		id,
		active: false,
		nodes: file.nodes.map((node) => (wantsKling(node) ? { ...node, credentials: useCredential('klingGlobal') } : node)),
	};
}

const wantsKling = ({ type, parameters }: WorkflowNode): boolean =>
	type.startsWith(PACKAGE) || parameters.nodeCredentialType === CREDENTIAL_TYPE;

/**
 * An example without the accounts that it asks for.
 * @param instead what takes the place of a node, by its name, which stays
 * @param without the names of nodes that are left out
 */
export function standIn(example: Workflow, instead: Record<string, NodeDraft>, without: string[] = []): Workflow {
	const connections = Object.entries(example.connections).filter(([name]) => !without.includes(name));
	const nodes = example.nodes.filter(({ name }) => !without.includes(name));
	const missing = [...Object.keys(instead), ...without].filter((name) => !example.nodes.some((node) => node.name === name));
	if (missing.length > 0) throw new Error(`${example.name} has no node ${missing.join(', ')}`);
	return {
		...example,
		nodes: nodes.map((node) => {
			const { id, name, position } = node;
			return instead[name] ? { parameters: {}, ...instead[name], id, name, position } : node;
		}),
		connections: Object.fromEntries(connections),
	};
}

/** An example with other parameters in one of its nodes. */
export function withParameters(example: Workflow, name: string, parameters: Record<string, unknown>): Workflow {
	const node = example.nodes.find((one) => one.name === name);
	if (!node) throw new Error(`${example.name} has no node ${name}`);
	return standIn(example, { [name]: { ...node, parameters: { ...node.parameters, ...parameters } } });
}

/** Tells the gateway what is to be seen in Kling's own sample, and in the videos that are made. */
export function scriptExamples(gateway: Gateway): void {
	gateway.control({
		images: { 'multi-1.png': ['object', 'head', 'face', 'cloth'] },
		defaultFaces: [
			[0, 1500],
			[400, 7400],
			[1000, 4000],
		],
	});
}
