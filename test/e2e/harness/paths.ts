import { join } from 'node:path';

/** The end-to-end tests. */
export const E2E = join(__dirname, '..');

/** The package under test. */
export const ROOT = join(E2E, '..', '..');

/** What servers and browsers said, one folder for each host. */
export const LOGS = join(E2E, '.logs');

/** Where the documentation's pictures are. */
export const PICTURES = join(ROOT, 'docs', 'images');

/** The importable workflows. */
export const EXAMPLES = join(ROOT, 'examples');
