import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gateway } from '../../gateway';
import { CREDENTIAL_TYPE, useCredential } from './credentials';
import { EXAMPLES } from './paths';
import { PACKAGE, type Workflow, type WorkflowNode } from './workflows';

/** The names of the example workflows, in order. */
export const exampleNames = (): string[] =>
	readdirSync(EXAMPLES)
		.filter((file) => file.endsWith('.json'))
		.map((file) => file.replace(/\.json$/, ''))
		.sort();

/** An example as people import it, with the Kling credential chosen where one is asked for. */
export function readExample(name: string): Workflow {
	const file = JSON.parse(readFileSync(join(EXAMPLES, `${name}.json`), 'utf8')) as Workflow;
	const id = `example${name.replace(/\D/g, '')}`.padEnd(16, '0');
	return {
		...file,
		id,
		active: false,
		nodes: file.nodes.map((node) => (wantsKling(node) ? { ...node, credentials: useCredential('klingGlobal') } : node)),
	};
}

const wantsKling = ({ type, parameters }: WorkflowNode): boolean =>
	type.startsWith(PACKAGE) || parameters.nodeCredentialType === CREDENTIAL_TYPE;

/** Tells the gateway what the pictures and the video of the examples show, and how long the recording is. */
export function scriptExamples(gateway: Gateway): void {
	gateway.control({
		images: { 'multi-1.png': ['object', 'head', 'face', 'cloth'], 'anchor21.jpg': ['object'], 'missing.jpg': [] },
		videos: {
			'talking-head.mp4': [
				[0, 1500],
				[400, 7400],
				[1000, 4000],
			],
		},
		sounds: { 'voice.mp3': 8000 },
		faults: [
			{ kind: 'code', status: 400, code: 1201, message: 'image cannot be fetched', match: 'missing.jpg', route: 'recognize' },
		],
	});
}
