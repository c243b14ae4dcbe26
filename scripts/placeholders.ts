import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

/** What has to be set before the first release, by the option of `npm run release` that sets it. */
const PLACEHOLDERS = {
	owner: 'REPLACE-WITH-OWNER',
	publisher: 'REPLACE-WITH-PUBLISHER',
	email: 'replace-with-publisher@example.com',
};

export type Placeholder = keyof typeof PLACEHOLDERS;

/** The files that hold placeholders; RELEASING.md lists the same ones. */
export const PLACEHOLDER_FILES = [
	'package.json',
	'LICENSE',
	'credentials/KlingRecognitionApi.credentials.ts',
	'nodes/KlingRecognition/KlingRecognition.node.json',
	'nodes/KlingGeneration/KlingGeneration.node.json',
	'.github/ISSUE_TEMPLATE/config.yml',
	'SECURITY.md',
];

/** Whether a text holds a placeholder. */
export function hasPlaceholder(text: string): boolean {
	return Object.values(PLACEHOLDERS).some((placeholder) => text.includes(placeholder));
}

/** The files in which a placeholder is left. */
export function filesWithPlaceholders(): string[] {
	return PLACEHOLDER_FILES.filter((file) => hasPlaceholder(readFileSync(join(ROOT, file), 'utf8')));
}

/** Sets placeholders in all files. */
export function setPlaceholders(values: Partial<Record<Placeholder, string>>): void {
	for (const file of PLACEHOLDER_FILES) {
		const text = readFileSync(join(ROOT, file), 'utf8');
		const set = Object.entries(values).reduce(
			(result, [name, value]) => result.replaceAll(PLACEHOLDERS[name as Placeholder], () => value),
			text,
		);
		if (set !== text) writeFileSync(join(ROOT, file), set);
	}
}
