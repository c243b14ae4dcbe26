import { FilePlace, type FileBody } from '../../shared/kling/files/requestBody';
import type { Media } from '../../shared/kling/tasks/taskBodies';
import { FetchedFile } from './fetchedFile';

/** A file of the input item, at its place in a request body. */
export class MediaFile extends FilePlace {
	/** @param bytes its exact size */
	constructor(
		bytes: number,
		readonly writeTo: (body: FileBody) => Promise<void>,
	) {
		super(bytes);
	}
}

/** Those of these that are fetched before they are sent. */
export const fetchedOf = (...media: Media[]): FetchedFile[] => media.filter((one) => one instanceof FetchedFile);

/** How many bytes of Base64 a request body has of this; none as long as it was not fetched. */
export const base64Bytes = (media: Media): number => (typeof media === 'string' ? 0 : media.base64Length);
