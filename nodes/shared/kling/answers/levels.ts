import { parseObject } from '../json';
import { readObject, type JsonObject } from '../values';

/** An answer, or an answer or an error within it. */
export interface Level {
	json: JsonObject;
	/** Whether it stands under `data` all the way, as content does, and not within an error. */
	isContent: boolean;
}

/**
 * The one walk of an answer: itself, and every answer or error within it, from the outside in. A gateway puts Kling's own answer under
 * its `data`, one gateway over another does so twice (five levels were seen), and an error may stand in the text of another one.
 */
export function levelsOf(answer: JsonObject): Level[] {
	const levels: Level[] = [{ json: answer, isContent: true }];
	for (let at = 0; at < levels.length; at += 1) {
		const { json, isContent } = levels[at]!;
		const errors = [json.error, json.message, json.fail_reason].map((inner) => ({ json: readLevel(inner), isContent: false }));
		const inner = [{ json: readLevel(json.data), isContent }, ...errors];
		levels.push(...inner.filter((level): level is Level => level.json !== null));
	}
	return levels;
}

/** The levels of content, from the outside in. */
export function contentOf(levels: readonly Level[]): JsonObject[] {
	return levels.filter(({ isContent }) => isContent).map(({ json }) => json);
}

/** An object, or the JSON in a text such as `upstream said: {"code":1102}`. */
function readLevel(value: unknown): JsonObject | null {
	if (typeof value !== 'string') return readObject(value);
	const start = value.indexOf('{');
	return start < 0 ? null : parseObject(value.slice(start, value.lastIndexOf('}') + 1));
}
