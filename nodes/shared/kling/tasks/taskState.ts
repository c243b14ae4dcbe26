import { isSuccess, wordsOf } from '../answers/envelope';
import { contentOf, levelsOf, type Level } from '../answers/levels';
import { SERVICE_CODES } from '../answers/serviceCodes';
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
	/** What it is said to be; null: nothing was said. */
	makes: 'video' | 'image' | null;
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
 * public source of the relay that most gateways run; the others as services that resell Kling send them.
 */
const STATUSES: Readonly<Record<string, TaskStatus>> = Object.fromEntries(
	Object.entries({
		submitted: 'submitted queued not_start pending waiting queueing',
		processing: 'processing in_progress starting running',
		succeeded: 'succeed succeeded success completed complete done finished',
		failed: 'failed failure fail error canceled cancelled timeout expired rejected',
	} satisfies Record<TaskStatus, string>).flatMap(([status, words]) =>
		words.split(' ').map((word) => [word, status as TaskStatus]),
	),
);

/**
 * Reads the state of a task from an answer.
 * @param answer the whole answer to a create or a query as it came, or one entry of a list
 * @returns null where it is about no task: it names neither an id nor a status
 */
export function readTaskState(answer: JsonObject): TaskState | null {
	const levels = levelsOf(answer);
	const content = contentOf(levels);
	const taskId = taskIdOf(content);
	// What happened is known innermost.
	const inner = [...content].reverse();
	const words = inner.map(wordOf).filter((word) => word !== null);
	const file = readFile(inner);
	if (taskId === null && words.length === 0 && file === null) return null;
	const { status, unknownStatus } = statusOf(words, file);
	return {
		taskId,
		externalTaskId:
			firstOf(inner, ['task_info'], (info) => readText(readObject(info)?.external_task_id)) ??
			firstOf(inner, ['external_task_id', 'external_id'], readText),
		status,
		unknownStatus,
		reason: status === 'failed' ? reasonOf(levels) : null,
		file,
		unitsDeducted: firstOf(inner, ['final_unit_deduction'], readNumber) ?? firstOf(inner, ['billing'], billed('unit')),
		balanceDeducted:
			firstOf(inner, ['final_balance_deduction'], (deduction) => readNumber(readObject(deduction)?.quota)) ??
			firstOf(inner, ['billing'], billed('cash')),
		createdAt: firstOf(inner, ['created_at', 'create_time', 'submit_time'], readTime),
		updatedAt: firstOf(inner, ['updated_at', 'update_time'], readTime),
	};
}

/** The states of all tasks that an answer lists. */
export function listedTasks(answer: JsonObject): TaskState[] {
	const tasks = Array.isArray(answer.data) ? answer.data : [];
	return tasks.map((task) => readTaskState(readObject(task) ?? {})).filter((state) => state !== null);
}

/**
 * Whether an answer, whatever its code or an error beside it says, tells how far a task is: it has a known word for that, and where the call
 * did not go well, beside an id or in Kling's own field.
 * @param isAccepted whether the HTTP status says that the call went well
 */
export function namesState(answer: JsonObject, isAccepted: boolean): boolean {
	return contentOf(levelsOf(answer)).some((level) => {
		const word = wordOf(level);
		if (word === null || !Object.hasOwn(STATUSES, word)) return false;
		return isAccepted || statusWord(level.task_status) !== null || hasId(level);
	});
}

/** The id of a task that a create was answered with, though the answer is a failure otherwise. */
export function idInFailure(answer: JsonObject): string | null {
	return firstOf(contentOf(levelsOf(answer)), ['task_id'], readText);
}

function firstOf<T>(levels: readonly JsonObject[], names: string[], read: (value: unknown) => T | null): T | null {
	for (const level of levels) {
		for (const name of names) {
			const value = read(level[name]);
			if (value !== null) return value;
		}
	}
	return null;
}

/**
 * Its own id and the upstream's may differ: the outer one is the one that the provider is asked for. An `id` around the content is not the
 * task's, but that of the answer.
 */
function taskIdOf([answer, ...within]: readonly JsonObject[]): string | null {
	const told = within.length > 0 ? within : [answer!];
	return readText(answer!.task_id) ?? firstOf(told, ['task_id', 'id'], readText) ?? bareId(answer!);
}

/** The id of a new task, where it is all that the answer holds. Source: the relay's older forms. */
export function bareId({ data }: JsonObject): string | null {
	return typeof data === 'string' && /^(?=.*[\d_-])[\w.:-]{6,}$/.test(data) ? data : null;
}

const hasId = ({ task_id, id }: JsonObject): boolean => readText(task_id) !== null || readText(id) !== null;

/** As a bare `status` these are the answer's own, and no task's. Source: the JSend convention. */
const ANSWER_WORDS = ['success', 'fail', 'error', 'ok'];

/** The word that a level has for a task; null where it has none, or an empty one. */
function wordOf(level: JsonObject): string | null {
	const own = statusWord(level.task_status);
	const word = statusWord(level.status);
	if (own !== null || word === null) return own;
	return ANSWER_WORDS.includes(word) && !hasId(level) ? null : word;
}

function statusWord(value: unknown): string | null {
	return typeof value === 'string' && value.trim() !== '' ? value.trim().toLowerCase() : null;
}

/**
 * One state of the words of all levels, the innermost first. A final one at any level ends the task, and a file that a level calls done beats
 * all. A word that is known means what it says; where none is, a file says that the task is done.
 */
function statusOf(words: readonly string[], file: TaskFile | null): Pick<TaskState, 'status' | 'unknownStatus'> {
	const known = words.filter((word) => Object.hasOwn(STATUSES, word)).map((word) => STATUSES[word]!);
	const is = (status: TaskStatus) => known.includes(status);
	const said = (status: TaskStatus) => ({ status, unknownStatus: null });
	if (is('succeeded') && (file || !is('failed'))) return said('succeeded');
	if (is('failed')) return said('failed');
	if (known.length > 0) return said(known[0]!);
	if (file) return said('succeeded');
	const [unknownStatus = null] = words;
	return { status: unknownStatus === null ? 'submitted' : 'processing', unknownStatus };
}

/** Why a task failed: what is said of the task, or else what the error beside it says; the innermost first. */
function reasonOf(levels: readonly Level[]): string | null {
	const inner = levels.map(({ json }) => json).reverse();
	const [words = null] = inner.filter(({ code }) => !isSuccess(code)).flatMap(wordsOf);
	const meaning = firstOf(inner, ['code'], (code) => SERVICE_CODES[readNumber(code) ?? 0]?.message ?? null);
	return firstOf(inner, ['task_status_msg', 'fail_reason'], readText) ?? words ?? meaning;
}

function readFile(inner: readonly JsonObject[]): TaskFile | null {
	const results = [...inner.map(({ task_result }) => task_result), ...inner, ...inner.map(({ metadata }) => metadata)];
	return results.map(fileIn).find((file) => file !== null) ?? firstOf(inner, ['result_url', 'fail_reason'], bareFile);
}

/** Results stand in `videos`, `images` or `outputs`, each a list or a single object, or as a bare `url`. */
function fileIn(value: unknown): TaskFile | null {
	const result = readObject(value);
	if (!result) return null;
	const listed = (name: string, makes?: string) =>
		[result[name]].flat().map((entry) => fileOf(readObject(entry), makes ?? readObject(entry)?.type));
	const files = [
		...listed('videos', 'video'),
		...listed('images', 'image'),
		...listed('outputs'),
		fileOf({ ...result, id: null }),
	];
	return files.find((file) => file !== null) ?? null;
}

function fileOf(entry: JsonObject | null, makes?: unknown): TaskFile | null {
	const url = readText(entry?.url);
	if (!entry || url === null) return null;
	return {
		url,
		watermarkUrl: readText(entry.watermark_url),
		id: readText(entry.id),
		duration: readNumber(entry.duration),
		makes: makes === 'video' || makes === 'image' ? makes : null,
	};
}

/** The relay puts a URL in a field of its own; older ones in the reason of a failure. */
function bareFile(value: unknown): TaskFile | null {
	const url = readText(value);
	return url !== null && /^https?:\/\/\S+$/i.test(url)
		? { url, watermarkUrl: null, id: null, duration: null, makes: null }
		: null;
}

/** What was charged of one type, in the newer form. */
function billed(type: 'unit' | 'cash') {
	return (value: unknown): number | null => {
		const charges = [value]
			.flat()
			.map(readObject)
			.filter((charge) => charge?.charge_type === type);
		const amounts = charges.map((charge) => readNumber(charge?.amount)).filter((amount) => amount !== null);
		return amounts.length === 0 ? null : amounts.reduce((sum, amount) => sum + amount, 0);
	};
}

/** Years from 2001 to 2286 in milliseconds have 13 digits; in seconds, 10. */
function readTime(value: unknown): string | null {
	const number = readNumber(value) ?? 0;
	if (number <= 0) return null;
	const milliseconds = number < 1e11 ? number * 1000 : number;
	return milliseconds < 8.64e15 ? new Date(milliseconds).toISOString() : null;
}
