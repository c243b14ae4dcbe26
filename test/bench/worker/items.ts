import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { INodeExecutionData } from 'n8n-workflow';

import type { Job } from '../job';
import { pathsOf, urlsOf } from './inputs';

/** n8n's items for a job. Files go to n8n's binary data without passing through this process's memory. */
export async function itemsOf(job: Job): Promise<INodeExecutionData[]> {
	if (job.input.kind === 'url') return urlsOf(job).map((url) => ({ json: { url } }));
	const store = Container.get(BinaryDataService);
	const place = { type: 'execution', workflowId: 'w', executionId: 'e' } as const;
	const items: INodeExecutionData[] = [];
	for (const path of pathsOf(job)) {
		const file = await store.copyBinaryFile(place, { data: '', fileName: 'image.jpg', mimeType: 'image/jpeg' }, path);
		items.push({ json: {}, binary: { data: file } });
	}
	return items;
}
