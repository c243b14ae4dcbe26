/** Cases at the same time; most only wait. */
const AT_ONCE = 96;
/** Those that run against the clock are few at a time: a busy machine must not spend their time before they are sent. */
const AT_ONCE_IN_TIME = 8;

/** Plays each case once, those that run against the clock by themselves. @returns what was observed, in the order of the cases */
export async function playEach<Case extends { row: { timeout?: number } }, Observed>(
	cases: readonly Case[],
	play: (one: Case) => Promise<Observed>,
): Promise<Map<Case, Observed>> {
	const observed = new Map<Case, Observed>();
	const playSome = async (left: Case[], atOnce: number): Promise<void> => {
		const worker = async (): Promise<void> => {
			for (let next = left.shift(); next; next = left.shift()) observed.set(next, await play(next));
		};
		await Promise.all(Array.from({ length: atOnce }, worker));
	};
	await playSome(
		cases.filter(({ row }) => row.timeout === undefined),
		AT_ONCE,
	);
	await playSome(
		cases.filter(({ row }) => row.timeout !== undefined),
		AT_ONCE_IN_TIME,
	);
	return new Map(cases.map((one) => [one, observed.get(one)!]));
}
