import type { Recognition } from '../../../shared/kling/recognition/recognition';
import { SEGMENTS, type SegmentFlag, type SegmentUrl } from '../../../shared/kling/recognition/segments';
import type { Download } from '../../../shared/n8n/downloads';
import type { Branch, Emission } from '../../../shared/n8n/operation';
import { costOf, type Cost } from '../cost';

const NONE: Branch = { key: 'none', displayName: 'None' };
const MATCH: Branch = { key: 'match', displayName: 'Match' };
const NO_MATCH: Branch = { key: 'noMatch', displayName: 'No Match' };

/** The outputs by `branchBy`. */
export const branches = {
	segment: [...SEGMENTS.map(({ name, label }) => ({ key: name, displayName: label })), NONE],
	requirement: [MATCH, NO_MATCH],
};

const SOURCES = ['imageUrl'];

/** How an item wants its result. */
export interface Wish {
	/** As sent; null where the image was a file or Base64. */
	imageUrl: string | null;
	output: string;
	branchBy: string;
	/** Null where it does not branch by one. */
	requirement: Requirement | null;
	detectedOnly: boolean;
}

/** What an image must contain: all of these segments, or one of them. */
export interface Requirement {
	names: string[];
	match: 'all' | 'any';
}

/** The JSON of One Item per Image. */
export interface ImageItem {
	imageUrl: string | null;
	hasObject: boolean;
	hasHead: boolean;
	hasFace: boolean;
	hasCloth: boolean;
	/** Names of the segments that were found. */
	detected: string[];
	objectUrl: string | null;
	headUrl: string | null;
	faceUrl: string | null;
	clothUrl: string | null;
	requestId: Cost['requestId'];
	unitsDeducted: Cost['unitsDeducted'];
	balanceDeducted: Cost['balanceDeducted'];
	reused: Cost['reused'];
}

/** The items for a recognition, each with the branch that it leaves by. */
export function emit(result: Recognition, wish: Wish, reused: boolean): Emission[] {
	const perSegment = wish.output === 'segment';
	const image = (branch: string) => imageItem(result, wish, branch, reused);
	const segments = (branchOf: (name: string) => string, detectedOnly: boolean) =>
		segmentItems(result, wish, reused, detectedOnly).map(({ name, ...item }) => ({ ...item, branch: branchOf(name) }));
	if (wish.branchBy === 'none') return perSegment ? segments(() => 'none', wish.detectedOnly) : [image('none')];

	const found = SEGMENTS.map(({ name }) => name).filter((name) => result.detected.includes(name));
	if (wish.requirement) {
		const branch = meets(result, wish.requirement) ? MATCH.key : NO_MATCH.key;
		return perSegment && result.detected.length > 0 ? segments(() => branch, wish.detectedOnly) : [image(branch)];
	}
	if (found.length === 0) return [image(NONE.key)];
	// A segment that has no output of its own, because it is new at Kling, leaves by none.
	return perSegment
		? segments((name) => name, true).filter(({ branch }) => found.some((name) => name === branch))
		: found.map(image);
}

function imageItem(result: Recognition, { imageUrl }: Wish, branch: string, reused: boolean): Emission {
	const { segments, detected } = result;
	const flags = SEGMENTS.map(({ flag }) => [flag, result[flag]]);
	const urls = SEGMENTS.map(({ name, url }) => [url, segments[name].url]);
	const json = {
		imageUrl,
		...(Object.fromEntries(flags) as Record<SegmentFlag, boolean>),
		detected: [...detected],
		...(Object.fromEntries(urls) as Record<SegmentUrl, string | null>),
		...costOf(result, reused),
	} satisfies ImageItem;
	return { branch, json, sources: SOURCES, files: filesOf(result) };
}

function segmentItems(result: Recognition, { imageUrl }: Wish, reused: boolean, detectedOnly: boolean) {
	return Object.entries(result.segments)
		.filter(([, { detected }]) => !detectedOnly || detected === true)
		.map(([segment, { detected, url }]) => ({
			name: segment,
			json: { imageUrl, segment, detected, url, ...costOf(result, reused) },
			sources: SOURCES,
			files: filesOf(result).filter(({ name }) => name === segment),
		}));
}

function meets({ detected }: Recognition, { names, match }: Requirement): boolean {
	const contains = (name: string) => detected.includes(name);
	return match === 'all' ? names.every(contains) : names.some(contains);
}

function filesOf({ segments }: Recognition): Download[] {
	return Object.entries(segments).flatMap(([name, { url }]) => (url === null ? [] : [{ name, url, kind: 'image' as const }]));
}
