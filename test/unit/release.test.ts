import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { checkTag } from '../../scripts/release/check';
import { workflowProblems } from '../../scripts/release/workflow';

const ROOT = join(__dirname, '..', '..');
const PUBLISH = '.github/workflows/publish.yml';
const NEEDED = ['package.json', 'package-lock.json', 'scripts/release.ts', 'scripts/release', 'scripts/report.ts', PUBLISH];
/** Who publishes, as somebody answers who takes the last suggestion. */
const ANSWERS = 'acme\nAcme Ltd.\n\n';
/** These cost minutes, and say nothing about how a release starts. */
const LEFT_OUT = /^npm run (check|test:e2e|release -- --check)$/;

let folder: string;
let clone: string;

interface Call {
	cwd?: string;
	/** What is typed. */
	input?: string;
}

/** Runs shell commands, the first that fails ends them, as someone who follows RELEASING.md. @returns what they printed */
function shell(commands: string, { cwd = clone, input = '' }: Call = {}): string {
	const who = {
		GIT_AUTHOR_NAME: 'R',
		GIT_AUTHOR_EMAIL: 'r@example.com',
		GIT_COMMITTER_NAME: 'R',
		GIT_COMMITTER_EMAIL: 'r@example.com',
	};
	const env = {
		...process.env,
		...who,
		GIT_CONFIG_GLOBAL: '/dev/null',
		GIT_CONFIG_NOSYSTEM: '1',
		GITHUB_REPOSITORY: '',
		GITHUB_ACTIONS: '',
	};
	return execFileSync('sh', ['-ec', commands], { cwd, env, input, encoding: 'utf8', stdio: 'pipe' });
}

/** The commands of RELEASING.md under a heading, one a line. */
function commandsUnder(heading: string): string[] {
	const section = readFileSync(join(ROOT, 'RELEASING.md'), 'utf8').split(`## ${heading}\n`)[1]!.split('\n## ')[0]!;
	const block = /```sh\n([\s\S]*?)```/.exec(section)![1]!;
	return block
		.split('\n')
		.map((line) => line.trim())
		.filter(Boolean);
}

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'kling-release-'));
	clone = join(folder, 'clone');
	shell('git init -q --bare -b main origin.git && git clone -q origin.git clone 2>&1', { cwd: folder });
	for (const file of NEEDED) cpSync(join(ROOT, file), join(clone, file), { recursive: true });
	symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
	writeFileSync(join(clone, '.gitignore'), 'node_modules\n');
	writeFileSync(join(clone, 'CHANGELOG.md'), '# Changelog\n\n## [Unreleased]\n\n- Something new.\n');
	shell(
		'git config user.email r@acme.test && git checkout -q -B main && git add -A && git commit -qm First && git push -q -u origin main',
	);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const manifest = () => JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8')) as Record<string, unknown>;

test('where nobody says who publishes, nothing is changed', () => {
	expect(() => shell('npm run release -- 1.0.0')).toThrow('Nobody answers. Give --owner, --publisher and --email.');
	expect(() => shell('npm run release -- 1.0.0', { input: 'a b\n' })).toThrow('"a b" will not do. Wanted by --owner');
	expect(shell('git status --porcelain')).toBe('');
});

test('the steps of RELEASING.md push a tag that starts the publishing workflow, at the version that it names', () => {
	const steps = commandsUnder('Each release').filter((line) => !LEFT_OUT.test(line));
	const printed = shell(steps.join('\n'), { input: ANSWERS });
	expect(printed.match(/^ {2}good {3}.*$/gm)).toHaveLength(5);

	const origin = { cwd: join(folder, 'origin.git') };
	const [tag] = shell('git tag --list', origin).trim().split('\n');
	expect(workflowProblems(readFileSync(join(ROOT, PUBLISH), 'utf8'), tag!)).toEqual([]);
	expect(shell(`git rev-parse ${tag}^{commit}`, origin)).toBe(shell('git rev-parse main', origin));
	expect(`v${(JSON.parse(shell('git show main:package.json', origin)) as { version: string }).version}`).toBe(tag);
	const page = 'https://github.com/acme/n8n-nodes-kling-recognition';
	expect(manifest()).toMatchObject({
		author: { name: 'Acme Ltd.', email: 'r@acme.test' },
		homepage: `${page}#readme`,
		repository: { type: 'git', url: `git+${page}.git` },
		bugs: { url: `${page}/issues` },
	});
});

test.each<{ problem: string; commands?: string; env?: Record<string, string> }>([
	{
		problem: 'does not say who publishes',
		commands: 'npm pkg delete repository && git commit -aqm Nobody && git tag -fam x v0.2.0',
	},
	{ problem: 'has the repository', env: { GITHUB_REPOSITORY: 'somebody/n8n-nodes-kling-recognition' } },
	{ problem: 'CHANGELOG.md says nothing of version 0.2.0', commands: "sed -i '/Something/d' CHANGELOG.md" },
	{ problem: 'does not start it', commands: `sed -i "s/'v/'w/" ${PUBLISH}` },
	{ problem: 'the package has version 0.3.0', commands: 'npm version minor --no-git-tag-version' },
	{ problem: 'there is no tag v0.2.0', commands: 'git tag -d v0.2.0' },
	{ problem: 'v0.2.0 is not annotated', commands: 'git tag -f v0.2.0 HEAD' },
	{ problem: 'v0.2.0 is another commit', commands: 'git commit -q --allow-empty -m More' },
	{ problem: 'v0.10.0 is a later version', commands: 'git tag v0.10.0' },
	{ problem: 'not committed: ?? left', commands: 'touch left' },
])('a tag is refused: $problem', ({ problem, commands = '', env = {} }) => {
	const cwd = mkdtempSync(join(folder, 'again-'));
	const problems = (): string[] => checkTag(cwd, 'v0.2.0', env).flatMap(([, found]) => found);
	shell(`git clone -q ../origin.git .`, { cwd });
	if (commands !== '') expect(problems()).toEqual([]);
	shell(commands, { cwd });
	expect(problems()).toContainEqual(expect.stringContaining(problem));
});

test('the option of one answer changes that one alone', () => {
	shell('npm run release -- 0.2.0 --publisher "Another Ltd." || true');
	expect(manifest()).toMatchObject({ author: { name: 'Acme Ltd.' } });
	writeFileSync(join(clone, 'CHANGELOG.md'), '# Changelog\n\n## [Unreleased]\n\n- More.\n');
	shell('npm run release -- minor --publisher "Another Ltd."');
	expect(manifest()).toMatchObject({ version: '0.3.0', author: { name: 'Another Ltd.', email: 'r@acme.test' } });
});

test.each([
	['is on no runner of GitHub', 'runs-on: ubuntu-latest', 'runs-on: self-hosted', 'it does not run on a runner of GitHub'],
	['may not have the token', 'id-token: write', 'id-token: none', 'it lacks the permission id-token: write'],
	['has no provenance', ' --provenance', '', 'it does not publish with --provenance'],
	['asks of no tag', '--check "$GITHUB_REF_NAME"', '', 'it does not check the tag before it publishes'],
	['checks nothing', 'run: npm run check', 'run: npm test', 'it does not run npm run check before it publishes'],
])('a publishing workflow that %s is refused', (_name, from, to, problem) => {
	const text = readFileSync(join(ROOT, PUBLISH), 'utf8');
	expect(text).toContain(from);
	expect(workflowProblems(text.replace(from, to), 'v0.1.0')).toEqual([`    publish.yml: ${problem}`]);
});

test('no file of the project names a registry: npm has its own', () => {
	const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
	const address = ['registry', 'npmjs'].join('.');
	expect(files.filter((file) => readFileSync(join(ROOT, file), 'latin1').includes(address))).toEqual([]);
});
