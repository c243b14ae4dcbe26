import { normaliseBase64 } from '../../../nodes/shared/kling/files/base64';
import { KlingError } from '../../../nodes/shared/kling/klingError';
import { HOSTILE_FILES, HOSTILE_TEXTS } from '../../samples/hostile';
import { prepareImage } from '../support/prepareImage';

/** A read for every 32 bytes: the most steps that a walk through 10 MB may take before it gives up. */
const MOST_READS = 10 * 2 ** 15;

/** How often the work looks into bytes. */
async function readsOf(work: () => Promise<unknown>): Promise<number> {
	const readers = (['readUInt16BE', 'readUInt32BE', 'indexOf', 'equals', 'subarray'] as const).map((name) =>
		jest.spyOn(Buffer.prototype, name),
	);
	await work();
	const reads = readers.reduce((sum, { mock }) => sum + mock.calls.length, 0);
	jest.restoreAllMocks();
	return reads;
}

test.each(HOSTILE_FILES)('10 MB of %s are refused, after looking at few places', async (_name, make) => {
	const bytes = make();
	const reads = await readsOf(async () => await expect(prepareImage(bytes)).rejects.toThrow(KlingError));
	expect(reads).toBeGreaterThan(0);
	expect(reads).toBeLessThan(MOST_READS);
});

/** What is Base64 in the end; all the rest is refused. */
const GOOD = ['letters between line breaks', 'URL alphabet'];

test.each(HOSTILE_TEXTS)('14 million characters of %s are made Base64 or refused', (name, make) => {
	const read = () => normaliseBase64(make());
	if (GOOD.includes(name)) expect(read()).toMatch(/^(A|-_|\+\/)/);
	else expect(read).toThrow(KlingError);
});
