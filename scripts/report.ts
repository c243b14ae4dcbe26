/** Writes whether a check found problems, and which, and returns whether it found none. */
export function report(subject: string, problems: string[]): boolean {
	console.log(problems.length === 0 ? `  good   ${subject}` : `  FAILED ${subject}\n${problems.join('\n')}`);
	return problems.length === 0;
}
