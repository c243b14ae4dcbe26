import { createHash } from 'crypto';

import type { IBinaryData } from 'n8n-workflow';

import type { Body, Fetched } from '../../../shared/engine/job';
import { jsonBody } from '../../../shared/kling/files/requestBody';
import { MovieScan } from '../../../shared/kling/files/video/movieScan';
import { checkVideo, checkVideoBytes, videoExtension } from '../../../shared/kling/files/video/videoLimits';
import { piecesOf } from '../../../shared/n8n/binary';
import type { Input, Item } from '../../../shared/n8n/operation';
import { checkLink, checkPublic, lasting, linkTo, servable, type Link, type StoredFile } from '../../../shared/n8n/servedFile';
import type { RecognitionOptions } from '../../options';

/** The input for a video that n8n serves. */
export interface VideoFile {
	input: Input;
	/** What of its links must not be repeated in a text; those that were made so far. */
	secrets: readonly string[];
}

/**
 * The input for a video that is a file of n8n's. It is checked before its turn, and the provider fetches it by a link that is signed anew for
 * each try. Identical files are known by their bytes.
 * @throws KlingError where n8n cannot serve it
 */
export function videoFileInput(item: Item<RecognitionOptions>, file: IBinaryData): VideoFile {
	const stored = servable(item.run.context, file);
	const secrets: string[] = [];
	const sign = (of: StoredFile, extension: string): Link => {
		const link = linkTo(item.run.context, of, `video.${extension}`);
		secrets.push(link.secret);
		return link;
	};
	if (item.options.checkInput) checkPublic(sign(stored, 'mp4'));
	return { input: { key: `file ${stored.id}`, body: { fetch: async () => await readAhead(item, stored, sign) } }, secrets };
}

/** Reads the file once, checks it, and tries the link. @throws KlingError where it would be refused, or the link leads elsewhere */
async function readAhead(
	item: Item<RecognitionOptions>,
	stored: StoredFile,
	sign: (of: StoredFile, extension: string) => Link,
): Promise<Fetched> {
	const { run, options } = item;
	const { fileSize, mimeType } = await run.context.helpers.getBinaryMetadata(stored.id);
	// Not every store that n8n can use tells the size.
	if (options.checkInput) checkVideoBytes(fileSize);
	const { bytes, head, movie, key } = await scan(item, stored.id);
	if (options.checkInput) {
		checkVideoBytes(bytes);
		checkVideo(head, movie);
	}
	const served = await lasting(run.context, stored);
	const extension = videoExtension(head);
	const link = sign(served, extension);
	if (options.checkInput) await checkLink(run, link, { bytes, mimeType });
	const build = async (): Promise<Body> => ({ bytes: bodyOf(sign(served, extension)), key, recycle: () => {} });
	return { bytes: bodyOf(link).length, build, free: () => {} };
}

const bodyOf = ({ url }: Link): Buffer => jsonBody({ video_url: url });

/** What a file is, and what stands for its bytes. It goes by piece by piece. */
async function scan({ run }: Item<RecognitionOptions>, id: string) {
	const hash = createHash('sha256');
	const video = new MovieScan();
	let bytes = 0;
	for await (const piece of piecesOf(run.context, id)) {
		bytes += piece.length;
		hash.update(piece);
		video.append(piece);
	}
	return { bytes, head: video.head, movie: video.movie, key: `bytes ${hash.digest('base64')}` };
}
