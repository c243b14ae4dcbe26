import { cell, formatted } from '../support/markdown';
import type { Case, Observed } from './play';
import { expectedCalls, MAX_ATTEMPTS } from './row';

const INTRODUCTION = `# What goes wrong, and what you read then

Every fault below was played to the node by a local gateway, at each place where it can happen. The tables are written by
that test (\`UPDATE_DOCS=1 npx jest test/trust/faultMatrix\`), which fails when they are out of date.

**Calls** is how many requests were made with *Max Attempts* set to ${MAX_ATTEMPTS} (the default is 5). 1 means: not sent again, because that
cannot help or may be charged twice. A call that was turned away before it was begun uses up half an attempt.
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
			const lines = entries.filter(([{ row }]) => row.group === group).map(line);
			return `### ${group}\n\n| Fault | Calls | What you read |\n| --- | --- | --- |\n${lines.join('\n')}\n`;
		})
		.join('\n');
}

function line([{ row }, { message, description, calls }]: [Case, Observed]): string {
	const text = message === null ? '(the item succeeds)' : `**${message}.** ${description}`.trim();
	return `| ${cell(row.fault)} | ${calls ?? expectedCalls(row)} | ${cell(stable(text))} |`;
}

/** Ids are new each time. */
function stable(text: string): string {
	return text.replace(/\b[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\b/g, '...').replace(/request ID [\w-]{20,}/g, 'request ID ...');
}
