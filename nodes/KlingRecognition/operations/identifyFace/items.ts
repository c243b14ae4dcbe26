import type { FaceIdentification } from '../../../shared/kling/faces';
import type { Download } from '../../../shared/n8n/downloads';
import type { Branch, Emission, Settings } from '../../../shared/n8n/operation';
import { costOf, type Cost } from '../cost';

const ONE_FACE: Branch = { key: 'oneFace', displayName: 'One Face' };
const SEVERAL_FACES: Branch = { key: 'severalFaces', displayName: 'Several Faces' };
const NO_FACE: Branch = { key: 'noFace', displayName: 'No Face' };

/** The outputs by `branchBy`. */
export const branches = { faceCount: [ONE_FACE, SEVERAL_FACES, NO_FACE] };

/** What was sent: one of the two is null. */
export type VideoSource = { videoUrl: string | null; videoId: string | null };

/** The JSON of One Item per Video. */
export interface VideoItem extends FaceIdentification, Cost {
	videoUrl: string | null;
	videoId: string | null;
}

/** The items for an identification, each with the branch that it leaves by. */
export function emit(
	result: FaceIdentification,
	source: VideoSource,
	{ output, branchBy }: Pick<Settings, 'output' | 'branchBy'>,
	reused: boolean,
): Emission[] {
	const branch = branchOf(result.faceCount);
	const perFace = output === 'face' && (result.hasFace || branchBy === 'none');
	return perFace ? faceItems(result, source, branch, reused) : [videoItem(result, source, branch, reused)];
}

function branchOf(faceCount: number): string {
	if (faceCount === 0) return NO_FACE.key;
	return faceCount === 1 ? ONE_FACE.key : SEVERAL_FACES.key;
}

function videoItem(result: FaceIdentification, source: VideoSource, branch: string, reused: boolean): Emission {
	const faces = result.faces.map((face) => ({ ...face }));
	const files = result.faces.flatMap(({ faceImageUrl }, index) => file(`face${index}`, faceImageUrl));
	return { branch, source, json: { ...result, faces, ...costOf(result, reused) }, files };
}

/** A face's items carry no cost: several of them have one call. */
function faceItems(result: FaceIdentification, source: VideoSource, branch: string, reused: boolean): Emission[] {
	const { faces, sessionId, faceCount, requestId } = result;
	return faces.map((face, faceIndex) => ({
		branch,
		source,
		json: { ...face, sessionId, faceIndex, faceCount, requestId, reused },
		files: file('face', face.faceImageUrl),
	}));
}

function file(name: string, url: string | null): Download[] {
	return url === null ? [] : [{ name, url, kind: 'image' }];
}
