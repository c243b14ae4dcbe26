import { randomBytes } from 'node:crypto';

import { ImageBody, imageBodyLength, jsonBody } from '../../nodes/shared/kling/requestBody';
import { klingErrorOf } from './helpers';

const decoded = (body: Buffer): Buffer => {
	const { image, ...others } = JSON.parse(body.toString('latin1')) as { image: string };
	expect(others).toEqual({});
	expect(image).toMatch(/^[A-Za-z0-9+/]*={0,2}$/);
	return Buffer.from(image, 'base64');
};

const CHUNKS = [1, 2, 3, 5, 65_536];
const SIZES = [0, 1, 2, 3, 4, 5, 6, 7, 299, 4096, 70_001];

it.each(CHUNKS.flatMap((chunk) => SIZES.map((size) => ({ chunk, size }))))(
	'$size bytes in chunks of $chunk come out as they went in',
	({ chunk, size }) => {
		const bytes = randomBytes(size);
		const body = new ImageBody(Buffer.allocUnsafe(imageBodyLength(size)));
		for (let at = 0; at < size; at += chunk) body.append(bytes.subarray(at, at + chunk));
		const finished = body.finish();
		expect(decoded(finished).equals(bytes)).toBe(true);
		expect(finished.length).toBe(imageBodyLength(size));
	},
);

it('chunks of changing length, in a buffer that is used again and too long', () => {
	const bytes = randomBytes(1000);
	const body = new ImageBody(Buffer.alloc(5000, 0x41));
	for (let at = 0, length = 1; at < bytes.length; at += length, length += 1) body.append(bytes.subarray(at, at + length));
	expect(decoded(body.finish()).equals(bytes)).toBe(true);
});

it('chunks that are overwritten after they were appended', () => {
	const body = new ImageBody(Buffer.alloc(100));
	const chunk = Buffer.from('abcd');
	body.append(chunk);
	chunk.fill(0);
	body.append(Buffer.from('efgh'));
	expect(decoded(body.finish()).toString()).toBe('abcdefgh');
});

it('Base64 goes in as it is', () => {
	const body = new ImageBody(Buffer.alloc(imageBodyLength(5)));
	body.appendBase64(Buffer.from('hello').toString('base64'));
	expect(body.finish().toString()).toBe('{"image":"aGVsbG8="}');
});

it('a file that is longer than announced is refused, not cut', () => {
	const body = new ImageBody(Buffer.alloc(imageBodyLength(6)));
	body.append(Buffer.alloc(6));
	expect(klingErrorOf(() => body.append(Buffer.alloc(3))).message).toBe('The file is longer than its record in n8n says');
});

it.each([1, 2, 3, 64, 100, 65_536])('the first %i bytes of a finished body', (length) => {
	const bytes = randomBytes(100);
	const body = new ImageBody(Buffer.alloc(imageBodyLength(100)));
	body.append(bytes);
	expect(ImageBody.head(body.finish(), length).equals(bytes.subarray(0, length))).toBe(true);
});

it('a body of fields', () => {
	expect(jsonBody({ image: 'https://example.com/"ü"' }).toString('utf8')).toBe('{"image":"https://example.com/\\"ü\\""}');
});
