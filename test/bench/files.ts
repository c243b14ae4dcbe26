import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { makeImage } from '../samples/images';

const BYTES = 9_961_472;

/** Makes different images of 9.5 MB. @returns their folder, and how to remove it */
export async function makeFiles(count: number): Promise<{ folder: string; remove: () => void }> {
	const folder = mkdtempSync(join(tmpdir(), 'kling-bench-'));
	for (let index = 0; index < count; index += 1) {
		const image = await makeImage({ width: 800, height: 600, format: 'jpeg', bytes: BYTES, note: `image ${index}` });
		writeFileSync(join(folder, `${String(index).padStart(4, '0')}.jpg`), image);
	}
	return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
