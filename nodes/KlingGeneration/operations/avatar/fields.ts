import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { imageFields } from '../../../shared/n8n/imageFields';
import { priceNotice } from '../../../shared/n8n/panel';
import { audioFields } from '../audioFields';
import { modeField } from '../modeField';

export const AVATAR_MODES = ['std', 'pro'] as const;

/** What Talking Avatar asks for, beside options. */
export const fields: INodeProperties[] = updateDisplayOptions({ show: { operation: ['avatar'] } }, [
	priceNotice('avatar', 'Each run makes a new video.'),
	...imageFields({ source: 'auto', url: '={{ $json.imageUrl }}' }),
	...audioFields('2 to 300 seconds long'),
	{
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		placeholder: 'e.g. A friendly news presenter in a studio',
		description: 'How the person speaks and moves, at most 2500 characters. CometAPI requires it.',
	},
	modeField(AVATAR_MODES),
]);
