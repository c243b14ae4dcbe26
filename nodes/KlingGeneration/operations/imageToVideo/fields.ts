import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { imageFields } from '../../../shared/n8n/imageFields';
import { videoModelField } from '../modelField';

/** What Image to Video asks for, beside options. */
export const fields: INodeProperties[] = updateDisplayOptions({ show: { operation: ['imageToVideo'] } }, [
	...imageFields('={{ $json.imageUrl }}'),
	videoModelField,
	{
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		placeholder: 'e.g. The woman turns her head and smiles',
		description: 'What happens in the video, at most 2500 characters',
	},
	{
		displayName: 'Duration',
		name: 'duration',
		type: 'string',
		default: '',
		placeholder: 'e.g. 5',
		description: "How many seconds the video lasts: 5 or 10, with kling-v3 from 3 to 15. Leave empty for Kling's default.",
	},
	{
		displayName: 'Mode',
		name: 'mode',
		type: 'options',
		options: [
			{ name: '4K', value: '4k', description: 'With kling-v3 only' },
			{ name: 'Kling Default', value: '', description: 'No mode is sent' },
			{ name: 'Professional', value: 'pro', description: 'Better and more expensive' },
			{ name: 'Standard', value: 'std', description: 'Faster and cheaper' },
		],
		default: '',
		description: 'How well the video is made, and what it costs',
	},
]);
