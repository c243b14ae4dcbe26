import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { textOf } from '../kling/fields';
import { asKlingError } from '../kling/klingError';

/**
 * The fields of the node for one item. Each is evaluated once: what is sent, checked and told is the same value, also where an
 * expression gives another one each time.
 */
export class Fields {
	private readonly known = new Map<string, () => unknown>();

	constructor(
		readonly context: IExecuteFunctions,
		readonly index: number,
	) {}

	/** The input item. */
	get item(): INodeExecutionData {
		return this.context.getInputData()[this.index]!;
	}

	/** The value of a field; null where it is not set. @throws KlingError where its expression fails */
	value(name: string): unknown {
		return this.once(name, {});
	}

	/** What is chosen in a resource locator; null where nothing is. @throws KlingError where its expression fails */
	chosen(name: string): unknown {
		return this.once(name, { extractValue: true });
	}

	/** The value of a field as text; empty where it is not set. @param label what it is called on the screen. @throws as `textOf` */
	text(name: string, label: string): string {
		return textOf(this.value(name), label);
	}

	private once(name: string, options: { extractValue?: boolean }): unknown {
		const known = this.known.get(name) ?? this.evaluate(name, options);
		this.known.set(name, known);
		return known();
	}

	private evaluate(name: string, options: { extractValue?: boolean }): () => unknown {
		try {
			const value: unknown = this.context.getNodeParameter(name, this.index, null, options);
			return () => value;
		} catch (error) {
			const failure = asKlingError(error);
			return () => {
				throw failure;
			};
		}
	}
}
