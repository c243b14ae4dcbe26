import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { readFaceIdentification, type FaceIdentification } from '../../shared/kling/faces';
import { refusal } from '../../shared/kling/klingError';
import { checkVideoUrl, readMediaUrl } from '../../shared/kling/mediaUrl';
import { jsonBody } from '../../shared/kling/requestBody';
import type { Download } from '../../shared/n8n/downloads';
import type { Run } from '../../shared/n8n/run';
import type { ItemOptions } from '../../shared/n8n/settings';
import type { Emission, Input, Operation, RunSettings, View } from './operation';

const ONE_FACE = { key: 'oneFace', displayName: 'One Face' };
const SEVERAL_FACES = { key: 'severalFaces', displayName: 'Several Faces' };
const NO_FACE = { key: 'noFace', displayName: 'No Face' };

const showOnly = { operation: ['identifyFace'] };

const description: INodeProperties[] = [
	{
		displayName: 'Video Source',
		name: 'videoSource',
		type: 'options',
		displayOptions: { show: showOnly },
		options: [
			{ name: 'URL', value: 'url', description: 'The provider fetches the video from a public URL' },
			{ name: 'Kling Video ID', value: 'id', description: 'The video was made by Kling in the last 30 days' },
		],
		default: 'url',
		description: 'Where the video comes from',
	},
	{
		displayName: 'Video URL',
		name: 'videoUrl',
		type: 'string',
		displayOptions: { show: { ...showOnly, videoSource: ['url'] } },
		default: '',
		required: true,
		placeholder: 'e.g. https://example.com/clip.mp4',
		description:
			'Public http or https URL of an MP4 or MOV video: at most 100 MB, 2 to 60 seconds, 720p or 1080p, each side 512 to 2160 px',
	},
	{
		displayName: 'Kling Video ID',
		name: 'videoId',
		type: 'string',
		displayOptions: { show: { ...showOnly, videoSource: ['id'] } },
		default: '',
		required: true,
		placeholder: 'e.g. 827297867148050499',
		description: 'ID of a video that Kling made in the last 30 days, at most 60 seconds long',
	},
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		displayOptions: { show: showOnly },
		options: [
			{ name: 'One Item per Face', value: 'face', description: 'One item for each face, with its times and the session ID' },
			{ name: 'One Item per Video', value: 'video', description: 'All faces of a video in one item' },
		],
		default: 'video',
		description: 'How many items come out for each video',
	},
	{
		displayName: 'Branch By',
		name: 'branchBy',
		type: 'options',
		displayOptions: { show: showOnly, hide: { '@tool': [true] } },
		options: [
			{ name: 'Face Count', value: 'faceCount', description: 'Videos leave by One Face, Several Faces or No Face' },
			{ name: 'None', value: 'none', description: 'All items leave by one output' },
		],
		default: 'none',
		description: 'Whether and how the items leave the node by different outputs',
		builderHint: {
			propertyHint:
				'"faceCount" has the outputs One Face, Several Faces and No Face, in this order. Connect paid steps to the first two only; failed items leave by the last output.',
		},
	},
];

async function readInput(run: Run, itemIndex: number, options: ItemOptions): Promise<Input> {
	const parameter = (name: string) => String(run.context.getNodeParameter(name, itemIndex, '') ?? '');
	if (parameter('videoSource') === 'id') {
		const id = parameter('videoId').trim();
		if (id === '') {
			throw refusal('The Kling video ID is empty', 'Enter the ID of a video made by Kling, or choose URL as Video Source.');
		}
		return videoInput({ video_id: id });
	}
	const url = readMediaUrl(parameter('videoUrl'), 'video');
	if (options.checkInput) checkVideoUrl(url);
	return videoInput({ video_url: url });
}

/** Exactly one of the two fields is sent; the provider refuses both filled, and the other one may be left out. */
function videoInput(fields: { video_id: string } | { video_url: string }): Input {
	const bytes = jsonBody(fields);
	return {
		key: `video ${bytes.toString('utf8')}`,
		bytes: bytes.length,
		build: async () => ({ bytes, key: null, recycle: () => {} }),
	};
}

function readView(_run: Run, _itemIndex: number, _options: ItemOptions, settings: RunSettings): View<FaceIdentification> {
	return { emit: (result) => emit(result, settings) };
}

function emit(result: FaceIdentification, { output, branchBy }: RunSettings): Emission[] {
	const branch = branchOf(result.faceCount);
	const perFace = output === 'face' && (result.hasFace || branchBy === 'none');
	return perFace ? faceItems(result, branch) : [videoItem(result, branch)];
}

function branchOf(faceCount: number): string {
	if (faceCount === 0) return NO_FACE.key;
	return faceCount === 1 ? ONE_FACE.key : SEVERAL_FACES.key;
}

function videoItem(result: FaceIdentification, branch: string): Emission {
	const files = result.faces.flatMap(({ faceImageUrl }, index) => file(`face${index}`, faceImageUrl));
	return { branch, json: { ...result } as unknown as IDataObject, files };
}

function faceItems({ faces, sessionId, faceCount, requestId }: FaceIdentification, branch: string): Emission[] {
	return faces.map((face, faceIndex) => ({
		branch,
		json: { ...face, sessionId, faceIndex, faceCount, requestId },
		files: file('face', face.faceImageUrl),
	}));
}

function file(name: string, url: string | null): Download[] {
	return url === null ? [] : [{ name, url }];
}

/** Identify Face: which faces does a video show, from when to when? */
export const identifyFace: Operation<FaceIdentification> = {
	name: 'identifyFace',
	path: '/v1/videos/identify-face',
	expected: 'session or list of faces',
	expiryHint: 'Kling deletes the face images after 30 days. Turn on the option Download Face Images to keep them.',
	outputs: ['video', 'face'],
	branches: { faceCount: [ONE_FACE, SEVERAL_FACES, NO_FACE] },
	description,
	readInput,
	readView,
	readResult: readFaceIdentification,
};
