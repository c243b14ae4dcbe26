import type { INodeProperties } from 'n8n-workflow';

import { DEFAULT_MAX_ATTEMPTS, DEFAULT_MAX_CONCURRENCY, DEFAULT_TIMEOUT_S } from '../../shared/n8n/settings';

const recognizeImage = { '/operation': ['recognizeImage'] };
const identifyFace = { '/operation': ['identifyFace'] };
const notAsTool = { '@tool': [true] };

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
			description: "Whether to refuse an input that exceeds Kling's limits here, before it is sent and paid for",
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
			description: 'Whether to download the picture of each face into binary fields (face0, face1, ...), before Kling deletes it',
		},
		{
			displayName: 'Download Image First',
			name: 'downloadImageFirst',
			type: 'boolean',
			displayOptions: { show: { ...recognizeImage, '/imageSource': ['url'] } },
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
				'Whether to download the segment images into binary fields (object, head, face, cloth). Kling deletes them after 30 days.',
		},
		{
			displayName: 'Include Input Fields',
			name: 'includeInputFields',
			type: 'boolean',
			displayOptions: { hide: notAsTool },
			default: false,
			description: 'Whether to keep the fields of the input item beside the result',
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
				'How often an item is tried at most when the provider fails or is busy. Errors that cannot go away are never tried again.',
		},
		{
			displayName: 'Max Concurrent Requests',
			name: 'maxConcurrency',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: DEFAULT_MAX_CONCURRENCY,
			description: "How many requests run at once at most. The node finds the account's own limit below that by itself.",
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
