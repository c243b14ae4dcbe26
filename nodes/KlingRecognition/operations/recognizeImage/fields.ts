import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { SEGMENTS } from '../../../shared/kling/recognition/segments';
import { branchByField } from '../../../shared/n8n/branchByField';
import { imageFields } from '../../../shared/n8n/imageFields';
import { notAsTool, priceNotice } from '../../../shared/n8n/panel';

/** What Recognize Image asks for. */
export const fields: INodeProperties[] = updateDisplayOptions({ show: { operation: ['recognizeImage'] } }, [
	priceNotice('recognizeImage', 'The answer comes at once.'),
	...imageFields({ source: 'url', url: '' }),
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{ name: 'One Item per Image', value: 'image', description: 'Flags for object, head, face and clothing in one item' },
			{ name: 'One Item per Segment', value: 'segment', description: 'One item each for object, head, face and clothing' },
		],
		default: 'image',
		description: 'How many items come out for each image',
	},
	branchByField(
		[
			{
				name: 'Requirement',
				value: 'requirement',
				description: 'Images that contain what you require go to Match, all others to No Match',
			},
			{
				name: 'Segment',
				value: 'segment',
				description: 'An image goes to the output of each segment that was found in it, or to None',
			},
		],
		'Set this instead of adding an IF or Switch node. "requirement" has the outputs Match and No Match, "segment" has Object, Head, Face, Clothing and None, in this order. Connect paid steps to Match or to a segment output only; failed items go to the last output.',
	),
	{
		displayName: 'Required Segments',
		name: 'requiredSegments',
		type: 'multiOptions',
		displayOptions: { show: { branchBy: ['requirement'] }, hide: notAsTool },
		options: SEGMENTS.map(({ name, label, description }) => ({ name: label, value: name, description })),
		default: ['face'],
		required: true,
		description: 'What an image must contain to go to Match',
	},
	{
		displayName: 'Required Match',
		name: 'requiredMatch',
		type: 'options',
		displayOptions: { show: { branchBy: ['requirement'] }, hide: notAsTool },
		options: [
			{ name: 'All Segments', value: 'all', description: 'The image must contain every required segment' },
			{ name: 'Any Segment', value: 'any', description: 'One of the required segments is enough' },
		],
		default: 'all',
		description: 'How many of the required segments an image must contain',
	},
]);
