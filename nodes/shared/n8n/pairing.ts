import type { IExecuteFunctions } from 'n8n-workflow';

/** What n8n's `getWorkflowDataProxy` gives, as far as it is used here. */
interface PairingProxy {
	$getPairedItem(node: string, source: object, item: { item: number }): unknown;
}

/**
 * Whether n8n can look up the input item that an output item comes from. It does so for each item that failed, on its way to the error
 * output, and where that throws it passes the whole input on by the first output, the one that leads to a paid step. Such an item has
 * its `pairedItem` as a bare number, which n8n does not look up there. Source: n8n-core, `handleNodeErrorOutput`, 1.84 to 2.41.
 */
export function isPaired(context: IExecuteFunctions, itemIndex: number): boolean {
	try {
		const source = context.getInputSourceData();
		const proxy = context.getWorkflowDataProxy(0) as unknown as PairingProxy;
		proxy.$getPairedItem(source.previousNode, source, { item: itemIndex });
		return true;
	} catch {
		return false;
	}
}
