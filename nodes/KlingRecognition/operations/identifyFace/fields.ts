import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { branchByField } from '../../../shared/n8n/branchByField';
import { fileField, notAsTool, priceNotice, sourceField } from '../../../shared/n8n/panel';
import { VIDEO } from './video';

const VIDEO_LIMITS = 'at most 100 MB, 2 to 60 seconds, 720p or 1080p, each side 512 to 2160 px';

/** What Identify Face asks for. */
export const fields: INodeProperties[] = updateDisplayOptions({ show: { operation: ['identifyFace'] } }, [
	priceNotice('identifyFace', 'The answer comes at once.'),
	...sourceField(VIDEO.choice, 'Where the video comes from', 'url', [
		{
			name: 'From Item',
			value: 'auto',
			description: 'The videoId of the input item, or else its first video file, or else its videoUrl',
		},
		{ name: 'URL', value: 'url', description: 'The provider fetches the video from a public URL' },
		{
			name: 'Binary File',
			value: 'binary',
			description: 'The video comes from a binary field of the input item; the provider fetches it from this n8n',
		},
		{ name: 'Kling Video ID', value: 'id', description: 'The video was made by Kling in the last 30 days' },
	]),
	{
		displayName: VIDEO.url.label,
		name: VIDEO.url.name,
		type: 'string',
		displayOptions: { show: { videoSource: ['url'] } },
		default: '',
		required: true,
		placeholder: 'e.g. https://example.com/clip.mp4',
		description: `Public http or https URL of an MP4 or MOV video: ${VIDEO_LIMITS}`,
	},
	fileField(VIDEO.file, VIDEO.choice.name, 'the video', `MP4 or MOV video: ${VIDEO_LIMITS}`),
	{
		displayName:
			'The provider fetches a video file from this n8n, by a signed link that is valid for an hour. That takes n8n 1.90 or later, stored binary data (not in memory), and a WEBHOOK_URL that the internet reaches.',
		name: 'videoFileNotice',
		type: 'notice',
		displayOptions: { show: { videoSource: ['binary', 'auto'] }, hide: notAsTool },
		default: '',
	},
	{
		displayName: VIDEO.id.label,
		name: VIDEO.id.name,
		type: 'string',
		displayOptions: { show: { videoSource: ['id'] } },
		default: '',
		required: true,
		placeholder: 'e.g. 827297867148050499',
		description: 'ID of a video that Kling made in the last 30 days, at most 60 seconds long',
	},
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{
				name: 'One Item per Face',
				value: 'face',
				description: 'One item for each face, with its times and the session ID, as Lip-Sync takes it',
			},
			{ name: 'One Item per Video', value: 'video', description: 'All faces of a video in one item' },
		],
		default: 'face',
		description: 'How many items come out for each video',
	},
	branchByField(
		[
			{ name: 'Face Count', value: 'faceCount', description: 'Videos go to One Face, Several Faces or No Face' },
			{
				name: 'Lip-Sync Ready',
				value: 'lipSyncReady',
				description: 'Faces that are on screen for at least 2 seconds go to Ready, all others to Not Ready',
			},
		],
		'"lipSyncReady" has the outputs Ready and Not Ready, "faceCount" has One Face, Several Faces and No Face, in this order. Connect paid steps to Ready, or to the first two; failed items go to the last output.',
	),
]);
