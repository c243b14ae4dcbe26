import type { INodeProperties } from 'n8n-workflow';

import { soundFields } from './mediaFields';

const showOnly = { operation: ['lipSync'] };

/** What Lip-Sync asks for, beside options. An item of Identify Face, One Item per Face, fits as it is. */
export const description: INodeProperties[] = [
	{
		displayName: 'Session ID',
		name: 'sessionId',
		type: 'string',
		displayOptions: { show: showOnly },
		default: '={{ $json.sessionId }}',
		required: true,
		placeholder: 'e.g. 827297867148050499',
		description: 'The session of Identify Face. Kling keeps it for about a day, on the account that identified the faces.',
	},
	{
		displayName: 'Face ID',
		name: 'faceId',
		type: 'string',
		displayOptions: { show: showOnly },
		default: '={{ $json.faceId }}',
		required: true,
		placeholder: 'e.g. 0',
		description: 'The face that speaks',
	},
	{
		displayName: 'Face Start Time',
		name: 'faceStartTime',
		type: 'string',
		displayOptions: { show: showOnly },
		default: '={{ $json.startTime }}',
		placeholder: 'e.g. 0',
		description: 'From when on the face is on screen, in milliseconds',
	},
	{
		displayName: 'Face End Time',
		name: 'faceEndTime',
		type: 'string',
		displayOptions: { show: showOnly },
		default: '={{ $json.endTime }}',
		placeholder: 'e.g. 5200',
		description: 'Until when the face is on screen, in milliseconds',
	},
	...soundFields('lipSync', '2 to 60 seconds long'),
];
