import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

/** What Identify Face asks for. */
export const fields: INodeProperties[] = updateDisplayOptions({ show: { operation: ['identifyFace'] } }, [
	{
		displayName: 'Video Source',
		name: 'videoSource',
		type: 'options',
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
		displayOptions: { show: { videoSource: ['url'] } },
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
		noDataExpression: true,
		displayOptions: { hide: { '@tool': [true] } },
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
]);
