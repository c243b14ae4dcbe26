import { readFaceAnswer, readFaceIdentification, type FaceIdentification } from '../../../shared/kling/faces';
import { checkVideoUrl } from '../../../shared/kling/mediaUrl';
import { jsonBody } from '../../../shared/kling/requestBody';
import { callProvider } from '../../../shared/n8n/call';
import { smallInput } from '../../../shared/n8n/imageInput';
import type { Operation } from '../../../shared/n8n/operation';
import { find, tell } from '../../../shared/n8n/sources';
import type { RecognitionOptions } from '../../options';
import { fields as description } from './fields';
import { branches, emit, type VideoSource } from './items';
import { VIDEO } from './video';

/** Identify Face: which faces does a video show, from when to when? */
export const identifyFace: Operation<RecognitionOptions, FaceIdentification> = {
	name: 'identifyFace',
	outputs: ['face', 'video'],
	branches,
	description,

	tell: async (fields) => await tell(fields, VIDEO),

	async read({ run, settings, fields, options }) {
		const found = await find(fields, VIDEO);
		const source: VideoSource = {
			videoUrl: 'url' in found ? found.url : null,
			videoId: 'id' in found ? found.id : null,
		};
		if (source.videoUrl !== null && options.checkInput) checkVideoUrl(source.videoUrl);
		// The provider refuses both filled, and the other one may be left out.
		const body = source.videoUrl === null ? { video_id: source.videoId } : { video_url: source.videoUrl };
		return {
			input: smallInput(jsonBody(body)),
			send: async (bytes) =>
				await callProvider(run, {
					method: 'POST',
					path: '/v1/videos/identify-face',
					body: bytes,
					timeoutMs: options.timeoutMs,
					open: readFaceAnswer,
					read: ({ data, requestId }) => readFaceIdentification(data, requestId),
					expected: 'session or list of faces',
				}),
			emit: (result, reused) => emit(result, source, settings, reused),
		};
	},
};
