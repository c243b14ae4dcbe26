import { choice, requiredText } from '../../../shared/kling/fields';
import { attempt } from '../../../shared/n8n/sources';
import { taskOperation } from '../../tasks/taskOperation';
import { readVideo } from '../videos';
import { ASPECT_RATIOS, DEFAULT_ASPECT_RATIO, fields as description } from './fields';

/** Text to Video: a video that begins with nothing but words. */
export const textToVideo = taskOperation({
	name: 'textToVideo',
	description,
	tell: async (fields) => ({ prompt: attempt(() => fields.text('prompt', '')) }),

	async read(item) {
		const { fields } = item;
		requiredText(fields.value('prompt'), 'Prompt', 'Describe in Prompt what the video shows.');
		const ratios = ASPECT_RATIOS.map(({ value }) => value);
		const aspectRatio = choice(fields.value('aspectRatio'), 'Aspect Ratio', ratios) ?? DEFAULT_ASPECT_RATIO;
		return readVideo(item, 'textToVideo', { image: null, lastFrame: null, aspectRatio });
	},
});
