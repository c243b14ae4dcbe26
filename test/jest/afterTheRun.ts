import { rmSync } from 'node:fs';
import { FOLDER_OF_THE_RUN } from './beforeTheRun';

/** Jest's `globalTeardown`. */
export default function afterTheRun(): void {
	const folder = process.env[FOLDER_OF_THE_RUN];
	if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
