import { keyTestRequest } from '../../../nodes/shared/kling/account/keyTest';
import type { Connection } from '../../../nodes/shared/kling/account/connection';
import { sampleBytes } from '../../samples/manifest';
import { PRODUCTS, productOf, type Product } from '../tasks/products';

/** What was learnt from earlier answers of the same side. */
export interface Memory {
	connection: Connection;
	/** The picture to use: a URL, or bare Base64. */
	image: string;
	videoUrl?: string;
	/** Unlike any that was used before. */
	externalId: string;
	face?: { sessionId: string; faceId: string; start: number };
	/** By product. */
	taskIds: Map<string, string>;
}

export interface Call {
	method: 'GET' | 'POST';
	url: string;
	body?: object | string;
}

/** One question to both sides. */
export interface Check {
	name: string;
	/** What it costs, or may cost, in words; absent: it is free. */
	cost?: string;
	/** Whose key it carries. Default: the good one. */
	key?: 'none' | 'wrong';
	/** @returns undefined where something is missing that `needs` names */
	call: (memory: Memory) => Call | undefined;
	needs?: string;
	/** What the message has to say, where only the words tell one refusal from another. */
	says?: RegExp;
	/** Keeps what later checks ask for. */
	learn?: (json: any, memory: Memory) => void;
	/** Asked again until the task has ended. */
	untilEnd?: boolean;
}

const base64 = (file: string): string => sampleBytes(file).toString('base64');
const post =
	(path: string, body: object) =>
	({ connection }: Memory): Call => ({
		method: 'POST',
		url: connection.baseUrl + path,
		body,
	});
const get =
	(path: string) =>
	({ connection }: Memory): Call => ({ method: 'GET', url: connection.baseUrl + path });

const RECOGNIZE = '/v1/videos/image-recognize';
const IDENTIFY = '/v1/videos/identify-face';
const SPEECH = '/v1/audio/tts';
const NEWER = '/image-to-video/kling-3.0-turbo';
const HELLO = { text: 'Hello', voice_id: 'reader_en_m-v1', voice_language: 'en' };

/** What costs nothing: refusals, and questions about nothing. */
const FREE: Check[] = [
	{ name: 'no key', key: 'none', call: post(RECOGNIZE, {}) },
	{ name: 'a wrong key', key: 'wrong', call: post(RECOGNIZE, {}) },
	{ name: 'test of the key', call: ({ connection }) => keyTestRequest(connection, Date.now()) },
	{ name: 'recognition without an image', call: post(RECOGNIZE, {}) },
	{ name: 'identification without a video', call: post(IDENTIFY, {}) },
	{ name: 'identification of two videos', call: post(IDENTIFY, { video_id: '1', video_url: 'https://example.com/a.mp4' }) },
	...PRODUCTS.flatMap(({ name, path }): Check[] => [
		{ name: `${name}: create from nothing`, call: post(path, {}) },
		{ name: `${name}: a task that nobody has`, call: get(`${path}/1`), says: /not found/i },
		{ name: `${name}: list`, call: get(`${path}?pageNum=1&pageSize=1`) },
	]),
	{ name: 'speech from nothing', call: post(SPEECH, {}) },
	{ name: 'speech with a voice of other routes', call: post(SPEECH, { ...HELLO, voice_id: 'preset-1' }), says: /voice/i },
	{ name: 'newer form: create from nothing', call: post(NEWER, {}) },
	{ name: 'newer form: tasks that nobody has', call: get('/tasks?task_ids=1,2') },
	{ name: 'newer form: both kinds of ids', call: get('/tasks?task_ids=1&external_task_ids=2') },
];

const RECOGNITION: Check[] = [
	{ name: 'recognition', cost: 'a recognition (0.1 unit)', call: (memory) => post(RECOGNIZE, { image: memory.image })(memory) },
	{
		name: 'recognition of Base64 with a prefix',
		cost: 'nothing where it is refused, or else a recognition (0.1 unit)',
		call: post(RECOGNIZE, { image: `data:image/png;base64,${base64('portrait.png')}` }),
	},
	{
		name: 'identification',
		cost: 'an identification (0.05 unit)',
		needs: '--video-url',
		call: (memory) => (memory.videoUrl === undefined ? undefined : post(IDENTIFY, { video_url: memory.videoUrl })(memory)),
		learn: ({ data }, memory) => {
			const [face] = [...(data.face_data ?? []), ...(data.face_list ?? [])];
			if (face)
				memory.face = {
					sessionId: String(data.session_id),
					faceId: String(face.face_id),
					start: Number(face.start_time ?? 0),
				};
		},
	},
];

/** Speech, and a video of the newer form. */
const NEWER_FORM = 'newer form';
const newerCreate = ({ connection, image, externalId }: Memory): Call => ({
	method: 'POST',
	url: connection.baseUrl + NEWER,
	body: {
		contents: [
			{ type: 'prompt', text: 'Slow camera move' },
			{ type: 'first_frame', url: image },
		],
		settings: { resolution: '720p', duration: 3 },
		options: { external_task_id: `${externalId}-newer` },
	},
});
const askedTogether = (by: string, id: (memory: Memory) => string) => (memory: Memory) =>
	memory.taskIds.has(NEWER_FORM) ? get(`/tasks?${by}=${id(memory)}`)(memory) : undefined;
const NEWER_COST = 'a video of 3 s (about 2.4 units)';
const needsNewer = 'a task of the newer form';

const PAID: Check[] = [
	{ name: 'speech', cost: 'a speech (0.05 unit)', call: post(SPEECH, HELLO) },
	{
		name: 'newer form: create',
		cost: NEWER_COST,
		call: newerCreate,
		learn: (json, memory) => learnTask(json, memory, NEWER_FORM),
	},
	{
		name: 'newer form: the same external id again',
		cost: `nothing where it is refused, or else ${NEWER_COST}`,
		needs: needsNewer,
		call: (memory) => (memory.taskIds.has(NEWER_FORM) ? newerCreate(memory) : undefined),
		says: /already exists/i,
	},
	{
		name: 'newer form: query by external id',
		needs: needsNewer,
		call: askedTogether('external_task_ids', ({ externalId }) => `${externalId}-newer`),
	},
	{
		name: 'newer form: the end',
		needs: needsNewer,
		call: askedTogether('task_ids', ({ taskIds }) => taskIds.get(NEWER_FORM)!),
		untilEnd: true,
	},
];

/** A task of each product, and what it costs; where a body is missing something, there is no task. */
const BODIES: Array<{ product: Product['name']; cost: string; needs?: string; body: (memory: Memory) => object | undefined }> = [
	{
		product: 'imageToVideo',
		cost: 'a video of 5 s (about 1.5 units)',
		body: ({ image }) => ({ model_name: 'kling-v2-5-turbo', image, prompt: 'Slow camera move', duration: '5', mode: 'std' }),
	},
	{
		product: 'textToVideo',
		cost: 'a video of 5 s (about 1.5 units)',
		body: () => ({ model_name: 'kling-v2-5-turbo', prompt: 'Slow camera move', duration: '5', mode: 'std' }),
	},
	{
		product: 'virtualTryOn',
		cost: 'a try-on (about 0.007 USD)',
		body: ({ image }) => ({
			model_name: 'kolors-virtual-try-on-v1-5',
			human_image: image,
			cloth_image: base64('garment.jpg'),
		}),
	},
	{
		product: 'avatar',
		cost: 'an avatar of 3 s (about 1.2 units)',
		body: ({ image }) => ({ image, sound_file: base64('tone-3s.mp3'), prompt: 'Speaks calmly', mode: 'std' }),
	},
	{
		product: 'lipSync',
		cost: 'a lip-sync of 2 s (about 0.5 units)',
		needs: 'a face of the identification',
		body: ({ face }) => face && lipSync(face),
	},
];

const lipSync = ({ sessionId, faceId, start }: NonNullable<Memory['face']>): object => ({
	session_id: sessionId,
	face_choose: [
		{
			face_id: faceId,
			sound_file: base64('tone-3s.mp3'),
			sound_start_time: 0,
			sound_end_time: 2000,
			sound_insert_time: start,
		},
	],
});

const TASKS = BODIES.flatMap(({ product: name, cost, needs, body }): Check[] => {
	const { path, queryByExternalId } = productOf(name);
	const create = (memory: Memory): Call | undefined => {
		const fields = body(memory);
		return fields && post(path, { ...fields, external_task_id: `${memory.externalId}-${name}` })(memory);
	};
	const ask =
		(id: (memory: Memory) => string) =>
		(memory: Memory): Call | undefined =>
			memory.taskIds.has(name) ? get(`${path}/${id(memory)}`)(memory) : undefined;
	const byId = ask((memory) => memory.taskIds.get(name)!);
	const needsTask = `a task of ${name}`;
	return [
		{ name: `${name}: create`, cost, needs, call: create, learn: (json, memory) => learnTask(json, memory, name) },
		{
			name: `${name}: the same external id again`,
			cost: `nothing where it is refused, or else ${cost}`,
			needs: needsTask,
			call: (memory) => (memory.taskIds.has(name) ? create(memory) : undefined),
			says: /already exists/i,
		},
		{ name: `${name}: query`, needs: needsTask, call: byId },
		...(queryByExternalId
			? [{ name: `${name}: query by external id`, needs: needsTask, call: ask((memory) => `${memory.externalId}-${name}`) }]
			: []),
		{ name: `${name}: the end`, needs: needsTask, call: byId, untilEnd: true },
	];
});

function learnTask(json: any, { taskIds }: Memory, product: string): void {
	const id: unknown = json.data?.task_id ?? json.data?.data?.task_id ?? json.task_id ?? json.data?.id ?? json.id;
	if (typeof id === 'string' && id !== '') taskIds.set(product, id);
}

const RETIRED: Check = {
	name: 'imageToVideo: a retired model',
	cost: 'nothing where it is refused, or else a video of 5 s (about 1.5 units)',
	call: (memory) => post(productOf('imageToVideo').path, { model_name: 'kling-v1', image: memory.image, duration: '5' })(memory),
};

/** All checks, in their order: what costs nothing comes first. */
export const CHECKS: Check[] = [...FREE, ...RECOGNITION, RETIRED, ...PAID, ...TASKS];
