import { matchesGlob } from 'node:path';

import { parse } from 'yaml';

interface Workflow {
	on: { push?: { tags?: string[] } };
	jobs: Record<string, { 'runs-on': string; permissions?: Record<string, string>; steps: Array<{ run?: string }> }>;
}

/**
 * What is wrong with the workflow that publishes. n8n takes packages with npm's provenance only: a runner of GitHub's makes it,
 * by a token that `id-token: write` lets it have. Source: npm's documentation, "Generating provenance statements".
 * @param text the workflow's file
 * @param tag the tag that is to start it
 */
export function workflowProblems(text: string, tag: string): string[] {
	const { on, jobs } = parse(text) as Workflow;
	const [job] = Object.values(jobs);
	const commands = job!.steps.map(({ run = '' }) => run);
	const publishes = commands.findIndex((run) => /\bnpm publish\b/.test(run));
	const before = commands.slice(0, Math.max(publishes, 0));
	const problems: Array<[isGood: boolean | undefined, otherwise: string]> = [
		[on.push?.tags?.some((pattern) => matchesGlob(tag, pattern)), `the tag ${tag} does not start it`],
		[/^ubuntu-/.test(job!['runs-on']), 'it does not run on a runner of GitHub'],
		[job!.permissions?.['id-token'] === 'write', 'it lacks the permission id-token: write'],
		[/--provenance\b/.test(commands[publishes] ?? ''), 'it does not publish with --provenance'],
		[before.some((run) => run.includes('npm run release -- --check')), 'it does not check the tag before it publishes'],
		[before.includes('npm run check'), 'it does not run npm run check before it publishes'],
	];
	return problems.filter(([isGood]) => !isGood).map(([, otherwise]) => `    publish.yml: ${otherwise}`);
}
