import type { IDataObject } from 'n8n-workflow';

import type { Fault, GatewayRequest } from '../../gateway';
import type { Places } from '../support/places';
import { credentialOf, PAIR, type World } from '../support/world';
import { CALL_ROWS, RESULT_FILE_ROWS, SOURCE_FILE_ROWS } from './table';
import { MAX_ATTEMPTS, type FaultRow } from './row';
import { uniqueImage } from './uniqueImage';

/** Where in an item's way the faults happen. */
export interface Stage {
	/** Name of the operation and of what is spoilt. */
	name: string;
	/** Which section of the page it fills; stages of one section have to agree. */
	section: string;
	rows: readonly FaultRow[];
	/** What the node is given for a row, and what the gateway is told. */
	setUp(row: FaultRow, places: Places): Setup;
	/** The requests that a row led to, of all that came. */
	seen(world: World, row: FaultRow): GatewayRequest[];
}

export interface Setup {
	parameters: IDataObject;
	credential: IDataObject;
	faults: Fault[];
	onError?: 'continueRegularOutput';
	/** Base64 of the image that is sent, where one is. */
	image: string;
}

/** Base64 of the image that stands for a row in a stage. */
const imageOf = (stage: string, row: FaultRow) => uniqueImage(`${stage} ${row.id}`);
const optionsOf = ({ timeout, maxAttempts = MAX_ATTEMPTS }: FaultRow, more: IDataObject = {}): IDataObject => ({
	maxAttempts,
	...(timeout === undefined ? {} : { timeout }),
	...more,
});
const mark = (stage: string, { id }: FaultRow): string => `row=${stage}-${id}.`;

/** The fault as the gateway plays it; none where the place itself is the fault. */
function faultsOf({ play, times }: FaultRow, match: string, route: Fault['route']): Fault[] {
	if ('place' in play) return [];
	const fault = { match, route, ...(times === undefined ? {} : { times }), ...play };
	// A redirect to nothing in particular leads back to where it came from.
	if (fault.kind === 'redirect' && fault.location === '') return [{ ...fault, location: `?${match}` }];
	return [fault];
}

const recognizeCall: Stage = {
	name: 'Recognize Image, the call',
	section: 'Calls',
	rows: CALL_ROWS,
	setUp: (row, places) => {
		const image = imageOf('call', row);
		return {
			parameters: {
				operation: 'recognizeImage',
				imageSource: 'base64',
				imageBase64: `={{ $json['${row.id}'] }}`,
				options: optionsOf(row),
			},
			credential: 'place' in row.play ? credentialOf('custom', places.url[row.play.place]) : PAIR,
			faults: faultsOf(row, image.sha256, 'recognize'),
			image: image.base64,
		};
	},
	seen: ({ gateway }, row) => {
		const { sha256 } = imageOf('call', row);
		return gateway.requests.filter(({ json }) => (json as { image?: { sha256?: string } })?.image?.sha256 === sha256);
	},
};

const identifyCall: Stage = {
	name: 'Identify Face, the call',
	section: 'Calls',
	rows: CALL_ROWS,
	setUp: (row, places) => ({
		parameters: {
			operation: 'identifyFace',
			videoSource: 'url',
			videoUrl: `https://videos.kling-samples.test/clip.mp4?${mark('identify', row)}&faces=0-5200`,
			options: optionsOf(row),
		},
		credential: 'place' in row.play ? credentialOf('custom', places.url[row.play.place]) : credentialOf('deerApi'),
		faults: faultsOf(row, mark('identify', row), 'identify'),
		onError: 'continueRegularOutput',
		image: '',
	}),
	seen: ({ gateway }, row) =>
		gateway.requests.filter(({ json }) => (json as { video_url?: string })?.video_url?.includes(mark('identify', row))),
};

const fileUrl = (stage: string, row: FaultRow, places: Places): string => {
	const origin = 'place' in row.play ? places.url[row.play.place] : 'https://images.kling-samples.test';
	return `${origin}/samples/portrait.png?${mark(stage, row)}`;
};
const fetched =
	(stage: string) =>
	({ gateway }: World, row: FaultRow) =>
		gateway.downloads.filter(({ path }) => path.includes(mark(stage, row)));

/** A good answer whose only result file stands at the given URL. */
function answerWith(data: object): Extract<Fault, { kind: 'answer' }> {
	return { kind: 'answer', status: 200, body: { code: 0, message: 'SUCCEED', request_id: 'r', data } };
}

const recognizeResult: Stage = {
	name: 'Recognize Image, a result image',
	section: 'Result images that are downloaded',
	rows: RESULT_FILE_ROWS,
	setUp: (row, places) => {
		const url = fileUrl('segment', row, places);
		const images = [{ type: 'face_seg', is_contain: true, url }];
		const imageUrl = `https://images.kling-samples.test/photo.jpg?${mark('segment', row)}`;
		return {
			parameters: {
				operation: 'recognizeImage',
				imageSource: 'url',
				imageUrl,
				options: optionsOf(row, { downloadResults: true }),
			},
			credential: PAIR,
			faults: [
				...faultsOf(row, mark('segment', row), 'download'),
				{ ...answerWith({ task_result: { images } }), match: mark('segment', row), route: 'recognize' },
			],
			image: '',
		};
	},
	seen: fetched('segment'),
};

const identifyResult: Stage = {
	name: 'Identify Face, a face image',
	section: 'Result images that are downloaded',
	rows: RESULT_FILE_ROWS,
	setUp: (row, places) => {
		const url = fileUrl('face', row, places);
		const videoUrl = `https://videos.kling-samples.test/clip.mp4?${mark('face', row)}`;
		return {
			parameters: { operation: 'identifyFace', videoSource: 'url', videoUrl, options: optionsOf(row, { downloadResults: true }) },
			credential: credentialOf('cometApi'),
			faults: [
				...faultsOf(row, mark('face', row), 'download'),
				{
					...answerWith({ session_id: 's', face_data: [{ face_id: '0', face_image: url, start_time: 0, end_time: 1 }] }),
					match: mark('face', row),
					route: 'identify',
				},
			],
			image: '',
		};
	},
	seen: fetched('face'),
};

const sourceImage: Stage = {
	name: 'Recognize Image, the image fetched first',
	section: 'Images that are fetched first',
	rows: SOURCE_FILE_ROWS,
	setUp: (row, places) => ({
		parameters: {
			operation: 'recognizeImage',
			imageSource: 'url',
			imageUrl: fileUrl('source', row, places),
			options: optionsOf(row, { downloadImageFirst: true }),
		},
		credential: credentialOf('klingChina'),
		faults: faultsOf(row, mark('source', row), 'download'),
		onError: 'continueRegularOutput',
		image: '',
	}),
	seen: fetched('source'),
};

/**
 * The item that every execution begins with: the images by row. A parameter of their own would stand in the workflow
 * itself, and so in every error's copy of the node.
 */
export const ITEM: IDataObject = Object.fromEntries(CALL_ROWS.map((row) => [row.id, imageOf('call', row).base64]));

/** All stages, in the order of the page. */
export const STAGES: readonly Stage[] = [recognizeCall, identifyCall, recognizeResult, identifyResult, sourceImage];
