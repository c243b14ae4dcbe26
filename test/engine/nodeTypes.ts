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

/** The node types of a test workflow: the package's own, a source of given items, and a sink that puts out its parameter `value`. */
export class NodeTypeTable implements INodeTypes {
	/** What the source puts out. */
	sourceItems: INodeExecutionData[] = [];
	private readonly own: Record<string, INodeType>;

	constructor(private readonly loader: PackageDirectoryLoader) {
		this.own = {
			[SOURCE]: plainNode('source', async () => [this.sourceItems]),
			[SINK]: plainNode('sink', async function (this: IExecuteFunctions) {
				return [
					this.getInputData().map((_item, index) => ({
						json: { value: this.getNodeParameter('value', index, null) as string | null },
					})),
				];
			}),
		};
	}

	/** Adds a node that does this, and may use the package's credential. */
	add(name: string, execute: NonNullable<INodeType['execute']>): void {
		const node = plainNode(name, execute);
		node.description.credentials = [{ name: 'klingRecognitionApi' }];
		this.own[name] = node;
	}

	/** The type of a node; the tool that n8n makes of one does the same. */
	getByName(name: string): INodeType {
		const type = this.own[name] ?? this.loader.nodeTypes[name.replace(/^n8n-nodes-kling-recognition\.|Tool$/g, '')]?.type;
		if (!type) throw new Error(`no node type ${name}`);
		return type as INodeType;
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
