import { readCost } from '../answers/cost';
import { readBoolean, readObject, readText, type JsonObject } from '../values';
import { SEGMENTS, type SegmentFlag, type SegmentName } from './segments';

/** One segment of an answer; null where the provider said nothing. */
export interface SegmentResult {
	detected: boolean | null;
	url: string | null;
}

/** What Recognize Image found in one picture. */
export interface Recognition extends Record<SegmentFlag, boolean> {
	/** Names of the segments that were found, in the order of the table. */
	detected: string[];
	/** By name; those of the table always, others as the provider names them. */
	segments: Record<SegmentName, SegmentResult> & Record<string, SegmentResult>;
	requestId: string | null;
	unitsDeducted: number | null;
	balanceDeducted: number | null;
}

/**
 * Reads the data of an image-recognize answer.
 * @param data the answer's `data`
 * @param requestId the answer's request id
 * @returns the flags and segments, or null where the expected data is missing
 */
export function readRecognition(data: JsonObject, requestId: string | null): Recognition | null {
	const images = readObject(data.task_result)?.images;
	if (!Array.isArray(images)) return null;
	const segments = new Map<string, SegmentResult>(SEGMENTS.map(({ name }) => [name, { detected: null, url: null }]));
	for (const entry of images.map(readObject)) {
		const type = readText(entry?.type);
		if (!entry || type === null) continue;
		const name = SEGMENTS.find((segment) => segment.type === type)?.name ?? type;
		segments.set(name, merge(segments.get(name), entry));
	}
	const found = [...segments].filter(([, { detected }]) => detected === true).map(([name]) => name);
	return {
		...flags(found),
		detected: found,
		segments: Object.fromEntries(segments) as Recognition['segments'],
		requestId,
		...readCost(data),
	};
}

function flags(found: string[]): Record<SegmentFlag, boolean> {
	return Object.fromEntries(SEGMENTS.map(({ name, flag }) => [flag, found.includes(name)])) as Record<SegmentFlag, boolean>;
}

/** Where a type comes twice, one that was found counts. */
function merge(known: SegmentResult | undefined, entry: JsonObject): SegmentResult {
	const detected = readBoolean(entry.is_contain);
	if (known?.detected === true && detected !== true) return known;
	return { detected: detected ?? known?.detected ?? null, url: readText(entry.url) ?? known?.url ?? null };
}
