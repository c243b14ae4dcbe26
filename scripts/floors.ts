import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ICruiseResult, IForbiddenRuleType } from 'dependency-cruiser';

import { checkWalks, type Imports } from './house/walks';

const ROOT = join(__dirname, '..');
const PAGE = 'docs/development/house.md';
const PICTURE = /```mermaid\n[\s\S]*?```/;

/** The rooms of what ships, from the roof down: each may use those of lower floors only. */
const FLOORS: ReadonlyArray<ReadonlyArray<[folder: string, short: string]>> = [
	[
		['nodes/KlingRecognition', 'recognition'],
		['nodes/KlingGeneration', 'generation'],
		['credentials', 'credentials'],
	],
	[['nodes/shared/n8n', 'n8n']],
	[
		['nodes/shared/engine', 'engine'],
		['nodes/shared/kling', 'kling'],
	],
];
const ROOMS = FLOORS.flat();

/** n8n's own package may be used on the upper floors. What is pure, and the engine, know nothing of it. */
const FORBIDDEN: IForbiddenRuleType[] = [
	...FLOORS.flatMap((floor, level) =>
		floor.map(([folder]) => ({
			name: `${folder} uses lower floors only`,
			severity: 'error' as const,
			from: { path: `^${folder}/` },
			to: {
				path: FLOORS.slice(0, level + 1)
					.flat()
					.filter(([other]) => other !== folder)
					.map(([other]) => `^${other}/`),
			},
		})),
	),
	{
		name: 'n8n is unknown to the engine and to what knows Kling',
		severity: 'error',
		from: { path: '^nodes/shared/(engine|kling)/' },
		to: { path: 'n8n-(workflow|core)' },
	},
	{ name: 'no circles', severity: 'error', from: {}, to: { circular: true } },
];

/**
 * `tsx scripts/floors.ts`: holds the imports of what ships against the floors of the house, and its picture and walks in
 * docs/development/house.md against the imports. With `--write` the picture is drawn anew.
 */
async function main(): Promise<string[]> {
	// It ships as an ES module only.
	const { cruise } = await import('dependency-cruiser');
	const { output } = await cruise(['nodes', 'credentials'], {
		baseDir: ROOT,
		doNotFollow: 'node_modules',
		tsPreCompilationDeps: true,
		ruleSet: { forbidden: FORBIDDEN },
		validate: true,
	});
	const result = output as ICruiseResult;
	const picture = draw(result);
	const page = readFileSync(join(ROOT, PAGE), 'utf8');
	if (process.argv.includes('--write')) writeFileSync(join(ROOT, PAGE), page.replace(PICTURE, picture));
	else if (PICTURE.exec(page)?.[0] !== picture)
		return [`${PAGE}: the picture is not what the imports say; npm run floors draws it`];
	return [
		...result.summary.violations.map(({ from, to, rule }) => `${from} imports ${to}: ${rule.name}`),
		...checkWalks(PAGE, page, importsOf(result)),
	];
}

const importsOf = ({ modules }: ICruiseResult): Imports =>
	new Map(modules.map(({ source, dependencies }) => [source, dependencies.map(({ resolved }) => resolved)]));

/** The rooms and the arrows between them, in Mermaid's language. */
function draw({ modules }: ICruiseResult): string {
	const arrows = new Set<string>();
	for (const { source, dependencies } of modules) {
		const from = roomOf(source);
		for (const { resolved } of dependencies) {
			const to = roomOf(resolved);
			if (from && to && from !== to) arrows.add(`\t${from} --> ${to}`);
		}
	}
	const rooms = ROOMS.map(([folder, short]) => `\t${short}["${folder}"]`);
	return ['```mermaid', 'flowchart TD', ...rooms, ...[...arrows].sort(), '```'].join('\n');
}

function roomOf(file: string): string | undefined {
	return ROOMS.find(([folder]) => file.startsWith(`${folder}/`))?.[1];
}

main().then(
	(problems) => {
		if (problems.length > 0) console.error(problems.join('\n'));
		process.exit(problems.length === 0 ? 0 : 1);
	},
	(error: Error) => {
		console.error(error.stack);
		process.exit(1);
	},
);
