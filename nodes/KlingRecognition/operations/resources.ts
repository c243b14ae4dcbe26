import { priceOf } from '../../shared/kling/prices';
import type { Resource } from '../../shared/n8n/resources';

/** The operations, and what is said of each. */
export const RESOURCES: readonly Resource[] = [
	{
		value: 'media',
		name: 'Media',
		operations: [
			{
				value: 'recognizeImage',
				name: 'Recognize Image',
				description: 'Find out whether an image contains a subject, a head, a face or clothing',
				action: 'Recognize an image',
				tool: `Find out what an image shows before paying for a video of it: whether it contains a subject (hasObject), a head (hasHead), a face (hasFace) and clothing (hasCloth). It costs money, ${priceOf('recognizeImage')}, and answers at once.`,
			},
			{
				value: 'identifyFace',
				name: 'Identify Face',
				description: 'Find the faces in a video, and from when to when each is on screen',
				action: 'Identify faces in a video',
				tool: `List the faces in a video with their times in milliseconds, and whether each is on screen long enough for a lip-sync (lipSyncReady). It costs money, ${priceOf('identifyFace')}, and answers at once.`,
			},
		],
	},
];
