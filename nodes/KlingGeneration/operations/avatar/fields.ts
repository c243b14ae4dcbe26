import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { imageFields } from '../../../shared/n8n/imageFields';
import { soundFields } from '../soundFields';

/** What Talking Avatar asks for, beside options. */
export const fields: INodeProperties[] = updateDisplayOptions({ show: { operation: ['avatar'] } }, [
	...imageFields('={{ $json.imageUrl }}'),
	...soundFields('2 to 300 seconds long'),
	{
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		placeholder: 'e.g. A friendly news presenter in a studio',
		description: 'How the person speaks and moves, at most 2500 characters. CometAPI requires it.',
	},
	{
		displayName: 'Mode',
		name: 'mode',
		type: 'options',
		options: [
			{ name: 'Professional', value: 'pro', description: 'Better and more expensive' },
			{ name: 'Standard', value: 'std', description: 'Faster and cheaper' },
		],
		default: 'std',
		description: 'How well the video is made, and what it costs',
	},
]);
