import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { isUnset } from '../shared/kling/values';
import type { Item } from '../shared/n8n/operation';
import {
	DEFAULT_MAX_ATTEMPTS,
	DEFAULT_TIMEOUT_S,
	flag,
	positive,
	readOptionValues,
	readShared,
	type ItemOptions,
} from '../shared/n8n/options';
import { isTool } from '../shared/n8n/settings';

export const DEFAULT_MAX_CONCURRENCY = 5;
const DEFAULT_MAX_WAIT_MINUTES = 30;

/** The options of one item, with their defaults filled in. */
export interface GenerationOptions extends ItemOptions {
	wait: boolean;
	maxWaitMs: number;
	/** The binary field of the result; null: by what is made. */
	outputPropertyName: string | null;
	/** Those that operations read by themselves, as they were set. */
	values: Readonly<Record<string, unknown>>;
}

export type GenerationItem = Item<GenerationOptions>;

/** Reads the options of an item. @throws KlingError where one makes no sense */
export function readOptions(context: IExecuteFunctions, itemIndex: number): GenerationOptions {
	const values = readOptionValues(context, itemIndex);
	const inWorkflow = !isTool(context);
	return {
		values,
		wait: flag(context.getNodeParameter('wait', itemIndex, null), inWorkflow, 'Wait Until Done'),
		maxWaitMs: positive(values.maxWait, DEFAULT_MAX_WAIT_MINUTES, 'Max Wait') * 60_000,
		maxAttempts: DEFAULT_MAX_ATTEMPTS,
		downloadResults: flag(values.downloadResult, inWorkflow, 'Download Result'),
		outputPropertyName: String(values.outputPropertyName ?? '').trim() || null,
		...readShared(values),
	};
}

/** Reads a switch that is sent only where it was set. @throws KlingError where it is none */
export function readSwitch(value: unknown, label: string): boolean | null {
	return isUnset(value) ? null : flag(value, false, label);
}

const imageToVideo = { '/operation': ['imageToVideo'] };
const lipSync = { '/operation': ['lipSync'] };
const creates = { '/operation': ['imageToVideo', 'lipSync', 'avatar', 'virtualTryOn'] };
const videos = { '/operation': ['imageToVideo', 'lipSync', 'avatar', 'getTask'] };
const notAsTool = { '@tool': [true] };

const WAIT: INodeProperties = {
	displayName: 'Wait Until Done',
	name: 'wait',
	type: 'boolean',
	default: true,
	description: 'Whether to wait for the result. Otherwise the task comes out at once, and Get Task fetches the result later.',
};

/** Whether to wait for the result; an agent need not. */
export const waitFields: INodeProperties[] = [
	{ ...WAIT, displayOptions: { hide: notAsTool } },
	{ ...WAIT, default: false, displayOptions: { show: { '@tool': [true] } } },
];

/** The options of all operations. */
export const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'CFG Scale',
			name: 'cfgScale',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
			displayOptions: { show: imageToVideo },
			default: 0.5,
			description: 'How closely the video follows the prompt, from 0 to 1',
		},
		{
			displayName: 'Check Input Before Sending',
			name: 'checkInput',
			type: 'boolean',
			displayOptions: { show: creates },
			default: true,
			description: "Whether to refuse an input that exceeds Kling's limits here, before it is sent and paid for",
		},
		{
			displayName: 'Download Result',
			name: 'downloadResult',
			type: 'boolean',
			displayOptions: { hide: notAsTool },
			default: true,
			description: 'Whether to download the result into a binary field. Kling deletes it after 30 days.',
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
			displayName: 'Insert At',
			name: 'insertAt',
			type: 'number',
			typeOptions: { minValue: 0 },
			displayOptions: { show: lipSync },
			default: 0,
			description: 'Where in the video the sound begins, in milliseconds. Not set: where the face appears.',
		},
		{
			displayName: 'Last Frame URL',
			name: 'lastFrameUrl',
			type: 'string',
			displayOptions: { show: imageToVideo },
			default: '',
			placeholder: 'e.g. https://example.com/last.jpg',
			description: 'Public URL of the image that the video ends with. Models differ in where they take one.',
		},
		{
			displayName: 'Max Concurrent Tasks',
			name: 'maxConcurrency',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			default: DEFAULT_MAX_CONCURRENCY,
			description: "How many tasks run at once at most. The node finds the account's own limit below that by itself.",
		},
		{
			displayName: 'Max Wait',
			name: 'maxWait',
			type: 'number',
			typeOptions: { minValue: 0.1 },
			default: DEFAULT_MAX_WAIT_MINUTES,
			description:
				'How many minutes to wait for each task at most. The task goes on afterwards, and Get Task fetches its result.',
		},
		{
			displayName: 'Negative Prompt',
			name: 'negativePrompt',
			type: 'string',
			displayOptions: { show: imageToVideo },
			default: '',
			placeholder: 'e.g. blurry, distorted',
			description: 'What must not happen in the video, at most 2500 characters',
		},
		{
			displayName: 'Original Volume',
			name: 'originalVolume',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 2, numberPrecision: 2 },
			displayOptions: { show: lipSync },
			default: 1,
			description: "How loud the video's own sound is, from 0 to 2",
		},
		{
			displayName: 'Output Field Name',
			name: 'outputPropertyName',
			type: 'string',
			displayOptions: { show: videos, hide: notAsTool },
			default: 'video',
			description: 'The name of the binary field that gets the result. Not set: video, and image for a task of Virtual Try-On.',
		},
		{
			displayName: 'Output Field Name',
			name: 'outputPropertyName',
			type: 'string',
			displayOptions: { show: { '/operation': ['virtualTryOn'] }, hide: notAsTool },
			default: 'image',
			description: 'The name of the binary field that gets the image',
		},
		{
			displayName: 'Sound',
			name: 'sound',
			type: 'boolean',
			displayOptions: { show: imageToVideo },
			default: true,
			description: 'Whether the video is made with sound. It costs more; models before 2.6 make none.',
		},
		{
			displayName: 'Sound End',
			name: 'soundEnd',
			type: 'number',
			typeOptions: { minValue: 0 },
			displayOptions: { show: lipSync },
			default: 5000,
			description: 'Where the piece of the sound that is used ends, in milliseconds. Not set: as far as sound and face reach.',
		},
		{
			displayName: 'Sound Start',
			name: 'soundStart',
			type: 'number',
			typeOptions: { minValue: 0 },
			displayOptions: { show: lipSync },
			default: 0,
			description: 'Where the piece of the sound that is used begins, in milliseconds',
		},
		{
			displayName: 'Sound Volume',
			name: 'soundVolume',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 2, numberPrecision: 2 },
			displayOptions: { show: lipSync },
			default: 1,
			description: 'How loud the new sound is, from 0 to 2',
		},
		{
			displayName: 'Timeout',
			name: 'timeout',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: DEFAULT_TIMEOUT_S,
			description: 'How many seconds one request may take in all',
		},
		{
			displayName: 'Watermark',
			name: 'watermark',
			type: 'boolean',
			displayOptions: { show: creates },
			default: true,
			description: 'Whether the result carries a watermark',
		},
	],
};
