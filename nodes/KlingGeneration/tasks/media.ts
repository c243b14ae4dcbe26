import { PerExecution } from '../../shared/engine/perExecution';
import { checkImage, checkImageBytes } from '../../shared/kling/imageLimits';
import { readMediaUrl } from '../../shared/kling/mediaUrl';
import { FilePlace, type FileBody } from '../../shared/kling/requestBody';
import type { Media, Sound } from '../../shared/kling/tasks/taskBodies';
import { readRequired } from '../../shared/kling/tasks/taskFields';
import { checkSound, checkSoundBytes, MOST_SOUND_BYTES, soundLength } from '../../shared/kling/tasks/soundLimits';
import { openBinary } from '../../shared/n8n/binary';
import { fetchFile } from '../../shared/n8n/downloads';
import { openImage } from '../../shared/n8n/imageInput';
import { readText } from '../../shared/n8n/parameters';
import type { GenerationItem } from '../options';

/** A file of the input item, at its place in a request body. */
class MediaFile extends FilePlace {
	/**
	 * @param bytes its exact size
	 * @param check looks at it once it is in the body. @throws KlingError where it would be refused
	 */
	constructor(
		bytes: number,
		readonly writeTo: (body: FileBody) => Promise<void>,
		readonly check: (head: (length: number) => Buffer) => void = () => {},
	) {
		super(bytes);
	}
}

/** The parameters that say where an image comes from. */
const IMAGE = { source: 'imageSource', url: 'imageUrl', file: 'binaryPropertyName' };

/** Reads the image of an item. @throws KlingError where there is none, or it is too large */
export async function readImage(item: GenerationItem, names = IMAGE): Promise<Media> {
	const source = readText(item, names.source);
	if (source !== 'binary' && source !== 'base64') return readMediaUrl(readText(item, names.url), 'image');
	const image = await openImage(item, source, names.file);
	if (!item.options.checkInput) return new MediaFile(image.bytes, image.writeTo);
	checkImageBytes(image.bytes);
	return new MediaFile(image.bytes, image.writeTo, checkImage);
}

/** How many bytes of Base64 a request body has of this. */
export const base64Bytes = (media: Media): number => (typeof media === 'string' ? 0 : media.base64Length);

/** A sound, as it is sent, and its length in milliseconds, where that is known. */
export interface HeardSound {
	sound: Sound;
	length: number | null;
}

/** The sound of an item, before it is read. */
export interface SoundSource {
	/** How many bytes of Base64 a request body has of it. */
	base64Bytes: number;
	/** Reads and checks it. @throws KlingError where it would be refused */
	read(): Promise<HeardSound>;
}

/** Reads where the sound of an item comes from. @throws KlingError where there is none, or it is too large */
export async function readSound(item: GenerationItem, operation: 'lipSync' | 'avatar'): Promise<SoundSource> {
	const source = readText(item, 'soundSource');
	if (source === 'audioId') {
		const audioId = readRequired(readText(item, 'audioId'), 'Kling Audio ID', 'Enter the ID of a sound that Kling made.');
		return { base64Bytes: 0, read: async () => ({ sound: { audioId }, length: null }) };
	}
	if (source === 'binary') return await soundFile(item, operation);
	const url = readMediaUrl(readText(item, 'soundUrl'), 'sound');
	// Only the times of a lip-sync hang on the sound's length.
	const length = async () => (operation === 'lipSync' ? await lengthBehind(item, url) : null);
	return { base64Bytes: 0, read: async () => ({ sound: { file: url }, length: await length() }) };
}

async function soundFile(item: GenerationItem, operation: 'lipSync' | 'avatar'): Promise<SoundSource> {
	const { context } = item.run;
	const name = readText(item, 'soundPropertyName') || 'sound';
	const { bytes } = await openBinary(context, item.index, name);
	if (item.options.checkInput) checkSoundBytes(bytes);
	return {
		base64Bytes: new FilePlace(bytes).base64Length,
		read: async () => {
			const file = await context.helpers.getBinaryDataBuffer(item.index, name);
			const length = item.options.checkInput ? checkSound(file, operation) : soundLength(file);
			return { sound: { file: new MediaFile(file.length, async (body) => body.append(file)) }, length };
		},
	};
}

/** The lengths of sounds by URL. A second try must not come to another one: it would be another request, and not meet its own task. */
const lengths = new PerExecution<Map<string, Promise<number | null>>>(() => new Map());

/** The length of a sound that Kling will fetch: fetched here as well, once in an execution, or not known where that fails. */
async function lengthBehind(item: GenerationItem, url: string): Promise<number | null> {
	const { context, connection } = item.run;
	const known = lengths.of(context.getExecutionCancelSignal(), connection.account);
	const length = known.get(url) ?? fetchLength(item, url);
	known.set(url, length);
	return await length;
}

async function fetchLength(item: GenerationItem, url: string): Promise<number | null> {
	const once = { ...item.options, maxAttempts: 1 };
	const file = await fetchFile(item.run, url, MOST_SOUND_BYTES, once).catch(() => null);
	if (file === null) return null;
	return item.options.checkInput ? checkSound(file, 'lipSync') : soundLength(file);
}

export type { MediaFile };
