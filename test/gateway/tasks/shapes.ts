import { randomUUID } from 'node:crypto';
import { deduction } from '../billing';
import { issue, type Call } from '../call';
import type { TaskShape, TaskState } from '../types';
import type { Product } from './products';
import { changedAt, stateOf, type Task } from './registry';

/** How one provider writes what it says of a task. */
interface Writing {
	/** To a create. */
	created: (task: Task, product: Product, call: Call) => object;
	/** To a query. */
	asked: (task: Task, product: Product, call: Call) => object;
	/** Other words than Kling's for the states. */
	words?: Partial<Record<TaskState, string>>;
}

const enveloped = (task: Task, product: Product, call: Call): object => inKlingsEnvelope(taskData(task, product, call));
const nested = (task: Task, product: Product, call: Call): object => success(enveloped(task, product, call));
const oneVideo = (task: Task, product: Product, call: Call): object =>
	inKlingsEnvelope(withOneVideo(taskData(task, product, call)));
const flat = (task: Task, product: Product, call: Call): object => success(flatData(task, product, call));

const NEWER_WORDS = { succeed: 'succeeded' };

/** The forms that documents show, one row each. */
export const WRITINGS: Record<TaskShape, Writing> = {
	kling: { created: enveloped, asked: enveloped },
	nested: { created: nested, asked: nested },
	oneVideo: { created: oneVideo, asked: oneVideo },
	flat: { created: ({ id }) => ({ task_id: id, status: '' }), asked: flat, words: NEWER_WORDS },
	flatId: { created: ({ id }) => ({ id, status: '' }), asked: flat, words: NEWER_WORDS },
};

/** The form of this call's answers about tasks. */
export const shapeOfTasks = ({ state, provider }: Call): TaskShape =>
	state.settings.taskShape === 'auto' ? provider.taskShape : state.settings.taskShape;

/** `data` in Kling's envelope. */
export const inKlingsEnvelope = (data: unknown): object => ({ code: 0, message: 'SUCCEED', request_id: randomUUID(), data });

const success = (data: object): object => ({ code: 'success', message: '', data });

function wordOf(task: Task, call: Call): string {
	const state = stateOf(task);
	return call.state.settings.taskWords[state] ?? WRITINGS[shapeOfTasks(call)].words?.[state] ?? state;
}

/** What Kling says of a task. */
export function taskData(task: Task, product: Product, call: Call) {
	const state = stateOf(task);
	const hasEnded = state === 'succeed' || state === 'failed';
	return {
		task_id: task.id,
		task_status: wordOf(task, call),
		task_status_msg: state === 'failed' ? task.failure : '',
		task_info: task.externalId ? { external_task_id: task.externalId } : {},
		created_at: task.createdAt,
		updated_at: changedAt(task),
		...(hasEnded && deduction(state === 'succeed' ? String(task.units) : '0', call.state.settings.billing)),
		...(state === 'succeed' && { task_result: resultOf(task, product, call) }),
	};
}

/** How long a video is said to be, in seconds; so long is the file behind it. */
const SECONDS = '5.1';

const urlOf = ({ id }: Task, { makes }: Product, call: Call): string =>
	issue(call, `/${id}/${makes === 'video' ? 'video.mp4' : 'image.png'}`);

function resultOf(task: Task, product: Product, call: Call): { images: object[] } | { videos: object[] } {
	const url = urlOf(task, product, call);
	if (product.makes === 'image') return { images: [{ index: 0, url }] };
	return { videos: [{ id: `9${task.id.slice(1)}`, url, duration: SECONDS }] };
}

function withOneVideo(data: ReturnType<typeof taskData>): object {
	const { task_result: result } = data;
	return result && 'videos' in result ? { ...data, task_result: { videos: result.videos[0] } } : data;
}

function flatData(task: Task, product: Product, call: Call): object {
	const state = stateOf(task);
	return {
		task_id: task.id,
		status: wordOf(task, call),
		...(state === 'failed' && { fail_reason: task.failure }),
		...(state === 'succeed' && { url: urlOf(task, product, call) }),
	};
}
