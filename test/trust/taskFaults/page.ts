import { cell, formatted, withoutIds } from '../support/markdown';
import type { Place, TaskCase, TaskObserved } from './play';

const INTRODUCTION = `# What goes wrong with a task, and what it costs

Every fault below was played to Kling Generation by a local gateway: at Kling itself, where a task is found by the external
ID that the node gave it, and at a gateway that keeps no such IDs. The tables are written by that test (\`npm run docs:errors\`),
which fails when they are out of date. Of Kling's newer form, where tasks are looked for and asked for in another place, the same holds.

**Creates** is how many creates were sent, **Tasks** how many tasks were made of them: never more than one, because each is paid for.
Under *What you read*, the error's message comes first, then the sentence below it. What goes wrong with pictures, keys and
connections in general stands in [errors.md](../errors.md).
`;

const WHERE: Record<Exclude<Place, 'newer'>, string> = { kling: 'Kling', gateway: 'gateway' };

/** The page about what goes wrong with tasks, from what was observed. */
export function taskErrorsPage(observed: ReadonlyMap<TaskCase, TaskObserved>): string {
	const sections = new Map<string, string[]>();
	for (const [one, seen] of observed) {
		if (one.place !== 'kling') continue;
		const other = [...observed].find(([{ row, place }]) => row === one.row && place === 'gateway')![1];
		const same = text(seen) === text(other) && seen.creates === other.creates && seen.tasks === other.tasks;
		const lines = same ? [line(one, 'both', seen)] : [line(one, WHERE.kling, seen), line(one, WHERE.gateway, other)];
		sections.set(one.row.section, [...(sections.get(one.row.section) ?? []), ...lines]);
	}
	const tables = [...sections].map(
		([name, lines]) =>
			`## ${name}\n\n| Fault | At | Creates | Tasks | What you read |\n| --- | --- | --- | --- | --- |\n${lines.join('\n')}\n`,
	);
	return formatted(`${INTRODUCTION}\n${tables.join('\n')}`, 'docs/development/errors-tasks.md');
}

function line({ row }: TaskCase, where: string, seen: TaskObserved): string {
	return `| ${cell(row.fault)} | ${where} | ${seen.creates} | ${seen.tasks} | ${cell(text(seen))} |`;
}

/** Without the ids, which are new each time. */
function text({ message, description, taskId, externalTaskId }: TaskObserved): string {
	if (message === null) return '(the video comes out)';
	const told = [taskId, externalTaskId]
		.filter((id) => typeof id === 'string')
		.reduce((said, id) => said.replaceAll(id, '...'), `**${message}.** ${description}`.trim());
	return withoutIds(told);
}
