import { createHash } from 'crypto';

import type { Body } from '../engine/task';
import { checkImage, checkImageBytes } from '../kling/imageLimits';
import { ImageBody, imageBodyLength } from '../kling/requestBody';
import type { Input } from '../../KlingRecognition/operations/operation';
import type { Run } from './run';
import type { ItemOptions } from './settings';

/** An image whose bytes are at hand. */
export interface ImageSource {
	/** Identity where it is known without reading the bytes. */
	key: string | null;
	/** Exact size in bytes. */
	bytes: number;
	writeTo(body: ImageBody): Promise<void>;
}

/**
 * The input for an image whose bytes are at hand: checked, and sent as Base64.
 * @throws KlingError where the image is empty or too large; `build` throws it where format or sides are refused
 */
export function imageInput(run: Run, options: ItemOptions, source: ImageSource): Input {
	if (options.checkInput) checkImageBytes(source.bytes);
	const bytes = imageBodyLength(source.bytes);
	return {
		key: source.key === null ? null : `file ${source.key}`,
		bytes,
		build: async () => {
			const buffer = run.pool.take(bytes);
			const body = await write(source, buffer);
			if (options.checkInput) checkImage((length) => ImageBody.head(body, length));
			return { bytes: body, key: fingerprint(body), recycle: () => run.pool.give(buffer) } satisfies Body;
		},
	};
}

async function write(source: ImageSource, buffer: Buffer): Promise<Buffer> {
	const body = new ImageBody(buffer);
	await source.writeTo(body);
	return body.finish();
}

function fingerprint(body: Buffer): string {
	return `bytes ${createHash('sha256').update(body).digest('base64')}`;
}
