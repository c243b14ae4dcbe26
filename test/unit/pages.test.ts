import { readFileSync } from 'node:fs';

import { PAGES } from '../../scripts/pages';

it.each(PAGES)('docs/$name is what the tables say (npm run models)', ({ path, text }) => {
	expect(readFileSync(path, 'utf8')).toBe(text());
});
