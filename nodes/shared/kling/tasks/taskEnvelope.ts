import { readAnswer, type GoodAnswer, type RawAnswer } from '../answer';
import { readText, type JsonObject } from '../values';

/**
 * Reads an answer of the task routes. Beside the envelope that `readAnswer` knows, a gateway may put the task at the top level, and the
 * content of a list is no object.
 * @returns the whole answer under `raw`, from which `readTaskState` and `findTask` read
 * @throws KlingError as `readAnswer` does
 */
export function readTaskAnswer(answer: RawAnswer, secrets: readonly string[]): GoodAnswer {
	return readAnswer(answer, secrets, isTaskOrList);
}

function isTaskOrList({ data, task_id, id }: JsonObject): boolean {
	return Array.isArray(data) || (data === undefined && readText(task_id ?? id) !== null);
}
