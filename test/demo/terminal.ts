import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Asks for a key on the terminal without showing what is typed. Empty where there is no terminal. */
export async function askForKey(provider: string): Promise<string> {
	if (!process.stdin.isTTY) return '';
	process.stdout.write(`API key for ${provider} (not shown): `);
	const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
	const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
	// Ctrl+C ends the question without an answer.
	const left = new Promise<string>((resolve) => {
		terminal.once('close', () => resolve(''));
	});
	const key = await Promise.race([terminal.question(''), left]);
	terminal.close();
	process.stdout.write('\n');
	return key.trim();
}

/** Asks a question that takes a yes. Whatever else is answered, and no terminal, is a no. */
export async function askYes(question: string): Promise<boolean> {
	if (!process.stdin.isTTY) return false;
	const terminal = createInterface({ input: process.stdin, output: process.stdout });
	const answer = await terminal.question(question);
	terminal.close();
	return /^y(es)?$/i.test(answer.trim());
}
