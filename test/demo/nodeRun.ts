import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Engine, NodeRun } from '../engine/engine';
import type { Subject } from './subjects';

/** What became of one image, video or wish. */
export interface Finding {
	subject: Subject;
	/** The node's result; null where the item failed. */
	json: IDataObject | null;
	/** The files that came with it. */
	binary?: INodeExecutionData['binary'];
	/** Names of the outputs that it left the node by. */
	branches: string[];
	/** What the node says where the item failed. */
	error: string;
}

export interface Setup {
	node: 'klingRecognition' | 'klingGeneration';
	credential: IDataObject;
	subjects: Subject[];
	parameters: IDataObject;
}

/** Runs a node on all subjects in n8n's engine. @throws Error where the workflow itself failed */
export async function runNode(engine: Engine, { node, credential, subjects, parameters }: Setup): Promise<NodeRun> {
	const run = await engine.run({
		parameters,
		credential,
		items: subjects.map(({ item }) => item),
		onError: 'continueErrorOutput',
		node: { type: `n8n-nodes-kling-recognition.${node}` },
	});
	if (run.error) throw new Error([run.error.message, run.error.description].filter(Boolean).join(' '));
	return run;
}

/**
 * Sorts the items of all outputs by the input that each came from; the last output is the one for errors.
 * @param branches the other outputs
 */
export function findingsOf(run: NodeRun, subjects: Subject[], branches: ReadonlyArray<{ displayName: string }>): Finding[] {
	const findings = subjects.map((subject): Finding => ({ subject, json: null, branches: [], error: '' }));
	run.outputs.forEach((items, output) => {
		for (const { json, binary, pairedItem } of items) {
			const from = typeof pairedItem === 'object' && !Array.isArray(pairedItem) ? pairedItem.item : Number(pairedItem);
			const finding = findings[from]!;
			const branch = branches[output];
			if (branch) Object.assign(finding, { json, binary, branches: [...finding.branches, branch.displayName] });
			else finding.error = errorOf(json);
		}
	});
	return findings;
}

function errorOf({ error, details }: IDataObject): string {
	const { description = '' } = (details ?? {}) as { description?: string };
	return `${String(error)}. ${description}`.trim();
}
