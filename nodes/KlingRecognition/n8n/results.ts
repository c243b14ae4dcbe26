/** The results of each execution so far, kept as long as n8n keeps the execution itself. */
const results = new WeakMap<AbortSignal, Map<string, unknown>>();

/**
 * The successful results of an execution, by input.
 * @param execution the execution's cancel signal: n8n has one for each execution
 */
export function resultsOf<T>(execution: AbortSignal | undefined): Map<string, T> {
	if (!execution) return new Map();
	const known = results.get(execution) ?? new Map<string, unknown>();
	results.set(execution, known);
	return known as Map<string, T>;
}
