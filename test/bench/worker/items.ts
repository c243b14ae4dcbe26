import { linkSync, rmSync, statSync, writeFileSync } from 'node:fs';

import { Container } from '@n8n/di';
import { BinaryDataService } from 'n8n-core';
import type { INodeExecutionData } from 'n8n-workflow';

import type { Job } from '../job';
import { pathsOf, urlsOf } from './inputs';

/** n8n's items for a job. */
export async function itemsOf(job: Job): Promise<INodeExecutionData[]> {
	if (job.input.kind === 'url') return urlsOf(job).map((url) => ({ json: { url } }));
	const items: INodeExecutionData[] = [];
	for (const path of pathsOf(job)) items.push({ json: {}, binary: { data: await storedFile(path) } });
	return items;
}

/** A file in n8n's binary data. Its bytes do not pass through this process, whose memory is to be measured. */
async function storedFile(path: string): Promise<NonNullable<INodeExecutionData['binary']>[string]> {
	const service = Container.get(BinaryDataService);
	const description = { fileName: 'image.jpg', mimeType: 'image/jpeg' };
	const place = { type: 'execution', workflowId: 'w', executionId: 'e' } as const;
	const stored = await service.store(place, Buffer.from('placeholder'), { data: '', ...description });
	const kept = service.getPath(stored.id ?? '');
	rmSync(kept);
	linkSync(path, kept);
	const fileSize = statSync(path).size;
	writeFileSync(`${kept}.metadata`, JSON.stringify({ ...description, fileSize }));
	return { ...stored, bytes: fileSize };
}
