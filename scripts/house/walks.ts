import { posix } from 'node:path';

/** Which files each file imports, by their paths inside the project. */
export type Imports = ReadonlyMap<string, readonly string[]>;

interface Step {
	from: string;
	to: string;
	isHandedDown: boolean;
}

const STEP = /^\d+\. (.*)$/;
const PART = /\]\(([^)#]+)\)|(→|⇢)/g;

/**
 * Holds the walks of a page against the imports. A walk is an ordered list under a heading. In it `[a](a.ts) → [b](b.ts)` says that a
 * imports b, and `⇢` that a calls b without importing it: a file further up in the walk leads to both, and handed b down.
 * @param path of the page, which the links start from
 * @returns one text for each arrow that is not so
 */
export function checkWalks(path: string, text: string, imports: Imports): string[] {
	return text.split(/^#+ /m).flatMap((section) => {
		const steps = stepsOf(posix.dirname(path), section);
		return steps.flatMap(({ from, to, isHandedDown }, index) => {
			const lost = [from, to].filter((file) => !imports.has(file));
			if (lost.length > 0) return lost.map((file) => `${path}: ${file} is no file of the nodes`);
			const isImported = imports.get(from)!.includes(to);
			if (!isHandedDown) return isImported ? [] : [`${path}: ${from} does not import ${to}`];
			if (isImported) return [`${path}: ${from} imports ${to}: the arrow between them is →`];
			const above = new Set(steps.slice(0, index).map((step) => step.from));
			const isHanded = [...above].some((file) => [from, to].every((end) => reached(file, imports).has(end)));
			return isHanded ? [] : [`${path}: nothing further up leads to both ${from} and ${to}`];
		});
	});
}

function stepsOf(folder: string, section: string): Step[] {
	return section.split('\n').flatMap((line) => {
		const parts = [...(STEP.exec(line)?.[1] ?? '').matchAll(PART)].map(([, link, arrow]) => arrow ?? posix.join(folder, link!));
		return parts.flatMap((part, index) =>
			/[→⇢]/.test(part) ? [{ from: parts[index - 1]!, to: parts[index + 1]!, isHandedDown: part === '⇢' }] : [],
		);
	});
}

/** A file and all that it imports, through others as well. */
function reached(file: string, imports: Imports, found = new Set<string>()): Set<string> {
	if (found.has(file)) return found;
	found.add(file);
	for (const imported of imports.get(file) ?? []) reached(imported, imports, found);
	return found;
}
