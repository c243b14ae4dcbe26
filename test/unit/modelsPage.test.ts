import { readFileSync } from 'node:fs';

import { MODELS_PAGE, modelsPage } from '../../scripts/models';

it('the page of the models is what the tables say (npm run models)', () => {
	expect(readFileSync(MODELS_PAGE, 'utf8')).toBe(modelsPage());
});
