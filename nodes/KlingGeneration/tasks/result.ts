import type { TaskRoute } from '../../shared/kling/tasks/taskRoutes';
import type { TaskState, TaskStatus } from '../../shared/kling/tasks/taskState';
import type { Download } from '../../shared/n8n/downloads';
import type { Emission } from '../../shared/n8n/operation';
import type { GenerationOptions } from '../options';

/** A task, and what was last heard of it. */
export interface TaskResult {
	route: TaskRoute;
	taskId: string;
	externalTaskId: string | null;
	/** The create's; of Get Task the question's. */
	requestId: string | null;
	state: TaskState;
}

interface TaskFields {
	taskId: string;
	externalTaskId: string | null;
	operation: string;
	status: TaskStatus;
}

interface CostFields {
	unitsDeducted: number | null;
	balanceDeducted: number | null;
	requestId: string | null;
	/** ISO 8601. */
	createdAt: string | null;
	updatedAt: string | null;
}

/** The JSON of a task that makes a video. */
export interface VideoTaskItem extends TaskFields, VideoFields, CostFields {}

interface VideoFields {
	videoUrl: string | null;
	videoId: string | null;
	/** Seconds. */
	duration: number | null;
}

/** The JSON of a task that makes an image. */
export interface ImageTaskItem extends TaskFields, ImageFields, CostFields {}

interface ImageFields {
	imageUrl: string | null;
}

/** The item for a task. */
export function emit({ route, taskId, externalTaskId, requestId, state }: TaskResult, options: GenerationOptions): Emission[] {
	const { status, unitsDeducted, balanceDeducted, createdAt, updatedAt } = state;
	const task: TaskFields = { taskId, externalTaskId, operation: route.operation, status };
	const cost: CostFields = { unitsDeducted, balanceDeducted, requestId, createdAt, updatedAt };
	const json = { ...task, ...(route.makes === 'video' ? videoOf(state) : imageOf(state)), ...cost };
	return [{ branch: 'none', source: {}, json, files: files(route, taskId, state, options) }];
}

const videoOf = ({ file }: TaskState): VideoFields => ({
	videoUrl: file?.url ?? null,
	videoId: file?.id ?? null,
	duration: file?.duration ?? null,
});

const imageOf = ({ file }: TaskState): ImageFields => ({ imageUrl: file?.url ?? null });

function files({ makes }: TaskRoute, taskId: string, { file }: TaskState, { outputPropertyName }: GenerationOptions): Download[] {
	if (!file) return [];
	const fileName = taskId.replace(/[^\w-]/g, '_');
	return [{ name: outputPropertyName ?? makes, url: file.url, kind: makes, fileName }];
}
