import { refusal } from '../../../shared/kling/klingError';
import { avatarBody } from '../../../shared/kling/tasks/taskBodies';
import { readOneOf, readPrompt } from '../../../shared/kling/tasks/taskFields';
import { readText } from '../../../shared/n8n/parameters';
import { readSwitch } from '../../options';
import { base64Bytes, readImage, readSound } from '../../tasks/media';
import { taskOperation } from '../../tasks/taskOperation';
import { fields } from './fields';

const MODES = ['std', 'pro'];

/** Talking Avatar: a portrait speaks. */
export const avatar = taskOperation('avatar', fields, async (item) => {
	const image = await readImage(item);
	const source = await readSound(item, 'avatar');
	const prompt = readPrompt(readText(item, 'prompt'), 'Prompt');
	const { displayName, avatarNeedsPrompt } = item.run.connection.provider;
	if (prompt === null && avatarNeedsPrompt) {
		throw refusal(
			`The prompt is empty, and ${displayName} makes no avatar without one`,
			'Describe in Prompt how the person speaks and moves.',
		);
	}
	const task = {
		image,
		prompt,
		mode: readOneOf(readText(item, 'mode'), 'Mode', MODES) ?? 'std',
		watermark: readSwitch(item.options.values.watermark, 'Watermark'),
	};
	return {
		counted: 'avatar',
		base64Bytes: base64Bytes(image) + source.base64Bytes,
		fields: async () => avatarBody({ ...task, sound: (await source.read()).sound }),
	};
});
