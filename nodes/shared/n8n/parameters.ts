import type { Item } from './operation';

/** A parameter of the node for one item, as text; empty where it is not set. */
export function readText({ run, index }: Pick<Item, 'run' | 'index'>, name: string): string {
	return String(run.context.getNodeParameter(name, index, '') ?? '');
}
