import { readFaceAnswer, readFaceIdentification, type FaceIdentification } from '../../../shared/kling/recognition/faces';
import { checkVideoUrl } from '../../../shared/kling/files/mediaUrl';
import { checkShareLink } from '../../../shared/kling/files/shareLinks';
import { jsonBody } from '../../../shared/kling/files/requestBody';
import { callProvider } from '../../../shared/n8n/call';
import { smallInput } from '../../../shared/n8n/imageInput';
import type { Input, Operation } from '../../../shared/n8n/operation';
import { find, tell } from '../../../shared/n8n/sources';
import type { RecognitionOptions } from '../../options';
import { fields as description } from './fields';
import { branches, emit, type VideoSource } from './items';
import { VIDEO } from './video';
import { videoFileInput } from './videoFile';

/** Identify Face: which faces does a video show, from when to when? */
export const identifyFace: Operation<RecognitionOptions, FaceIdentification> = {
	name: 'identifyFace',
	outputs: ['face', 'video'],
	branches,
	description,

	tell: async (fields) => await tell(fields, VIDEO),

	async read(item) {
		const { run, settings, fields, options } = item;
		const found = await find(fields, VIDEO);
		const source: VideoSource = {
			videoUrl: 'url' in found ? found.url : null,
			videoId: 'id' in found ? found.id : null,
		};
		if (source.videoUrl !== null && options.checkInput) {
			checkShareLink(source.videoUrl, 'video');
			checkVideoUrl(source.videoUrl);
		}
		const { input, secrets } = 'file' in found ? videoFileInput(item, found.file) : { input: namedInput(source) };
		return {
			input,
			send: async (bytes) =>
				await callProvider(run, {
					method: 'POST',
					path: '/v1/videos/identify-face',
					body: bytes,
					timeoutMs: options.timeoutMs,
					secrets,
					open: readFaceAnswer,
					read: ({ data, requestId }) => readFaceIdentification(data, requestId),
					expected: 'session or list of faces',
				}),
			emit: (result, reused) => emit(result, source, settings, reused),
		};
	},
};

/** The provider refuses both filled, and the other one may be left out. */
function namedInput({ videoUrl, videoId }: VideoSource): Input {
	return smallInput(jsonBody(videoUrl === null ? { video_id: videoId } : { video_url: videoUrl }));
}
