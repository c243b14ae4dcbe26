import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { sectionOf } from './changelog';
import { readManifest } from './manifest';
import { publisherProblems } from './publisher';
import { git, npm } from './shell';
import { workflowProblems } from './workflow';

/** What was checked, and what is wrong with it. */
export type Finding = [subject: string, problems: string[]];

/** What can be checked before a release is made. */
export function checkRelease(root: string): Finding[] {
	const news = sectionOf(changelogOf(root)) === '' ? ['    CHANGELOG.md says nothing under Unreleased'] : [];
	return [
		['who publishes', publisherProblems(root, process.env)],
		['the changelog', news],
		['the workflow that publishes', publishingProblems(root)],
		['the state of git', dirt(root)],
		['the documentation', npm(root, 'run', '--silent', 'docs:check') ? [] : ['    npm run docs:check fails']],
		['the package', npm(root, 'run', '--silent', 'verify') ? [] : ['    npm run verify fails']],
	];
}

/** Whether a tag may be published. @param env says in GitHub's workflows in which repository they run */
export function checkTag(root: string, tag: string, env = process.env): Finding[] {
	const { version } = readManifest(root);
	const news = sectionOf(changelogOf(root), version) === '' ? [`    CHANGELOG.md says nothing of version ${version}`] : [];
	const fits = tag === `v${version}` ? [] : [`    the tag is ${tag}, but the package has version ${version}`];
	return [
		['who publishes', publisherProblems(root, env)],
		['the changelog', news],
		['the workflow that publishes', publishingProblems(root)],
		['the tag', [...fits, ...tagProblems(root, tag, env)]],
		['the state of git', dirt(root)],
	];
}

const changelogOf = (root: string): string => readFileSync(join(root, 'CHANGELOG.md'), 'utf8');

function publishingProblems(root: string): string[] {
	return workflowProblems(readFileSync(join(root, '.github/workflows/publish.yml'), 'utf8'), `v${readManifest(root).version}`);
}

function dirt(root: string): string[] {
	return git(root, ['status', '--porcelain'])
		.split('\n')
		.filter(Boolean)
		.map((line) => `    not committed: ${line}`);
}

function tagProblems(root: string, tag: string, env: NodeJS.ProcessEnv): string[] {
	const [highest] = git(root, ['tag', '--list', 'v*', '--sort=-version:refname']).split('\n');
	const commit = git(root, ['rev-parse', '--verify', '--quiet', `${tag}^{commit}`], '');
	if (commit === '') return [`    there is no tag ${tag}`];
	// GitHub's checkout fetches the commit of a tag, and not who tagged it when.
	const isAnnotated = Boolean(env.GITHUB_ACTIONS) || git(root, ['cat-file', '-t', tag]) === 'tag';
	return [
		...(isAnnotated ? [] : [`    ${tag} is not annotated, and would not be pushed: tag it with -a`]),
		...(commit === git(root, ['rev-parse', 'HEAD']) ? [] : [`    ${tag} is another commit than this one`]),
		...(highest === tag ? [] : [`    ${highest} is a later version`]),
	];
}
