import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Job } from '../job';

/** The URLs of a job's images. */
export function urlsOf({ input }: Pick<Job, 'input'>): string[] {
	const { count, different = count } = input;
	return Array.from(
		{ length: count },
		(_, index) => `https://images.kling-samples.test/n/${index % different}.jpg?flags=head,face`,
	);
}

/** The paths of a job's images. */
export function pathsOf({ input, files }: Job): string[] {
	return readdirSync(files)
		.sort()
		.slice(0, input.count)
		.map((name) => join(files, name));
}
