import { table } from '../../bench/markdown';
import { errorTable } from '../support/errorTable';
import { cell, formatted, withoutIds } from '../support/markdown';
import type { Place, TaskCase, TaskObserved } from './play';
import { DOWNLOAD } from './rows';

const INTRODUCTION = `# Errors of tasks

A local gateway plays every fault below to Kling Generation: as Kling, which finds a task by the external task ID that the node gave it, and as a gateway that keeps
no such IDs. The test writes these tables (\`npm run docs:errors\`), and fails if they are out of date. It shows the same for Kling's newer API, where tasks are found in
another place. [Errors](../errors.md) is the page for users.

- **Creates** is the number of creates that were sent.
- **Tasks** is the number of tasks that were made: never more than one, because each is paid for.
- **Error** is the message, then the description.
`;

const WHERE: Record<Exclude<Place, 'newer'>, string> = { kling: 'Kling', gateway: 'gateway' };

/** The page about what goes wrong with tasks, from what was observed. */
export function taskErrorsPage(observed: ReadonlyMap<TaskCase, TaskObserved>): string {
	const sections = new Map<string, string[][]>();
	for (const [one, seen] of observed) {
		if (one.place !== 'kling') continue;
		const other = [...observed].find(([{ row, place }]) => row === one.row && place === 'gateway')![1];
		const same = text(seen) === text(other) && seen.creates === other.creates && seen.tasks === other.tasks;
		const rows = same ? [cells(one, 'both', seen)] : [cells(one, WHERE.kling, seen), cells(one, WHERE.gateway, other)];
		sections.set(one.row.section, [...(sections.get(one.row.section) ?? []), ...rows]);
	}
	const tables = [...sections].map(
		([name, rows]) => `## ${name}\n\n${table(['Fault', 'At', 'Creates', 'Tasks', 'Error'], rows)}\n`,
	);
	return formatted(`${INTRODUCTION}\n${tables.join('\n')}`, 'docs/development/errors-tasks.md');
}

function cells({ row }: TaskCase, where: string, seen: TaskObserved): string[] {
	return [cell(row.fault), where, String(seen.creates), String(seen.tasks), cell(text(seen))];
}

function text(seen: TaskObserved): string {
	return seen.message === null ? '(the item succeeds)' : `**${seen.message}.** ${descriptionOf(seen)}`.trim();
}

/** Without the ids, which are new each time. */
function descriptionOf({ description, taskId, externalTaskId }: TaskObserved): string {
	const ids = [taskId, externalTaskId].filter((id) => typeof id === 'string');
	return withoutIds(ids.reduce((said, id) => said.replaceAll(id, '...'), description));
}

/** The table of docs/errors.md about tasks that exist or may exist. What goes wrong with the file of a result stands with other files there. */
export function taskErrorTable(observed: ReadonlyMap<TaskCase, TaskObserved>): string {
	const met = [...observed].filter(([{ row }, { message, taskId, externalTaskId }]) => {
		return message !== null && row.section !== DOWNLOAD && typeof (taskId ?? externalTaskId) === 'string';
	});
	const errors = met.map(([{ row }, seen]) => ({
		message: seen.message!,
		description: descriptionOf(seen),
		fault: row.fault.replace(/, (twice|each time)$|; (a|no) task was made( before)?/g, ''),
		more: [],
	}));
	return errorTable(errors, []);
}
