import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { DEFAULT_DURATION } from '../../../shared/kling/tasks/taskFields';
import { imageFields } from '../../../shared/n8n/imageFields';
import { priceNotice } from '../../../shared/n8n/panel';
import { modeField } from '../modeField';
import { videoModelField } from '../modelField';

export const VIDEO_MODES = ['std', 'pro', '4k'] as const;

/** What Image to Video asks for, beside options. */
export const fields: INodeProperties[] = updateDisplayOptions({ show: { operation: ['imageToVideo'] } }, [
	priceNotice('imageToVideo', 'Each run makes a new video.'),
	...imageFields({ source: 'auto', url: '={{ $json.imageUrl }}' }),
	{
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		placeholder: 'e.g. The woman turns her head and smiles',
		description: 'What happens in the video, at most 2500 characters',
	},
	videoModelField,
	{
		displayName: 'Duration',
		name: 'duration',
		type: 'number',
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: DEFAULT_DURATION,
		description: 'How many seconds the video lasts: 5 or 10, with Kling 3.0 from 3 to 15',
	},
	modeField(VIDEO_MODES),
]);
