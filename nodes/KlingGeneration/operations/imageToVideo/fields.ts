import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { longestPromptOf } from '../../../shared/kling/tasks/models';
import { imageFields } from '../../../shared/n8n/imageFields';
import { priceNotice } from '../../../shared/n8n/panel';
import { videoFields } from '../videos';

/** What Image to Video asks for, beside options. */
export const fields: INodeProperties[] = updateDisplayOptions({ show: { operation: ['imageToVideo'] } }, [
	priceNotice('imageToVideo', 'Each run makes a new video.'),
	...imageFields({ source: 'auto', url: '={{ $json.imageUrl }}' }),
	...videoFields({
		placeholder: 'e.g. The woman turns her head and smiles',
		description: `What happens in the video, at most ${longestPromptOf('imageToVideo')}. Models with a dot in their ID need one.`,
	}),
]);
