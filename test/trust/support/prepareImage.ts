import { BufferPool } from '../../../nodes/shared/n8n/bufferPool';
import { imageBody } from '../../../nodes/shared/n8n/imageInput';
import type { Item } from '../../../nodes/shared/n8n/operation';

const pool = new BufferPool();

/**
 * Reading, building, checking and fingerprinting an image: all that happens to it before it is sent.
 * @throws KlingError where it is refused
 */
export async function prepareImage(bytes: Buffer): Promise<void> {
	const run = { pool };
	const options = { checkInput: true };
	const writeTo = async (body: { append(piece: Buffer): void }): Promise<void> => body.append(bytes);
	const { recycle } = await imageBody({ run, options } as unknown as Item, { id: null, bytes: bytes.length, writeTo }).build();
	recycle();
}
