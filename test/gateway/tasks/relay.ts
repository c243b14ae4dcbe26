import { json, Refusal, type Answer } from '../answers';
import type { Call } from '../call';
import type { TaskShape, TaskState } from '../types';
import { text } from './fields';
import type { Told, Writing } from './shapes';

/**
 * How a relay of the new-api family writes what it says of a task, one row for each form. It tells of the task in words and with an id of its
 * own, around the whole answer of its upstream, which may be another relay. Source: the public source of QuantumNous/new-api (`relay/relay_task.go`,
 * `model/task.go`, `dto/openai_video.go`, as of July 2026), and clients' reports.
 */
export function relayWritings(kling: Writing['asked'], urlOf: (told: Told) => string): Record<RelayShape, Writing> {
	const relayed = (told: Told, data: object | null, more: object = {}): object => ({
		code: 'success',
		message: '',
		data: {
			id: 4711,
			task_id: relayId(told),
			platform: '50',
			action: 'generate',
			status: WORDS[told.state],
			fail_reason: told.state === 'failed' ? told.task.failure : '',
			result_url: told.state === 'succeed' ? urlOf(told) : '',
			submit_time: Math.floor(told.task.createdAt / 1000),
			progress: told.state === 'succeed' ? '100%' : '30%',
			data,
			...more,
		},
	});
	const openAi = (told: Told): object => ({
		id: relayId(told),
		task_id: relayId(told),
		object: 'video',
		status: OPENAI_WORDS[told.state],
		progress: told.state === 'succeed' ? 100 : 0,
		created_at: Math.floor(told.task.createdAt / 1000),
		...(told.state === 'failed' && { error: { code: 'task_failed', message: told.task.failure } }),
		...(told.state === 'succeed' && { metadata: { url: urlOf(told) } }),
	});
	/** What the upstream said last, before its answer stopped coming. */
	const stale = (told: Told): object => kling({ ...told, state: 'processing' });
	const ended = ({ state }: Told): boolean => state === 'succeed' || state === 'failed';
	return {
		relay: { created: openAi, asked: (told) => relayed(told, kling(told)) },
		relayOverRelay: { created: openAi, asked: (told) => relayed(told, relayed(told, kling(told))) },
		// Its sweep calls a task failed, and leaves the rest as it was.
		relayBehind: { created: openAi, asked: (told) => relayed(told, ended(told) ? stale(told) : kling(told)) },
		// Older ones have the URL where a reason would stand.
		relayOlder: {
			created: (told) => ({ code: 'success', message: '', data: relayId(told) }),
			asked: (told) =>
				relayed(told, null, { result_url: undefined, ...(told.state === 'succeed' && { fail_reason: urlOf(told) }) }),
		},
		openAi: { created: openAi, asked: openAi },
		// A task that failed, told as an error that has its state beside it.
		errorBeside: {
			created: kling,
			asked: (told) => {
				if (told.state !== 'failed') return kling(told);
				const { data } = kling(told) as { data: object };
				return { code: 1301, message: told.task.failure, data };
			},
		},
		errorAlone: {
			created: ({ task: { id } }) => ({ task_id: id, status: 'queued' }),
			asked: (told) => {
				const { task, state } = told;
				if (state === 'failed') return { status: 'failed', error: { code: '1301', message: task.failure } };
				return { task_id: task.id, status: OPENAI_WORDS[state], ...(state === 'succeed' && { url: urlOf(told) }) };
			},
		},
	};
}

export type RelayShape = Extract<
	TaskShape,
	'relay' | 'relayOverRelay' | 'relayBehind' | 'relayOlder' | 'openAi' | 'errorBeside' | 'errorAlone'
>;

const WORDS: Record<TaskState, string> = {
	submitted: 'SUBMITTED',
	processing: 'IN_PROGRESS',
	succeed: 'SUCCESS',
	failed: 'FAILURE',
};
const OPENAI_WORDS: Record<TaskState, string> = {
	submitted: 'queued',
	processing: 'in_progress',
	succeed: 'completed',
	failed: 'failed',
};

const PREFIX = 'task_';
const relayId = ({ task }: Told): string => PREFIX + task.id;

/** The task's own id behind the one of a relay. */
export const withoutPrefix = (id: string): string => (id.startsWith(PREFIX) ? id.slice(PREFIX.length) : id);

/** What a relay itself asks for, before it asks its upstream. @throws Refusal */
export function checkForRelay({ body }: Call): void {
	if (!text(body, 'prompt', 2500).trim()) throw new Refusal(relayError(400, 'invalid_request', 'prompt is required'));
}

/**
 * A refusal as relays pass it on: its status, a code of their own, and the upstream's whole answer as text; over another relay, within one more.
 * What a relay does not know it says itself.
 */
export function relayRefusal(error: unknown, shape: TaskShape): never {
	if (!(error instanceof Refusal)) throw error;
	const { status, body } = error.answer;
	const upstream = body.toString();
	const { code } = JSON.parse(upstream) as { code: unknown };
	if (typeof code === 'string') throw error;
	if (/not found by id/.test(upstream)) throw new Refusal(relayError(400, 'task_not_exist', 'task_not_exist'));
	const once = relayError(status, 'fail_to_fetch_task', upstream);
	throw new Refusal(shape === 'relayOverRelay' ? relayError(status, 'fail_to_fetch_task', once.body.toString()) : once);
}

const relayError = (status: number, code: string, message: string): Answer => json(status, { code, message, data: null });
