import { readAnswer, type GoodAnswer, type RawAnswer } from '../answers/answer';
import { read, type Pack } from '../answers/reading';
import { readText, type JsonObject } from '../values';
import { bareId, idInFailure, namesState } from './taskState';

/**
 * Reads the answer to a question about tasks. Beside the envelope that `readAnswer` knows, a gateway may put the task at the top level, and the
 * content of a list is no object. What tells how far a task is, is read before the code or the error beside it is judged.
 * @param pack what the task draws on
 * @returns the whole answer under `raw`, from which `readTaskState` and `listedTasks` read
 * @throws KlingError as `readAnswer` does
 */
export function readTaskAnswer(answer: RawAnswer, secrets: readonly string[], pack?: Pack): GoodAnswer {
	return readUnless(namesState, answer, secrets, pack);
}

/**
 * Reads the answer to a create, as `readTaskAnswer` does: an id of a task in it is used, also where it is a failure otherwise.
 * @throws KlingError as `readAnswer` does
 */
export function readCreated(answer: RawAnswer, secrets: readonly string[], pack?: Pack): GoodAnswer {
	return readUnless((json) => idInFailure(json) !== null, answer, secrets, pack);
}

function readUnless(
	isGood: (json: JsonObject, isAccepted: boolean) => boolean,
	answer: RawAnswer,
	secrets: readonly string[],
	pack: Pack | undefined,
): GoodAnswer {
	const { json, accepted, requestId } = read(answer, secrets);
	if (json && isGood(json, accepted)) return { data: json, requestId, raw: json };
	return readAnswer(answer, secrets, { pack, isContent });
}

/** A list, a task at the top level, or the bare id of one. */
function isContent(json: JsonObject): boolean {
	const { data, task_id, id } = json;
	return Array.isArray(data) || bareId(json) !== null || (data === undefined && readText(task_id ?? id) !== null);
}
