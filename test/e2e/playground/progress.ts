const EVERY_MS = 1000;

/** Characters in a line, where a terminal does not say how many it has. */
const WIDTH = 80;

/**
 * Shows a step while it lasts: on a terminal in one line that counts the seconds, elsewhere in a line when it begins.
 * Nothing else may write meanwhile.
 */
export async function step<T>(what: string, work: () => Promise<T>, output: NodeJS.WriteStream = process.stdout): Promise<T> {
	if (!output.isTTY) {
		output.write(`${what} ...\n`);
		return await work();
	}
	const began = Date.now();
	// A line that is wider than the terminal could not be written anew.
	const show = (): void => {
		const seconds = ` ... ${Math.round((Date.now() - began) / 1000)} s`;
		output.write(`\r${what.slice(0, (output.columns || WIDTH) - seconds.length - 1)}${seconds}`);
	};
	show();
	const ticker = setInterval(show, EVERY_MS);
	try {
		return await work();
	} finally {
		clearInterval(ticker);
		show();
		output.write('\n');
	}
}
