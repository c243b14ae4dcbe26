import { BufferPool } from '../../nodes/shared/n8n/bufferPool';
import { imageBody } from '../../nodes/shared/n8n/imageInput';
import type { Item } from '../../nodes/shared/n8n/operation';
import { sampleBytes } from '../samples/manifest';
import { rejectionOf } from './helpers';

const item = (checkInput: boolean) => ({ run: { pool: new BufferPool() }, options: { checkInput } }) as unknown as Item;
const source = (bytes: Buffer) => ({
	id: null,
	bytes: bytes.length,
	writeTo: async (body: { append(piece: Buffer): void }) => body.append(bytes),
});

it('an image becomes a body whose key stands for its bytes', async () => {
	const image = sampleBytes('portrait.png');
	const [one, other] = [imageBody(item(true), source(image)), imageBody(item(false), source(image))];
	const [body, same] = [await one.build(), await other.build()];
	expect(JSON.parse(body.bytes.toString())).toEqual({ image: image.toString('base64') });
	expect(body.bytes).toHaveLength(one.bytes);
	expect(body.key).toBe(same.key);
});

it('what is too large is refused before it is read, and what is too small once it is; unchecked, neither', async () => {
	const [large, small] = [Buffer.alloc(10_485_761), sampleBytes('small-200.png')];
	expect(() => imageBody(item(true), source(large))).toThrow('too large');
	expect((await rejectionOf(imageBody(item(true), source(small)).build())).message).toContain('too small');
	await imageBody(item(false), source(large)).build();
	await imageBody(item(false), source(small)).build();
});
