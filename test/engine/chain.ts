import type { IDataObject, INode, INodeExecutionData, IRun, IWorkflowSettings } from 'n8n-workflow';

import type { NodeRun } from './engine';
import { SOURCE, THROUGH } from './nodeTypes';
import type { Stage } from './stage';

const PACKAGE = 'n8n-nodes-kling-recognition.';

/** A node in a row. */
export type Link = Partial<INode> & Pick<INode, 'name' | 'type'>;

/** A node of the package, with its credential. */
export const kling = (
	name: string,
	type: 'klingRecognition' | 'klingGeneration',
	parameters: IDataObject = {},
	more: Partial<INode> = {},
): Link => ({
	name,
	type: PACKAGE + type,
	parameters: parameters as INode['parameters'],
	credentials: { klingRecognitionApi: { id: 'c', name: 'c' } },
	...more,
});

/** A node that lets its items through. */
export const through = (name: string): Link => ({ name, type: THROUGH });

/** What came out of a row of nodes. */
export interface RowRun {
	run: IRun;
	/** The outputs of a node, in its last run. */
	outputs(name: string): INodeExecutionData[][];
	/** The JSON of the items of its first output. */
	json(name: string): IDataObject[];
	error: NodeRun['error'];
}

/** Runs a source with these items, and behind it nodes one after the other, each by the first output of the one before. */
export async function runRow(
	stage: Stage,
	items: INodeExecutionData[],
	links: Link[],
	settings: IWorkflowSettings = {},
): Promise<RowRun> {
	const source = { name: 'Source', type: SOURCE, parameters: { value: stage.engine.types.bundle(items) } };
	const row = [source, ...links];
	const run = await stage.engine.runWorkflow({
		nodes: row.map((link) => ({ id: link.name, typeVersion: 1, position: [0, 0], parameters: {}, ...link })),
		connections: Object.fromEntries(
			row.slice(0, -1).map(({ name }, index) => [name, { main: [[{ node: row[index + 1]!.name, type: 'main', index: 0 }]] }]),
		),
		credentials: { klingRecognitionApi: stage.credential('klingGlobal') },
		settings,
	});
	const { runData, error } = run.data.resultData;
	const outputs = (name: string) => (runData[name]?.at(-1)?.data?.main ?? []).map((output) => output ?? []);
	return {
		run,
		outputs,
		json: (name) => (outputs(name)[0] ?? []).map(({ json }) => json),
		error: error as NodeRun['error'],
	};
}
