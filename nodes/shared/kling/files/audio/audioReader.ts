/** What an audio file says of itself. */
export interface AudioFile {
	/** Its length as a decoder gives it, in whole milliseconds, never more; null where the file does not say. */
	durationMs: number | null;
	/** Whether a picture moves in it as well. */
	hasVideo: boolean;
}

/** A length is to be as near as this to what is decoded: within 60 ms, whatever is rounded. In milliseconds. */
const NEAR_MS = 55;
/** Two measures that are further apart tell nothing: an end with 50 ms left, as `lipSyncTimes` leaves them, would not lie within both. */
const MOST_APART_MS = NEAR_MS + 50;

/** Audio of a length in seconds. @returns null where that is no length: the file is damaged */
export function audioOf(seconds: number): AudioFile | null {
	const durationMs = Math.floor(seconds * 1000 + 1e-6);
	return durationMs > 0 && Number.isFinite(durationMs) ? { durationMs, hasVideo: false } : null;
}

/**
 * Audio whose length its container gives otherwise than a decoder does: the shorter one, but near to what is decoded.
 * @param told in seconds, as the container says
 * @param decoded in seconds, in whole frames
 */
export function audioOfBoth(told: number, decoded: number): AudioFile | null {
	const [shorter, longer] = [told, decoded].sort((one, other) => one - other) as [number, number];
	const audio = audioOf(Math.max(shorter, longer - NEAR_MS / 1000));
	return audio && longer - shorter > MOST_APART_MS / 1000 ? { ...audio, durationMs: null } : audio;
}
