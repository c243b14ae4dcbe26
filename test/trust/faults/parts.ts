import { errorTable, type MetError } from '../support/errorTable';
import type { Case, Observed } from './play';
import { expectedCalls, type FaultRow } from './row';

/** In which part of docs/errors.md an error of a call stands: the first one that holds for its row, and its service code or HTTP status. */
const CALL_PARTS: ReadonlyArray<[part: string, holds: (row: FaultRow, number: number) => boolean]> = [
	['connection', ({ httpStatus }) => httpStatus === null],
	['answers', ({ group }) => group === 'Unreadable answers'],
	['limits', ({ again }, number) => again === 'notBegun' || number === 429],
	['account', (_row, number) => (number >= 1000 && number < 1200) || [401, 402, 403, 1304].includes(number)],
	['request', (_row, number) => (number >= 1200 && number < 1400) || (number >= 300 && number < 500)],
	['provider', () => true],
];

const partOf = (row: FaultRow): string => CALL_PARTS.find(([, holds]) => holds(row, row.serviceCode ?? row.httpStatus ?? 0))![0];

/** The tables of docs/errors.md about calls and files, by the names of their parts. */
export function errorParts(observed: ReadonlyMap<Case, Observed>): Record<string, string> {
	const met = (name: string) => [...observed].filter(([{ stage }, { message }]) => stage.name === name && message !== null);
	const calls = met('Recognize Image, the call');
	const source = met('Recognize Image, the image fetched first').map(errorOf);
	// Where a result is missing, nothing is said but why: what is the same as with an image that is fetched first stands there.
	const result = met('Recognize Image, a result image').map(errorOf);
	const files = [...source, ...result.filter(({ message }) => !source.some((other) => other.message === message))];
	return Object.fromEntries([
		...CALL_PARTS.map(([part]) => [part, table(calls.filter(([{ row }]) => partOf(row) === part).map(errorOf))]),
		['files', table(files)],
	]) as Record<string, string>;
}

const table = (errors: MetError[]): string => errorTable(errors, ['Sent again']);

function errorOf([{ row }, { message, description }]: [Case, Observed]): MetError {
	return { message: message!, description, fault: row.fault, more: [sentAgain(row)] };
}

function sentAgain(row: FaultRow): string {
	const calls = expectedCalls(row);
	if (row.again === 'never' || calls === 1) return 'no';
	return calls === null ? 'for a minute' : 'yes';
}
