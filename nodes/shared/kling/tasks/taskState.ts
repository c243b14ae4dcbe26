import { readNumber, readObject, readText, type JsonObject } from '../values';

/** How far a task is. */
export type TaskStatus = 'submitted' | 'processing' | 'succeeded' | 'failed';

/** A file that a task made. */
export interface TaskFile {
	/** The clean file, also where one with a watermark was made. */
	url: string;
	watermarkUrl: string | null;
	id: string | null;
	/** Seconds. */
	duration: number | null;
}

/** What an answer says of a task; null where it says nothing. */
export interface TaskState {
	taskId: string | null;
	externalTaskId: string | null;
	status: TaskStatus;
	/** The provider's word for the status, where it is none that is known: it counts as still running. */
	unknownStatus: string | null;
	/** Why it failed, in the provider's words. */
	reason: string | null;
	/** The first file of the result. */
	file: TaskFile | null;
	unitsDeducted: number | null;
	/** Of a cash account. */
	balanceDeducted: number | null;
	/** ISO 8601. */
	createdAt: string | null;
	updatedAt: string | null;
}

/**
 * The words for a status. Sources: Kling's API reference (`submitted`, `processing`, `succeed`, `failed`; `succeeded` in its newer form); the
 * others and the empty one as gateways send them.
 */
const STATUSES: Readonly<Record<string, TaskStatus>> = {
	'': 'submitted',
	submitted: 'submitted',
	queued: 'submitted',
	not_start: 'submitted',
	processing: 'processing',
	in_progress: 'processing',
	succeed: 'succeeded',
	succeeded: 'succeeded',
	success: 'succeeded',
	completed: 'succeeded',
	failed: 'failed',
	failure: 'failed',
};

/** Gateways put Kling's own answer one level deeper, under `data`; one more is allowed for. */
const DEEPEST = 3;

/**
 * Reads the state of a task from an answer.
 * @param answer the whole answer to a create or a query as it came, or one entry of a list
 * @returns null where it is about no task: it names neither an id nor a status
 */
export function readTaskState(answer: JsonObject): TaskState | null {
	const content = readObject(answer.data) ?? answer;
	const levels = levelsOf(content);
	// Its own id and the upstream's may differ: the outer one is the one that the provider is asked for. What happened is known innermost.
	const taskId = firstOf(levels, ['task_id', 'id'], readText);
	const inner = [...levels.reverse(), answer];
	const word = firstOf(inner, ['task_status', 'status'], statusWord);
	if (taskId === null && word === null) return null;
	const known = STATUSES[(word ?? '').toLowerCase()];
	return {
		taskId,
		externalTaskId:
			firstOf(inner, ['task_info'], (info) => readText(readObject(info)?.external_task_id)) ??
			firstOf(inner, ['external_task_id'], readText),
		status: known ?? 'processing',
		unknownStatus: known ? null : word,
		reason: firstOf(inner, ['task_status_msg', 'fail_reason'], readText),
		file: readFile(inner),
		unitsDeducted: firstOf(inner, ['final_unit_deduction'], readNumber),
		balanceDeducted: firstOf(inner, ['final_balance_deduction'], (deduction) => readNumber(readObject(deduction)?.quota)),
		createdAt: firstOf(inner, ['created_at'], readTime),
		updatedAt: firstOf(inner, ['updated_at'], readTime),
	};
}

/** The state of the task with an external id, from the answer to a list; null where it is not there. */
export function findTask(answer: JsonObject, externalTaskId: string): TaskState | null {
	const tasks = Array.isArray(answer.data) ? answer.data : [];
	const states = tasks.map((task) => readTaskState(readObject(task) ?? {}));
	return states.find((state) => state?.externalTaskId === externalTaskId) ?? null;
}

function levelsOf(content: JsonObject): JsonObject[] {
	const levels = [content];
	for (let next = readObject(content.data); next && levels.length < DEEPEST; next = readObject(next.data)) levels.push(next);
	return levels;
}

function firstOf<T>(levels: JsonObject[], names: string[], read: (value: unknown) => T | null): T | null {
	for (const level of levels) {
		for (const name of names) {
			const value = read(level[name]);
			if (value !== null) return value;
		}
	}
	return null;
}

/** A status may be an empty text. */
function statusWord(value: unknown): string | null {
	return typeof value === 'string' ? value.trim() : null;
}

function readFile(levels: JsonObject[]): TaskFile | null {
	return firstOf(levels, ['task_result'], fileIn) ?? levels.map(fileIn).find((file) => file !== null) ?? null;
}

/** Results stand in `videos`, `images` or `outputs`, each a list or a single object, or as a bare `url`. */
function fileIn(value: unknown): TaskFile | null {
	const result = readObject(value);
	if (!result) return null;
	const entries = [result.videos, result.images, result.outputs, result].flat().map(readObject);
	const entry = entries.find((candidate) => readText(candidate?.url) !== null);
	if (!entry) return null;
	const isBare = entry === result;
	return {
		url: String(entry.url),
		watermarkUrl: readText(entry.watermark_url),
		id: isBare ? null : readText(entry.id),
		duration: readNumber(entry.duration),
	};
}

/** Years from 2001 to 2286 in milliseconds have 13 digits; in seconds, 10. */
function readTime(value: unknown): string | null {
	const number = readNumber(value) ?? 0;
	if (number <= 0) return null;
	const milliseconds = number < 1e11 ? number * 1000 : number;
	return milliseconds < 8.64e15 ? new Date(milliseconds).toISOString() : null;
}
