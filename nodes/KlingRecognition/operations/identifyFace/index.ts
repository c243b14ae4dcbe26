import { readFaceIdentification, type FaceIdentification } from '../../../shared/kling/faces';
import { refusal } from '../../../shared/kling/klingError';
import { checkVideoUrl, readMediaUrl } from '../../../shared/kling/mediaUrl';
import { jsonBody } from '../../../shared/kling/requestBody';
import { callProvider } from '../../../shared/n8n/call';
import { smallInput } from '../../../shared/n8n/imageInput';
import type { Item, Operation } from '../../../shared/n8n/operation';
import { readText } from '../../../shared/n8n/parameters';
import type { RecognitionOptions } from '../../options';
import { fields } from './fields';
import { branches, emit, type VideoSource } from './items';

/** Identify Face: which faces does a video show, from when to when? */
export const identifyFace: Operation<RecognitionOptions, FaceIdentification> = {
	name: 'identifyFace',
	expiryHint: 'Kling deletes the face images after 30 days. Turn on the option Download Face Images to keep them.',
	outputs: ['video', 'face'],
	branches,
	description: fields,

	/** Exactly one of the two fields is sent; the provider refuses both filled, and the other one may be left out. */
	async readInput(item) {
		const { videoUrl, videoId } = readSource(item);
		if (videoUrl === null) return smallInput(jsonBody({ video_id: videoId! }));
		if (item.options.checkInput) checkVideoUrl(videoUrl);
		return smallInput(jsonBody({ video_url: videoUrl }));
	},

	readView(item) {
		const source = readSource(item);
		return { emit: (result, reused) => emit(result, source, item.settings, reused) };
	},

	async call({ run, options }, body) {
		return await callProvider(run, {
			method: 'POST',
			path: '/v1/videos/identify-face',
			body,
			timeoutMs: options.timeoutMs,
			read: ({ data, requestId }) => readFaceIdentification(data, requestId),
			expected: 'session or list of faces',
		});
	},
};

function readSource(item: Item): VideoSource {
	if (readText(item, 'videoSource') !== 'id')
		return { videoUrl: readMediaUrl(readText(item, 'videoUrl'), 'video'), videoId: null };
	const videoId = readText(item, 'videoId').trim();
	if (videoId === '') {
		throw refusal('The Kling video ID is empty', 'Enter the ID of a video made by Kling, or choose URL as Video Source.');
	}
	return { videoUrl: null, videoId };
}
