import { refusal } from '../klingError';

/** Shortest time on screen, shortest piece of audio and shortest overlap of both, in ms. Source: Kling's API reference, "Lip-Sync". */
const LEAST_MS = 2000;

/** So much is left at the end where there is more than enough: ends that are exact to the ms were found to be refused. In ms. */
const LEFT_MS = 50;

/** What is known and wished of a lip-sync's times, in milliseconds; null where it is not. */
export interface LipSyncWish {
	/** From when to when the face is on screen. */
	faceStart: number | null;
	faceEnd: number | null;
	/** The audio's length. */
	audioLength: number | null;
	/** Which piece of the audio is used. */
	audioStart: number | null;
	audioEnd: number | null;
	/** Where in the video the piece begins. */
	insertAt: number | null;
}

/** The times of a lip-sync as they are sent: whole milliseconds. */
export interface LipSyncTimes {
	audioStart: number;
	audioEnd: number;
	insertAt: number;
}

/**
 * Works out the times of a lip-sync: from the start of the audio, at the start of the face, nearly as far as audio and face reach. Where
 * one of the two ends is not known, nearly as far as the other one reaches.
 * @throws KlingError where neither end is known, or nothing is left of the audio
 */
export function lipSyncTimes(wish: LipSyncWish): LipSyncTimes {
	const audioStart = Math.ceil(wish.audioStart ?? 0);
	const insertAt = Math.ceil(wish.insertAt ?? wish.faceStart ?? 0);
	// So much of the piece is heard before the face appears.
	const before = Math.max((wish.faceStart ?? 0) - insertAt, 0);
	const ends = [wish.audioLength, wish.faceEnd === null ? null : audioStart + wish.faceEnd - insertAt].filter(
		(end) => end !== null,
	);
	const audioEnd = Math.floor(wish.audioEnd ?? nearly(Math.min(...ends), audioStart + before));
	if (!Number.isFinite(audioEnd)) {
		throw refusal(
			'It is not known where the audio has to end',
			'Give the end of the face in Face End Time, as Identify Face puts it out, or set Audio End in the options.',
		);
	}
	if (audioEnd <= audioStart) {
		throw refusal(
			`No piece of the audio is left: it would start at ${audioStart} ms and end at ${audioEnd} ms`,
			'Check Audio Start, Audio End and Insert At in the options, and the times of the face.',
		);
	}
	return { audioStart, audioEnd, insertAt };
}

/** An end with a bit left, where what is heard of the face from `start` on stays long enough. */
function nearly(end: number, start: number): number {
	return end - start > LEAST_MS + LEFT_MS ? end - LEFT_MS : end;
}

/**
 * Checks the times of a lip-sync against Kling's limits, as far as they are known.
 * @throws KlingError naming the limit, the actual value and the remedy
 */
export function checkLipSyncTimes({ audioStart, audioEnd, insertAt }: LipSyncTimes, wish: LipSyncWish): void {
	const { faceStart, faceEnd, audioLength } = wish;
	const piece = audioEnd - audioStart;
	if (faceStart !== null && faceEnd !== null) {
		atLeast(
			faceEnd - faceStart,
			'The face is on screen for',
			'Let Identify Face branch by Lip-Sync Ready, and connect its output Ready.',
		);
	}
	if (audioLength !== null && audioEnd > audioLength) {
		throw refusal(
			`The audio ends at ${audioLength} ms, before Audio End at ${audioEnd} ms`,
			'Lower Audio End in the options, or remove it to use as much of the audio as fits.',
		);
	}
	atLeast(
		piece,
		'The piece of the audio that is used lasts',
		'Check Audio Start, Audio End and Insert At in the options, or use longer audio.',
	);
	if (faceEnd !== null) {
		const overlap = Math.min(faceEnd, insertAt + piece) - Math.max(faceStart ?? 0, insertAt);
		atLeast(
			Math.max(overlap, 0),
			'Audio and face overlap for',
			'Check Insert At in the options: the audio has to play while the face is on screen.',
		);
	}
}

function atLeast(milliseconds: number, what: string, remedy: string): void {
	if (milliseconds >= LEAST_MS) return;
	throw refusal(`${what} ${Math.floor(milliseconds)} ms, Kling asks for at least ${LEAST_MS} ms`, remedy);
}
