import { readAnswer, type GoodAnswer, type RawAnswer } from '../answers/answer';
import { readCost } from '../answers/cost';
import { read } from '../answers/reading';
import { asKlingError } from '../klingError';
import { readNumber, readObject, readText, type JsonObject } from '../values';

/** Kling's advanced lip-sync asks for a face that is on screen for at least this long, in milliseconds. */
const LIP_SYNC_MINIMUM_MS = 2000;

/** One face of a video; null where the provider said nothing. Times in milliseconds. */
export interface Face {
	faceId: string | null;
	startTime: number | null;
	endTime: number | null;
	duration: number | null;
	/** Whether the face is on screen long enough for lip-sync. */
	lipSyncReady: boolean | null;
	/** The face, cut out of the video. */
	faceImageUrl: string | null;
}

/** What Identify Face found in one video. */
export interface FaceIdentification {
	/** The key to the lip-sync call, kept by Kling for about a day. */
	sessionId: string | null;
	faceCount: number;
	hasFace: boolean;
	faces: Face[];
	requestId: string | null;
	unitsDeducted: number | null;
	balanceDeducted: number | null;
}

/** That there is nobody in a video, as an error says it where Kling gives an empty list. Source: clients' reports, such as "there is no human in the video". */
const NOBODY =
	/\bno (valid |clear )?(human |person'?s? )?(human|person|people|face)s? (is |are |was |were |has been |have been |could be )?(in|found|detected|recogni[sz]ed|identified)\b|\b(human|person|people|face)s? (is |are |was |were )?not (found|detected|recogni[sz]ed|identified)\b|(没有|未)(检测到?|识别到?|发现)?人/i;

/** Reads the answer to identify-face: an error that says that there is nobody in the video is a video without a face. @throws KlingError as `readAnswer` */
export function readFaceAnswer(answer: RawAnswer, secrets: readonly string[]): GoodAnswer {
	try {
		return readAnswer(answer, secrets);
	} catch (error) {
		const { json, envelope, requestId } = read(answer, secrets);
		if (json && NOBODY.test(envelope.said)) return { data: { face_data: [] }, requestId, raw: json };
		throw asKlingError(error);
	}
}

/**
 * Reads the data of an identify-face answer. Kling calls the list `face_data`, some gateways `face_list` or `faces`.
 * @param data the answer's `data`
 * @param requestId the answer's request id
 * @returns session and faces, or null where the expected data is missing
 */
export function readFaceIdentification(data: JsonObject, requestId: string | null): FaceIdentification | null {
	const sessionId = readText(data.session_id);
	const lists = [data.face_data, data.face_list, data.faces].filter((list) => list !== undefined && list !== null);
	// One that is filled counts; an empty one may stand beside it.
	const list = lists.find((one) => Array.isArray(one) && one.length > 0) ?? lists[0] ?? null;
	if (list === null ? sessionId === null : !Array.isArray(list)) return null;
	const faces = ((list ?? []) as unknown[])
		.map(readObject)
		.filter((entry) => entry !== null)
		.map(readFace);
	return {
		sessionId,
		faceCount: faces.length,
		hasFace: faces.length > 0,
		faces,
		requestId,
		...readCost(data),
	};
}

function readFace(entry: JsonObject): Face {
	const startTime = readNumber(entry.start_time);
	const endTime = readNumber(entry.end_time);
	const duration = startTime !== null && endTime !== null ? endTime - startTime : null;
	return {
		faceId: readText(entry.face_id),
		startTime,
		endTime,
		duration,
		lipSyncReady: duration === null ? null : duration >= LIP_SYNC_MINIMUM_MS,
		faceImageUrl: readText(entry.face_image),
	};
}
