import type { PackageDirectoryLoader } from 'n8n-core';
import type {
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	INodeTypes,
} from 'n8n-workflow';

export const SOURCE = 'test.source';
export const SINK = 'test.sink';
export const THROUGH = 'test.through';

/**
 * The node types of a test workflow: the package's own, a source of given items, a sink that puts out its parameter `value`,
 * and a node that lets its items through as they are.
 */
export class NodeTypeTable implements INodeTypes {
	/** What a source without a bundle puts out. */
	sourceItems: INodeExecutionData[] = [];
	private readonly bundles = new Map<string, INodeExecutionData[]>();
	private made = 0;
	private readonly own: Record<string, INodeType>;

	constructor(private readonly loader: PackageDirectoryLoader) {
		const take = (key: string): INodeExecutionData[] => this.takeBundle(key);
		this.own = {
			[SOURCE]: plainNode('source', async function (this: IExecuteFunctions) {
				return [take(this.getNodeParameter('value', 0, '') as string)];
			}),
			[THROUGH]: plainNode('through', async function (this: IExecuteFunctions) {
				return [this.getInputData()];
			}),
			[SINK]: plainNode('sink', async function (this: IExecuteFunctions) {
				return [
					this.getInputData().map((_item, index) => ({
						json: { value: this.getNodeParameter('value', index, null) as string | null },
					})),
				];
			}),
		};
	}

	/** Keeps items for one source alone, so that executions at once do not mix theirs. @returns the source's `value` */
	bundle(items: INodeExecutionData[]): string {
		const key = `bundle ${(this.made += 1)}`;
		this.bundles.set(key, items);
		return key;
	}

	private takeBundle(key: string): INodeExecutionData[] {
		const items = this.bundles.get(key) ?? this.sourceItems;
		this.bundles.delete(key);
		return items;
	}

	/** Adds a node that does this, and may use the package's credential. @param description what it has besides */
	add(name: string, execute: NonNullable<INodeType['execute']>, description: Partial<INodeTypeDescription> = {}): void {
		const node = plainNode(name, execute);
		node.description = { ...node.description, credentials: [{ name: 'klingRecognitionApi' }], ...description };
		this.own[name] = node;
	}

	/** The type of a node; the tool that n8n makes of one does the same, and is told by its name. */
	getByName(name: string): INodeType {
		const known = this.own[name] ?? this.loader.nodeTypes[name.replace(/^n8n-nodes-kling-recognition\.|Tool$/g, '')]?.type;
		if (!known) throw new Error(`no node type ${name}`);
		const type = known as INodeType;
		if (!name.endsWith('Tool')) return type;
		const description = { ...type.description, name: `${type.description.name}Tool` };
		return Object.create(type, { description: { value: description } }) as INodeType;
	}

	getByNameAndVersion(name: string): INodeType {
		return this.getByName(name);
	}

	getKnownTypes(): IDataObject {
		return {};
	}

	/** The package's description of the node. */
	get description(): INodeTypeDescription {
		return this.getByName('n8n-nodes-kling-recognition.klingRecognition').description;
	}

	credentialType(name: string): ICredentialType {
		return this.loader.getCredential(name).type;
	}
}

function plainNode(name: string, execute: NonNullable<INodeType['execute']>): INodeType {
	return {
		description: {
			displayName: name,
			name,
			group: ['transform'],
			version: 1,
			description: '',
			defaults: { name },
			inputs: ['main'],
			outputs: ['main'],
			properties: [{ displayName: 'Value', name: 'value', type: 'string', default: '' }],
		},
		execute,
	};
}
