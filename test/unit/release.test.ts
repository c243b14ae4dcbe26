import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, matchesGlob } from 'node:path';
import { parse } from 'yaml';
import { PLACEHOLDER_FILES } from '../../scripts/placeholders';

const ROOT = join(__dirname, '..', '..');
const NEEDED = [...PLACEHOLDER_FILES, 'package-lock.json', 'CHANGELOG.md', 'scripts/release.ts', 'scripts/placeholders.ts'];
/** These cost minutes, and say nothing about how a release starts. */
const LEFT_OUT = /^npm run (check|test:e2e)$/;

let folder: string;
let clone: string;

/** Runs shell commands, the first that fails ends them, as someone who follows RELEASING.md. @returns what they printed */
function shell(commands: string, cwd = clone): string {
	const who = {
		GIT_AUTHOR_NAME: 'R',
		GIT_AUTHOR_EMAIL: 'r@example.com',
		GIT_COMMITTER_NAME: 'R',
		GIT_COMMITTER_EMAIL: 'r@example.com',
	};
	const env = { ...process.env, ...who, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
	return execFileSync('sh', ['-ec', commands], { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
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
	shell('git init -q --bare -b main origin.git && git clone -q origin.git clone 2>&1', folder);
	for (const file of NEEDED) {
		mkdirSync(dirname(join(clone, file)), { recursive: true });
		cpSync(join(ROOT, file), join(clone, file));
	}
	symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
	writeFileSync(join(clone, '.gitignore'), 'node_modules\n');
	writeFileSync(join(clone, 'CHANGELOG.md'), '# Changelog\n\n## [Unreleased]\n\n- Something new.\n');
	shell('git checkout -q -B main && git add -A && git commit -qm First && git push -q -u origin main');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the steps of RELEASING.md push a tag that starts the publishing workflow, at the version that it names', () => {
	shell(commandsUnder('Once, before the first release').join('\n'));
	const steps = commandsUnder('Each release').filter((line) => !LEFT_OUT.test(line));
	shell(steps.join('\n'));

	const origin = join(folder, 'origin.git');
	const [tag] = shell('git tag --list', origin).trim().split('\n');
	const workflow = parse(readFileSync(join(ROOT, '.github/workflows/publish.yml'), 'utf8')) as {
		on: { push: { tags: string[] } };
	};
	expect(workflow.on.push.tags.some((pattern) => matchesGlob(tag ?? '', pattern))).toBe(true);
	expect(shell(`git rev-parse ${tag}^{commit}`, origin)).toBe(shell('git rev-parse main', origin));
	expect(`v${(JSON.parse(shell('git show main:package.json', origin)) as { version: string }).version}`).toBe(tag);
	shell(`git checkout -q ${tag} && npm run release -- --check ${tag}`);
});

test('no file of the project names a registry: npm has its own', () => {
	const files = execFileSync('git', ['ls-files'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');
	const address = ['registry', 'npmjs'].join('.');
	expect(files.filter((file) => readFileSync(join(ROOT, file), 'latin1').includes(address))).toEqual([]);
});
