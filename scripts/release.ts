import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { closeUnreleased, sectionOf } from './release/changelog';
import { checkRelease, checkTag } from './release/check';
import { readManifest } from './release/manifest';
import { settlePublisher, type Publisher } from './release/publisher';
import { npm } from './release/shell';
import { report } from './report';

const ROOT = join(__dirname, '..');
const CHANGELOG = join(ROOT, 'CHANGELOG.md');
const USAGE = `Prepares a release; see RELEASING.md. Touches neither git nor the registry.

  npm run release -- --check                           is all ready for a release? Changes nothing
  npm run release -- patch | minor | major | 1.2.3     sets the version, and closes the changelog's Unreleased
  npm run release -- --check v1.2.3                    may this tag be published? Changes nothing

Before the first release it asks who publishes. These options answer instead, or change it later:
  --owner name         the GitHub account or organization that has the repository
  --publisher name     the person or company that publishes
  --email address      the address of the npm account`;

async function main(): Promise<boolean> {
	const text = { type: 'string' } as const;
	const flag = { type: 'boolean' } as const;
	const { values, positionals } = parseArgs({
		options: { check: flag, help: flag, owner: text, publisher: text, email: text },
		allowPositionals: true,
	});
	const { check, help, ...publisher } = values;
	const [version] = positionals;
	if (check) {
		const findings = version === undefined ? checkRelease(ROOT) : checkTag(ROOT, version);
		return findings.map(([subject, problems]) => report(subject, problems)).every(Boolean);
	}
	if (!help && version !== undefined) return await release(version, publisher);
	console.log(USAGE);
	return true;
}

async function release(wanted: string, publisher: Partial<Publisher>): Promise<boolean> {
	const changelog = readFileSync(CHANGELOG, 'utf8');
	if (sectionOf(changelog) === '') throw new Error('The changelog says nothing under Unreleased.');
	await settlePublisher(ROOT, publisher);
	if (!npm(ROOT, 'version', wanted, '--no-git-tag-version', '--allow-same-version', '--silent')) return false;
	const { version } = readManifest(ROOT);
	writeFileSync(CHANGELOG, closeUnreleased(changelog, version, new Date()));
	console.log(`This is version ${version} now. Commit it, and tag it v${version}.`);
	return true;
}

main().then(
	(isGood) => {
		process.exitCode = isGood ? 0 : 1;
	},
	(error: Error) => {
		console.error(error.message);
		process.exitCode = 1;
	},
);
