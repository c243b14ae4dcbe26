import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { report } from '../report';
import { sectionOf } from './changelog';
import { readManifest } from './manifest';
import { publisherProblems } from './publisher';
import { git, npm } from './shell';
import { workflowProblems } from './workflow';

/** Checks what can be checked before a release is made. @returns whether all is good */
export function checkRelease(root: string): boolean {
	const news = sectionOf(changelogOf(root)) === '' ? ['    CHANGELOG.md says nothing under Unreleased'] : [];
	return [
		report('who publishes', publisherProblems(root)),
		report('the changelog', news),
		report('the workflow that publishes', publishingProblems(root)),
		report('the state of git', dirt(root)),
		report('the documentation', npm(root, 'run', '--silent', 'docs:check') ? [] : ['    npm run docs:check fails']),
		report('the package', npm(root, 'run', '--silent', 'verify') ? [] : ['    npm run verify fails']),
	].every(Boolean);
}

/** Checks whether a tag may be published. @returns whether all is good */
export function checkTag(root: string, tag: string): boolean {
	const { version } = readManifest(root);
	const news = sectionOf(changelogOf(root), version) === '' ? [`    CHANGELOG.md says nothing of version ${version}`] : [];
	const fits = tag === `v${version}` ? [] : [`    the tag is ${tag}, but the package has version ${version}`];
	return [
		report('who publishes', publisherProblems(root)),
		report('the changelog', news),
		report('the workflow that publishes', publishingProblems(root)),
		report('the tag', [...fits, ...tagProblems(root, tag)]),
		report('the state of git', dirt(root)),
	].every(Boolean);
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

function tagProblems(root: string, tag: string): string[] {
	const [highest] = git(root, ['tag', '--list', 'v*', '--sort=-version:refname']).split('\n');
	const commit = git(root, ['rev-parse', '--verify', '--quiet', `${tag}^{commit}`], '');
	if (commit === '') return [`    there is no tag ${tag}`];
	// GitHub's checkout fetches the commit of a tag, and not who tagged it when.
	const isAnnotated = process.env.GITHUB_ACTIONS !== undefined || git(root, ['cat-file', '-t', tag]) === 'tag';
	return [
		...(isAnnotated ? [] : [`    ${tag} is not annotated, and would not be pushed: tag it with -a`]),
		...(commit === git(root, ['rev-parse', 'HEAD']) ? [] : [`    ${tag} is another commit than this one`]),
		...(highest === tag ? [] : [`    ${highest} is a later version`]),
	];
}
