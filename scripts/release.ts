import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { filesWithPlaceholders, setPlaceholders } from './placeholders';

const USAGE = `Prepares a release; see RELEASING.md. Touches neither git nor npm.

  npm run release -- patch | minor | major | 1.2.3           sets the version, and closes the changelog's Unreleased
  npm run release -- --check v1.2.3                          does this tag fit the package and the changelog?
  npm run release -- --owner o --publisher p --email e       sets what has to be set before the first release`;

const ROOT = join(__dirname, '..');
const CHANGELOG = join(ROOT, 'CHANGELOG.md');
const UNRELEASED = '## [Unreleased]\n';

function main(): void {
	const text = { type: 'string' } as const;
	const { values, positionals } = parseArgs({
		options: { check: text, owner: text, publisher: text, email: text, help: { type: 'boolean' } },
		allowPositionals: true,
	});
	const { check, help, ...placeholders } = values;
	const [version] = positionals;
	if (check !== undefined) return checkTag(check);
	if (Object.keys(placeholders).length > 0) return setPlaceholders(placeholders);
	if (help || version === undefined) return console.log(USAGE);
	release(version);
}

function release(wanted: string): void {
	requireFilled();
	const changelog = readFileSync(CHANGELOG, 'utf8');
	if (unreleasedOf(changelog) === '') throw new Error('The changelog says nothing under Unreleased.');
	setVersion(wanted);
	const date = new Date().toISOString().slice(0, 10);
	writeFileSync(
		CHANGELOG,
		changelog.replace(UNRELEASED, () => `${UNRELEASED}\n## [${currentVersion()}] - ${date}\n`),
	);
	console.log(`This is version ${currentVersion()} now. Commit it, and tag it v${currentVersion()}.`);
}

function unreleasedOf(changelog: string): string {
	const [, rest] = changelog.split(UNRELEASED);
	if (rest === undefined) throw new Error('The changelog has no section Unreleased.');
	return rest.split(/^## /m)[0]!.trim();
}

/** In package.json and package-lock.json. */
function setVersion(version: string): void {
	const args = ['version', version, '--no-git-tag-version', '--allow-same-version'];
	execFileSync('npm', args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
}

function currentVersion(): string {
	return (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
}

function checkTag(tag: string): void {
	requireFilled();
	const version = currentVersion();
	if (tag !== `v${version}`) throw new Error(`The tag is ${tag}, but the package has version ${version}.`);
	if (!readFileSync(CHANGELOG, 'utf8').includes(`\n## [${version}] - `)) {
		throw new Error(`The changelog does not speak of version ${version}.`);
	}
}

function requireFilled(): void {
	const files = filesWithPlaceholders();
	if (files.length > 0) throw new Error(`Set the placeholders in these files first, see RELEASING.md:\n${files.join('\n')}`);
}

try {
	main();
} catch (error) {
	console.error((error as Error).message);
	process.exitCode = 1;
}
