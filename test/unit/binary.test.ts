import type { IBinaryData } from 'n8n-workflow';

import { openFile } from '../../nodes/shared/n8n/binary';
import { fakeContext } from './fakeContext';

const CONTENT = Buffer.from('any content');

it.each([true, false])('a stored file has its size, whether the store tells it (%p) or not', async (tellsSizes) => {
	const { context } = fakeContext({ stored: { one: CONTENT }, tellsSizes });
	const file = await openFile(context, { id: 'one', mimeType: 'image/png', data: 'filesystem-v2' } as IBinaryData);
	expect(file).toMatchObject({ id: 'one', bytes: CONTENT.length });
	expect(await file.head(3)).toEqual(CONTENT.subarray(0, 3));
});
