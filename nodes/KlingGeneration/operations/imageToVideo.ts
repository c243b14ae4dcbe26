import type { INodeProperties } from 'n8n-workflow';

import { imageFields } from './mediaFields';
import { videoModelField } from './modelField';

const showOnly = { operation: ['imageToVideo'] };

/** What Image to Video asks for, beside options. */
export const description: INodeProperties[] = [
	...imageFields('imageToVideo'),
	videoModelField,
	{
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 3 },
		displayOptions: { show: showOnly },
		default: '',
		placeholder: 'e.g. The woman turns her head and smiles',
		description: 'What happens in the video, at most 2500 characters',
	},
	{
		displayName: 'Duration',
		name: 'duration',
		type: 'string',
		displayOptions: { show: showOnly },
		default: '',
		placeholder: 'e.g. 5',
		description: "How many seconds the video lasts: 5 or 10, with kling-v3 from 3 to 15. Leave empty for Kling's default.",
	},
	{
		displayName: 'Mode',
		name: 'mode',
		type: 'options',
		displayOptions: { show: showOnly },
		options: [
			{ name: '4K', value: '4k', description: 'With kling-v3 only' },
			{ name: 'Kling Default', value: '', description: 'No mode is sent' },
			{ name: 'Professional', value: 'pro', description: 'Better and more expensive' },
			{ name: 'Standard', value: 'std', description: 'Faster and cheaper' },
		],
		default: '',
		description: 'How well the video is made, and what it costs',
	},
];
