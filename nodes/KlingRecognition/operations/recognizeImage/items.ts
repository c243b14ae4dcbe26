import type { Recognition } from '../../../shared/kling/recognition';
import { SEGMENTS } from '../../../shared/kling/segments';
import type { Download } from '../../../shared/n8n/downloads';
import type { Branch, Emission } from '../../../shared/n8n/operation';
import { costOf, type Cost } from '../cost';

const NOTHING: Branch = { key: 'nothing', displayName: 'Nothing Found' };
const MATCH: Branch = { key: 'match', displayName: 'Match' };
const NO_MATCH: Branch = { key: 'noMatch', displayName: 'No Match' };

/** The outputs by `branchBy`. */
export const branches = {
	segment: [...SEGMENTS.map(({ name, label }) => ({ key: name, displayName: label })), NOTHING],
	requirement: [MATCH, NO_MATCH],
};

/** How an item wants its result. */
export interface Wish {
	/** As sent; null where the image was a file or Base64. */
	imageUrl: string | null;
	output: string;
	branchBy: string;
	required: string[];
	requiredMatch: 'all' | 'any';
	detectedOnly: boolean;
}

/** The JSON of One Item per Image. */
export interface ImageItem extends Recognition, Cost {
	imageUrl: string | null;
}

/** The items for a recognition, each with the branch that it leaves by. */
export function emit(result: Recognition, wish: Wish, reused: boolean): Emission[] {
	const source = { imageUrl: wish.imageUrl };
	const json = { ...result, ...costOf(result, reused) };
	const image = (branch: string): Emission => ({ branch, source, json: { ...json }, files: filesOf(result) });
	const segments = (branchOf: (name: string) => string, detectedOnly: boolean) =>
		segmentItems(result, detectedOnly).map(({ segment, ...found }) => ({
			branch: branchOf(segment),
			source,
			json: { segment, ...found, ...costOf(result, reused) },
			files: filesOf(result).filter(({ name }) => name === segment),
		}));

	const perSegment = wish.output === 'segment';
	if (wish.branchBy === 'none') return perSegment ? segments(() => 'none', wish.detectedOnly) : [image('none')];

	const found = SEGMENTS.map(({ name }) => name).filter((name) => result.detected.includes(name));
	if (wish.branchBy === 'requirement') {
		const branch = matches(result, wish) ? MATCH.key : NO_MATCH.key;
		return perSegment && result.detected.length > 0 ? segments(() => branch, wish.detectedOnly) : [image(branch)];
	}
	if (found.length === 0) return [image(NOTHING.key)];
	// A segment that has no output of its own, because it is new at Kling, leaves by none.
	return perSegment
		? segments((name) => name, true).filter(({ branch }) => found.some((name) => name === branch))
		: found.map(image);
}

function matches({ detected }: Recognition, { required, requiredMatch }: Wish): boolean {
	const contains = (name: string) => detected.includes(name);
	return requiredMatch === 'all' ? required.every(contains) : required.some(contains);
}

function segmentItems({ segments }: Recognition, detectedOnly: boolean) {
	return Object.entries(segments)
		.filter(([, { detected }]) => !detectedOnly || detected === true)
		.map(([segment, { detected, url }]) => ({ segment, detected, url }));
}

function filesOf({ segments }: Recognition): Download[] {
	return Object.entries(segments).flatMap(([name, { url }]) => (url === null ? [] : [{ name, url, kind: 'image' as const }]));
}
