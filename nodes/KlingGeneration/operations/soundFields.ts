import type { INodeProperties } from 'n8n-workflow';

const LIMITS = 'MP3, WAV, M4A or AAC, at most 5 MB';

/**
 * The fields by which an operation asks for a sound: a URL, a file or the ID of one that Kling made.
 * @param length how long it may be, in words
 */
export function soundFields(length: string): INodeProperties[] {
	return [
		{
			displayName: 'Sound Source',
			name: 'soundSource',
			type: 'options',
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
			displayOptions: { show: { soundSource: ['url'] } },
			default: '',
			required: true,
			placeholder: 'e.g. https://example.com/speech.mp3',
			description: `Public http or https URL of a sound: ${LIMITS}, ${length}`,
		},
		{
			displayName: 'Sound Field Name',
			name: 'soundPropertyName',
			type: 'string',
			displayOptions: { show: { soundSource: ['binary'] } },
			default: 'sound',
			required: true,
			placeholder: 'e.g. sound',
			hint: 'The name of the input field that contains the sound',
			description: `The sound: ${LIMITS}, ${length}`,
		},
		{
			displayName: 'Kling Audio ID',
			name: 'audioId',
			type: 'string',
			displayOptions: { show: { soundSource: ['audioId'] } },
			default: '',
			required: true,
			placeholder: 'e.g. 827297867148050499',
			description: 'ID of a sound that Kling made',
		},
	];
}
