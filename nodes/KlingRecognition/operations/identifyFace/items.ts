import type { Face, FaceIdentification } from '../../../shared/kling/recognition/faces';
import type { Download } from '../../../shared/n8n/downloads';
import type { Branch, Emission, Settings } from '../../../shared/n8n/operation';
import { costOf, type Cost } from '../cost';

const ONE_FACE: Branch = { key: 'oneFace', displayName: 'One Face' };
const SEVERAL_FACES: Branch = { key: 'severalFaces', displayName: 'Several Faces' };
const NO_FACE: Branch = { key: 'noFace', displayName: 'No Face' };
const READY: Branch = { key: 'ready', displayName: 'Ready' };
const NOT_READY: Branch = { key: 'notReady', displayName: 'Not Ready' };

/** The outputs by `branchBy`. */
export const branches = { faceCount: [ONE_FACE, SEVERAL_FACES, NO_FACE], lipSyncReady: [READY, NOT_READY] };

const SOURCES = ['videoUrl', 'videoId'];

/** What was sent: one of the two is null. */
export interface VideoSource {
	videoUrl: string | null;
	videoId: string | null;
}

/** The JSON of One Item per Face. It carries no cost: several of them have one call. */
export interface FaceItem {
	faceId: Face['faceId'];
	/** Milliseconds. */
	startTime: Face['startTime'];
	endTime: Face['endTime'];
	duration: Face['duration'];
	lipSyncReady: Face['lipSyncReady'];
	faceImageUrl: Face['faceImageUrl'];
	sessionId: string | null;
	faceIndex: number;
	faceCount: number;
	videoUrl: string | null;
	videoId: string | null;
	requestId: Cost['requestId'];
	reused: Cost['reused'];
}

/** The JSON of One Item per Video. */
export interface VideoItem {
	videoUrl: string | null;
	videoId: string | null;
	sessionId: string | null;
	faceCount: number;
	hasFace: boolean;
	faces: Face[];
	requestId: Cost['requestId'];
	unitsDeducted: Cost['unitsDeducted'];
	balanceDeducted: Cost['balanceDeducted'];
	reused: Cost['reused'];
}

/** The items for an identification, each with the branch that it leaves by. */
export function emit(
	result: FaceIdentification,
	source: VideoSource,
	{ output, branchBy }: Pick<Settings, 'output' | 'branchBy'>,
	reused: boolean,
): Emission[] {
	const isReady = branchBy === 'lipSyncReady';
	const perFace = output === 'face' && (result.hasFace || branchBy === 'none');
	const count = countBranch(result.faceCount);
	if (perFace) return faceItems(result, source, reused, (face) => (isReady ? readyBranch([face]) : count));
	return [videoItem(result, source, reused, isReady ? readyBranch(result.faces) : count)];
}

function countBranch(faceCount: number): string {
	if (faceCount === 0) return NO_FACE.key;
	return faceCount === 1 ? ONE_FACE.key : SEVERAL_FACES.key;
}

function readyBranch(faces: readonly Face[]): string {
	return (faces.some(({ lipSyncReady }) => lipSyncReady === true) ? READY : NOT_READY).key;
}

function videoItem(result: FaceIdentification, source: VideoSource, reused: boolean, branch: string): Emission {
	const { sessionId, faceCount, hasFace } = result;
	const json = {
		...source,
		sessionId,
		faceCount,
		hasFace,
		faces: result.faces.map((face) => ({ ...face })),
		...costOf(result, reused),
	} satisfies VideoItem;
	const files = result.faces.flatMap(({ faceImageUrl }, index) => file(`face${index}`, faceImageUrl));
	return { branch, json, sources: SOURCES, files };
}

function faceItems(
	{ faces, sessionId, faceCount, requestId }: FaceIdentification,
	source: VideoSource,
	reused: boolean,
	branchOf: (face: Face) => string,
): Emission[] {
	return faces.map((face, faceIndex) => ({
		branch: branchOf(face),
		json: { ...face, sessionId, faceIndex, faceCount, ...source, requestId, reused } satisfies FaceItem,
		sources: SOURCES,
		files: file('face', face.faceImageUrl),
	}));
}

function file(name: string, url: string | null): Download[] {
	return url === null ? [] : [{ name, url, kind: 'image' }];
}
