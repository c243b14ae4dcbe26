import { randomBytes } from 'node:crypto';

import { BodyForm, FileBody, FilePlace, ImageBody, imageBodyLength, jsonBody } from '../../nodes/shared/kling/files/requestBody';
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
	const error = klingErrorOf(() => body.append(Buffer.alloc(3)));
	expect(error.message).toBe('The file is longer than its record in n8n says');
	expect(error.details.description).toBe('Load the file again in the previous node.');
});

it.each([1, 2, 3, 64, 100, 65_536])('the first %i bytes of a finished body', (length) => {
	const bytes = randomBytes(100);
	const body = new ImageBody(Buffer.alloc(imageBodyLength(100)));
	body.append(bytes);
	body.finish();
	expect(body.head(0, length).equals(bytes.subarray(0, length))).toBe(true);
});

it('a body of fields', () => {
	expect(jsonBody({ image: 'https://example.com/"ü"' }).toString('utf8')).toBe('{"image":"https://example.com/\\"ü\\""}');
});

describe('a body with several files', () => {
	const first = randomBytes(100);
	const second = randomBytes(70_001);
	const fields = {
		prompt: 'two "files" \ud800',
		human_image: new FilePlace(100),
		list: [{ cloth_image: new FilePlace(70_001) }],
		n: 1,
	};
	const build = (form: BodyForm, chunk: number, buffer = Buffer.alloc(form.length, 0x41)) => {
		const body = new FileBody(form, buffer);
		for (let at = 0; at < first.length; at += chunk) body.append(first.subarray(at, at + chunk));
		body.next();
		for (let at = 0; at < second.length; at += chunk) body.append(second.subarray(at, at + chunk));
		return { body, bytes: body.finish() };
	};
	const expected = {
		prompt: 'two "files" \ud800',
		human_image: first.toString('base64'),
		list: [{ cloth_image: second.toString('base64') }],
		n: 1,
	};

	it.each([1, 2, 3, 65_536])('in chunks of %i bytes', (chunk) => {
		const form = new BodyForm(fields);
		const { bytes } = build(form, chunk);
		expect(JSON.parse(bytes.toString('latin1'))).toEqual(expected);
		expect(bytes.length).toBe(form.length);
	});

	it('in a buffer that is used again and too long', () => {
		const form = new BodyForm(fields);
		const { body, bytes } = build(form, 1000, Buffer.alloc(form.length + 5000, 0x41));
		expect(JSON.parse(bytes.toString('latin1'))).toEqual(expected);
		expect(body.head(0, 7).equals(first.subarray(0, 7))).toBe(true);
		expect(body.head(1, 65_536).equals(second.subarray(0, 65_536))).toBe(true);
		expect(body.head(0, 65_536).equals(first)).toBe(true);
	});

	it.each([99, 100, 101])('the head of a file of %i bytes ends where the file does', (size) => {
		const form = new BodyForm({ image: new FilePlace(size), prompt: 'text' });
		const bytes = randomBytes(size);
		const body = new FileBody(form, Buffer.alloc(form.length));
		body.append(bytes);
		body.finish();
		expect(body.head(0, 65_536).equals(bytes)).toBe(true);
	});

	it('a file that is longer than announced cannot run into the next one', () => {
		const form = new BodyForm(fields);
		const body = new FileBody(form, Buffer.alloc(form.length));
		body.append(first);
		body.append(Buffer.alloc(3));
		expect(klingErrorOf(() => body.next()).message).toBe('The file is longer than its record in n8n says');
	});

	it('a body without a file', () => {
		const form = new BodyForm({ session_id: 's', face_choose: [{ face_id: '0' }] });
		const body = new FileBody(form, Buffer.alloc(form.length));
		expect(JSON.parse(body.finish().toString())).toEqual({ session_id: 's', face_choose: [{ face_id: '0' }] });
	});
});
