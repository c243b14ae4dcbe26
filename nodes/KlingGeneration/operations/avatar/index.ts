import { refusal } from '../../../shared/kling/klingError';
import { avatarBody } from '../../../shared/kling/tasks/taskBodies';
import { readPrompt } from '../../../shared/kling/tasks/taskFields';
import { routeOf } from '../../../shared/kling/tasks/taskRoutes';
import { IMAGE } from '../../../shared/n8n/imageFields';
import { tell } from '../../../shared/n8n/sources';
import { refuseUnfit } from '../../tasks/fitness';
import { readAudio } from '../../tasks/audio';
import { base64Bytes, fetchedOf } from '../../tasks/mediaFile';
import { readImage } from '../../tasks/picture';
import { taskOperation } from '../../tasks/taskOperation';
import { AUDIO } from '../audioFields';
import { readMode } from '../modeField';
import { AVATAR_MODES, fields as description } from './fields';

/** Talking Avatar: a portrait speaks. */
export const avatar = taskOperation({
	name: 'avatar',
	description,
	tell: async (fields) => await tell(fields, IMAGE),

	async read(item) {
		const { fields, options, run } = item;
		refuseUnfit(item, {
			hasFace: 'The image shows no face that could speak',
			hasHead: 'The image shows no head that could speak',
		});
		const { media, url, fileName } = await readImage(item, IMAGE);
		const prompt = readPrompt(fields.value('prompt'), 'Prompt');
		const { displayName, avatarNeedsPrompt } = run.connection.provider;
		if (prompt === null && avatarNeedsPrompt) {
			throw refusal(
				`The prompt is empty, and ${displayName} makes no avatar without one`,
				'Describe in Prompt how the person speaks and moves.',
			);
		}
		const mode = readMode(fields, AVATAR_MODES);
		const { audio, base64Bytes: audioBytes, fetched } = await readAudio(item, AUDIO, 'avatar');
		const task = { image: media, audio, prompt, mode, watermark: options.watermark };
		return {
			route: routeOf('avatar'),
			counted: 'avatar',
			base64Bytes: base64Bytes(media) + audioBytes,
			fetched: [...fetchedOf(media), ...fetched],
			fields: async () => avatarBody(task),
			imageUrl: url,
			fileName,
		};
	},
});
