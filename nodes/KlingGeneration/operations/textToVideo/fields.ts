import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { longestPromptOf } from '../../../shared/kling/tasks/models';
import { priceNotice } from '../../../shared/n8n/panel';
import { videoFields } from '../videos';

/** The forms of a video, one row each. Source: Kling's API reference, "Text to Video". */
export const ASPECT_RATIOS = [
	{ value: '16:9', name: '16:9 (Landscape)' },
	{ value: '9:16', name: '9:16 (Portrait)' },
	{ value: '1:1', name: '1:1 (Square)' },
] as const;

export const DEFAULT_ASPECT_RATIO = '16:9';

/** What Text to Video asks for, beside options. */
export const fields: INodeProperties[] = updateDisplayOptions({ show: { operation: ['textToVideo'] } }, [
	priceNotice('textToVideo', 'Each run makes a new video.'),
	...videoFields({
		required: true,
		placeholder: 'e.g. A news presenter in a bright studio looks into the camera and speaks',
		description: `What the video shows, at most ${longestPromptOf('textToVideo')}`,
	}),
	{
		displayName: 'Aspect Ratio',
		name: 'aspectRatio',
		type: 'options',
		options: [...ASPECT_RATIOS],
		default: DEFAULT_ASPECT_RATIO,
		description: 'The form of the video, width to height',
	},
]);
