import { outcomeOf } from '../../shared/engine/failure';
import { asKlingError } from '../../shared/kling/klingError';
import { checkImage, checkImageBytes } from '../../shared/kling/imageLimits';
import { FilePlace, type FileBody } from '../../shared/kling/requestBody';
import type { Audio, Media } from '../../shared/kling/tasks/taskBodies';
import { audioLength, checkAudio, checkAudioBytes, MOST_AUDIO_BYTES } from '../../shared/kling/tasks/audioLimits';
import { openFile } from '../../shared/n8n/binary';
import { fetchFile } from '../../shared/n8n/downloads';
import { openImage } from '../../shared/n8n/imageInput';
import { PerExecution } from '../../shared/n8n/perExecution';
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

/** What an image may be, and what it is not. */
interface Wanted {
	/** Fields of files that it is not. */
	except?: readonly string[];
	/** In bytes. */
	most?: number;
}

/**
 * Finds the image of an item, and checks it where its bytes are at hand.
 * @throws KlingError where there is none, or it would be refused
 */
export async function readImage(item: GenerationItem, source: Source, { except = [], most }: Wanted = {}): Promise<Picture> {
	const found = await find(item.fields, source, except);
	if ('url' in found) return { media: found.url, url: found.url, field: null, fileName: null };
	return await readFile(item, found as AtHand, most);
}

/** An image whose bytes are at hand, checked. @throws KlingError where it would be refused */
export async function readFile(item: GenerationItem, found: AtHand, most?: number): Promise<Picture> {
	const image = await openImage(item, found);
	if (item.options.checkInput) {
		checkImageBytes(image.bytes, most);
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
	/**
	 * Whole milliseconds; null where it is not known. For audio behind a URL it is fetched, so it is asked for last.
	 * @param isNeeded whether nothing else tells where it ends @throws KlingError where it is needed and cannot be fetched
	 */
	length(isNeeded: boolean): Promise<number | null>;
}

/** Finds the audio of an item, and checks it where its bytes are at hand. @throws KlingError where there is none, or it would be refused */
export async function readAudio(item: GenerationItem, source: Source, operation: 'lipSync' | 'avatar'): Promise<ReadAudio> {
	const found = await find(item.fields, source);
	if ('id' in found) return { audio: { audioId: found.id }, base64Bytes: 0, length: async () => null };
	if ('url' in found) {
		const { url } = found;
		return { audio: { file: url }, base64Bytes: 0, length: async (isNeeded) => await lengthBehind(item, url, isNeeded) };
	}
	const file = await openFile(item.run.context, (found as Extract<Found, { file: unknown }>).file);
	if (item.options.checkInput) checkAudioBytes(file.bytes);
	const bytes = await file.head(MOST_AUDIO_BYTES);
	const length = item.options.checkInput ? checkAudio(bytes, operation) : audioLength(bytes);
	const media = new MediaFile(file.bytes, file.writeTo);
	return { audio: { file: media }, base64Bytes: media.base64Length, length: async () => length };
}

/** What was read of audio, by its URL; and of which items it could not be: with another length, another try would come to another request, and make another task. */
const lengths = new PerExecution<Map<string, Promise<Read>>>(() => new Map());

type Read = Awaited<ReturnType<typeof fetchLength>>;

/**
 * The length of audio that Kling will fetch: fetched here as well, once in an execution.
 * @param isNeeded whether nothing else tells where it ends
 * @returns null where it is not known
 * @throws KlingError where it is needed and cannot be fetched, or would be refused
 */
async function lengthBehind(item: GenerationItem, url: string, isNeeded: boolean): Promise<number | null> {
	const { context, connection, runIndex, execution } = item.run;
	const known = lengths.of(execution, connection.account);
	const own = `${context.getNode().id} ${runIndex} ${item.index} ${url}`;
	const reading = known.get(own) ?? known.get(url) ?? fetchLength(item, url);
	known.set(known.has(own) ? own : url, reading);
	const fetched = await outcomeOf(async () => await reading, asKlingError);
	if ('failure' in fetched) {
		if (known.get(url) === reading) known.delete(url);
		if (isNeeded) throw fetched.failure;
		known.set(own, Promise.resolve({ result: null }));
		return null;
	}
	if ('failure' in fetched.result) throw fetched.result.failure;
	return fetched.result.result;
}

async function fetchLength(item: GenerationItem, url: string) {
	const { file, free } = await fetchFile(item.run, url, MOST_AUDIO_BYTES, item.options);
	free();
	return await outcomeOf(async () => (item.options.checkInput ? checkAudio(file, 'lipSync') : audioLength(file)), asKlingError);
}
