import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificatesForTheRun } from '../gateway/certificates';

/** Where the folder of a run of the tests stands: it takes whatever the suites write to the system's temporary folder. */
export const FOLDER_OF_THE_RUN = 'KLING_TEST_FOLDER';

/** Jest's `globalSetup`. */
export default async function beforeTheRun(): Promise<void> {
	await makeCertificatesForTheRun();
	const folder = mkdtempSync(join(tmpdir(), 'kling-tests-'));
	Object.assign(process.env, { [FOLDER_OF_THE_RUN]: folder, TMPDIR: folder });
}
