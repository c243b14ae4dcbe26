import { readMediaUrl } from '../../../shared/kling/mediaUrl';
import { checkModelUse, checkNotRetired } from '../../../shared/kling/tasks/models';
import { imageToVideoBody } from '../../../shared/kling/tasks/taskBodies';
import { readCfgScale, readDuration, readOneOf, readPrompt } from '../../../shared/kling/tasks/taskFields';
import { readText } from '../../../shared/n8n/parameters';
import { readSwitch } from '../../options';
import { base64Bytes, readImage } from '../../tasks/media';
import { taskOperation } from '../../tasks/taskOperation';
import { readModel } from '../modelField';
import { fields } from './fields';

const MODES = ['std', 'pro', '4k'];

/** Image to Video: a picture begins to move. */
export const imageToVideo = taskOperation('imageToVideo', fields, async (item) => {
	const { values, checkInput } = item.options;
	const model = readModel(item);
	const lastFrame = String(values.lastFrameUrl ?? '');
	const task = {
		model,
		image: await readImage(item),
		lastFrame: lastFrame.trim() === '' ? null : readMediaUrl(lastFrame, 'image'),
		prompt: readPrompt(readText(item, 'prompt'), 'Prompt'),
		negativePrompt: readPrompt(values.negativePrompt, 'Negative Prompt'),
		duration: readDuration(readText(item, 'duration')),
		mode: readOneOf(readText(item, 'mode'), 'Mode', MODES),
		cfgScale: readCfgScale(values.cfgScale),
		sound: readSwitch(values.sound, 'Sound'),
		watermark: readSwitch(values.watermark, 'Watermark'),
	};
	if (checkInput) {
		checkNotRetired(model);
		checkModelUse(model, { ...task, lastFrame: task.lastFrame !== null, sound: task.sound === true });
	}
	return { counted: model, base64Bytes: base64Bytes(task.image), fields: async () => imageToVideoBody(task) };
});
