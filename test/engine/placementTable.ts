import type { IDataObject, INode, INodeExecutionData } from 'n8n-workflow';

import { ACCESS } from '../gateway/keys';
import type { Fault } from '../gateway/types';
import { imageUrl, videoUrl } from './urls';

/** A way to let the items leave. What is good leaves by all of `good`; no output but the last one leads past the paid steps. */
export interface Branching {
	name: string;
	parameters: IDataObject;
	good: number[];
	outputs: number;
}

const RECOGNIZE = { operation: 'recognizeImage', imageUrl: '={{ $json.image }}' };
const IDENTIFY = { operation: 'identifyFace', videoUrl: '={{ $json.video }}' };
export const BRANCHINGS: Branching[] = [
	{ name: 'Recognize Image, no branches', parameters: RECOGNIZE, good: [0], outputs: 1 },
	{ name: 'by segment', parameters: { ...RECOGNIZE, branchBy: 'segment' }, good: [0, 1, 2, 3], outputs: 5 },
	{ name: 'by requirement', parameters: { ...RECOGNIZE, branchBy: 'requirement' }, good: [0], outputs: 2 },
	{ name: 'Identify Face, no branches', parameters: IDENTIFY, good: [0], outputs: 1 },
	{ name: 'by face count', parameters: { ...IDENTIFY, branchBy: 'faceCount' }, good: [0], outputs: 3 },
	{ name: 'by lip-sync ready', parameters: { ...IDENTIFY, branchBy: 'lipSyncReady' }, good: [0], outputs: 2 },
];
export const WAYS = ['continueRegularOutput', 'continueErrorOutput'] as const;

const PAIR = { authentication: 'accessKey', ...ACCESS };

/** Something that is wrong with the node, or with one of its three items. */
export interface Wrong {
	name: string;
	parameters?: IDataObject;
	credential?: IDataObject | null;
	node?: Partial<INode>;
	fault?: Fault;
	/** The items that fail; absent: all. */
	items?: number[];
	/** Calls made; absent: one for each good item. */
	calls?: number;
	/** Where the branching matters. */
	only?: (branching: Branching) => boolean;
	message: RegExp;
}

export const ALL = [0, 1, 2];
const options = (more: IDataObject): { parameters: IDataObject } => ({ parameters: { options: more } });
/** An expression that gives `bad` for the item with this number, and `good` for the others. */
const forItem = (item: number, bad: string, good: string): string => `={{ $itemIndex === ${item} ? ${bad} : ${good} }}`;
/** What n8n throws at: a node that is not there. */
const NOWHERE = '$("Nowhere").item.json.x';
const byRequirement = ({ parameters }: Branching): boolean => parameters.branchBy === 'requirement';
const isImage = ({ parameters }: Branching): boolean => parameters.operation === 'recognizeImage';

export const AT_SET_UP: Wrong[] = [
	{ name: 'no credential is chosen', node: { credentials: undefined }, message: /credential/i },
	{ name: 'the credential was deleted', credential: null, message: /credential/i },
	{ name: 'an empty credential', credential: {}, message: /provider/i },
	{ name: 'an empty key', credential: { provider: 'klingGlobal', apiKey: '' }, message: /has no API Key/ },
	{ name: 'a key with a line break', credential: { provider: 'deerApi', apiKey: 'a\nb' }, message: /line break/ },
	{ name: 'half of a key pair', credential: { provider: 'klingChina', ...PAIR, secretKey: '' }, message: /has no Secret Key/ },
	{ name: 'the other half', credential: { provider: 'klingChina', ...PAIR, accessKey: '' }, message: /has no Access Key/ },
	{ name: 'an unknown provider', credential: { provider: 'nobody', apiKey: 'k' }, message: /unknown provider/ },
	{ name: 'a base URL that is none', credential: { provider: 'custom', apiKey: 'k', baseUrl: 'gateway' }, message: /base URL/ },
	{ name: 'no base URL', credential: { provider: 'custom', apiKey: 'k' }, message: /base URL/ },
	{
		name: 'a credential whose expression fails',
		credential: { provider: 'klingGlobal', apiKey: `={{ ${NOWHERE} }}` },
		message: /\w/,
	},
	{ name: 'a concurrency that is no number', ...options({ maxConcurrency: 'x' }), message: /Max Concurrent Requests/ },
	{ name: 'a concurrency of none', ...options({ maxConcurrency: 0 }), message: /Max Concurrent Requests/ },
	{ name: 'a concurrency of item 0', ...options({ maxConcurrency: forItem(0, '"x"', '2') }), message: /Max Concurrent Requests/ },
	{ name: 'a concurrency whose expression fails', ...options({ maxConcurrency: forItem(0, NOWHERE, '2') }), message: /\w/ },
	{ name: 'reuse that is neither true nor false', ...options({ deduplicate: '={{ "maybe" }}' }), message: /Reuse Results/ },
	{ name: 'reuse whose expression fails', ...options({ deduplicate: forItem(0, NOWHERE, 'true') }), message: /\w/ },
	{ name: 'an output whose expression fails', parameters: { output: forItem(0, NOWHERE, '"image"') }, message: /\w/ },
	{
		name: 'a required match whose expression fails',
		parameters: { requiredMatch: forItem(0, NOWHERE, '"any"') },
		only: byRequirement,
		message: /\w/,
	},
	{
		name: 'no required segments',
		parameters: { requiredSegments: '={{ [] }}' },
		only: byRequirement,
		message: /No required segment is chosen/,
	},
	{
		name: 'a source by expression',
		// Newer n8n hands it over as it is, older evaluates it. All alternatives are shown then: an empty one stops the workflow.
		parameters: { imageSource: '={{ "link" }}', imageBase64: 'x', videoSource: '={{ "link" }}', videoId: 'x' },
		message: /(Image|Video) Source is /,
	},
	{
		name: 'a binary file that no item has',
		parameters: { imageSource: 'binary', binaryPropertyName: 'none' },
		only: isImage,
		message: /no file in the field "none"/,
	},
	{ name: 'no image in any item', parameters: { imageSource: 'auto' }, only: isImage, message: /The item has no image/ },
	{
		name: 'an unknown required segment',
		parameters: { requiredSegments: ['hand'] },
		only: byRequirement,
		message: /"hand" is not a segment/,
	},
];

/** The source of the image or video, spoilt for one item. */
const source = (item: number, bad: string): { parameters: IDataObject } => ({
	parameters: { imageUrl: forItem(item, bad, '$json.image'), videoUrl: forItem(item, bad, '$json.video') },
});
const FLAGS: Array<[option: string, label: RegExp]> = [
	['checkInput', /Check Input/],
	['downloadImageFirst', /Download Image First/],
	['downloadResults', /Download/],
	['includeInputFields', /Include Input Fields/],
	['rawResponse', /Include Raw Response/],
];

export const OF_ONE_ITEM: Wrong[] = [0, 1].flatMap((item): Wrong[] => [
	{
		name: `a timeout of item ${item}`,
		...options({ timeout: forItem(item, '"soon"', '60') }),
		items: [item],
		message: /Timeout/,
	},
	{
		name: `a number of attempts of item ${item}`,
		...options({ maxAttempts: forItem(item, '-1', '2') }),
		items: [item],
		message: /Max Attempts/,
	},
	{
		name: `an option of item ${item} whose expression fails`,
		...options({ timeout: forItem(item, NOWHERE, '60') }),
		items: [item],
		message: /\w/,
	},
	...FLAGS.map(([option, message]): Wrong => ({
		name: `${option} that is neither true nor false, of item ${item}`,
		...options({ [option]: forItem(item, '"maybe"', '"false"') }),
		items: [item],
		// What belongs to images alone need not be looked at for a video.
		only: (branching) => isImage(branching) || option !== 'downloadImageFirst',
		message,
	})),
	{ name: `no URL of item ${item}`, ...source(item, '" "'), items: [item], message: /URL is empty/ },
	{ name: `a source of item ${item} whose expression fails`, ...source(item, NOWHERE), items: [item], message: /\w/ },
	{
		name: `required segments of item ${item}`,
		parameters: { requiredSegments: forItem(item, '[]', '["face"]') },
		items: [item],
		only: byRequirement,
		message: /No required segment is chosen/,
	},
	{
		name: `required segments of item ${item} whose expression fails`,
		parameters: { requiredSegments: forItem(item, NOWHERE, '["face"]') },
		items: [item],
		only: byRequirement,
		message: /\w/,
	},
	{
		name: `a refusal of item ${item}`,
		fault: { kind: 'code', status: 429, code: 1102, match: `/n/p${item}.` },
		items: [item],
		calls: 3,
		message: /resource pack/,
	},
	{
		name: `an answer to item ${item} that is none`,
		fault: { kind: 'html', status: 200, match: `/n/p${item}.` },
		items: [item],
		calls: 3,
		message: /web page/,
	},
]);

/** What may be wrong where nothing is: it is not looked at. */
export const NOTHING_WRONG: Wrong[] = [
	{ name: 'nothing', items: [], message: /never/ },
	{ name: 'a concurrency of item 1', ...options({ maxConcurrency: forItem(1, '"x"', '2') }), items: [], message: /never/ },
	{ name: 'reuse of item 1', ...options({ deduplicate: forItem(1, '"maybe"', 'true') }), items: [], message: /never/ },
	{ name: 'an output of item 1', parameters: { output: forItem(1, NOWHERE, '""') }, items: [], message: /never/ },
];

/** A fault at a node that branches in one way and continues in one. */
export interface PlacementCase {
	title: string;
	wrong: Wrong;
	branching: Branching;
	onError: (typeof WAYS)[number];
}

/** Each of these faults with each branching that it concerns, and each way to continue. */
export const casesOf = (wrongs: readonly Wrong[]): PlacementCase[] =>
	wrongs.flatMap((wrong) =>
		BRANCHINGS.filter((branching) => wrong.only?.(branching) ?? true).flatMap((branching) =>
			WAYS.map((onError) => ({ wrong, branching, onError, title: `${wrong.name}, ${branching.name}, ${onError}` })),
		),
	);

/** The JSON of the three items: all of it would be recognised. */
export const INPUTS: IDataObject[] = ALL.map((item) => ({
	image: imageUrl(`p${item}`, 'object', 'head', 'face', 'cloth'),
	video: videoUrl(`p${item}`, '0-5200'),
}));

/** The name of the binary file of an item, by which it is known again. */
export const fileOf = (item: number): string => `${item}.txt`;

/** Which input item an item comes from, by the binary file that it took along; -1 where it lost it. */
export const originOf = ({ binary }: Pick<INodeExecutionData, 'binary'>): number =>
	ALL.find((item) => binary?.data?.fileName === fileOf(item)) ?? -1;

/** An item as `origin:what became of it`. */
export const brief = (item: INodeExecutionData): string => `${originOf(item)}:${'error' in item.json ? 'failed' : 'good'}`;

/** What has to reach the node behind each output. */
export function expected({ good, outputs }: Branching, failing: number[], onError: (typeof WAYS)[number]): string[][] {
	const ownOutput = onError === 'continueErrorOutput';
	const last = ownOutput ? outputs : outputs - 1;
	return Array.from({ length: ownOutput ? outputs + 1 : outputs }, (_none, output) =>
		ALL.flatMap((item) => {
			if (failing.includes(item)) return output === last ? [`${item}:failed`] : [];
			return good.includes(output) ? [`${item}:good`] : [];
		}),
	);
}
