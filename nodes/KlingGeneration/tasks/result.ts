import type { TaskRoute } from '../../shared/kling/tasks/taskRoutes';
import type { TaskState, TaskStatus } from '../../shared/kling/tasks/taskState';
import type { Download } from '../../shared/n8n/downloads';
import type { Emission } from '../../shared/n8n/operation';
import type { GenerationOptions } from '../options';
import type { TaskRequest } from './taskInput';

/** A task, and what was last heard of it. */
export interface TaskResult {
	route: TaskRoute;
	taskId: string;
	externalTaskId: string | null;
	/** The create's; of Get Task the question's. */
	requestId: string | null;
	state: TaskState;
}

/** The JSON of a task that makes a video. */
export interface VideoTaskItem {
	operation: string;
	status: TaskStatus;
	videoUrl: string | null;
	watermarkUrl: string | null;
	/** Seconds. */
	duration: number | null;
	/** The image that it was made of, as sent. */
	imageUrl: string | null;
	videoId: string | null;
	taskId: string;
	externalTaskId: string | null;
	unitsDeducted: number | null;
	balanceDeducted: number | null;
	requestId: string | null;
	/** ISO 8601. */
	createdAt: string | null;
	updatedAt: string | null;
}

/** The JSON of a task in a list; one that makes an image has the fields of that. */
export interface ListedTaskItem extends VideoTaskItem {
	/** Why it failed, in Kling's words; only of one that did. */
	reason?: string | null;
}

/** The JSON of a task that makes an image. */
export interface ImageTaskItem {
	operation: string;
	status: TaskStatus;
	imageUrl: string | null;
	watermarkUrl: string | null;
	taskId: string;
	externalTaskId: string | null;
	unitsDeducted: number | null;
	balanceDeducted: number | null;
	requestId: string | null;
	/** ISO 8601. */
	createdAt: string | null;
	updatedAt: string | null;
}

/** What an item says of the task that it wanted; nothing where the task was made before. */
type Wanted = Pick<TaskRequest, 'imageUrl' | 'fileName'>;

/** What a task is made of is not known any more. */
export const MADE_BEFORE: Wanted = { imageUrl: null, fileName: null };

/** The item for a task: what was made stands first. */
export function emit(result: TaskResult, wanted: Wanted, options: GenerationOptions): [Emission] {
	const { route, taskId, externalTaskId, requestId, state } = result;
	const { status, file, unitsDeducted, balanceDeducted, createdAt, updatedAt } = state;
	const isVideo = route.makes === 'video';
	const made = { url: file?.url ?? null, watermarkUrl: file?.watermarkUrl ?? null };
	const task = { taskId, externalTaskId, unitsDeducted, balanceDeducted, requestId, createdAt, updatedAt };
	const json = isVideo
		? ({
				operation: route.operation,
				status,
				videoUrl: made.url,
				watermarkUrl: made.watermarkUrl,
				duration: file?.duration ?? null,
				imageUrl: wanted.imageUrl,
				videoId: file?.id ?? null,
				...task,
			} satisfies VideoTaskItem)
		: ({
				operation: route.operation,
				status,
				imageUrl: made.url,
				watermarkUrl: made.watermarkUrl,
				...task,
			} satisfies ImageTaskItem);
	return [{ branch: 'none', json, sources: isVideo ? ['imageUrl'] : [], files: files(result, wanted.fileName, options) }];
}

function files(
	{ route, taskId, state: { file } }: TaskResult,
	fileName: string | null,
	{ outputPropertyName, watermark }: GenerationOptions,
): Download[] {
	if (!file) return [];
	const url = (watermark === true ? file.watermarkUrl : null) ?? file.url;
	const name = fileName?.replace(/\.[^.]*$/, '') || taskId;
	return [{ name: outputPropertyName ?? route.makes, url, kind: route.makes, fileName: safe(name) }];
}

/** A file's name as any system takes it. */
const safe = (name: string): string => name.replace(/[^\p{L}\p{N} ._-]/gu, '_');
