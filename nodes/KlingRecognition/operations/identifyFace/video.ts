import { canServe } from '../../../shared/n8n/servedFile';
import type { Source } from '../../../shared/n8n/sources';

/** How Identify Face asks for its video. */
export const VIDEO = {
	kind: 'video',
	choice: { name: 'videoSource', label: 'Video Source' },
	url: { name: 'videoUrl', label: 'Video URL' },
	file: { name: 'binaryPropertyName', label: 'Input Data Field Name', preset: 'data' },
	id: {
		name: 'videoId',
		label: 'Kling Video ID',
		choice: 'id',
		remedy: 'Enter the ID of a video made by Kling, or choose URL as Video Source.',
	},
	auto: ['id', 'file', 'url'],
	canSend: canServe,
	item: { url: 'videoUrl', id: 'videoId' },
	told: { url: 'videoUrl', id: 'videoId', field: 'field', fileName: 'fileName' },
} as const satisfies Source;
