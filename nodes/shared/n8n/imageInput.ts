import { createHash } from 'crypto';

import type { Body, Fetched, Source } from '../engine/job';
import { normaliseBase64 } from '../kling/files/base64';
import { checkImage, checkImageBytes, MOST_IMAGE_BYTES } from '../kling/files/image/imageLimits';
import { ImageBody, imageBodyLength, jsonBody } from '../kling/files/requestBody';
import { asKlingError } from '../kling/klingError';
import { base64File, openFile, type BinaryFile } from './binary';
import { fetchFile } from './downloads';
import type { Input, Item } from './operation';
import type { AtHand } from './sources';

/** An image whose bytes are at hand; its id where they are known by one. */
export type ImageSource = Pick<BinaryFile, 'id' | 'bytes' | 'writeTo'>;

/** The input for a request body of a few fields. */
export function smallInput(bytes: Buffer): Input {
	const build = async () => ({ bytes, key: null, recycle: () => {} });
	return { key: bytes.toString('utf8'), body: { bytes: bytes.length, build } };
}

/** The input for an image that the provider fetches by itself. */
export const urlInput = (url: string): Input => smallInput(jsonBody({ image: url }));

/** Opens an image that is a file, or Base64 text. @throws KlingError where the text is no Base64 */
export async function openImage({ run }: Item, found: AtHand): Promise<BinaryFile> {
	return 'file' in found ? await openFile(run.context, found.file) : { id: null, ...base64File(normaliseBase64(found.base64)) };
}

/** The input for an image that is fetched here, once for all tries and before a slot is taken, and sent as Base64. */
export function fetchedInput(item: Item, url: string): Input {
	return { key: `fetched ${url}`, body: { fetch: async () => await fetchImage(item, url) } };
}

async function fetchImage(item: Item, url: string): Promise<Fetched> {
	const { file, free } = await fetchFile(item.run, { url, kind: 'image' }, MOST_IMAGE_BYTES, item.options);
	try {
		return { ...imageBody(item, { id: null, bytes: file.length, writeTo: async (body) => body.append(file) }), free };
	} catch (error) {
		free();
		throw asKlingError(error);
	}
}

/** The input for an image that is at hand, sent as Base64. @throws KlingError as `imageBody` */
export function imageInput(item: Item, source: ImageSource): Input {
	return { key: source.id === null ? null : `file ${source.id}`, body: imageBody(item, source) };
}

/**
 * The body for an image that is at hand: checked, and written as Base64.
 * @throws KlingError where the image is empty or too large; `build` throws it where format or sides are refused
 */
export function imageBody({ run, options }: Item, source: ImageSource): Source {
	if (options.checkInput) checkImageBytes(source.bytes);
	const bytes = imageBodyLength(source.bytes);
	return {
		bytes,
		build: async () => {
			const buffer = run.pool.take(bytes);
			const body = new ImageBody(buffer);
			await source.writeTo(body);
			const finished = body.finish();
			if (options.checkInput) await checkImage(async (length) => body.head(0, length));
			return { bytes: finished, key: fingerprint(finished), recycle: () => run.pool.give(buffer) } satisfies Body;
		},
	};
}

function fingerprint(body: Buffer): string {
	return `bytes ${createHash('sha256').update(body).digest('base64')}`;
}
