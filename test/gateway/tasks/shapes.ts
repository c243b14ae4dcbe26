import { randomUUID } from 'node:crypto';
import { deduction } from '../billing';
import { issue, type Call } from '../call';
import type { TaskShape, TaskState } from '../types';
import type { Product } from './products';
import { changedAt, type Task } from './registry';
import { relayWritings } from './relay';

/** A task as an answer tells of it. */
export interface Told {
	task: Task;
	/** To a create, a task is submitted, however soon it ends. */
	state: TaskState;
	product: Product;
	call: Call;
}

/** How one provider writes what it says of a task. */
export interface Writing {
	/** To a create. */
	created: (told: Told) => object;
	/** To a query. */
	asked: (told: Told) => object;
	/** Other words than Kling's for the states. */
	words?: Partial<Record<TaskState, string>>;
}

const enveloped = (told: Told): object => inKlingsEnvelope(taskData(told));
/** To a create, every product tells of the external id. */
const created = (told: Told): object => inKlingsEnvelope({ ...taskData(told), task_info: externalIdOf(told) });
const nested = (told: Told): object => success(enveloped(told));
const oneVideo = (told: Told): object => inKlingsEnvelope(withOneVideo(taskData(told)));
const flat = (told: Told): object => success(flatData(told));

const NEWER_WORDS = { succeed: 'succeeded' };

/** The forms that documents show, one row each. */
export const WRITINGS: Record<TaskShape, Writing> = {
	kling: { created, asked: enveloped },
	nested: { created: nested, asked: nested },
	oneVideo: { created: oneVideo, asked: oneVideo },
	flat: { created: ({ task: { id } }) => ({ task_id: id, status: '' }), asked: flat, words: NEWER_WORDS },
	flatId: { created: ({ task: { id } }) => ({ id, status: '' }), asked: flat, words: NEWER_WORDS },
	...relayWritings(enveloped, (told) => urlOf(told)),
};

/** The form of this call's answers about tasks. */
export const shapeOfTasks = ({ state, provider }: Call): TaskShape =>
	state.settings.taskShape === 'auto' ? provider.taskShape : state.settings.taskShape;

/** `data` in Kling's envelope. */
export const inKlingsEnvelope = (data: unknown): object => ({ code: 0, message: 'SUCCEED', request_id: randomUUID(), data });

const success = (data: object): object => ({ code: 'success', message: '', data });

const wordOf = ({ state, call }: Told): string =>
	call.state.settings.taskWords[state] ?? WRITINGS[shapeOfTasks(call)].words?.[state] ?? state;

/** What Kling says of a task. */
export function taskData(told: Told) {
	const { task, state, call } = told;
	const hasEnded = state === 'succeed' || state === 'failed';
	return {
		task_id: task.id,
		task_status: wordOf(told),
		task_status_msg: state === 'failed' ? task.failure : '',
		task_info: infoOf(told),
		created_at: task.createdAt,
		updated_at: changedAt(task, state),
		...(hasEnded && deduction(state === 'succeed' ? String(task.units) : '0', call.state.settings.billing)),
		...(state === 'succeed' && { task_result: resultOf(told) }),
	};
}

/** What a task was asked for with; of a lip-sync, Kling's documented rows name the video that it was made of, and no external id. */
const infoOf = (told: Told): object =>
	told.product.name === 'lipSync' ? { parent_video: { id: '', url: '', duration: SECONDS } } : externalIdOf(told);

const externalIdOf = ({ task }: Told): object => (task.externalId ? { external_task_id: task.externalId } : {});

/** How long a video is said to be, in seconds; so long is the file behind it. */
const SECONDS = '5.1';

const EXTENSIONS = { video: 'mp4', image: 'png' };

const urlOf = ({ task, product: { makes }, call }: Told, mark = ''): string =>
	issue(call, `/${task.id}/${makes}${mark}.${EXTENSIONS[makes]}`);

/** Where a file was made: the clean one, and beside it the one with a watermark where that was wanted. */
const urlsOf = (told: Told) => ({
	url: urlOf(told),
	...(told.task.isMarked && { watermark_url: urlOf(told, '-watermark') }),
});

/** What was made. */
export function resultOf(told: Told): { images: object[] } | { videos: object[] } {
	const urls = urlsOf(told);
	if (told.product.makes === 'image') return { images: [{ index: 0, ...urls }] };
	return { videos: [{ id: `9${told.task.id.slice(1)}`, ...urls, duration: SECONDS }] };
}

function withOneVideo(data: ReturnType<typeof taskData>): object {
	const { task_result: result } = data;
	return result && 'videos' in result ? { ...data, task_result: { videos: result.videos[0] } } : data;
}

function flatData(told: Told): object {
	const { task, state } = told;
	return {
		task_id: task.id,
		status: wordOf(told),
		...(state === 'failed' && { fail_reason: task.failure }),
		...(state === 'succeed' && { url: urlOf(told) }),
	};
}
