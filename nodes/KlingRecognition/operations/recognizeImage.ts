import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { decodedLength, normaliseBase64 } from '../../shared/kling/base64';
import { KlingError, refusal } from '../../shared/kling/klingError';
import { readMediaUrl } from '../../shared/kling/mediaUrl';
import { readRecognition, type Recognition } from '../../shared/kling/recognition';
import { imageBodyLength, jsonBody } from '../../shared/kling/requestBody';
import { SEGMENTS } from '../../shared/kling/segments';
import { MOST_IMAGE_BYTES } from '../../shared/kling/imageLimits';
import { openBinary } from '../../shared/n8n/binary';
import { fetchFile, type Download } from '../../shared/n8n/downloads';
import { imageInput } from '../../shared/n8n/imageInput';
import type { Run } from '../../shared/n8n/run';
import type { ItemOptions } from '../../shared/n8n/settings';
import type { Emission, Input, Operation, RunSettings, View } from './operation';

const NOTHING = { key: 'nothing', displayName: 'Nothing Found' };
const MATCH = { key: 'match', displayName: 'Match' };
const NO_MATCH = { key: 'noMatch', displayName: 'No Match' };

const showOnly = { operation: ['recognizeImage'] };

const description: INodeProperties[] = [
	{
		displayName: 'Image Source',
		name: 'imageSource',
		type: 'options',
		displayOptions: { show: showOnly },
		options: [
			{ name: 'URL', value: 'url', description: 'The provider fetches the image from a public URL' },
			{ name: 'Binary File', value: 'binary', description: 'The image comes from a binary field of the input item' },
			{ name: 'Base64', value: 'base64', description: 'The image is given as Base64 text' },
		],
		default: 'url',
		description: 'Where the image comes from',
	},
	{
		displayName: 'Image URL',
		name: 'imageUrl',
		type: 'string',
		displayOptions: { show: { ...showOnly, imageSource: ['url'] } },
		default: '',
		required: true,
		placeholder: 'e.g. https://example.com/photo.jpg',
		description:
			'Public http or https URL of a JPEG or PNG image: at most 10 MB, each side at least 300 px, aspect ratio between 1:2.5 and 2.5:1',
	},
	{
		displayName: 'Input Data Field Name',
		name: 'binaryPropertyName',
		type: 'string',
		displayOptions: { show: { ...showOnly, imageSource: ['binary'] } },
		default: 'data',
		required: true,
		placeholder: 'e.g. data',
		hint: 'The name of the input field that contains the binary file to recognize',
		description: 'JPEG or PNG image: at most 10 MB, each side at least 300 px, aspect ratio between 1:2.5 and 2.5:1',
	},
	{
		displayName: 'Image Base64',
		name: 'imageBase64',
		type: 'string',
		displayOptions: { show: { ...showOnly, imageSource: ['base64'] } },
		default: '',
		required: true,
		placeholder: 'e.g. iVBORw0KGgo...',
		description:
			'Base64 text of a JPEG or PNG image, with or without a data URL prefix: at most 10 MB, each side at least 300 px, aspect ratio between 1:2.5 and 2.5:1',
	},
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		displayOptions: { show: showOnly },
		options: [
			{ name: 'One Item per Image', value: 'image', description: 'Flags for object, head, face and clothing in one item' },
			{ name: 'One Item per Segment', value: 'segment', description: 'One item each for object, head, face and clothing' },
		],
		default: 'image',
		description: 'How many items come out for each image',
	},
	{
		displayName: 'Branch By',
		name: 'branchBy',
		type: 'options',
		displayOptions: { show: showOnly, hide: { '@tool': [true] } },
		options: [
			{ name: 'None', value: 'none', description: 'All items leave by one output' },
			{
				name: 'Requirement',
				value: 'requirement',
				description: 'Images that contain what you require leave by Match, all others by No Match',
			},
			{
				name: 'Segment',
				value: 'segment',
				description: 'An image leaves by the output of each segment that was found in it, or by Nothing Found',
			},
		],
		default: 'none',
		description: 'Whether and how the items leave the node by different outputs',
		builderHint: {
			propertyHint:
				'Set this instead of adding an IF or Switch node. "requirement" has the outputs Match and No Match, "segment" has Object, Head, Face, Clothing and Nothing Found, in this order. Connect paid steps to Match or to a segment output only; failed items leave by the last output.',
		},
	},
	{
		displayName: 'Required Segments',
		name: 'requiredSegments',
		type: 'multiOptions',
		displayOptions: { show: { ...showOnly, branchBy: ['requirement'] }, hide: { '@tool': [true] } },
		options: SEGMENTS.map(({ name, label, description }) => ({ name: label, value: name, description })),
		default: ['face'],
		required: true,
		description: 'What an image must contain to leave by Match',
	},
	{
		displayName: 'Required Match',
		name: 'requiredMatch',
		type: 'options',
		displayOptions: { show: { ...showOnly, branchBy: ['requirement'] }, hide: { '@tool': [true] } },
		options: [
			{ name: 'All Segments', value: 'all', description: 'The image must contain every required segment' },
			{ name: 'Any Segment', value: 'any', description: 'One of the required segments is enough' },
		],
		default: 'all',
		description: 'How many of the required segments an image must contain',
	},
];

async function readInput(run: Run, itemIndex: number, options: ItemOptions): Promise<Input> {
	const parameter = (name: string) => String(run.context.getNodeParameter(name, itemIndex, '') ?? '');
	const source = parameter('imageSource');
	if (source === 'base64') {
		const base64 = normaliseBase64(parameter('imageBase64'));
		return imageInput(run, options, {
			key: null,
			bytes: decodedLength(base64),
			writeTo: async (body) => body.appendBase64(base64),
		});
	}
	if (source === 'binary') {
		const name = run.context.getNodeParameter('binaryPropertyName', itemIndex, 'data') as string;
		const file = await openBinary(run.context, itemIndex, name);
		return imageInput(run, options, { ...file, key: file.id });
	}
	const url = readMediaUrl(parameter('imageUrl'), 'image');
	return options.downloadImageFirst ? downloadedInput(run, url, options) : urlInput(url);
}

function urlInput(url: string): Input {
	const bytes = jsonBody({ image: url });
	return { key: `image ${url}`, bytes: bytes.length, build: async () => ({ bytes, key: null, recycle: () => {} }) };
}

/** The image is fetched here, just before it is sent. */
function downloadedInput(run: Run, url: string, options: ItemOptions): Input {
	return {
		key: `fetched ${url}`,
		bytes: imageBodyLength(MOST_IMAGE_BYTES),
		build: async () => {
			const file = await fetchFile(run, url, MOST_IMAGE_BYTES, options.timeoutMs).catch(beforeTheCall);
			return await imageInput(run, options, {
				key: null,
				bytes: file.length,
				writeTo: async (body) => body.append(file),
			}).build();
		},
	};
}

/** Nothing was sent to the provider yet, and its account is not what is overloaded. */
function beforeTheCall(error: KlingError): never {
	const { minimumWaitMs, retryAfterMs } = error.handling;
	throw new KlingError(
		error.message,
		{ ...error.details, attempts: 0 },
		{ congestion: false, retryAfterMs: null, minimumWaitMs: retryAfterMs ?? minimumWaitMs },
	);
}

interface Wish {
	output: string;
	branchBy: string;
	requiredMatch: 'all' | 'any';
	required: string[];
	detectedOnly: boolean;
}

function readView(run: Run, itemIndex: number, options: ItemOptions, settings: RunSettings): View<Recognition> {
	const required = settings.branchBy === 'requirement' ? readRequired(run, itemIndex) : [];
	const wish = { ...settings, required, detectedOnly: options.detectedOnly };
	return { emit: (result) => emit(result, wish) };
}

function readRequired(run: Run, itemIndex: number): string[] {
	const chosen = run.context.getNodeParameter('requiredSegments', itemIndex, []);
	const names = Array.isArray(chosen) ? chosen.map(String) : [String(chosen)].filter(Boolean);
	const unknown = names.find((name) => !SEGMENTS.some((segment) => segment.name === name));
	if (names.length === 0 || unknown !== undefined) {
		const known = SEGMENTS.map(({ name }) => name).join(', ');
		throw refusal(
			unknown === undefined ? 'No required segment is chosen' : `"${unknown}" is not a segment`,
			`Choose at least one segment under Required Segments (${known}), or set Branch By to None.`,
		);
	}
	return names;
}

function emit(result: Recognition, wish: Wish): Emission[] {
	const image = (branch: string): Emission => ({ branch, json: { ...result } as unknown as IDataObject, files: filesOf(result) });
	const nothing = result.detected.length === 0;
	if (wish.branchBy === 'none') {
		return wish.output === 'segment' ? segmentItems(result, wish, () => 'none') : [image('none')];
	}
	if (wish.branchBy === 'requirement') {
		const branch = matches(result, wish) ? MATCH.key : NO_MATCH.key;
		return wish.output === 'segment' && !nothing ? segmentItems(result, wish, () => branch) : [image(branch)];
	}
	const found = SEGMENTS.map(({ name }) => name).filter((name) => result.detected.includes(name));
	if (found.length === 0) return [image(NOTHING.key)];
	if (wish.output === 'segment') {
		return segmentItems(result, { ...wish, detectedOnly: true }, (name) => name).filter(({ branch }) =>
			found.some((name) => name === branch),
		);
	}
	return found.map(image);
}

function matches({ detected }: Recognition, { required, requiredMatch }: Wish): boolean {
	const contains = (name: string) => detected.includes(name);
	return requiredMatch === 'all' ? required.every(contains) : required.some(contains);
}

function segmentItems(result: Recognition, { detectedOnly }: Wish, branchOf: (name: string) => string): Emission[] {
	const { requestId, unitsDeducted, balanceDeducted } = result;
	return Object.entries(result.segments)
		.filter(([, { detected }]) => !detectedOnly || detected === true)
		.map(([segment, { detected, url }]) => ({
			branch: branchOf(segment),
			json: { segment, detected, url, requestId, unitsDeducted, balanceDeducted },
			files: filesOf(result).filter(({ name }) => name === segment),
		}));
}

function filesOf({ segments }: Recognition): Download[] {
	return Object.entries(segments).flatMap(([name, { url }]) => (url === null ? [] : [{ name, url }]));
}

/** Recognize Image: does a picture contain a subject, a head, a face, clothing? */
export const recognizeImage: Operation<Recognition> = {
	name: 'recognizeImage',
	path: '/v1/videos/image-recognize',
	expected: 'recognition result',
	expiryHint: 'Kling deletes the segment images after 30 days. Turn on the option Download Segment Images to keep them.',
	outputs: ['image', 'segment'],
	branches: {
		segment: [...SEGMENTS.map(({ name, label }) => ({ key: name, displayName: label })), NOTHING],
		requirement: [MATCH, NO_MATCH],
	},
	description,
	readInput,
	readView,
	readResult: readRecognition,
};
