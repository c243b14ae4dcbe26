import sharp, { type Metadata } from 'sharp';
import { refuse } from './answers';
import { decodeBase64, LongText, type Decoded } from './body';
import { publicFile } from './fileHosts';

/** What is left of an image in a request once it was checked. */
export type CheckedImage = { url: string } | { sha256: string; bytes: number };

const MOST_BYTES = 10 * 1024 * 1024;
const LEAST_SIDE = 300;

/**
 * Checks an image parameter as the provider does: a URL, or bare Base64 of a JPEG or PNG within the limits.
 * @param known what was decoded of this body before, by its text
 * @param most bytes
 * @throws Refusal (400, code 1201) that names the limit
 */
export async function checkImage(
	value: unknown,
	name: string,
	known: Map<unknown, Decoded | undefined>,
	most = MOST_BYTES,
): Promise<CheckedImage> {
	if (value === undefined || value === null || value === '') refuse(`${name} is required`);
	if (typeof value !== 'string' && !(value instanceof LongText)) refuse(`${name} must be a string`);
	const begin = typeof value === 'string' ? value.slice(0, 2048) : value.bytes.toString('latin1', 0, 64);
	if (/^data:/i.test(begin)) refuse(`${name}: do not add a prefix such as data:image/png;base64, to the Base64 string`);
	if (typeof value === 'string' && /^https?:\/\//i.test(value)) return { url: checkUrl(value, name) };
	const decoded = known.has(value) ? known.get(value) : decodeBase64(value);
	known.set(value, decoded);
	if (!decoded) refuse(`${name} is neither a URL nor valid Base64`);
	const whole = (): Buffer => Buffer.from(typeof value === 'string' ? value : value.bytes.toString('latin1'), 'base64');
	await checkLimits(decoded.start, decoded.bytes, whole, most);
	return { sha256: decoded.sha256, bytes: decoded.bytes };
}

/**
 * Checks the limits of an image's bytes.
 * @param start the whole file, or at least its first part
 * @param bytes size of the whole file
 * @param whole gives the whole file, where the first part does not tell
 * @throws Refusal (400, code 1201) that names the limit
 */
export async function checkLimits(
	start: Buffer,
	bytes: number,
	whole: () => Buffer = () => start,
	most = MOST_BYTES,
): Promise<void> {
	if (bytes > most) refuse(`image file size cannot exceed ${most / 1024 / 1024}MB, got ${bytes} bytes`);
	const found = (await measure(start)) ?? (bytes > start.length ? await measure(whole()) : undefined);
	if (found?.format !== 'jpeg' && found?.format !== 'png') refuse('image format must be .jpg, .jpeg or .png');
	const { width, height } = found;
	if (width < LEAST_SIDE || height < LEAST_SIDE) refuse(`image width and height must be at least 300px, got ${width}x${height}`);
	if (2 * Math.max(width, height) > 5 * Math.min(width, height))
		refuse(`image aspect ratio must be between 1:2.5 and 2.5:1, got ${width}x${height}`);
}

const measure = (image: Buffer): Promise<Metadata | undefined> =>
	sharp(image, { failOn: 'none' })
		.metadata()
		.catch(() => undefined);

function checkUrl(text: string, name: string): string {
	if (!URL.canParse(text)) refuse(`${name} is not a valid URL`);
	if (publicFile(new URL(text)) === null) refuse(`${name} cannot be fetched`);
	return text;
}
