import { table } from '../../bench/markdown';
import { faultsTogether } from './faultsTogether';
import { cell } from './markdown';

/** An error that a user met in a test. */
export interface MetError {
	message: string;
	/** The sentence below the message. */
	description: string;
	/** What led to it, in words. */
	fault: string;
	/** Further cells. Errors of which these differ do not share a line. */
	more: readonly string[];
}

const MOST_FAULTS = 6;

/**
 * A table of errors for one who looks up what to do: the same error and advice is one line, whatever led to it.
 * @param more headings of the further columns
 */
export function errorTable(errors: readonly MetError[], more: readonly string[]): string {
	const lines = new Map<string, { cells: string[]; faults: string[] }>();
	for (const { fault, ...error } of inOrder(errors)) {
		const cells = [`**${error.message}**`, error.description || '–', ...error.more].map(cell);
		const line = lines.get(cells.join('|')) ?? { cells, faults: [] };
		line.faults.push(fault);
		lines.set(cells.join('|'), line);
	}
	const rows = [...lines.values()].map(({ cells, faults }) => [...cells, cell(faultsTogether(shortest(faults), MOST_FAULTS))]);
	return table(['Error', 'What to do', ...more, 'Comes with'], rows);
}

/** Without what is told of one call, errors with the same message one after the other. */
function inOrder(errors: readonly MetError[]): MetError[] {
	const general = errors.map((error) => ({ ...error, message: messageOf(error), description: adviceOf(error) }));
	return [...new Set(general.map(({ message }) => message))].flatMap((one) => general.filter(({ message }) => message === one));
}

/** The message without what is another each time: statuses, hosts, times. */
const messageOf = ({ message }: MetError): string =>
	message
		.replace(/HTTP \d{3}/, 'HTTP …')
		.replace(/error code \d+/, 'error code …')
		.replace(/(redirects the call) to \S+/, '$1')
		.replace(/within [\d.]+ (second|minute)s?/, 'within … $1s')
		.replace(/^The .+ task /, 'The … task ');

/** What to do, without the provider's words, IDs and counts, and without why this one create is unclear. */
const adviceOf = ({ description }: MetError): string =>
	description
		.replace(/ ?(The provider|Kling) said: "[^"]*"( \(error code: [^)]*\))?/, '')
		.replace(/ What came instead: .*/, '')
		.replace(/^.* (?=It was not sent again, so that)/, '')
		.replace(/ The last (question was not answered|state was).*/, '')
		.replace(/: task ID \.\.\.,[^.]*\./, '.')
		.replace(/(task ID) \.\.\./, '$1')
		.replace(/asks to wait [\d.]+ \w+/, 'asks to wait …')
		.replace(/ (Lower Max Concurrent Requests, or raise|Raise) Max Attempts to wait longer[^.]*\./, '')
		.replace(/( \([^()]*\))+$/, '')
		.trim();

/** Of a code, whatever status it comes with, and of faults of which one has the words of another and more, the shortest. */
function shortest(faults: readonly string[]): string[] {
	const words = [...new Set(faults.map((fault) => fault.replace(/^(code \d+) with HTTP \d+$/, '$1')))];
	return words.filter((fault) => !words.some((other) => fault.startsWith(`${other} `)));
}
