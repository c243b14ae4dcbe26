import { priceOf, type Priced } from '../../shared/kling/prices';
import type { Resource } from '../../shared/n8n/resources';

/** What a model has to know of a call that is paid for. */
const paid = (operation: Priced) =>
	`It costs money: ${priceOf(operation)}, for each call. It answers with a taskId at once; the result is fetched later with a Get Task tool, which is free. Never ask for the same thing twice: ask for its taskId.`;

/** The operations as n8n groups them, and what is said of each. */
export const RESOURCES: readonly Resource[] = [
	{
		value: 'video',
		name: 'Video',
		operations: [
			{
				value: 'imageToVideo',
				name: 'Image to Video',
				description: 'Make a video that begins with an image',
				action: 'Make a video from an image',
				tool: `Make a video that begins with an image, with the Kling API. ${paid('imageToVideo')}`,
			},
			{
				value: 'textToVideo',
				name: 'Text to Video',
				description: 'Make a video from words alone',
				action: 'Make a video from text',
				tool: `Make a video from words alone, with the Kling API. ${paid('textToVideo')}`,
			},
			{
				value: 'lipSync',
				name: 'Lip-Sync',
				description: 'Make a face in a video speak other audio, after Identify Face',
				action: 'Make a lip sync',
				tool: `Make a face in a video speak other audio, with the Kling API. It needs the session and a face that Identify Face found. ${paid('lipSync')}`,
			},
			{
				value: 'avatar',
				name: 'Talking Avatar',
				description: 'Make a video in which a portrait speaks audio',
				action: 'Make a talking avatar',
				tool: `Make a video in which a portrait speaks audio, with the Kling API. ${paid('avatar')}`,
			},
		],
	},
	{
		value: 'image',
		name: 'Image',
		operations: [
			{
				value: 'virtualTryOn',
				name: 'Virtual Try-On',
				description: 'Make an image of a person who wears the clothing of another image',
				action: 'Make a virtual try on',
				tool: `Make an image of a person who wears the clothing of another image, with the Kling API. ${paid('virtualTryOn')}`,
			},
		],
	},
	{
		value: 'audio',
		name: 'Audio',
		operations: [
			{
				value: 'textToSpeech',
				name: 'Text to Speech',
				description: 'Make speech from a text, for Talking Avatar and Lip-Sync',
				action: 'Make speech from text',
				tool: `Make speech from a text of at most 1000 characters, in English or Chinese, with the Kling API. It costs money, ${priceOf('textToSpeech')}, and answers at once with an audioUrl, and an audioId that a talking avatar or a lip-sync can speak.`,
			},
		],
	},
	{
		value: 'task',
		name: 'Task',
		operations: [
			{
				value: 'getTask',
				name: 'Get Task',
				description: 'Get the result of a task that was created before; costs nothing',
				action: 'Get a task',
				tool: 'Get what has become of a Kling task, by the taskId and the operation that a tool which makes something answered with. It is free, and makes nothing. While status is submitted or processing, ask again later: it takes some minutes. When it is succeeded, videoUrl or imageUrl has the result.',
			},
			{
				value: 'getTasks',
				name: 'Get Many Tasks',
				description: 'Get the latest tasks of the account; costs nothing',
				action: 'Get many tasks',
				tool: 'Get the latest Kling tasks of one kind that the account has made, the newest first: which there are, how far each is, and where its result is. It is free, and makes nothing. Use it where a taskId is not known; where it is, use a Get Task tool.',
			},
		],
	},
];
