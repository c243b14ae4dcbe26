import type { Report } from './report';

/** A table, aligned so that it can be read without being rendered. */
export function table(columns: string[], rows: string[][]): string {
	const all = [columns, ...rows];
	const widths = columns.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
	const line = (cells: string[]) => `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width)).join(' | ')} |`;
	return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

/** The rows of all tables of a page, their headings among them, each as the cells between its bars. */
export const tableRows = (page: string): string[][] =>
	[...page.matchAll(/^\| (.*) \|$/gm)].map(([, cells]) => cells!.split('|').map((text) => text.trim()));

/** All targets, and whether they were reached. */
export const summary = (reports: Report[]): string =>
	table(
		['what', 'figure', 'reached', 'must be', ''],
		reports.flatMap(({ title, verdicts }) =>
			verdicts.map(({ what, reached, must, met }, index) => [
				index === 0 ? title : '',
				what,
				reached,
				must,
				met ? 'yes' : '**no**',
			]),
		),
	);

/** One measure with its table. */
export const section = ({ title, work, columns, rows, notes }: Report): string =>
	[`## ${title}`, `${work}.`, table(columns, rows), ...notes].join('\n\n');

/** The whole document. */
export const document = (machine: string, reports: Report[]): string =>
	`${['# Benchmarks', intro(machine), summary(reports), ...reports.map(section)].join('\n\n')}\n`;

const intro = (machine: string): string =>
	`Written by \`npm run bench\`. One run on one machine, everything side by side: ${machine}. Each figure comes from a fresh
process; throughput and this node's memory are the middle one of three runs, CPU time and the growth of few items of five, the plain loop's throughput and the peers' memory one run. All of them do the same work against the same local gateway, which runs in a process of its own and asks for no
TLS; n8n's engine and its HTTP Request node are those of the installed n8n. In the HTTP Request node's workflows
with files, Extract from File has a File Encoding set, because without one it spends seconds on guessing that of each file.
The plain loop is a node as community nodes are usually written: one item after the other, each file whole and as text. Bare undici, outside n8n, with the number of calls at once set by hand, is the floor.`;
