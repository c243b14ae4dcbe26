import { createInterface } from 'node:readline';

import { readManifest, writeManifest, type Manifest } from './manifest';
import { git } from './shell';

/** Who publishes. */
export interface Publisher {
	owner: string;
	publisher: string;
	email: string;
}

const QUESTIONS: ReadonlyArray<[keyof Publisher, question: string, form: RegExp]> = [
	['owner', 'The GitHub account or organization that has the repository', /^[a-z\d]([a-z\d-]*[a-z\d])?$/i],
	['publisher', 'The person or company that publishes', /\S/],
	['email', 'The address of the npm account', /^\S+@\S+\.\S+$/],
];

/** What is wrong with who publishes, as package.json says it. npm publishes with provenance only from the repository that stands there. */
export function publisherProblems(root: string, env: NodeJS.ProcessEnv): string[] {
	const { author, repository } = readManifest(root);
	if (!repository || author.email.endsWith('.invalid'))
		return ['    package.json does not say who publishes: npm run release asks for it'];
	const actual = env.GITHUB_REPOSITORY || repositoryOf(git(root, ['remote', 'get-url', 'origin'], ''));
	const fits = actual === undefined || actual === repositoryOf(repository.url);
	return fits ? [] : [`    package.json has the repository ${repository.url}, but this is ${actual}`];
}

/**
 * Writes who publishes into package.json: what is given, and else what is asked for, unless it stands there already.
 * @throws Error where nobody answers, or an answer will not do
 */
export async function settlePublisher(root: string, given: Partial<Publisher>): Promise<void> {
	const manifest = readManifest(root);
	if (manifest.repository && Object.keys(given).length === 0) return;
	const { owner, publisher, email } = await complete({ ...known(manifest), ...given }, suggestions(root));
	const page = `https://github.com/${owner}/${manifest.name}`;
	writeManifest(root, {
		...manifest,
		homepage: `${page}#readme`,
		author: { name: publisher, email },
		repository: { type: 'git', url: `git+${page}.git` },
		bugs: { url: `${page}/issues` },
	});
}

async function complete(given: Partial<Publisher>, suggested: Partial<Publisher>): Promise<Publisher> {
	const terminal = createInterface({ input: process.stdin });
	const lines = terminal[Symbol.asyncIterator]();
	const answers: Partial<Publisher> = {};
	for (const [name, question, form] of QUESTIONS) {
		const answer = given[name] ?? (await ask(lines, question, suggested[name] ?? ''));
		if (!form.test(answer)) throw new Error(`"${answer}" will not do. Wanted by --${name}: ${question}.`);
		answers[name] = answer;
	}
	terminal.close();
	return answers as Publisher;
}

async function ask(lines: AsyncIterator<string>, question: string, suggestion: string): Promise<string> {
	process.stdout.write(`${question}${suggestion && ` [${suggestion}]`}: `);
	const line = await lines.next();
	if (line.done) throw new Error('\nNobody answers. Give --owner, --publisher and --email.');
	return line.value.trim() || suggestion;
}

function known({ author, repository }: Manifest): Partial<Publisher> {
	return repository ? { owner: repositoryOf(repository.url)?.split('/')[0], publisher: author.name, email: author.email } : {};
}

function suggestions(root: string): Partial<Publisher> {
	return {
		owner: repositoryOf(git(root, ['remote', 'get-url', 'origin'], ''))?.split('/')[0],
		publisher: git(root, ['config', 'user.name'], ''),
		email: git(root, ['config', 'user.email'], ''),
	};
}

/** Owner and name of a repository on GitHub, by its address. */
function repositoryOf(address: string): string | undefined {
	return /github\.com[/:]([^/]+\/.+?)(\.git)?$/.exec(address)?.[1];
}
