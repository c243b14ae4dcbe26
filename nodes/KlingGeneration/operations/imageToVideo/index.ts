import { optionalFlag, textOf } from '../../../shared/kling/fields';
import { readMediaUrl } from '../../../shared/kling/mediaUrl';
import { checkModelUse, checkNotRetired } from '../../../shared/kling/tasks/models';
import { imageToVideoBody } from '../../../shared/kling/tasks/taskBodies';
import { readCfgScale, readDuration, readPrompt } from '../../../shared/kling/tasks/taskFields';
import { IMAGE } from '../../../shared/n8n/imageFields';
import { tell } from '../../../shared/n8n/sources';
import { base64Bytes, readImage } from '../../tasks/media';
import { taskOperation } from '../../tasks/taskOperation';
import { readMode } from '../modeField';
import { readModel } from '../modelField';
import { fields as description, VIDEO_MODES } from './fields';

/** Image to Video: a picture begins to move. */
export const imageToVideo = taskOperation({
	name: 'imageToVideo',
	description,
	tell: async (fields) => await tell(fields, IMAGE),

	async read(item) {
		const { fields, options } = item;
		const { values, watermark } = options;
		const model = readModel(fields);
		const { media, url, fileName } = await readImage(item, IMAGE);
		const lastFrame = textOf(values.lastFrameUrl, 'Last Frame URL');
		const task = {
			model,
			image: media,
			lastFrame: lastFrame.trim() === '' ? null : readMediaUrl(lastFrame, 'image'),
			prompt: readPrompt(fields.value('prompt'), 'Prompt'),
			negativePrompt: readPrompt(values.negativePrompt, 'Negative Prompt'),
			duration: readDuration(fields.value('duration')),
			mode: readMode(fields, VIDEO_MODES),
			cfgScale: readCfgScale(values.cfgScale),
			audio: optionalFlag(values.generateAudio, 'Generate Audio') ?? false,
			watermark,
		};
		if (options.checkInput) {
			checkNotRetired(model);
			checkModelUse(model, { ...task, lastFrame: task.lastFrame !== null });
		}
		return {
			counted: model,
			base64Bytes: base64Bytes(media),
			fields: async () => imageToVideoBody(task),
			imageUrl: url,
			fileName,
		};
	},
});
