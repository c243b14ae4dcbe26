import { randomUUID } from 'node:crypto';
import { json, refuse, type Answer } from './answers';
import { deduction, PRICES } from './billing';
import { issue, shapeOf, type ApiRoute, type Call } from './call';
import { facesOf, lengthOfVideo } from './scripts';
import type { FaceTime } from './types';

/** `POST /v1/videos/identify-face`. */
export const identifyRoute: ApiRoute = {
	route: 'identify',
	method: 'POST',
	path: /^\/v1\/videos\/identify-face$/,
	handle: identify,
};

function identify(call: Call): Answer {
	const video = checkVideo(call.body);
	const faces = facesOf(video, call.state);
	const session = randomUUID();
	call.state.sessions.set(session, {
		account: call.account,
		faces: new Map(faces.map((face, index) => [String(index), face])),
		videoMs: lengthOfVideo(video),
	});
	if (shapeOf(call) === 'faceList') return answer(session, {}, { face_list: faces.map((_face, index) => rect(index)) });
	const list = faces.map((face, index) => entry(call, session, face, index));
	if (shapeOf(call) === 'gateway') return answer(session, {}, { face_data: list });
	return answer(
		session,
		{ request_id: session.split('').reverse().join('') },
		{ face_data: list, ...deduction(PRICES.identification, call.state.settings.billing) },
	);
}

const answer = (session: string, head: object, data: object): Answer =>
	json(200, { code: 0, message: 'SUCCEED', ...head, data: { session_id: session, ...data } });

const entry = (call: Call, session: string, [start, end]: FaceTime, index: number): object => ({
	face_id: String(index),
	face_image: issue(call, `/${session}/face-${index}.jpg`),
	start_time: start,
	end_time: end,
});

const rect = (index: number): object => ({
	face_id: String(index),
	face_rect: { x: 120 + 300 * index, y: 80, width: 220, height: 260 },
});

/** Checks that there is exactly one of the two. @throws Refusal */
function checkVideo({ video_id: id = '', video_url: url = '' }: Record<string, unknown>): { id: string } | { url: string } {
	if (typeof id !== 'string' || typeof url !== 'string') refuse('video_id and video_url must be strings');
	if (id && url) refuse('video_id and video_url cannot have values at the same time');
	if (!id && !url) refuse('video_id and video_url cannot both be empty');
	if (id) return { id };
	if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) refuse('video_url is not a valid URL');
	// A path without an ending is let pass, such as that of a link that an n8n signed.
	const extension = /\.([^./]*)$/.exec(new URL(url).pathname)?.[1];
	if (extension !== undefined && !/^(mp4|mov)$/i.test(extension)) refuse('video_url: video files must be .mp4/.mov');
	return { url };
}
