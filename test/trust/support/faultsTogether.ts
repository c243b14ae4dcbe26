const HTTP = /^HTTP (\d{3})(.*)$/;

/**
 * Faults in few words: HTTP statuses with the same words behind them stand together.
 * @param most how many statuses, and how many faults, are named before the others are only counted
 */
export function faultsTogether(faults: readonly string[], most = Infinity): string {
	const byRest = new Map<string, string[]>();
	const others: string[] = [];
	for (const fault of faults) {
		const [, status, rest] = HTTP.exec(fault) ?? [];
		if (status === undefined || rest === undefined) others.push(fault);
		else byRest.set(rest, [...(byRest.get(rest) ?? []), status]);
	}
	const statuses = [...byRest].map(([rest, group]) => `HTTP ${some(group, most, ', ')}${rest}`);
	return some([...statuses, ...others], most, '; ');
}

const some = (words: readonly string[], most: number, between: string): string =>
	words.length > most ? `${words.slice(0, most).join(between)} and ${words.length - most} more` : words.join(between);
