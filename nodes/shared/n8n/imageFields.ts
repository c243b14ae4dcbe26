import type { INodeProperties } from 'n8n-workflow';

import { fileField, ofWorkflowAndTool, sourceField } from './panel';
import type { Source } from './sources';

/** What Kling takes as an image, in words. */
export const IMAGE_LIMITS = 'at most 10 MB, each side at least 300 px, aspect ratio between 1:2.5 and 2.5:1';

/** How every operation with one image asks for it. */
export const IMAGE = {
	kind: 'image',
	choice: { name: 'imageSource', label: 'Image Source' },
	url: { name: 'imageUrl', label: 'Image URL' },
	file: { name: 'binaryPropertyName', label: 'Input Data Field Name', preset: 'data' },
	base64: { name: 'imageBase64', label: 'Image Base64' },
	auto: ['file', 'url'],
	item: { url: 'imageUrl' },
	told: { url: 'imageUrl', field: 'field', fileName: 'fileName' },
} as const satisfies Source;

/** Where an image comes from, and what its URL field holds, when the node is new. */
export interface Preset {
	source: 'url' | 'auto';
	url: string;
}

/** The fields by which every operation with an image asks for it; a tool of an agent is given the URL. */
export function imageFields({ source, url: urlPreset }: Preset): INodeProperties[] {
	const { choice, url, file, base64 } = IMAGE;
	return [
		...sourceField(choice, 'Where the image comes from', source, [
			{
				name: 'From Item',
				value: 'auto',
				description: 'The first image file of the input item, or else the URL in its field imageUrl',
			},
			{ name: 'URL', value: 'url', description: 'The provider fetches the image from a public URL' },
			{ name: 'Binary File', value: 'binary', description: 'The image comes from a binary field of the input item' },
			{ name: 'Base64', value: 'base64', description: 'The image is given as Base64 text' },
		]),
		...ofWorkflowAndTool({
			displayName: url.label,
			name: url.name,
			type: 'string',
			displayOptions: { show: { [choice.name]: ['url'] } },
			default: urlPreset,
			required: true,
			placeholder: 'e.g. https://example.com/photo.jpg',
			description: `Public http or https URL of a JPEG or PNG image: ${IMAGE_LIMITS}`,
		}),
		fileField(file, choice.name, 'the image', `JPEG or PNG image: ${IMAGE_LIMITS}`),
		{
			displayName: base64.label,
			name: base64.name,
			type: 'string',
			displayOptions: { show: { [choice.name]: ['base64'] } },
			default: '',
			required: true,
			placeholder: 'e.g. iVBORw0KGgo...',
			description: `Base64 text of a JPEG or PNG image, with or without a data URL prefix: ${IMAGE_LIMITS}`,
		},
	];
}
