import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { waitUntil } from './processes';

/** A command in a terminal of its own, as somebody runs it who sits before it. */
export interface Terminal {
	/** What the screen shows so far. */
	screen(): string;
	/** Waits until the screen shows this. @throws Error where the command ends before, or time is over */
	shows(text: string): Promise<void>;
	press(keys: string): void;
	/** Closes the window over the running command, as its X does. */
	closeWindow(): void;
	/** Waits until the command has ended. @returns its exit code; 128 and the signal's number where a signal ended it */
	ended(): Promise<number | null>;
}

export const CTRL_C = '\x03';

const SHOWS_MS = 180_000;

/** Opens a terminal and runs a command in it. Debian's `script` keeps the pseudo-terminal. */
export function openTerminal(command: string, options: { cwd: string; env: NodeJS.ProcessEnv }): Terminal {
	const args = ['--quiet', '--flush', '--return', '--command', command, '/dev/null'];
	const child = spawn('script', args, { ...options, stdio: ['pipe', 'pipe', 'ignore'] });
	const ended = once(child, 'close').then(([code]) => code as number | null);
	const parts: string[] = [];
	child.stdout.setEncoding('utf8').on('data', (part: string) => parts.push(part));
	const screen = (): string => parts.join('').split(/\r*\n/).map(shown).join('\n');
	return {
		screen,
		shows: async (text) =>
			await waitUntil(
				`the terminal to show "${text}"`,
				() => {
					if (screen().includes(text)) return true;
					if (child.exitCode !== null) throw new Error(`The command ended before "${text}":\n${screen()}`);
					return false;
				},
				SHOWS_MS,
			),
		press: (keys) => void child.stdin.write(keys),
		closeWindow: () => void child.kill('SIGKILL'),
		ended: async () => await ended,
	};
}

/** What a line shows in the end: what comes behind a carriage return is written over what stands there. */
const shown = (line: string): string =>
	stripVTControlCharacters(line)
		.split('\r')
		.reduce((before, part) => part + before.slice(part.length), '');
