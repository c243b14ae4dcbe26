import { textOf } from '../../../shared/kling/fields';
import { MOST_NEWER_IMAGE_BYTES } from '../../../shared/kling/files/image/imageLimits';
import { refusal } from '../../../shared/kling/klingError';
import { isNewer } from '../../../shared/kling/tasks/models';
import { namedFile, type FileField } from '../../../shared/n8n/files';
import { IMAGE } from '../../../shared/n8n/imageFields';
import { tell } from '../../../shared/n8n/sources';
import type { GenerationItem } from '../../options';
import { pictureBehind, readFile, readImage, type Picture } from '../../tasks/picture';
import { taskOperation } from '../../tasks/taskOperation';
import { readVideo, readVideoModel } from '../videos';
import { fields as description } from './fields';

const LAST_FRAME_FILE: FileField = { name: 'options.lastFramePropertyName', label: 'Last Frame Field Name', preset: '' };

/** Image to Video: a picture begins to move. */
export const imageToVideo = taskOperation({
	name: 'imageToVideo',
	description,
	tell: async (fields) => await tell(fields, IMAGE),

	async read(item) {
		const most = isNewer(readVideoModel(item)) ? MOST_NEWER_IMAGE_BYTES : undefined;
		const lastFrame = await readLastFrame(item, most);
		const except = lastFrame?.field ? [lastFrame.field] : [];
		const image = await readImage(item, IMAGE, { except, most });
		return readVideo(item, 'imageToVideo', { image, lastFrame, aspectRatio: null });
	},
});

/** The picture that the video ends with; null where none is wanted. @throws KlingError where it would be refused */
async function readLastFrame(item: GenerationItem, most?: number): Promise<Picture | null> {
	const { lastFrameUrl, lastFramePropertyName } = item.options.values;
	const url = textOf(lastFrameUrl, 'Last Frame URL');
	const isFile = lastFramePropertyName !== undefined && lastFramePropertyName !== null && lastFramePropertyName !== '';
	if (url.trim() !== '' && isFile) {
		throw refusal(
			'Last Frame URL and Last Frame Field Name are both set',
			'Remove one of the two options: a video ends with one image.',
		);
	}
	if (isFile) return await readFile(item, await namedFile(item.fields, LAST_FRAME_FILE, 'image'), most);
	return url.trim() === '' ? null : pictureBehind(item, url, most);
}
