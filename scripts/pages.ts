import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { formatted } from '../test/trust/support/markdown';
import { costsPage } from './pages/costs';
import { modelsPage } from './pages/models';

const DOCS = join(__dirname, '..', 'docs');

/** The pages that are written from the tables that the nodes go by: where each stands, and how its text is made. */
export const PAGES = [
	{ name: 'models.md', write: modelsPage },
	{ name: 'costs.md', write: costsPage },
].map(({ name, write }) => {
	const path = join(DOCS, name);
	return { name, path, text: () => formatted(write(), path) };
});

if (require.main === module) for (const { path, text } of PAGES) writeFileSync(path, text());
