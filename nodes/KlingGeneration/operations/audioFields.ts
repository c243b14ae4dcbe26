import type { INodeProperties } from 'n8n-workflow';

import { fileField, ofWorkflowAndTool, sourceField } from '../../shared/n8n/panel';
import type { Source } from '../../shared/n8n/sources';

const LIMITS = 'MP3, WAV, M4A or AAC, at most 5 MB';

/** How an operation asks for audio. */
export const AUDIO = {
	kind: 'audio',
	choice: { name: 'audioSource', label: 'Audio Source' },
	url: { name: 'audioUrl', label: 'Audio URL' },
	file: { name: 'audioPropertyName', label: 'Audio Field Name', preset: 'data' },
	id: {
		name: 'audioId',
		label: 'Kling Audio ID',
		choice: 'audioId',
		remedy: 'Enter the ID of audio that Kling made, or choose another Audio Source.',
	},
	auto: ['id', 'file', 'url'],
	item: { url: 'audioUrl', id: 'audioId' },
	told: { url: 'audioUrl', id: 'audioId', field: 'audioField', fileName: 'audioFileName' },
} as const satisfies Source;

/**
 * The fields by which an operation asks for audio.
 * @param length how long it may be, in words
 */
export function audioFields(length: string): INodeProperties[] {
	const { choice, url, file, id } = AUDIO;
	return [
		...sourceField(choice, 'Where the audio comes from', 'auto', [
			{
				name: 'From Item',
				value: 'auto',
				description: 'The audioId of the input item, or else its first audio file, or else its audioUrl',
			},
			{ name: 'URL', value: 'url', description: 'The provider fetches the audio from a public URL' },
			{
				name: 'Binary File',
				value: 'binary',
				description: 'The audio comes from a binary field of this item or, by an expression, of another',
			},
			{ name: 'Kling Audio ID', value: 'audioId', description: 'The audio was made by Kling' },
		]),
		...ofWorkflowAndTool({
			displayName: url.label,
			name: url.name,
			type: 'string',
			displayOptions: { show: { audioSource: ['url'] } },
			default: '={{ $json.audioUrl }}',
			required: true,
			placeholder: 'e.g. https://example.com/speech.mp3',
			description: `Public http or https URL of audio: ${LIMITS}, ${length}`,
		}),
		fileField(file, choice.name, 'the audio', `The audio: ${LIMITS}, ${length}`),
		...ofWorkflowAndTool({
			displayName: id.label,
			name: id.name,
			type: 'string',
			displayOptions: { show: { audioSource: ['audioId'] } },
			default: '={{ $json.audioId }}',
			required: true,
			placeholder: 'e.g. 827297867148050499',
			description: 'ID of audio that Kling made',
		}),
	];
}
