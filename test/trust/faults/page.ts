import { cell, formatted, withoutIds } from '../support/markdown';
import type { Case, Observed } from './play';
import { expectedCalls, MAX_ATTEMPTS } from './row';

const INTRODUCTION = `# What goes wrong, and what you read then

Every fault below was played to the node by a local gateway, at each place where it can happen. The tables are written by
that test (\`UPDATE_DOCS=1 npx jest test/trust/faultMatrix\`), which fails when they are out of date. Faults of which the same is read share a line.

**Calls** is how many requests were made with *Max Attempts* set to ${MAX_ATTEMPTS} (the default is 5). 1 means: not sent again, because that
cannot help or may be charged twice. A call that was turned away before it was begun is no attempt: *for a minute* means that it is sent now and
then, until the account has taken nothing for so long.
Under *What you read*, the error's message comes first, then the sentence below it, with the provider's own words where
it sent some. An item that failed leaves with the same texts in \`error\` and \`details\` when *On Error* is set to continue.
`;

const ABOUT: Record<string, string> = {
	Calls: 'Recognize Image and Identify Face alike.',
	'Result images that are downloaded':
		'With *Download Segment Images* or *Download Face Images*. The result stands; only the file is missing, and `downloadErrors` says why.',
	'Images that are fetched first':
		'With *Download Image First*. Nothing was sent to the provider, and nothing was charged; **Calls** counts requests for the file.',
};

/** The page about errors, from what was observed. */
export function errorsPage(observed: ReadonlyMap<Case, Observed>): string {
	const entries = [...observed];
	const sections = [...new Set(entries.map(([{ stage }]) => stage.section))].map((section) => {
		const first = entries.find(([{ stage }]) => stage.section === section)![0].stage;
		const rows = entries.filter(([{ stage }]) => stage === first);
		return `## ${section}\n\n${ABOUT[section] ?? ''}\n\n${groups(rows)}`;
	});
	return formatted(`${INTRODUCTION}\n${sections.join('\n')}`, 'docs/errors.md');
}

function groups(entries: Array<[Case, Observed]>): string {
	return [...new Set(entries.map(([{ row }]) => row.group))]
		.map((group) => {
			const lines = merged(entries.filter(([{ row }]) => row.group === group).map(lineOf));
			const table = lines.map(({ faults, calls, text }) => `| ${cell(together(faults))} | ${calls} | ${cell(text)} |`);
			return `### ${group}\n\n| Fault | Calls | What you read |\n| --- | --- | --- |\n${table.join('\n')}\n`;
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

/** Faults in few words: statuses with the same words behind them stand together. */
function together(faults: string[]): string {
	const byRest = new Map<string, string[]>();
	const others: string[] = [];
	for (const fault of faults) {
		const [whole, status] = HTTP.exec(fault) ?? [];
		if (whole === undefined) others.push(fault);
		else byRest.set(fault.slice(whole.length), [...(byRest.get(fault.slice(whole.length)) ?? []), status!]);
	}
	return [...[...byRest].map(([rest, statuses]) => `HTTP ${statuses.join(', ')}${rest}`), ...others].join('; ');
}
