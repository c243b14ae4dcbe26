import { table } from '../../bench/markdown';
import { faultsTogether } from '../support/faultsTogether';
import { cell, formatted, withoutIds } from '../support/markdown';
import type { Case, Observed } from './play';
import { expectedCalls, MAX_ATTEMPTS } from './row';

const INTRODUCTION = `# Errors of calls

A local gateway plays every fault below to the node, at each place where it can happen. The test writes these tables (\`npm run docs:errors\`), and
fails if they are out of date. Faults with the same error share a row. [Errors](../errors.md) is the page for users.

- **Calls** is the number of requests with *Max Attempts* set to ${MAX_ATTEMPTS} (the default is 5). 1 means that the request is not sent again, because that cannot help or
  may be charged twice. *For a minute* means that the request was refused before it began, which is no attempt: it is sent again from time to time, until the account has
  accepted nothing for a minute.
- **Error** is the message, then the description, with the provider's own words if it sent any. A failed item has the same texts in \`error\` and \`details\`.
`;

const ABOUT: Record<string, string> = {
	Calls: 'The same for Recognize Image and Identify Face.',
	'Result images that are downloaded':
		'With *Download Segment Images* or *Download Face Images*. The node returns the result without the file, and the reason in `downloadErrors`.',
	'Images that are fetched first':
		'With *Download Image First*. Nothing was sent to the provider or charged. **Calls** counts requests for the file.',
};

/** The page about the errors of calls, fault by fault, from what was observed. */
export function callErrorsPage(observed: ReadonlyMap<Case, Observed>): string {
	const entries = [...observed];
	const sections = [...new Set(entries.map(([{ stage }]) => stage.section))].map((section) => {
		const first = entries.find(([{ stage }]) => stage.section === section)![0].stage;
		const rows = entries.filter(([{ stage }]) => stage === first);
		return `## ${section}\n\n${ABOUT[section] ?? ''}\n\n${groups(rows)}`;
	});
	return formatted(`${INTRODUCTION}\n${sections.join('\n')}`, 'docs/development/errors-calls.md');
}

function groups(entries: Array<[Case, Observed]>): string {
	return [...new Set(entries.map(([{ row }]) => row.group))]
		.map((group) => {
			const lines = merged(entries.filter(([{ row }]) => row.group === group).map(lineOf));
			const rows = lines.map(({ faults, calls, text }) => [cell(faultsTogether(faults)), calls, cell(text)]);
			return `### ${group}\n\n${table(['Fault', 'Calls', 'Error'], rows)}\n`;
		})
		.join('\n');
}

/** One line of a table: what happens, and what is read then. */
interface Line {
	faults: string[];
	calls: string;
	text: string;
}

function lineOf([{ row }, { message, description }]: [Case, Observed]): Line {
	const text = message === null ? '(the item succeeds)' : `**${message}.** ${description}`.trim();
	const calls = expectedCalls(row);
	// How many go in a minute is another number in each run.
	const told = calls === null ? text.replace(/\d+ attempts/, '... attempts') : text;
	return { faults: [row.fault], calls: String(calls ?? 'for a minute'), text: withoutIds(told) };
}

/** Faults of which the same is read, but for the HTTP status, share a line. */
function merged(lines: Line[]): Line[] {
	const sameAs = ({ faults, calls, text }: Line): string => {
		const [, status] = HTTP.exec(faults[0]!) ?? [];
		return `${calls} ${status === undefined ? text : text.replaceAll(status, '…')}`;
	};
	const result = new Map<string, Line>();
	for (const line of lines) {
		const other = result.get(sameAs(line));
		if (other) other.faults.push(...line.faults);
		else result.set(sameAs(line), { ...line });
	}
	return [...result.values()].map((line) => (line.faults.length === 1 ? line : { ...line, text: withoutStatus(line) }));
}

const HTTP = /^HTTP (\d+)/;

/** Where several statuses share a line, it names none of them. */
function withoutStatus({ faults, text }: Line): string {
	const statuses = new Set(faults.map((fault) => HTTP.exec(fault)?.[1]));
	const [status] = statuses;
	return statuses.size > 1 && status !== undefined ? text.replaceAll(status, '…') : text;
}
