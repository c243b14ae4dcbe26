import { PerExecution } from '../../shared/engine/perExecution';
import { checkImage, checkImageBytes } from '../../shared/kling/imageLimits';
import { FilePlace, type FileBody } from '../../shared/kling/requestBody';
import type { Audio, Media } from '../../shared/kling/tasks/taskBodies';
import { audioLength, checkAudio, checkAudioBytes, MOST_AUDIO_BYTES } from '../../shared/kling/tasks/audioLimits';
import { openFile } from '../../shared/n8n/binary';
import { fetchFile } from '../../shared/n8n/downloads';
import { openImage } from '../../shared/n8n/imageInput';
import { find, type AtHand, type Found, type Source } from '../../shared/n8n/sources';
import type { GenerationItem } from '../options';

/** A file of the input item, at its place in a request body. */
class MediaFile extends FilePlace {
	/** @param bytes its exact size */
	constructor(
		bytes: number,
		readonly writeTo: (body: FileBody) => Promise<void>,
	) {
		super(bytes);
	}
}

export type { MediaFile };

/** An image as it is sent; and what it is called, where it is a file. */
export interface Picture {
	media: Media;
	/** As sent; null where it is a file or Base64. */
	url: string | null;
	/** The field that it stands in, where it is a file of the item. */
	field: string | null;
	fileName: string | null;
}

/**
 * Finds the image of an item, and checks it where its bytes are at hand.
 * @param except fields of files that it is not
 * @throws KlingError where there is none, or it would be refused
 */
export async function readImage(item: GenerationItem, source: Source, except: readonly string[] = []): Promise<Picture> {
	const found = await find(item.fields, source, except);
	if ('url' in found) return { media: found.url, url: found.url, field: null, fileName: null };
	const image = await openImage(item, found as AtHand);
	if (item.options.checkInput) {
		checkImageBytes(image.bytes);
		await checkImage(image.head);
	}
	const { field = null, file } = 'file' in found ? found : {};
	return { media: new MediaFile(image.bytes, image.writeTo), url: null, field, fileName: file?.fileName ?? null };
}

/** How many bytes of Base64 a request body has of this. */
export const base64Bytes = (media: Media): number => (typeof media === 'string' ? 0 : media.base64Length);

/** Audio as it is sent. */
export interface ReadAudio {
	audio: Audio;
	/** How many bytes of Base64 a request body has of it. */
	base64Bytes: number;
	/** Whole milliseconds; null where it is not known. For audio behind a URL it is fetched, so it is asked for last. */
	length(): Promise<number | null>;
}

/** Finds the audio of an item, and checks it where its bytes are at hand. @throws KlingError where there is none, or it would be refused */
export async function readAudio(item: GenerationItem, source: Source, operation: 'lipSync' | 'avatar'): Promise<ReadAudio> {
	const found = await find(item.fields, source);
	if ('id' in found) return { audio: { audioId: found.id }, base64Bytes: 0, length: async () => null };
	if ('url' in found) {
		const { url } = found;
		return { audio: { file: url }, base64Bytes: 0, length: async () => await lengthBehind(item, url) };
	}
	const file = await openFile(item.run.context, (found as Extract<Found, { file: unknown }>).file);
	if (item.options.checkInput) checkAudioBytes(file.bytes);
	const bytes = await file.head(MOST_AUDIO_BYTES);
	const length = item.options.checkInput ? checkAudio(bytes, operation) : audioLength(bytes);
	const media = new MediaFile(file.bytes, file.writeTo);
	return { audio: { file: media }, base64Bytes: media.base64Length, length: async () => length };
}

/** The lengths of audio by URL. A second try must not come to another one: it would be another request, and not meet its own task. */
const lengths = new PerExecution<Map<string, Promise<number | null>>>(() => new Map());

/** The length of audio that Kling will fetch: fetched here as well, once in an execution, or not known where that fails. */
async function lengthBehind(item: GenerationItem, url: string): Promise<number | null> {
	const { context, connection } = item.run;
	const known = lengths.of(context.getExecutionCancelSignal(), connection.account);
	const length = known.get(url) ?? fetchLength(item, url);
	known.set(url, length);
	return await length;
}

async function fetchLength(item: GenerationItem, url: string): Promise<number | null> {
	const once = { ...item.options, maxAttempts: 1 };
	const file = await fetchFile(item.run, url, MOST_AUDIO_BYTES, once).catch(() => null);
	if (file === null) return null;
	return item.options.checkInput ? checkAudio(file, 'lipSync') : audioLength(file);
}
