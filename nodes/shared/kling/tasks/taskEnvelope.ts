import { readAnswer, type GoodAnswer, type RawAnswer } from '../answer';
import { parseObject } from '../json';
import { readText, type JsonObject } from '../values';

/**
 * Reads an answer of the task routes. Beside the envelope that `readAnswer` knows, a gateway may put the task at the top level, and the
 * content of a list is no object.
 * @returns the whole answer under `raw`, from which `readTaskState` and `findTask` read
 * @throws KlingError as `readAnswer` does
 */
export function readTaskAnswer(answer: RawAnswer, secrets: readonly string[]): GoodAnswer {
	const json = answer.cut ? null : parseObject(answer.body.toString('utf8'));
	const data = json && unwrapped(json);
	if (!data) return readAnswer(answer, secrets);
	const body = Buffer.from(JSON.stringify({ ...json, data }));
	return { ...readAnswer({ ...answer, body }, secrets), raw: json };
}

/** The data of an answer that is no envelope, or null. */
function unwrapped(json: JsonObject): JsonObject | null {
	if (Array.isArray(json.data)) return { tasks: json.data };
	if (json.data !== undefined || json.error || readText(json.task_id ?? json.id) === null) return null;
	return json;
}
