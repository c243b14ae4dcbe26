import fc from 'fast-check';
import sharp from 'sharp';

import { normaliseBaseUrl } from '../../../nodes/shared/kling/account/baseUrl';
import { readConnection } from '../../../nodes/shared/kling/account/connection';
import { readAnswer } from '../../../nodes/shared/kling/answers/answer';
import { quote } from '../../../nodes/shared/kling/answers/quote';
import { retryAfterMs } from '../../../nodes/shared/kling/answers/retryAfter';
import { decodedLength, normaliseBase64 } from '../../../nodes/shared/kling/files/base64';
import { checkImage, checkImageBytes } from '../../../nodes/shared/kling/files/image/imageLimits';
import { checkVideoUrl, readMediaUrl } from '../../../nodes/shared/kling/files/mediaUrl';
import { ImageBody, imageBodyLength } from '../../../nodes/shared/kling/files/requestBody';
import { KlingError } from '../../../nodes/shared/kling/klingError';
import { readFaceIdentification } from '../../../nodes/shared/kling/recognition/faces';
import { readRecognition } from '../../../nodes/shared/kling/recognition/recognition';
import { makeImage } from '../../samples/images';
import { anyAnswer, anyBytes, anyText, anyValue, damagedImages } from './inputs';

const RUNS = { numRuns: 1000 };

/** The value, or null where the input was refused in the one way that is allowed. */
function orRefused<T>(read: () => T): T | null {
	try {
		return read();
	} catch (error) {
		return refused(error);
	}
}

/** The same for what takes its time. */
async function orRefusedLater<T>(read: () => Promise<T>): Promise<T | null> {
	return await read().catch(refused);
}

function refused(error: unknown): null {
	if (!(error instanceof KlingError)) throw error;
	expect(error.message).toMatch(/\S/);
	expect(error.details.description).toMatch(/\S/);
	return null;
}

const sizeOf = async (image: Buffer) => {
	const { width, height, format } = await sharp(image, { failOn: 'none' }).metadata();
	return { width, height, format };
};

/** Whether the check lets an image through. */
async function isAccepted(image: Buffer): Promise<boolean> {
	const accepted = await orRefusedLater(async () => {
		checkImageBytes(image.length);
		await checkImage(async (length) => image.subarray(0, length));
		return true;
	});
	return accepted !== null;
}

/** What the check accepts, it has measured: the limits hold for the size that the reference decoder reads. */
async function expectSameSize(image: Buffer): Promise<void> {
	if (!(await isAccepted(image))) return;
	const size = await sizeOf(image).catch(() => null);
	// Bytes that no decoder opens are for the provider to refuse: the check reads the header, not the picture.
	if (size === null) return;
	expect(['jpeg', 'png']).toContain(size.format);
	expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(300);
	expect(Math.max(size.width, size.height) / Math.min(size.width, size.height)).toBeLessThanOrEqual(2.5);
}

test('any bytes as an image', async () => {
	await fc.assert(fc.asyncProperty(anyBytes, expectSameSize), RUNS);
});

test('damaged images', async () => {
	await fc.assert(fc.asyncProperty(damagedImages, expectSameSize), { numRuns: 3000 });
});

test('a good image is accepted if, and only if, the size that the reference decoder reads is within the limits', async () => {
	const side = fc.integer({ min: 200, max: 900 });
	const wish = fc.record({
		width: side,
		height: side,
		format: fc.constantFrom('jpeg' as const, 'png' as const),
		rotated: fc.boolean(),
		progressive: fc.boolean(),
	});
	await fc.assert(
		fc.asyncProperty(wish, async ({ width, height, format, rotated, progressive }) => {
			const plain = sharp(await makeImage({ width, height, format })).withMetadata(rotated ? { orientation: 6 } : {});
			const image = await (
				format === 'png' ? plain.png({ progressive, palette: rotated }) : plain.jpeg({ progressive, mozjpeg: rotated })
			).toBuffer();
			expect(await sizeOf(image)).toMatchObject({ width, height });
			expect(await isAccepted(image)).toBe(
				Math.min(width, height) >= 300 && Math.max(width, height) <= 2.5 * Math.min(width, height),
			);
		}),
		{ numRuns: 60 },
	);
});

test('a body decodes to exactly the bytes that went in, however they came', () => {
	fc.assert(
		fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 20 }), fc.nat(3), (pieces, spare) => {
			const bytes = Buffer.concat(pieces);
			const body = new ImageBody(Buffer.alloc(imageBodyLength(bytes.length) + spare, 0xee));
			for (const piece of pieces) body.append(Buffer.from(piece));
			const finished = body.finish();
			const { image } = JSON.parse(finished.toString('utf8')) as { image: string };
			expect(Buffer.from(image, 'base64').equals(bytes)).toBe(true);
			expect(image).toBe(bytes.toString('base64'));
			expect(finished).toHaveLength(imageBodyLength(bytes.length));
			expect(body.head(0, 7).equals(bytes.subarray(0, 7))).toBe(true);
		}),
		RUNS,
	);
});

test('any text as Base64: what is accepted is the strict form of the same bytes', () => {
	fc.assert(
		fc.property(anyText, (text) => {
			const base64 = orRefused(() => normaliseBase64(text));
			if (base64 === null) return;
			const bytes = Buffer.from(base64, 'base64');
			expect(base64).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
			expect(base64.length % 4).toBe(0);
			expect(decodedLength(base64)).toBe(bytes.length);
		}),
		RUNS,
	);
});

test('any way to write Base64 gives the same bytes', () => {
	const written = fc.record({
		bytes: fc.uint8Array({ minLength: 1, maxLength: 200 }),
		url: fc.boolean(),
		pad: fc.boolean(),
		prefix: fc.boolean(),
		every: fc.integer({ min: 1, max: 80 }),
	});
	fc.assert(
		fc.property(written, ({ bytes, url, pad, prefix, every }) => {
			const plain = Buffer.from(bytes).toString(url ? 'base64url' : 'base64');
			const text = (pad ? plain : plain.replace(/=+$/, '')).replace(new RegExp(`.{${every}}`, 'g'), '$&\r\n');
			const base64 = normaliseBase64(`${prefix ? 'data:image/png;base64,' : ' '}${text}`);
			expect(Buffer.from(base64, 'base64').equals(Buffer.from(bytes))).toBe(true);
			expect(Buffer.from(base64, 'base64').toString('base64')).toBe(base64);
		}),
		RUNS,
	);
});

test('any text as a URL', () => {
	fc.assert(
		fc.property(anyText, (text) => {
			for (const read of [(url: string) => readMediaUrl(url, 'image'), normaliseBaseUrl]) {
				const url = orRefused(() => read(text));
				if (url !== null) expect(new URL(url).protocol).toMatch(/^https?:$/);
			}
			orRefused(() => checkVideoUrl(readMediaUrl(text, 'video')));
		}),
		RUNS,
	);
});

test('any fields of a credential', () => {
	const names = ['provider', 'authentication', 'apiKey', 'accessKey', 'secretKey', 'baseUrl'];
	const fields = fc.record(
		Object.fromEntries(
			names.map((name) => [name, fc.oneof(anyValue, fc.constantFrom('custom', 'klingGlobal', 'accessKey', 'https://x.test'))]),
		),
		{ requiredKeys: [] },
	);
	fc.assert(
		fc.property(fields, (credential) => {
			const connection = orRefused(() => readConnection(credential));
			if (connection) expect(connection.baseUrl.startsWith(connection.origin)).toBe(true);
		}),
		RUNS,
	);
});

const body = fc.oneof(
	anyAnswer.map((answer) => Buffer.from(JSON.stringify(answer) ?? '')),
	fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
	anyText.map((text) => Buffer.from(text)),
);
const headers = fc.record(
	{ 'retry-after': anyValue, 'x-request-id': anyValue, location: anyValue, 'content-type': anyValue },
	{ requiredKeys: [] },
);
const answer = fc.record({
	body,
	headers,
	status: fc.oneof(fc.constant(200), fc.integer({ min: 100, max: 999 })),
	cut: fc.boolean(),
});

test('any answer is read, or refused with an error of its own', () => {
	fc.assert(
		fc.property(answer, (raw) => {
			const good = orRefused(() => readAnswer(raw, ['secret-of-the-test']));
			if (!good) return;
			const recognition = readRecognition(good.data, good.requestId);
			const faces = readFaceIdentification(good.data, good.requestId);
			if (recognition) expect(typeof recognition.hasFace).toBe('boolean');
			if (faces) expect(faces.faceCount).toBe(faces.faces.length);
		}),
		{ numRuns: 5000 },
	);
});

test('any header asks for a wait within bounds, or for none', () => {
	fc.assert(
		fc.property(
			fc.oneof(
				anyValue,
				fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
			),
			(value) => {
				const ms = retryAfterMs(value, Date.now());
				if (ms !== null) expect(Number.isFinite(ms) && ms >= 0).toBe(true);
			},
		),
		RUNS,
	);
});

test('any words around a secret: it is never quoted', () => {
	const secret = fc.string({ unit: fc.constantFrom(...'abcdefXYZ0123456789-_.'), minLength: 8, maxLength: 60 });
	fc.assert(
		fc.property(anyText, secret, anyText, (before, key, behind) => {
			const words = quote(`${before} ${key}${behind}`, [key]);
			expect(words).not.toContain(key);
			expect(words.length).toBeLessThanOrEqual(210);
		}),
		RUNS,
	);
});
