import { createHash } from 'crypto';

import type { Body } from '../engine/task';
import { decodedLength, normaliseBase64 } from '../kling/base64';
import { checkImage, checkImageBytes, MOST_IMAGE_BYTES } from '../kling/imageLimits';
import { asKlingError } from '../kling/klingError';
import { ImageBody, imageBodyLength, jsonBody, type FileBody } from '../kling/requestBody';
import { openBinary } from './binary';
import { fetchFile, ASSUMED_FILE_BYTES } from './downloads';
import type { Input, Item } from './operation';
import { readText } from './parameters';

/** An image whose bytes are at hand. */
export interface ImageSource {
	/** Identity where it is known without reading the bytes. */
	key: string | null;
	/** Exact size in bytes. */
	bytes: number;
	writeTo(body: FileBody): Promise<void>;
}

/** The input for a request body of a few fields. */
export function smallInput(bytes: Buffer): Input {
	return { key: bytes.toString('utf8'), bytes: bytes.length, build: async () => ({ bytes, key: null, recycle: () => {} }) };
}

/** The input for an image that the provider fetches by itself. */
export const urlInput = (url: string): Input => smallInput(jsonBody({ image: url }));

/**
 * Opens an image from a binary field or a Base64 text.
 * @param source the value of Image Source
 * @param field the parameter with the name of the binary field
 * @throws KlingError, or an error of n8n, where there is no such file, or the text is no Base64
 */
export async function openImage(item: Item, source: string, field = 'binaryPropertyName'): Promise<ImageSource> {
	if (source === 'binary') {
		const file = await openBinary(item.run.context, item.index, readText(item, field) || 'data');
		return { ...file, key: file.id };
	}
	const base64 = normaliseBase64(readText(item, 'imageBase64'));
	return { key: null, bytes: decodedLength(base64), writeTo: async (body) => body.appendBase64(base64) };
}

/**
 * The input for an image from a binary field or a Base64 text: checked, and sent as Base64.
 * @param source the value of Image Source
 * @throws KlingError where the image is empty or too large; `build` throws it where format or sides are refused
 */
export async function fileInput(item: Item, source: string): Promise<Input> {
	return imageInput(item, await openImage(item, source));
}

/** The input for an image that is fetched here, once for all tries and before a slot is taken, and sent as Base64. */
export function fetchedInput(item: Item, url: string): Input {
	return {
		key: `fetched ${url}`,
		bytes: imageBodyLength(ASSUMED_FILE_BYTES),
		isBuiltAhead: true,
		build: async () => {
			const file = await fetchFile(item.run, url, MOST_IMAGE_BYTES, item.options).catch(beforeTheCall);
			return await imageInput(item, { key: null, bytes: file.length, writeTo: async (body) => body.append(file) }).build();
		},
	};
}

/** Nothing was sent to the provider yet. */
function beforeTheCall(error: unknown): never {
	throw asKlingError(error).afterAttempts(0);
}

export function imageInput({ run, options }: Item, source: ImageSource): Input {
	if (options.checkInput) checkImageBytes(source.bytes);
	const bytes = imageBodyLength(source.bytes);
	return {
		key: source.key === null ? null : `file ${source.key}`,
		bytes,
		build: async () => {
			const buffer = run.pool.take(bytes);
			const body = new ImageBody(buffer);
			await source.writeTo(body);
			const finished = body.finish();
			if (options.checkInput) checkImage((length) => body.head(0, length));
			return { bytes: finished, key: fingerprint(finished), recycle: () => run.pool.give(buffer) } satisfies Body;
		},
	};
}

function fingerprint(body: Buffer): string {
	return `bytes ${createHash('sha256').update(body).digest('base64')}`;
}
