import type { INodeProperties } from 'n8n-workflow';

import { imageFields, soundFields } from './mediaFields';

const showOnly = { operation: ['avatar'] };

/** What Talking Avatar asks for, beside options. */
export const description: INodeProperties[] = [
	...imageFields('avatar'),
	...soundFields('avatar', '2 to 300 seconds long'),
	{
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 3 },
		displayOptions: { show: showOnly },
		default: '',
		placeholder: 'e.g. A friendly news presenter in a studio',
		description: 'How the person speaks and moves, at most 2500 characters. CometAPI requires it.',
	},
	{
		displayName: 'Mode',
		name: 'mode',
		type: 'options',
		displayOptions: { show: showOnly },
		options: [
			{ name: 'Professional', value: 'pro', description: 'Better and more expensive' },
			{ name: 'Standard', value: 'std', description: 'Faster and cheaper' },
		],
		default: 'std',
		description: 'How well the video is made, and what it costs',
	},
];
