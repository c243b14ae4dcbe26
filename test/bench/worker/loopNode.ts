import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

export const LOOP = 'bench.loop';

/** A node that does nothing but the calls; one after the other, as community nodes are usually written, or several at once. */
export const loopNode: INodeType = {
	description: {
		displayName: 'Loop',
		name: 'loop',
		group: ['transform'],
		version: 1,
		description: '',
		defaults: { name: 'Loop' },
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: 'klingRecognitionApi', required: true }],
		properties: [
			{ displayName: 'Source', name: 'source', type: 'string', default: '' },
			{ displayName: 'URL', name: 'url', type: 'string', default: '' },
			{ displayName: 'Endpoint', name: 'endpoint', type: 'string', default: '' },
			{ displayName: 'At Once', name: 'atOnce', type: 'number', default: 1 },
		],
	},
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const indexes = this.getInputData().keys();
		const results: INodeExecutionData[] = [];
		const workOff = async () => {
			for (const index of indexes) results[index] = { json: await call(this, index), pairedItem: { item: index } };
		};
		await Promise.all(Array.from({ length: this.getNodeParameter('atOnce', 0) as number }, workOff));
		return [results];
	},
};

async function call(context: IExecuteFunctions, index: number): Promise<IDataObject> {
	try {
		return (await context.helpers.httpRequestWithAuthentication.call(context, 'klingRecognitionApi', {
			method: 'POST',
			url: context.getNodeParameter('endpoint', index) as string,
			body: { image: await readImage(context, index) },
			json: true,
		})) as IDataObject;
	} catch (error) {
		if (!context.continueOnFail()) throw error;
		return { error: (error as Error).message };
	}
}

async function readImage(context: IExecuteFunctions, index: number): Promise<string> {
	if (context.getNodeParameter('source', index) === 'url') return context.getNodeParameter('url', index) as string;
	return (await context.helpers.getBinaryDataBuffer(index, 'data')).toString('base64');
}
