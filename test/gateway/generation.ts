import { randomUUID } from 'node:crypto';
import { json, klingError, refuse, type Answer } from './answers';
import { issue, type ApiRoute, type Call } from './call';
import { LongText } from './body';
import { checkImage } from './images';
import { checkSampleBehind } from './recognize';
import type { FaceTime } from './types';

/** The video generation routes that come after recognition, and the polling of their tasks. */
export const generationRoutes: ApiRoute[] = [
	...generation('/v1/videos/advanced-lip-sync', 'video.mp4', checkLipSync),
	...generation('/v1/videos/avatar/image2video', 'video.mp4', checkAvatar),
	...generation('/v1/images/kolors-virtual-try-on', 'image.png', checkTryOn),
	...generation('/v1/videos/image2video', 'video.mp4', checkImageToVideo),
];

function generation(path: string, file: string, check: (call: Call) => Promise<void> | void): ApiRoute[] {
	const pattern = path.replaceAll('/', '\\/');
	const start = async (call: Call): Promise<Answer> => {
		await check(call);
		const id = randomUUID();
		call.state.tasks.set(id, { account: call.account, path, polls: 0, file });
		return task(id, 'submitted');
	};
	return [
		{ route: 'generate', method: 'POST', path: new RegExp(`^${pattern}$`), handle: start },
		{ route: 'generate', method: 'GET', path: new RegExp(`^${pattern}\\/[^/]+$`), handle: (call) => poll(call, path) },
	];
}

function poll(call: Call, path: string): Answer {
	const id = call.path.slice(path.length + 1);
	const found = call.state.tasks.get(id);
	if (found?.path !== path || found.account !== call.account) return klingError(404, 1203, `task ${id} not found`);
	const status = (['submitted', 'processing', 'succeed'] as const)[Math.min(found.polls++, 2)] ?? 'succeed';
	if (status !== 'succeed') return task(id, status);
	const url = issue(call, `/${id}/${found.file}`);
	return task(
		id,
		status,
		found.file.endsWith('.mp4') ? { videos: [{ id: `video-${id}`, url, duration: '5.1' }] } : { images: [{ index: 0, url }] },
	);
}

const task = (id: string, status: string, result?: object): Answer =>
	json(200, {
		code: 0,
		message: 'SUCCEED',
		request_id: randomUUID(),
		data: {
			task_id: id,
			task_status: status,
			created_at: Date.now(),
			updated_at: Date.now(),
			...(result && { task_result: result }),
		},
	});

async function checkPicture(call: Call, name: string): Promise<void> {
	await checkSampleBehind(await checkImage(call.body[name], name, call.decoded));
}

async function checkTryOn(call: Call): Promise<void> {
	checkModel(call);
	await checkPicture(call, 'human_image');
	await checkPicture(call, 'cloth_image');
}

async function checkImageToVideo(call: Call): Promise<void> {
	checkModel(call);
	await checkPicture(call, 'image');
}

async function checkAvatar(call: Call): Promise<void> {
	await checkPicture(call, 'image');
	checkSound(call.body);
}

function checkModel({ body }: Call): void {
	if (typeof body.model_name !== 'string' || !body.model_name) refuse('model_name is required');
}

const filled = (value: unknown): boolean => value instanceof LongText || (typeof value === 'string' && value !== '');

function checkSound(values: Record<string, unknown>): void {
	if (filled(values.sound_file) === filled(values.audio_id)) refuse('exactly one of sound_file and audio_id must have a value');
}

const LEAST_MS = 2000;

function checkLipSync({ body, account, state }: Call): void {
	const session = state.sessions.get(String(body.session_id));
	if (session?.account !== account) refuse('session_id is invalid or has expired');
	if (!Array.isArray(body.face_choose) || body.face_choose.length !== 1) refuse('face_choose must have exactly one face');
	const choice = body.face_choose[0] as Record<string, unknown>;
	const face = session.faces.get(String(choice.face_id));
	if (!face) refuse('face_id does not belong to the session');
	checkSound(choice);
	checkTimes(choice, face);
}

function checkTimes(choice: Record<string, unknown>, [faceStart, faceEnd]: FaceTime): void {
	const [start, end, insert] = ['sound_start_time', 'sound_end_time', 'sound_insert_time'].map((name) => {
		const value = choice[name];
		if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) refuse(`${name} must be a time in milliseconds`);
		return value;
	}) as [number, number, number];
	if (start >= end) refuse('sound_start_time must be before sound_end_time');
	if (end - start < LEAST_MS) refuse('the cropped sound must be at least 2 seconds long');
	const overlap = Math.min(insert + end - start, faceEnd) - Math.max(insert, faceStart);
	if (overlap < LEAST_MS) refuse('the sound must overlap the time of the face by at least 2 seconds');
}
