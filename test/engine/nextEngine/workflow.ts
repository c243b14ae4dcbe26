import type { IConnections, IDataObject, INode } from 'n8n-workflow';

import { THROUGH } from '../nodeTypes';
import { TRIGGER, type Play } from './play';

/** A node of a workflow; its id is its name. */
export const plain = (name: string, type: string = THROUGH, more: Partial<INode> = {}): INode => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
	...more,
});

/** A node of the package with the play's credential. */
export const kling = (name: string, type: string, parameters: IDataObject, more: Partial<INode> = {}): INode =>
	plain(name, `n8n-nodes-kling-recognition.${type}`, {
		parameters: parameters as INode['parameters'],
		credentials: { klingRecognitionApi: { id: 'c', name: 'c' } },
		...more,
	});

/** Connections, written as `['From', 'To']`, and by another output than the first as `['From', 'To', 1]`. */
export function connected(...pairs: Array<[from: string, to: string, output?: number]>): IConnections {
	const connections: IConnections = {};
	for (const [from, node, output = 0] of pairs) {
		const outputs = ((connections[from] ??= { main: [] }).main ??= []);
		while (outputs.length <= output) outputs.push([]);
		outputs[output]!.push({ node, type: 'main', index: 0 });
	}
	return connections;
}

/** A node behind the trigger, with one more behind each of its outputs: `Behind 0`, `Behind 1` and so on. */
export function branching(node: INode, outputs: number): Pick<Play, 'nodes' | 'connections'> {
	const behind = Array.from({ length: outputs }, (_, output) => plain(`Behind ${output}`));
	const pairs = behind.map(({ name }, output): [string, string, number] => [node.name, name, output]);
	return {
		nodes: [plain('Trigger', TRIGGER), node, ...behind],
		connections: connected(['Trigger', node.name], ...pairs),
	};
}
