import { refusal } from '../klingError';

/** Shortest time on screen, shortest piece of sound and shortest overlap of both, in ms. Source: Kling's API reference, "Lip-Sync". */
const LEAST_MS = 2000;

/** What is known and wished of a lip-sync's times, in milliseconds; null where it is not. */
export interface LipSyncWish {
	/** From when to when the face is on screen. */
	faceStart: number | null;
	faceEnd: number | null;
	/** The sound's length. */
	soundLength: number | null;
	/** Which piece of the sound is used. */
	soundStart: number | null;
	soundEnd: number | null;
	/** Where in the video the piece begins. */
	insertAt: number | null;
}

/** The times of a lip-sync as they are sent: whole milliseconds. */
export interface LipSyncTimes {
	soundStart: number;
	soundEnd: number;
	insertAt: number;
}

/**
 * Works out the times of a lip-sync: from the start of the sound, at the start of the face, as far as sound and face reach. Where one
 * of the two ends is not known, as far as the other one reaches.
 * @throws KlingError where neither end is known, or nothing is left of the sound
 */
export function lipSyncTimes(wish: LipSyncWish): LipSyncTimes {
	const soundStart = Math.ceil(wish.soundStart ?? 0);
	const insertAt = Math.ceil(wish.insertAt ?? wish.faceStart ?? 0);
	const ends = [wish.soundLength, wish.faceEnd === null ? null : soundStart + wish.faceEnd - insertAt].filter(
		(end) => end !== null,
	);
	const soundEnd = Math.floor(wish.soundEnd ?? Math.min(...ends));
	if (!Number.isFinite(soundEnd)) {
		throw refusal(
			'It is not known where the sound has to end',
			'Give the end of the face in Face End Time, as Identify Face puts it out, or set Sound End in the options.',
		);
	}
	if (soundEnd <= soundStart) {
		throw refusal(
			`No piece of the sound is left: it would start at ${soundStart} ms and end at ${soundEnd} ms`,
			'Check Sound Start, Sound End and Insert At in the options, and the times of the face.',
		);
	}
	return { soundStart, soundEnd, insertAt };
}

/**
 * Checks the times of a lip-sync against Kling's limits, as far as they are known.
 * @throws KlingError naming the limit, the actual value and the remedy
 */
export function checkLipSyncTimes({ soundStart, soundEnd, insertAt }: LipSyncTimes, wish: LipSyncWish): void {
	const { faceStart, faceEnd, soundLength } = wish;
	const piece = soundEnd - soundStart;
	if (faceStart !== null && faceEnd !== null) {
		atLeast(
			faceEnd - faceStart,
			'The face is on screen for',
			'Choose a face with lipSyncReady true, for example with a Filter node.',
		);
	}
	if (soundLength !== null && soundEnd > soundLength) {
		throw refusal(
			`The sound ends at ${soundLength} ms, before Sound End at ${soundEnd} ms`,
			'Lower Sound End in the options, or remove it to use as much of the sound as fits.',
		);
	}
	atLeast(
		piece,
		'The piece of the sound that is used lasts',
		'Check Sound Start, Sound End and Insert At in the options, or use a longer sound.',
	);
	if (faceEnd !== null) {
		const overlap = Math.min(faceEnd, insertAt + piece) - Math.max(faceStart ?? 0, insertAt);
		atLeast(
			Math.max(overlap, 0),
			'Sound and face overlap for',
			'Check Insert At in the options: the sound has to play while the face is on screen.',
		);
	}
}

function atLeast(milliseconds: number, what: string, remedy: string): void {
	if (milliseconds >= LEAST_MS) return;
	throw refusal(`${what} ${Math.floor(milliseconds)} ms, Kling asks for at least ${LEAST_MS} ms`, remedy);
}
