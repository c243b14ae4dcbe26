import type { IExecuteFunctions, INodeExecutionData, INodeType } from 'n8n-workflow';

export const LOOP = 'bench.loop';

/** A node as community nodes are usually written: one item after the other, each file whole and as text. */
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
		],
	},
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const items = this.getInputData();
		const results: INodeExecutionData[] = [];
		for (let index = 0; index < items.length; index += 1) {
			try {
				const answer = await this.helpers.httpRequestWithAuthentication.call(this, 'klingRecognitionApi', {
					method: 'POST',
					url: this.getNodeParameter('endpoint', index) as string,
					body: { image: await readImage(this, index) },
					json: true,
				});
				results.push({ json: answer, pairedItem: { item: index } });
			} catch (error) {
				if (!this.continueOnFail()) throw error;
				results.push({ json: { error: (error as Error).message }, pairedItem: { item: index } });
			}
		}
		return [results];
	},
};

async function readImage(context: IExecuteFunctions, index: number): Promise<string> {
	if (context.getNodeParameter('source', index) === 'url') return context.getNodeParameter('url', index) as string;
	return (await context.helpers.getBinaryDataBuffer(index, 'data')).toString('base64');
}
