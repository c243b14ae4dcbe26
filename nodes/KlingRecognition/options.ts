import type { INodeProperties } from 'n8n-workflow';

import { flag, whole } from '../shared/kling/fields';
import type { Fields } from '../shared/n8n/fields';
import { DEFAULT_MAX_ATTEMPTS, DEFAULT_TIMEOUT_S, readOptionValues, readShared, type ItemOptions } from '../shared/n8n/options';
import { notAsTool } from '../shared/n8n/panel';

const DEFAULT_MAX_CONCURRENCY = 10;
export const MAX_CONCURRENCY = { label: 'Max Concurrent Requests', preset: DEFAULT_MAX_CONCURRENCY };

/** The options of one item, with their defaults filled in. */
export interface RecognitionOptions extends ItemOptions {
	downloadImageFirst: boolean;
	detectedOnly: boolean;
}

/** Reads the options of an item. @throws KlingError where one makes no sense */
export function readOptions(fields: Fields): RecognitionOptions {
	const values = readOptionValues(fields);
	return {
		maxAttempts: whole(values.maxAttempts, DEFAULT_MAX_ATTEMPTS, 'Max Attempts'),
		downloadImageFirst: flag(values.downloadImageFirst, false, 'Download Image First'),
		downloadResults: flag(values.downloadResults, false, 'Download Segment Images or Download Face Images'),
		detectedOnly: flag(values.detectedOnly, false, 'Detected Only'),
		...readShared(values),
	};
}

const recognizeImage = { '/operation': ['recognizeImage'] };
const identifyFace = { '/operation': ['identifyFace'] };

/** The options of both operations. */
export const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Check Input Before Sending',
			name: 'checkInput',
			type: 'boolean',
			default: true,
			description:
				"Whether to refuse an input that exceeds Kling's limits here, before it is sent and paid for. What is sent by URL is not looked at, unless Download Image First is on. Of a video file the link is tried, too.",
		},
		{
			displayName: 'Detected Only',
			name: 'detectedOnly',
			type: 'boolean',
			displayOptions: { show: { ...recognizeImage, '/output': ['segment'] } },
			default: false,
			description: 'Whether to leave out segments that were not found in the image',
		},
		{
			displayName: 'Download Face Images',
			name: 'downloadResults',
			type: 'boolean',
			displayOptions: { show: identifyFace, hide: notAsTool },
			default: false,
			description:
				'Whether to download the image of each face into binary fields (face0, face1, ...), before Kling deletes it. Where a name is taken, a number is added (face0_1).',
		},
		{
			displayName: 'Download Image First',
			name: 'downloadImageFirst',
			type: 'boolean',
			displayOptions: { show: { ...recognizeImage, '/imageSource': ['url', 'auto'] } },
			default: false,
			description:
				'Whether to fetch the image in n8n, check it, and send it as Base64. Useful when the provider cannot reach the URL.',
		},
		{
			displayName: 'Download Segment Images',
			name: 'downloadResults',
			type: 'boolean',
			displayOptions: { show: recognizeImage, hide: notAsTool },
			default: false,
			description:
				'Whether to download the segment images into binary fields (object, head, face, cloth). Kling deletes them after 30 days. Where a name is taken, a number is added (face_1).',
		},
		{
			displayName: 'Include Input Fields',
			name: 'includeInputFields',
			type: 'boolean',
			displayOptions: { hide: notAsTool },
			default: false,
			description: 'Whether to keep the fields of the input item beside the result; where both have a field, the result wins',
		},
		{
			displayName: 'Include Raw Response',
			name: 'rawResponse',
			type: 'boolean',
			displayOptions: { hide: notAsTool },
			default: false,
			description: "Whether to add the provider's whole answer under raw",
		},
		{
			displayName: 'Max Attempts',
			name: 'maxAttempts',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: DEFAULT_MAX_ATTEMPTS,
			description:
				'How many requests are sent for an item at most when the provider fails. One that was turned away before it began does not count: the node tries on until the account has taken nothing for a minute. Errors that cannot go away are never tried again.',
		},
		{
			displayName: MAX_CONCURRENCY.label,
			name: 'maxConcurrency',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: DEFAULT_MAX_CONCURRENCY,
			description:
				"How many requests one run of this node has under way at once at most. The account's own limit is found by itself, and shared by all executions in this n8n process.",
		},
		{
			displayName: 'Reuse Results for Identical Inputs',
			name: 'deduplicate',
			type: 'boolean',
			default: true,
			description:
				'Whether to send and pay for identical images or videos only once in an execution. Turn off when the content behind a URL changes meanwhile.',
		},
		{
			displayName: 'Timeout',
			name: 'timeout',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: DEFAULT_TIMEOUT_S,
			description: 'How many seconds one attempt may take in all',
		},
	],
};
