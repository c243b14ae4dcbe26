import type { INodeProperties } from 'n8n-workflow';

import { flag, optionalFlag, positive, textOf } from '../shared/kling/fields';
import type { Fields } from '../shared/n8n/fields';
import type { Item } from '../shared/n8n/operation';
import { DEFAULT_MAX_ATTEMPTS, DEFAULT_TIMEOUT_S, readOptionValues, readShared, type ItemOptions } from '../shared/n8n/options';
import { notAsTool } from '../shared/n8n/panel';
import { isTool } from '../shared/n8n/settings';

const DEFAULT_MAX_CONCURRENCY = 5;
export const MAX_CONCURRENCY = { label: 'Max Concurrent Tasks', preset: DEFAULT_MAX_CONCURRENCY };
const DEFAULT_MAX_WAIT_MINUTES = 30;

/** The options of one item, with their defaults filled in. */
export interface GenerationOptions extends ItemOptions {
	wait: boolean;
	maxWaitMs: number;
	/** The binary field of the result; null: by what is made. */
	outputPropertyName: string | null;
	/** Null where it was not set. */
	watermark: boolean | null;
	/** Those that operations read by themselves, as they were set. */
	values: Readonly<Record<string, unknown>>;
}

export type GenerationItem = Item<GenerationOptions>;

/** Reads the options of an item. @throws KlingError where one makes no sense */
export function readOptions(fields: Fields): GenerationOptions {
	const values = readOptionValues(fields);
	const inWorkflow = !isTool(fields.context);
	return {
		values,
		wait: flag(fields.value('wait'), inWorkflow, 'Wait Until Done'),
		maxWaitMs: positive(values.maxWait, DEFAULT_MAX_WAIT_MINUTES, 'Max Wait') * 60_000,
		maxAttempts: DEFAULT_MAX_ATTEMPTS,
		downloadResults: flag(values.downloadResult, inWorkflow, 'Download Result'),
		outputPropertyName: textOf(values.outputPropertyName, 'Output Field Name').trim() || null,
		watermark: optionalFlag(values.watermark, 'Watermark'),
		...readShared(values),
	};
}

const imageToVideo = { '/operation': ['imageToVideo'] };
const withModel = { '/operation': ['imageToVideo', 'textToVideo'] };
const virtualTryOn = { '/operation': ['virtualTryOn'] };
const textToSpeech = { '/operation': ['textToSpeech'] };
const lipSync = { '/operation': ['lipSync'] };
/** The operations that create tasks. */
export const OF_CREATES = ['imageToVideo', 'textToVideo', 'lipSync', 'avatar', 'virtualTryOn'];
const creates = { '/operation': OF_CREATES };
const getTasks = { '/operation': ['getTasks'] };
/** The operations that are answered at once. */
const OF_ANSWERS = ['textToSpeech', 'getTasks'];
const waitsForNothing = { '/operation': OF_ANSWERS };
const videos = { '/operation': ['imageToVideo', 'textToVideo', 'lipSync', 'avatar', 'getTask'] };

const WAIT: INodeProperties = {
	displayName: 'Wait Until Done',
	name: 'wait',
	type: 'boolean',
	default: true,
	description:
		'Whether to wait for the result. Otherwise the task comes out at once, and Get Task fetches the result later. Each run, Execute Step included, makes and pays for a new one.',
};

/** Whether to wait for the result; an agent need not. */
export const waitFields: INodeProperties[] = [
	{ ...WAIT, displayOptions: { show: { operation: OF_CREATES }, hide: notAsTool } },
	{
		...WAIT,
		description: 'Whether to wait until the task has ended. Otherwise the task comes out as it is now. Asking costs nothing.',
		displayOptions: { show: { operation: ['getTask'] }, hide: { ...notAsTool, branchBy: ['status'] } },
	},
	{ ...WAIT, default: false, displayOptions: { show: { '@tool': [true] }, hide: { operation: OF_ANSWERS } } },
];

/** What a picture keeps, one row each. */
const KEEPS = [
	{ name: 'keepBackground', label: 'Keep Background', what: 'the background' },
	{ name: 'keepFace', label: 'Keep Face', what: 'the face' },
	{ name: 'keepPose', label: 'Keep Pose', what: 'the pose' },
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
			displayName: 'Audio End',
			name: 'audioEnd',
			type: 'number',
			typeOptions: { minValue: 0 },
			displayOptions: { show: lipSync },
			default: 5000,
			description: 'Where the piece of the audio that is used ends, in milliseconds. Not set: as far as audio and face reach.',
		},
		{
			displayName: 'Audio Start',
			name: 'audioStart',
			type: 'number',
			typeOptions: { minValue: 0 },
			displayOptions: { show: lipSync },
			default: 0,
			description: 'Where the piece of the audio that is used begins, in milliseconds',
		},
		{
			displayName: 'Audio Volume',
			name: 'audioVolume',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 2, numberPrecision: 2 },
			displayOptions: { show: lipSync },
			default: 1,
			description: 'How loud the new audio is, from 0 to 2',
		},
		{
			displayName: 'CFG Scale',
			name: 'cfgScale',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
			displayOptions: { show: withModel },
			default: 0.5,
			hint: 'Models of the 2 series may ignore it: Kling does not document it for them',
			description: 'How closely the video follows the prompt, from 0 to 1. Models with a dot in their ID have none.',
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
			displayOptions: { hide: { ...getTasks, ...notAsTool } },
			default: true,
			description: 'Whether to download the result into a binary field. Kling deletes it after 30 days.',
		},
		{
			displayName: 'Generate Audio',
			name: 'generateAudio',
			type: 'boolean',
			displayOptions: { show: withModel },
			default: false,
			description:
				'Whether the video is made with audio. It costs more; Kling 2.6 needs Professional mode for it, Kling 3.0 Turbo always makes audio.',
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
			description: 'Where in the video the audio begins, in milliseconds. Not set: where the face appears.',
		},
		...KEEPS.map(({ name, label, what }): INodeProperties => ({
			displayName: label,
			name,
			type: 'boolean',
			displayOptions: { show: virtualTryOn },
			default: true,
			description: `Whether ${what} stays as it is. Virtual Try-On 3.0 only.`,
		})),
		{
			displayName: 'Last Frame Field Name',
			name: 'lastFramePropertyName',
			type: 'string',
			typeOptions: { binaryDataProperty: true },
			displayOptions: { show: imageToVideo },
			default: 'last',
			placeholder: 'e.g. last',
			hint: 'The name of the input field that contains the image, or the file itself by an expression',
			description: 'The image that the video ends with, as a file. Models differ in where they take one.',
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
			displayName: MAX_CONCURRENCY.label,
			name: 'maxConcurrency',
			type: 'number',
			typeOptions: { minValue: 1, numberPrecision: 0 },
			displayOptions: { hide: getTasks },
			default: DEFAULT_MAX_CONCURRENCY,
			description:
				"How many tasks one run of this node waits for at once at most, over all models. The node finds the account's own limits below that by itself.",
		},
		{
			displayName: 'Max Wait',
			name: 'maxWait',
			type: 'number',
			typeOptions: { minValue: 0.1 },
			displayOptions: { hide: waitsForNothing },
			default: DEFAULT_MAX_WAIT_MINUTES,
			description:
				'How many minutes to wait for each task at most, and before that for a place at the account. The task goes on afterwards, and Get Task fetches its result.',
		},
		{
			displayName: 'Negative Prompt',
			name: 'negativePrompt',
			type: 'string',
			displayOptions: { show: withModel },
			default: '',
			placeholder: 'e.g. blurry, distorted',
			description: 'What must not happen in the video, at most 2500 characters. Models with a dot in their ID have none.',
		},
		{
			displayName: 'Original Volume',
			name: 'originalVolume',
			type: 'number',
			typeOptions: { minValue: 0, maxValue: 2, numberPrecision: 2 },
			displayOptions: { show: lipSync },
			default: 1,
			description: "How loud the video's own audio is, from 0 to 2",
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
			displayOptions: { show: virtualTryOn, hide: notAsTool },
			default: 'image',
			description: 'The name of the binary field that gets the image',
		},
		{
			displayName: 'Output Field Name',
			name: 'outputPropertyName',
			type: 'string',
			displayOptions: { show: textToSpeech, hide: notAsTool },
			default: 'audio',
			description: 'The name of the binary field that gets the audio',
		},
		{
			displayName: 'Speed',
			name: 'speed',
			type: 'number',
			typeOptions: { minValue: 0.8, maxValue: 2, numberPrecision: 1 },
			displayOptions: { show: textToSpeech },
			default: 1,
			description: 'How fast the voice speaks, from 0.8 to 2',
		},
		{
			displayName: 'Task Key',
			name: 'taskKey',
			type: 'string',
			displayOptions: { show: creates },
			default: '',
			placeholder: 'e.g. order-1042',
			description:
				'One key for one piece of work, such as the ID of an order: the same key and content meet the same task in any execution, instead of paying again. Not at gateways.',
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
			displayOptions: { hide: waitsForNothing },
			default: true,
			description:
				'Whether a file with a watermark is made beside the clean one, and is the one that is downloaded. Get Task downloads it where it was made.',
		},
	],
};
