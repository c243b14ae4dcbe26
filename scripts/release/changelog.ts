const UNRELEASED = '## [Unreleased]\n';

/** What a changelog says of a version, or under Unreleased; empty where it says nothing. */
export function sectionOf(changelog: string, version?: string): string {
	const heading = version === undefined ? UNRELEASED : `## [${version}] - `;
	const [, rest = ''] = changelog.split(`\n${heading}`);
	const section = rest.split(/^## /m)[0]!;
	return (version === undefined ? section : section.replace(/^.*\n/, '')).trim();
}

/** The changelog after a release: what was unreleased is of this version. */
export function closeUnreleased(changelog: string, version: string, date: Date): string {
	const heading = `${UNRELEASED}\n## [${version}] - ${date.toISOString().slice(0, 10)}\n`;
	return changelog.replace(UNRELEASED, () => heading);
}
