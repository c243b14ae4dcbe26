import type { INodeProperties } from 'n8n-workflow';

/** What Kling takes as an image, in words. */
export const IMAGE_LIMITS = 'at most 10 MB, each side at least 300 px, aspect ratio between 1:2.5 and 2.5:1';

/**
 * The fields by which every operation with an image asks for it.
 * @param urlDefault what the URL field holds when the node is new
 */
export function imageFields(urlDefault = ''): INodeProperties[] {
	return [
		{
			displayName: 'Image Source',
			name: 'imageSource',
			type: 'options',
			options: [
				{ name: 'URL', value: 'url', description: 'The provider fetches the image from a public URL' },
				{ name: 'Binary File', value: 'binary', description: 'The image comes from a binary field of the input item' },
				{ name: 'Base64', value: 'base64', description: 'The image is given as Base64 text' },
			],
			default: 'url',
			description: 'Where the image comes from',
		},
		{
			displayName: 'Image URL',
			name: 'imageUrl',
			type: 'string',
			displayOptions: { show: { imageSource: ['url'] } },
			default: urlDefault,
			required: true,
			placeholder: 'e.g. https://example.com/photo.jpg',
			description: `Public http or https URL of a JPEG or PNG image: ${IMAGE_LIMITS}`,
		},
		{
			displayName: 'Input Data Field Name',
			name: 'binaryPropertyName',
			type: 'string',
			displayOptions: { show: { imageSource: ['binary'] } },
			default: 'data',
			required: true,
			placeholder: 'e.g. data',
			hint: 'The name of the input field that contains the image',
			description: `JPEG or PNG image: ${IMAGE_LIMITS}`,
		},
		{
			displayName: 'Image Base64',
			name: 'imageBase64',
			type: 'string',
			displayOptions: { show: { imageSource: ['base64'] } },
			default: '',
			required: true,
			placeholder: 'e.g. iVBORw0KGgo...',
			description: `Base64 text of a JPEG or PNG image, with or without a data URL prefix: ${IMAGE_LIMITS}`,
		},
	];
}
