import { asKlingError, type KlingError } from '../../shared/kling/klingError';
import { taskEmpty, taskLate, taskLeft, taskNotFound, taskOutOfReach } from '../../shared/kling/tasks/taskErrors';
import type { TaskState } from '../../shared/kling/tasks/taskState';
import { QueryJudge, type QueryVerdict } from '../../shared/kling/tasks/taskVerdicts';
import type { Answered } from '../../shared/n8n/results';
import type { GenerationItem } from '../options';
import { isEmpty, resultOf, type Wait } from './awaitTask';
import type { Heard } from './heard';
import type { LastKnown } from './lastKnown';
import { togetherGroup } from './questions';
import type { TaskResult } from './result';

/** For so long a question is asked again that gets no clear answer, or one that has no file yet. In milliseconds. */
const NO_ANSWER_MS = 60_000;
/** A task of this age of which nothing is heard is given up, so that no loop goes on for ever at a provider that is gone. In milliseconds. */
const UNHEARD_MS = 86_400_000;

/** How one task is looked at. */
export interface Look extends Omit<Wait, 'createdAt'> {
	/** What its item says of it. */
	known: LastKnown;
}

/**
 * Looks how far a task is, and does not wait for it: one question, and more only where that is not answered clearly.
 * @returns the task, done or still running; where no clear answer came, as it was last known
 * @throws KlingError where it failed, is unknown, runs for longer than Max Wait, or where nothing will be heard of it any more
 */
export async function lookAtTask(item: GenerationItem, look: Look): Promise<Answered<TaskResult>> {
	const { task, known } = look;
	const { connection } = item.run;
	const { maxWaitMs } = item.options;
	const heard = await hear(item, look);
	const late = (last: TaskState | null, lastFailure: KlingError | null) =>
		taskLate(task, { waitedMs: maxWaitMs, last, lastFailure }, connection.secrets);
	if ('unheard' in heard) {
		const state = { ...NOTHING_NEW, ...known, taskId: task.taskId };
		if (isOlder(state, Math.max(maxWaitMs, UNHEARD_MS))) throw late(null, heard.unheard);
		return { result: { ...task, externalTaskId: known.externalTaskId, state }, raw: {} };
	}
	const state = { ...heard.result, createdAt: heard.result.createdAt ?? known.createdAt };
	const result = resultOf(task, { ...heard, result: state }, connection.secrets);
	if (state.status !== 'succeeded' && isOlder(state, maxWaitMs)) throw late(state, null);
	return result;
}

const NOTHING_NEW = { unknownStatus: null, reason: null, file: null, unitsDeducted: null, balanceDeducted: null };

/** By this machine's clock, though the provider's says when it was created: some seconds do not matter here. */
function isOlder({ createdAt }: TaskState, ms: number): boolean {
	return createdAt !== null && Date.now() - Date.parse(createdAt) > ms;
}

/**
 * Asks until there is a clear answer, for a minute at most.
 * @returns what was heard; or why nothing was
 * @throws KlingError where no question will be answered, the task is unknown, or is called done and stays without a file
 */
async function hear(item: GenerationItem, { task, ask }: Look): Promise<Heard | { unheard: KlingError }> {
	const { account, connection, tools } = item.run;
	const { clock, stop } = tools;
	const judge = new QueryJudge();
	const since = clock.now();
	const deadline = since + NO_ANSWER_MS;
	let latest: Heard | null = null;
	let verdict = 'again' as QueryVerdict;
	const ending = await account.watch.until({
		stop,
		group: togetherGroup(item),
		since,
		isAskedAtOnce: true,
		deadline,
		ask: async () => {
			latest = await ask();
			judge.heard();
			return isEmpty(latest.result) ? null : latest;
		},
		ends: (failure) => {
			verdict = judge.judge(asKlingError(failure));
			return verdict !== 'again' || clock.now() >= deadline;
		},
	});
	if ('stopped' in ending) throw taskLeft(task);
	if ('result' in ending) return ending.result;
	const failure = asKlingError('failure' in ending ? ending.failure : ending.late);
	if (verdict === 'notFound') throw taskNotFound(task, failure);
	if (verdict === 'end') throw taskOutOfReach(task, failure);
	const empty = latest as Heard | null;
	if (empty) throw taskEmpty(task, empty.raw, connection.secrets);
	return { unheard: failure };
}
