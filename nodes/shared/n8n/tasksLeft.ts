import type { Outcome } from '../engine/failure';
import { asKlingError } from '../kling/klingError';
import type { Emitted } from './items';

/**
 * The tasks of a run whose items nobody gets, because the run ends with an error: they were created, and are paid for.
 * @param told the item that the error is about; its task is named already
 * @returns a sentence, or an empty text where there are none
 */
export function tasksLeft(outcomes: ReadonlyArray<Outcome<Emitted[]>>, told: number | null): string {
	const ids = outcomes.map((outcome, index) => (index === told ? undefined : taskOf(outcome)));
	const named = ids.flatMap((id, index) => (id === undefined ? [] : [`${id} (item ${index})`]));
	if (named.length === 0) return '';
	const whose = told === null ? 'Tasks' : 'Tasks of other items';
	return `${whose} go on at Kling, or are done; fetch them with the operation Get Task: ${named.join(', ')}.`;
}

function taskOf(outcome: Outcome<Emitted[]>): string | undefined {
	if ('result' in outcome) {
		const [taskId] = outcome.result.map(({ json }) => json.taskId);
		return typeof taskId === 'string' ? taskId : undefined;
	}
	const failure = 'failure' in outcome ? outcome.failure : outcome.interrupted;
	const { taskId, externalTaskId } = failure ? asKlingError(failure).details : {};
	return taskId ?? externalTaskId;
}
