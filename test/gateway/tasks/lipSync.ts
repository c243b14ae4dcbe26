import { refuse } from '../answers';
import type { Call } from '../call';
import type { Session } from '../state';
import type { FaceTime } from '../types';
import { checkNumber, text, type Fields } from './fields';
import { checkSound } from './sounds';

const LEAST_MS = 2000;
const LONGEST_SOUND_MS = 60_000;

/** Checks a lip-sync: a session of this account, one face of it, and a sound that fits the face's time. @throws Refusal */
export function checkLipSync(call: Call): void {
	const { body, account, state } = call;
	const session = state.sessions.get(text(body, 'session_id'));
	if (session?.account !== account) refuse('session_id is invalid or has expired');
	if (!Array.isArray(body.face_choose) || body.face_choose.length !== 1) refuse('face_choose must have exactly one face');
	const choice = body.face_choose[0] as Fields;
	const face = session.faces.get(text(choice, 'face_id'));
	if (!face) refuse('face_id does not belong to the session');
	const soundMs = checkSound(choice, call, LONGEST_SOUND_MS);
	checkTimes(choice, face, session, soundMs);
	checkNumber(choice, 'sound_volume', 0, 2);
	checkNumber(choice, 'original_audio_volume', 0, 2);
}

function checkTimes(choice: Fields, [faceStart, faceEnd]: FaceTime, { videoMs }: Session, soundMs: number | undefined): void {
	const [start, end, insert] = (['sound_start_time', 'sound_end_time', 'sound_insert_time'] as const).map((name) =>
		time(choice, name),
	) as [number, number, number];
	if (start >= end) refuse('sound_start_time must be before sound_end_time');
	if (soundMs !== undefined && end > soundMs) refuse('sound_end_time cannot be later than the end of the sound');
	if (end - start < LEAST_MS) refuse('the cropped sound must be at least 2 seconds long');
	const insertEnd = insert + end - start;
	if (videoMs !== undefined && insertEnd > videoMs) refuse('the inserted sound cannot end after the video');
	if (Math.min(insertEnd, faceEnd) - Math.max(insert, faceStart) < LEAST_MS)
		refuse('the sound must overlap the time of the face by at least 2 seconds');
}

function time(choice: Fields, name: string): number {
	const value = choice[name];
	if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) refuse(`${name} must be a time in milliseconds`);
	return value;
}
