import { checkImage, checkImageBytes, MOST_IMAGE_BYTES } from '../../shared/kling/files/image/imageLimits';
import { readMediaUrl } from '../../shared/kling/files/mediaUrl';
import { secretIn } from '../../shared/kling/files/secretUrls';
import { checkShareLink } from '../../shared/kling/files/shareLinks';
import type { Media } from '../../shared/kling/tasks/taskBodies';
import { openImage } from '../../shared/n8n/imageInput';
import { find, type AtHand, type Source } from '../../shared/n8n/sources';
import type { GenerationItem } from '../options';
import { FetchedFile } from './fetchedFile';
import { MediaFile } from './mediaFile';

/** An image as it is sent; and what it is called, where it is a file. */
export interface Picture {
	media: Media;
	/** As sent; null where it is a file or Base64, or sent as one. */
	url: string | null;
	/** The same where it carries a secret: not to be shown. */
	secretUrl: string | null;
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
	if ('secretUrl' in found) return pictureBehind(item, found.secretUrl, most);
	if ('url' in found) return pictureBehind(item, found.url, most);
	return await readFile(item, found as AtHand, most);
}

/** An image behind a URL: the provider fetches it, unless the URL carries a secret. @throws KlingError where it opens a page */
export function pictureBehind(item: GenerationItem, text: string, most = MOST_IMAGE_BYTES): Picture {
	const url = readMediaUrl(text, 'image');
	const { checkInput } = item.options;
	const told = { field: null, fileName: null };
	if (secretIn(url) === null) {
		if (checkInput) checkShareLink(url, 'image');
		return { media: url, url, secretUrl: null, ...told };
	}
	const prepare = async (file: Buffer) => {
		if (!checkInput) return file;
		checkImageBytes(file.length, most);
		await checkImage(async (length) => file.subarray(0, length));
		return file;
	};
	return { media: new FetchedFile(item, { url, kind: 'image' }, { most, prepare }), url: null, secretUrl: url, ...told };
}

/** An image whose bytes are at hand, checked. @throws KlingError where it would be refused */
export async function readFile(item: GenerationItem, found: AtHand, most?: number): Promise<Picture> {
	const image = await openImage(item, found);
	if (item.options.checkInput) {
		checkImageBytes(image.bytes, most);
		await checkImage(image.head);
	}
	const { field = null, file } = 'file' in found ? found : {};
	return {
		media: new MediaFile(image.bytes, image.writeTo),
		url: null,
		secretUrl: null,
		field,
		fileName: file?.fileName ?? null,
	};
}
