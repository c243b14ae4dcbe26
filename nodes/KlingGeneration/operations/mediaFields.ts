import type { INodeProperties } from 'n8n-workflow';

const LIMITS = 'at most 10 MB, each side at least 300 px, aspect ratio between 1:2.5 and 2.5:1';
const SOUND_LIMITS = 'MP3, WAV, M4A or AAC, at most 5 MB';

/** The fields for the image of an operation: a URL, a file or Base64. */
export function imageFields(operation: string): INodeProperties[] {
	const showOnly = { operation: [operation] };
	return [
		{
			displayName: 'Image Source',
			name: 'imageSource',
			type: 'options',
			displayOptions: { show: showOnly },
			options: [
				{ name: 'Base64', value: 'base64', description: 'The image is given as Base64 text' },
				{ name: 'Binary File', value: 'binary', description: 'The image comes from a binary field of the input item' },
				{ name: 'URL', value: 'url', description: 'The provider fetches the image from a public URL' },
			],
			default: 'url',
			description: 'Where the image comes from',
		},
		{
			displayName: 'Image URL',
			name: 'imageUrl',
			type: 'string',
			displayOptions: { show: { ...showOnly, imageSource: ['url'] } },
			default: '={{ $json.imageUrl }}',
			required: true,
			placeholder: 'e.g. https://example.com/photo.jpg',
			description: `Public http or https URL of a JPEG or PNG image: ${LIMITS}`,
		},
		{
			displayName: 'Input Data Field Name',
			name: 'binaryPropertyName',
			type: 'string',
			displayOptions: { show: { ...showOnly, imageSource: ['binary'] } },
			default: 'data',
			required: true,
			placeholder: 'e.g. data',
			hint: 'The name of the input field that contains the image',
			description: `JPEG or PNG image: ${LIMITS}`,
		},
		{
			displayName: 'Image Base64',
			name: 'imageBase64',
			type: 'string',
			displayOptions: { show: { ...showOnly, imageSource: ['base64'] } },
			default: '',
			required: true,
			placeholder: 'e.g. iVBORw0KGgo...',
			description: `Base64 text of a JPEG or PNG image, with or without a data URL prefix: ${LIMITS}`,
		},
	];
}

/** The fields for the sound of an operation: a URL, a file or the ID of a sound made by Kling. @param length how long it may be, in words */
export function soundFields(operation: string, length: string): INodeProperties[] {
	const showOnly = { operation: [operation] };
	return [
		{
			displayName: 'Sound Source',
			name: 'soundSource',
			type: 'options',
			displayOptions: { show: showOnly },
			options: [
				{ name: 'Binary File', value: 'binary', description: 'The sound comes from a binary field of the input item' },
				{ name: 'Kling Audio ID', value: 'audioId', description: 'The sound was made by Kling' },
				{ name: 'URL', value: 'url', description: 'The provider fetches the sound from a public URL' },
			],
			default: 'url',
			description: 'Where the sound comes from',
		},
		{
			displayName: 'Sound URL',
			name: 'soundUrl',
			type: 'string',
			displayOptions: { show: { ...showOnly, soundSource: ['url'] } },
			default: '',
			required: true,
			placeholder: 'e.g. https://example.com/speech.mp3',
			description: `Public http or https URL of a sound: ${SOUND_LIMITS}, ${length}`,
		},
		{
			displayName: 'Sound Field Name',
			name: 'soundPropertyName',
			type: 'string',
			displayOptions: { show: { ...showOnly, soundSource: ['binary'] } },
			default: 'sound',
			required: true,
			placeholder: 'e.g. sound',
			hint: 'The name of the input field that contains the sound',
			description: `The sound: ${SOUND_LIMITS}, ${length}`,
		},
		{
			displayName: 'Kling Audio ID',
			name: 'audioId',
			type: 'string',
			displayOptions: { show: { ...showOnly, soundSource: ['audioId'] } },
			default: '',
			required: true,
			placeholder: 'e.g. 827297867148050499',
			description: 'ID of a sound that Kling made',
		},
	];
}
