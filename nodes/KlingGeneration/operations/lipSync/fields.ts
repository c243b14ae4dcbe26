import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { ofWorkflowAndTool, priceNotice } from '../../../shared/n8n/panel';
import { audioFields } from '../audioFields';

/** The face that speaks; an item of Identify Face, One Item per Face, fills them as it is. */
const FACE: INodeProperties[] = [
	{
		displayName: 'Session ID',
		name: 'sessionId',
		type: 'string',
		default: '={{ $json.sessionId }}',
		required: true,
		placeholder: 'e.g. 827297867148050499',
		description: 'The session of Identify Face. Kling keeps it for about a day, on the account that identified the faces.',
	},
	{
		displayName: 'Face ID',
		name: 'faceId',
		type: 'string',
		default: '={{ $json.faceId }}',
		required: true,
		placeholder: 'e.g. 0',
		description: 'The face that speaks',
	},
	{
		displayName: 'Face Start Time',
		name: 'faceStartTime',
		type: 'string',
		default: '={{ $json.startTime }}',
		placeholder: 'e.g. 0',
		description: 'From when on the face is on screen, in milliseconds',
	},
	{
		displayName: 'Face End Time',
		name: 'faceEndTime',
		type: 'string',
		default: '={{ $json.endTime }}',
		placeholder: 'e.g. 5200',
		description: 'Until when the face is on screen, in milliseconds',
	},
];

/** What Lip-Sync asks for, beside options: what people choose comes before what fills itself. */
export const fields: INodeProperties[] = updateDisplayOptions({ show: { operation: ['lipSync'] } }, [
	priceNotice('lipSync', 'Each run makes a new video.'),
	...audioFields('2 to 60 seconds long'),
	...FACE.flatMap(ofWorkflowAndTool),
]);
